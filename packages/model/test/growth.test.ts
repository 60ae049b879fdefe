/** What grows, by the way that leads to it: its name, since when, and where the recording leaves it open. */
import { describe, expect, it } from 'vitest';

import { tellGrowth } from '../src/analysis/findings/grows.js';
import { each, kept, passing, thenIdle, TICKS, told } from './growth-script.js';
import { profileOf } from './view/profile-text.js';

describe('what grows', () => {
  it('is named by the last function of the application, over threads, and summed below it', () => {
    const library = 'lib/site-packages/pkg/a.py';
    expect(
      told(`a malloc main:1>handle:2>${library}/f:7 ${each((tick) => `${4 * tick}.. 9000/1`, 0, 100)}
            b malloc main:1>handle:2>${library}/g:8 ${each((tick) => `${4 * tick + 2}.. 9000/1`, 0, 100)}
            a malloc main:1>work:3 ${passing}`),
    ).toEqual(['grows handle:2 1800000']);
  });

  it('of what passes a filter is that part of it, by the clock of all the work', () => {
    const profile = profileOf(
      `a malloc main:1>handle:2 ${kept(20_000)}
       b malloc main:1>other:3 ${kept(9_000)}
       a malloc main:1>work:4 ${passing}`,
      TICKS,
    );
    const within = (filter: string, passes: (site: number) => boolean): string[] =>
      tellGrowth(profile, 0, 0, { filter, passes }).map(({ title, view }) => `${title}; ${view?.filter}`);
    expect(within('thread:b', (site) => site === 1)).toEqual([
      'other (srv/app.py:3) grows: 1.72 MiB so far, rising with the work; thread:b line:srv/app.py:3',
    ]);
    expect(within('line:srv/app.py:3 thread:b', (site) => site === 1)).toEqual([
      'other (srv/app.py:3) grows: 1.72 MiB so far, rising with the work; line:srv/app.py:3 thread:b',
    ]);
    expect(within('work', (site) => site === 2)).toEqual(['Nothing that passes the filter is seen to grow; undefined']);
  });

  it('is judged by the work: what idles at the end still grows', () => {
    expect(told(thenIdle(120))).toEqual(['grows handle:2 2400000']);
  });

  it('is left open where nothing was allocated for most of the time: a full cache looks like work that ended', () => {
    expect(told(thenIdle(80))).toEqual(['idle handle:2 1600000']);
  });

  it('is left open as well where no arena came for most of the time and nothing else was recorded then', () => {
    const found = (to: number): string[] => {
      const text = `m mmap* main:1>load:2 ${each((tick) => `${8 * tick}..396 1048576/1`, 1, to / 4)}`;
      return tellGrowth(profileOf(text, TICKS)).map(({ title }) => title);
    };
    expect(found(60)).toEqual(['load (srv/app.py:2) grew to 14.0 MiB until 570 ms, then needed no more arenas']);
    expect(found(160)[0]).toMatch(/^load \(srv\/app\.py:2\) grows: 39\.0 MiB/);
  });

  it('is told from the first to the last birth of what is kept, and what was idle after it', () => {
    const [finding] = tellGrowth(profileOf(thenIdle(120), TICKS));
    expect(finding?.rule).toBe('grows');
    expect(finding?.text).toContain('19.5 KiB for each of 120 blocks; live bytes rose');
    expect(finding?.text).toContain('from 10 ms to 1.20 s (1.92 MiB a second), and none of it was freed.');
    expect(finding?.text).toContain('From 1.20 s to 2.00 s nothing was allocated.');
    const [open] = tellGrowth(profileOf(thenIdle(80), TICKS));
    expect(open).toMatchObject({ rule: 'levelled', severity: 'note', evidence: { fromMs: 10, toMs: 800 } });
    expect(open?.title).toBe('handle (srv/app.py:2) grew to 1.53 MiB until 800 ms, then nothing was allocated');
  });

  it('is told on the clock of a set of runs where there is one: times are later, amounts and rates are not', () => {
    const profile = profileOf(
      `m malloc main:1>keep:2 ${kept(20_000, 100)}
       m malloc main:1>cache:3 ${kept(20_000, 0, 60)}
       m malloc main:1>work:4 ${passing}`,
      TICKS,
    );
    const told_ = (startedMs: number): string =>
      tellGrowth(profile, 0, startedMs)
        .map(({ title, text }) => `${title}. ${text}`)
        .join('\n');
    expect(told_(0)).toMatch(/since 1\.01 s, rising with the work.*from 1\.01 s to 2\.00 s \(1\.93 MiB a second\)/);
    expect(told_(0)).toContain('until 600 ms and is flat since');
    expect(told_(5000)).toMatch(/since 6\.01 s, rising with the work.*from 6\.01 s to 7\.00 s \(1\.93 MiB a second\)/);
    expect(told_(5000)).toContain('until 5.60 s and is flat since');
    const filled = profileOf(
      `m malloc main:1>cache:2 ${kept(20_000, 0, 80)}\n m malloc main:1>work:3 ${passing}`,
      TICKS,
    );
    expect(tellGrowth(filled, 0, 5000)[0]?.title).toContain('the heap is level from 5.80 s on');
  });

  it('is not given back by the end where only what came and went beside it was', () => {
    const large = each((tick) => `${2 * tick}..${2 * tick + 1} 2000000/1`);
    const [finding] = tellGrowth(
      profileOf(`m malloc main:1>handle:2 ${kept(20_000)}, ${large}\n m malloc main:1>work:3 ${passing}`, TICKS),
    );
    expect(finding?.text).toContain('and all of it is live at the end.');
    expect(finding?.bytes).toBe(4_000_000);
  });

  describe('may be what the program loads', () => {
    const doubt = /data that a program loads looks the same/;
    /** 100,000 bytes kept in each of so many ticks, until a moment. */
    const toldOf = (died: string, beside: string, ticks = 200): readonly [string, string, string] => {
      const rows = each((tick) => `${2 * tick}..${died} 100000/1`, 0, ticks);
      const [finding] = tellGrowth(profileOf(`m malloc main:1>load:2 ${rows}${beside}`, ticks));
      return [finding!.severity, finding!.title, finding!.text];
    };
    const work = (ticks = 200): string =>
      `\n m malloc main:1>work:3 ${each((tick) => `${2 * tick}..${2 * tick} 100000/5`, 0, ticks)}`;

    it('where nothing else is at work and only the end gave it back: what would tell is said, and no alarm raised', () => {
      const [severity, title, text] = toldOf('398', '');
      expect([severity, title]).toEqual(['note', 'load (srv/app.py:2) grows: 19.0 MiB, held until the program ends']);
      expect(text).toMatch(doubt);
      expect(text).toContain('Nothing else was seen at work, and');
    });

    it('where nothing else is at work and little was kept so far', () => {
      const [severity, title, text] = toldOf('', '', 90);
      expect([severity, title]).toEqual(['note', 'load (srv/app.py:2) grows: 8.58 MiB so far, rising with the work']);
      expect(text).toContain('where the recording goes on, only a leak grows with the work');
    });

    it.each([
      ['many times over beside other work, though the end gave it back', '398', work(), 200],
      ['many times over, and lives at the end', '', '', 200],
      ['beside other work, and lives at the end', '', work(90), 90],
    ])('not where it is kept %s', (_, died, beside, ticks) => {
      const [severity, , text] = toldOf(died, beside, ticks);
      expect(severity).toBe('warning');
      expect(text).not.toMatch(doubt);
    });
  });

  it('ends with its work where the program goes on, and does nothing then', () => {
    const rows = each((tick) => `${2 * tick}..240 100000/1`, 0, 119);
    const [finding] = tellGrowth(profileOf(`m malloc main:1>load:2 ${rows}`, TICKS));
    expect(finding?.title).toBe('load (srv/app.py:2) grows: 11.3 MiB, held until its work ends');
    expect(finding?.text).toContain(
      'only the end of its work gave it back. Nothing else was seen at work, and data that a program',
    );
    expect(finding?.text).not.toContain('nothing was allocated');
  });

  it('is not given back by the end where much of it is live then', () => {
    const textOf = (freed: number): string | undefined =>
      tellGrowth(
        profileOf(
          `m malloc main:1>handle:2 ${kept(20_000, 0, freed)}, ${each((tick) => `${2 * tick}..398 20000/1`, freed)}
           m malloc main:1>work:3 ${passing}`,
          TICKS,
        ),
      )[0]?.text;
    expect(textOf(100)).toContain('and 1.91 MiB of it is live at the end.');
    expect(textOf(0)).toContain('only the end of the program gave it back.');
  });

  it('begins half-way: the title says since when, and only that counts', () => {
    const loaded = each(() => '10.. 30000/1', 0, 100);
    const [finding] = tellGrowth(
      profileOf(`m malloc main:1>lookup:2 ${loaded}, ${kept(20_000, 100)}\n m malloc main:1>work:3 ${passing}`, TICKS),
    );
    expect(finding?.title).toBe('lookup (srv/app.py:2) grows: 1.91 MiB since 1.01 s, rising with the work');
    expect(finding?.text).toContain('from 1.01 s to 2.00 s');
    expect(finding?.bytes).toBe(2_000_000);
  });

  it('is dated by what the way held where one block is replaced by a larger one, not by the birth of the last', () => {
    const replaced = (from: number): string =>
      each((tick) => `${2 * tick}..${tick === TICKS - 1 ? '' : 2 * tick + 2} ${(tick - from + 1) * 50_000}/1`, from);
    const findingOf = (from: number): ReturnType<typeof tellGrowth>[number] | undefined =>
      tellGrowth(profileOf(`m realloc main:1>note:2 ${replaced(from)}\n m malloc main:1>work:3 ${passing}`, TICKS))[0];
    const early = findingOf(0);
    expect(early?.text).toContain('replaced by a larger one again and again');
    expect(early?.text).toContain('from 10 ms to 2.00 s (4.79 MiB a second), and all of it is live at the end.');
    const late = findingOf(100);
    expect(late?.title).toMatch(/ grows: 4\.77 MiB since 1\.0[01] s, rising with the work$/);
    expect(late?.text).toMatch(
      /from 1\.0[01] s to 2\.00 s \(4\.\d+ MiB a second\), and all of it is live at the end\./,
    );
  });
});
