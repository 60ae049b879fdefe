/** Curves that grow and curves that only look like it, judged over the work; and ways through a small tree. */
import { describe, expect, it } from 'vitest';

import { tellGrowth } from '../src/analysis/findings/grows.js';
import { findGrowth } from '../src/growth/find-growth.js';
import { judgeCurve } from '../src/growth/judge-curve.js';
import { BINS } from '../src/growth/work-clock.js';
import { profileOf } from './view/profile-text.js';

const MIB = 1024 * 1024;
const CONTEXT = {
  least: MIB / 2,
  momentsOfWork: 500,
  workUpTo: Float64Array.from({ length: BINS + 1 }, (_, point) => point / BINS),
};

/** MiB at each end of a bin, from a share of the work (0 to 1). */
function verdictOf(live: (share: number) => number): string {
  const curve = Float64Array.from({ length: BINS + 1 }, (_, point) => live(point / BINS) * MIB);
  return judgeCurve(curve, new Float64Array(BINS + 1), CONTEXT).verdict;
}

const late = (x: number): number => 10 * Math.max(0, x - 0.5);
/** MiB of what is filled steadily and doubles when it is full, for the last time at a share of the work. */
const vector = (x: number, last: number): number =>
  x < last / 32 ? 0 : 2 ** (5 - Math.ceil(Math.log2(last / x) - 1e-9));
/** 8 MiB at every second or third end of a bin, the last one of them if 3. */
const tooth = (x: number, every: number): number => ((Math.round(x * BINS) + every) % every === BINS % 3 ? 8 : 0);

/** Half of the time that was worked lies in the last eighth of the work. */
const SLOW_END = {
  ...CONTEXT,
  workUpTo: CONTEXT.workUpTo.map((share) => (share < 7 / 8 ? share * (4 / 7) : 4 * share - 3)),
};

describe('a curve of live bytes over the work', () => {
  it('is flat where it is so for a fifth of the time that was worked, however little of the work that was', () => {
    const rise = Float64Array.from(
      { length: BINS + 1 },
      (_, point) => Math.min(10, (10 * point) / (0.86 * BINS)) * MIB,
    );
    expect(judgeCurve(rise, new Float64Array(BINS + 1), CONTEXT).verdict).toBe('grows');
    expect(judgeCurve(rise, new Float64Array(BINS + 1), SLOW_END).verdict).not.toBe('grows');
  });

  it.each([
    ['a steady rise', (x: number) => 10 * x, 'grows'],
    ['a steady rise beside what was there before', (x: number) => 50 + 10 * x, 'grows'],
    ['a rise from half of the work on', (x: number) => 10 * Math.max(0, x - 0.5), 'grows'],
    [
      'a rise from half of the work on, beside what was loaded before',
      (x: number) => (x > 0.02 ? 20 : 0) + late(x),
      'grows',
    ],
    ['a rise beside a temporary that the recording ends in', (x: number) => 10 * x + tooth(x, 3), 'grows'],
    ['a rise beside a temporary that the end gives back', (x: number) => 10 * x + tooth(x, 2), 'grows'],
    ['a rise that the end gives back', (x: number) => (x > 0.95 ? 0 : 10 * x), 'grows'],
    ['a rise with much that comes and goes', (x: number) => 10 * x + (Math.round(x * BINS) % 3), 'grows'],
    ['a rise within the last fifth', (x: number) => 10 * Math.max(0, x - 0.8), 'late'],
    ['a load, and a rise within the last fifth', (x: number) => 20 + 10 * Math.max(0, x - 0.8), 'late'],
    ['a load, and one more half-way', (x: number) => (x > 0.02 ? 20 : 0) + (x > 0.5 ? 20 : 0), 'steps'],
    [
      'a load, and a ramp that stops',
      (x: number) => (x > 0.02 ? 20 : 0) + 20 * Math.min(1, Math.max(0, 2 * x - 0.6)),
      'levelled',
    ],
    ['a cache that only gets slower', (x: number) => 20 * (1 - Math.exp(-5 * x)), 'levelled'],
    ['a cache that gets slower to the end', (x: number) => 20 * (1 - Math.exp(-2 * x)), 'levelled'],
    ['what grew faster at first', (x: number) => 20 * x + 10 * Math.min(1, 3 * x), 'grows'],
    ['what slows in a few uneven steps', (x: number) => [0, 5, 8, 10.5, 12.2, 13][Math.floor(5 * x)]!, 'grows'],
    ['a rise that threads give back one by one', (x: number) => Math.min(10 * x, 60 * (1.04 - x)), 'grows'],
    [
      'a build-up from half-way on, given back as slowly',
      (x: number) => Math.max(0, Math.min(10 * x - 5, 28 * (1 - x))),
      'freed',
    ],
    ['a cache that fills and is flat', (x: number) => 10 * Math.min(1, 3 * x), 'levelled'],
    ['a sawtooth', (x: number) => ((Math.round(x * BINS) + 6) % 16) / 2, 'freed'],
    ['what is given back half-way', (x: number) => (x > 0.5 ? 0.1 : 10 * x), 'freed'],
    ['a vector that doubles as it fills', (x: number) => vector(x, 0.9), 'grows'],
    ['a vector that was last enlarged half-way', (x: number) => vector(x, 0.55), 'grows'],
    ['a vector that is full before half of the work', (x: number) => vector(Math.min(x, 0.45), 0.4), 'steps'],
    ['loads of twice the size in equal times', (x: number) => 2 ** Math.floor(5 * x), 'steps'],
    ['one jump', (x: number) => (x > 0.4 ? 10 : 0), 'steps'],
    ['a table that doubles', (x: number) => 2 ** Math.floor(4 * x), 'steps'],
    ['a constant', () => 10, 'none'],
    ['less than matters', (x: number) => 0.3 * x, 'none'],
  ] as const)('%s', (_, live, verdict) => {
    expect(verdictOf(live)).toBe(verdict);
  });
});

describe('what grows', () => {
  const TICKS = 200;
  const each = (row: (tick: number) => string, from = 0, to = TICKS): string =>
    Array.from({ length: to - from }, (_, at) => row(from + at)).join(', ');
  const kept = (bytes: number, from = 0, to = TICKS): string => each((tick) => `${2 * tick}.. ${bytes}/1`, from, to);
  const passing = each((tick) => `${2 * tick}..${2 * tick + 1} 100/5`);

  const told = (text: string): string[] =>
    findGrowth(profileOf(text, TICKS)).growths.map(({ verdict, name, bytes }) => {
      return `${verdict} ${name === null ? '-' : `${name.functionName}:${name.line}`} ${bytes}`;
    });

  it('is named by the last function of the application, over threads, and summed below it', () => {
    const library = 'lib/site-packages/pkg/a.py';
    expect(
      told(`a malloc main:1>handle:2>${library}/f:7 ${each((tick) => `${4 * tick}.. 9000/1`, 0, 100)}
            b malloc main:1>handle:2>${library}/g:8 ${each((tick) => `${4 * tick + 2}.. 9000/1`, 0, 100)}
            a malloc main:1>work:3 ${passing}`),
    ).toEqual(['grows handle:2 1800000']);
  });

  /** Work until `busy` ticks, then nothing at all. */
  const thenIdle = (busy: number): string =>
    `m malloc main:1>handle:2 ${kept(20_000, 0, busy)}
     m malloc main:1>work:3 ${each((tick) => `${2 * tick}..${2 * tick + 1} 100/5`, 0, busy)}`;

  it('is judged by the work: what idles at the end still grows', () => {
    expect(told(thenIdle(120))).toEqual(['grows handle:2 2400000']);
  });

  it('is left open where nothing was allocated for most of the time: a full cache looks like work that ended', () => {
    expect(told(thenIdle(80))).toEqual(['idle handle:2 1600000']);
  });

  it('is told from the first to the last birth of what is kept, and what was idle after it', () => {
    const [finding] = tellGrowth(profileOf(thenIdle(120), TICKS));
    expect(finding?.rule).toBe('grows');
    expect(finding?.text).toContain('19.5 KiB each time, 120 times; live bytes rose');
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

  describe('in a table beside its values, which is copied into a larger one', () => {
    /** Of 64 bytes for each of the values, 50 a tick, from a tick on; the last copy is made in the tick that is said. */
    const table = (from: number, lastCopy: number): string => {
      const copies = [from, from + 3, from + 9, from + 21, from + 45, lastCopy];
      return copies
        .map(
          (tick, at) => `${2 * tick}..${at + 1 < copies.length ? 2 * copies[at + 1]! + 1 : ''} ${80_000 * 2 ** at}/1`,
        )
        .join(', ');
    };
    const values = (from: number): string => kept(10_000, from);
    const findingOf = (rows: string): ReturnType<typeof tellGrowth>[number] | undefined =>
      tellGrowth(profileOf(`${rows}\n m malloc main:1>work:3 ${passing}`, TICKS))[0];

    it.each([150, 196, 198, 199])('is all of both, wherever the last copy is made (tick %i)', (lastCopy) => {
      const all = findingOf(`m malloc main:1>remember:2 ${values(0)}, ${table(0, lastCopy)}`);
      expect(all?.bytes).toBe(200 * 10_000 + 80_000 * 32);
      const late = findingOf(`m malloc main:1>remember:2 ${values(80)}, ${table(80, lastCopy)}`);
      expect(late?.bytes).toBe(120 * 10_000 + 80_000 * 32);
      expect(late?.title).toMatch(/ since 8\d\d ms, rising/);
    });

    it('counts where another line or the caller makes the table, and no cache or buffer beside it does', () => {
      const bytesOf = (beside: string): number | undefined =>
        findingOf(`m malloc main:1>store:2>make:7 ${kept(200_000)}\n ${beside}`)?.bytes;
      expect(bytesOf(`m malloc main:1>store:2 ${table(0, 180)}`)).toBe(40_000_000 + 80_000 * 32);
      expect(bytesOf(`m malloc main:1>store:2>add:3 ${table(0, 180)}`)).toBe(40_000_000 + 80_000 * 32);
      expect(bytesOf(`m malloc main:1>store:2 ${kept(64_000, 0, 40)}`)).toBe(40_000_000);
      expect(bytesOf(`m malloc main:1>store:2 ${each((tick) => `${2 * tick}..${2 * tick + 1} 2560000/1`)}`)).toBe(
        40_000_000,
      );
      const told = findingOf(
        `m malloc main:1>store:2>make:7 ${kept(200_000)}\n m malloc main:1>store:2 ${table(0, 180)}`,
      );
      expect(told?.title).toContain('make (srv/app.py:7) grows: 40.6 MiB');
      expect(told?.text).toContain('With it counts what grows beside: store (srv/app.py:2) 2.44 MiB.');
    });

    it('is dated from its first block where nothing but it grows, and how full it is stays open', () => {
      const copies = [6, 12, 24, 48, 96, 180];
      const blocks = copies.map(
        (tick, at) => `${2 * tick}..${2 * (copies[at + 1] ?? TICKS) + 1} ${1_000_000 * 2 ** at}/1`,
      );
      const told = findingOf(`m malloc main:1>push:2 ${blocks.join(', ').replace(/\.\.401 /, '.. ')}`);
      expect(told?.title).toBe('push (srv/app.py:2) grows: 30.5 MiB so far, rising with the work');
      expect(told?.text).toContain('from 70 ms to 2.00 s');
      expect(told?.text).toContain('each about twice the one before');
      const full = findingOf(
        `m malloc main:1>push:2 ${blocks
          .slice(0, 4)
          .join(', ')
          .replace(/\.\.193 /, '.. ')}`,
      );
      expect(full?.rule).not.toBe('grows');
    });

    it('is no part of it where it only comes and goes, the last one at the end', () => {
      const buffers = [...Array(20).keys()].map((at) => `${20 * at + 12}..${at === 19 ? '' : 20 * at + 20} 600000/1`);
      const rows = `m malloc main:1>remember:2 ${values(0)}\n m calloc main:1>remember:2 ${buffers.join(', ')}`;
      const bytes = findingOf(rows)?.bytes ?? 0;
      expect(bytes).toBeGreaterThan(1_900_000);
      expect(bytes).toBeLessThanOrEqual(2_000_000);
    });
  });

  it('is not told of a short phase that follows another, but where the work before goes on beside it', () => {
    const before = (until: number): string => each((tick) => `${2 * tick}..${2 * tick + 1} 100/5`, 0, until);
    const built = (until: number): string[] =>
      told(`m malloc main:1>build:2 ${kept(50_000, 122)}
            m malloc main:3>work:4 ${before(until)}`);
    expect(built(122)).toEqual([]);
    expect(built(TICKS)).toEqual(['grows build:2 3900000']);
    // A line that does either, and a phase that lasts.
    expect(
      told(`m malloc main:1>keep:2 ${kept(50_000, 122)}
            m malloc main:1>work:4 ${before(122)}`),
    ).toEqual(['grows keep:2 3900000']);
    expect(
      told(`m malloc main:1>build:2 ${kept(50_000, 100)}
            m malloc main:3>work:4 ${before(100)}`),
    ).toEqual(['grows build:2 5000000']);
  });

  it('is what stays, not what lives at the ends of most ticks beside it', () => {
    const buffer = each((tick) => `${2 * tick}..${2 * tick + (tick % 40 === 30 ? 1 : 2)} 6000000/1`);
    expect(
      told(`m malloc main:1>parse:2 ${kept(20_000)}
            m malloc main:1>render:3 ${buffer}
            m malloc main:1>work:4 ${passing}`),
    ).toEqual(['grows parse:2 4000000']);
  });

  it('is none where a call does one thing after another, neither of which goes on; what goes on is told without the other', () => {
    const loaded = `m malloc main:9>fill:2 ${kept(50_000, 0, 110)}\n m malloc main:3>work:4 ${passing}`;
    expect(told(`m malloc main:10>read:2 ${kept(50_000, 150)}\n ${loaded}`)).toEqual(['levelled fill:2 5500000']);
    expect(told(`m malloc main:10>keep:2 ${kept(70_000, 111)}\n ${loaded}`)[0]).toBe('grows keep:2 6230000');
  });

  it('is told with what grows beside it', () => {
    const [finding] = tellGrowth(
      profileOf(
        `m malloc main:1>handle:2 ${kept(90_000)}
         m malloc main:1>keys:3 ${kept(7_000)}
         m malloc main:1>work:4 ${passing}`,
        TICKS,
      ),
    );
    expect(finding?.title).toContain('handle (srv/app.py:2) grows: 17.2 MiB');
    expect(finding?.text).toContain('Beside it grow: keys (srv/app.py:3) 1.34 MiB.');
  });

  it('is one with that of native threads where one call grows with them, and names what calls their library', () => {
    const lib = '/x/polars.so!';
    const threads = `t mmap ${lib}run>${lib}extend ${each((tick) => (tick % 20 === 9 ? `${2 * tick}.. 3000000/1` : ''))
      .split(', ')
      .filter((row) => row !== '')
      .join(', ')}`;
    const calls = `m malloc main:1>handle:3>frame:7>${lib}select ${passing}`;
    const textOf = (rows: string): string[] =>
      tellGrowth(profileOf(`${threads}\n ${calls}\n ${rows}`, TICKS)).map(({ title, text }) => `${title}. ${text}`);
    const [one, ...others] = textOf(`m malloc main:1>handle:2 ${kept(90_000)}`);
    expect(one).toMatch(
      /^handle \(srv\/app\.py:3\) grows: 45\.8 MiB so far, .*Of it, 28\.6 MiB through line 3, 17\.2 MiB through line 2\. 28\.6 MiB of it are native threads'/,
    );
    expect(one).toMatch(/What calls \S+: frame \(srv\/app\.py:7\)\./);
    expect(others).toEqual([]);
    // Of two calls, or of one that begins far later, it is neither's.
    const two = textOf(
      `m malloc main:1>handle:2 ${kept(90_000)}\n m malloc main:1>audit:4 ${each((tick) => (tick % 14 < 5 ? `${2 * tick}.. 90000/1` : `${2 * tick}..${2 * tick + 1} 9/1`))}`,
    );
    expect(two.filter((text) => text.startsWith('memory without a Python frame'))).toHaveLength(1);
    const later = textOf(`m malloc main:1>handle:2 ${kept(90_000, 90)}`);
    expect(later.filter((text) => text.startsWith('memory without a Python frame'))).toHaveLength(1);
  });

  it('in arenas is told by the table that grows with them, whichever call enlarged it', () => {
    const arenas = `m mmap* main:1>handle:2 ${each((tick) => `${2 * tick}.. 1048576/1`)
      .split(', ')
      .filter((_, at) => at % 10 === 5)
      .join(', ')}`;
    const tables = (sizes: readonly (readonly [number, number, number])[], via: string): string =>
      sizes
        .map(
          ([born, died, bytes], at) =>
            `m malloc main:1>handle:2>${via}${at}>/usr/lib/python3.11/_weakrefset.py/add:88 ${2 * born}..${died === 0 ? '' : 2 * died} ${bytes}/1`,
        )
        .join('\n ');
    const via = '/usr/lib/python3.11/site-packages/web/server.py/serve:';
    const textOf = (rows: string): string =>
      tellGrowth(profileOf(`${arenas}\n ${rows}\n m malloc main:1>work:3 ${passing}`, TICKS))[0]?.text ?? '';
    const other = tables(
      [
        [1, 3, 4096],
        [3, 30, 2048],
        [30, 90, 4096],
      ],
      via,
    );
    const grown = [
      [1, 4, 2048],
      [4, 20, 8192],
      [20, 70, 16_384],
      [70, 0, 65_536],
    ] as const;
    expect(textOf(`${tables(grown, via)}\n ${other}`)).toMatch(
      /A table grows with it: add \(_weakrefset\.py:88\) 64\.0 KiB, filled from serve \(web\/server\.py:3\) ← handle \(srv\/app\.py:2\)\./,
    );
    // A buffer that is made anew, and a table that was full long ago.
    const anew = [
      [1, 4, 65_536],
      [4, 20, 8192],
      [20, 70, 16_384],
      [70, 0, 65_536],
    ] as const;
    expect(textOf(tables(anew, via))).not.toContain('A table');
    const full = [
      [1, 4, 2048],
      [4, 8, 8192],
      [8, 12, 16_384],
      [12, 0, 65_536],
    ] as const;
    expect(textOf(tables(full, via))).not.toContain('A table');
  });

  it('of what is imported anew again and again is all that the import keeps, named by the line that imports', () => {
    const bootstrap = '‹frozen·importlib._bootstrap›/_call:241';
    const plugin = `m malloc main:1>load:7>${bootstrap}>plugin.py/init:3 ${kept(60_000)}`;
    const code = `m mmap* main:1>load:7>${bootstrap}>‹frozen·importlib._bootstrap_external›/get_code:936 ${each((tick) => `${2 * tick}.. 1048576/1`, 0, 4).replaceAll(/\b(\d+)\.\./g, (_, tick) => `${50 * Number(tick) + 20}..`)}`;
    const work = `m malloc main:1>work:4 ${passing}`;
    const [grows] = tellGrowth(profileOf(`${plugin}\n ${code}\n ${work}`, TICKS));
    expect(grows?.title).toBe('load (srv/app.py:7) grows: 15.4 MiB so far, rising with the work');
    // What is imported once is no growth, whatever grows beside it.
    const [other] = tellGrowth(profileOf(`${plugin.replace(`${bootstrap}>`, '')}\n ${code}\n ${work}`, TICKS));
    expect(other?.title).toMatch(/^init \(plugin\.py:3\) grows: 11\.4 MiB so far/);
  });

  it('is not of an arena beside it that came once, where it needed none itself', () => {
    const arenas = (ticks: readonly number[]): string =>
      `m mmap* main:1>handle:3 ${ticks.map((tick) => `${2 * tick}.. 1048576/1`).join(', ')}`;
    const bytesOf = (ticks: readonly number[]): number | undefined =>
      tellGrowth(
        profileOf(
          `m malloc main:1>handle:2 ${kept(60_000)}\n ${arenas(ticks)}\n m malloc main:1>work:4 ${passing}`,
          TICKS,
        ),
      )[0]?.bytes;
    expect(bytesOf([80])).toBe(200 * 60_000);
    expect(bytesOf([10, 80, 150])).toBe(200 * 60_000 + 3 * MIB);
  });

  it('in few steps has the first of them, however long before the others it came; less before them is none', () => {
    const steps = (first: number): string =>
      `m malloc main:1>adapter:2 2.. ${first}/1, ${[80, 95, 110, 125, 140, 155, 170, 185].map((tick) => `${2 * tick}.. 900000/1`).join(', ')}`;
    const titleOf = (first: number): string | undefined =>
      tellGrowth(profileOf(`${steps(first)}\n m malloc main:1>work:3 ${passing}`, TICKS))[0]?.title;
    expect(titleOf(900_000)).toBe('adapter (srv/app.py:2) grows: 7.72 MiB so far, rising with the work');
    expect(titleOf(200_000)).toBe('adapter (srv/app.py:2) grows: 6.87 MiB since 810 ms, rising with the work');
  });

  it('is flat where the work goes on without it', () => {
    expect(
      told(`m malloc main:1>cache:2 ${kept(20_000, 0, 80)}
            m malloc main:1>work:3 ${passing}`),
    ).toEqual(['levelled cache:2 1600000']);
  });

  it('is none where entries are replaced, or only imports hold more', () => {
    expect(
      told(`m malloc main:1>cache:2 ${each((tick) => `${2 * tick}..${2 * tick + 60} 50000/1`)}
            m malloc main:1>‹frozen·importlib._bootstrap›/_call:241>lib/site-packages/p/a.py/f ${kept(20_000)}
            m malloc main:1>work:3 ${passing}`).filter((text) => text.startsWith('grows')),
    ).toEqual([]);
  });

  it('is two things where two functions are not in step', () => {
    expect(
      told(`m malloc main:1>one:2 ${each((tick) => `${2 * tick}.. 20000/7`)}
            m malloc main:1>two:3 ${each((tick) => `${2 * tick}.. 9000/3`)}
            m malloc main:1>work:3 ${passing}`),
    ).toEqual(['grows one:2 4000000', 'grows two:3 1800000']);
  });

  it('is two things where one of two began long after the other, though in step with it since', () => {
    const audit = `m malloc main:1>handle:7>audit:2 ${kept(10_000)}\n m malloc main:1>work:4 ${passing}`;
    expect(told(`m malloc main:1>handle:8>feature:3 ${kept(60_000, 100)}\n ${audit}`)).toEqual([
      'grows feature:3 6000000',
      'grows audit:2 2000000',
    ]);
    // In bursts, the first of which is not lost.
    const bursts = each(
      (tick) => (tick % 5 === 1 ? `${2 * tick}.. 300000/25` : `${2 * tick}..${2 * tick + 1} 100/1`),
      101,
    );
    expect(told(`m malloc main:1>handle:8>feature:3 ${bursts}\n ${audit}`)[0]).toBe('grows feature:3 6000000');
    const second = each((tick) => `${4 * tick}.. 60000/1`, 0, 100);
    expect(told(`m malloc main:1>handle:8>feature:3 ${second}\n ${audit}`)).toEqual(['grows handle:8 8000000']);
  });

  /** What is said where nothing grows. */
  const nothing = (text: string): string => {
    const [first] = tellGrowth(profileOf(text, TICKS));
    return first?.rule === 'nothingGrows' || first?.rule === 'growthOpen' ? `${first.title}. ${first.text}` : '';
  };

  it('is told of where nothing does: from when on the heap is level, and at how much', () => {
    expect(nothing(`m malloc main:1>cache:2 ${kept(20_000, 0, 80)}\n m malloc main:1>work:3 ${passing}`)).toBe(
      'Nothing grows: the heap is level from 800 ms on, at 1.53 MiB. What filled is kept, and what else the work allocates is freed again.',
    );
    const batch = each((tick) => `${2 * tick}..${2 * (50 * Math.floor(tick / 50) + 50) - 1} 50000/1`);
    expect(nothing(`m malloc main:1>batch:2 ${batch}\n m malloc main:1>work:3 ${passing}`)).toMatch(
      /^Nothing grows: the heap falls back to .* B again and again\. It rose to 2\.3\d MiB and fell back each time: /,
    );
  });

  it('says of what filled and of the heap one moment, that at which it stopped to rise', () => {
    const filled = (until: number): string[] =>
      tellGrowth(
        profileOf(`m malloc main:1>load:2 ${kept(30_000, 0, until)}\n m malloc main:1>work:3 ${passing}`, TICKS),
      ).map(({ title, text }) => `${title}. ${text}`);
    const [level, load] = filled(140);
    expect(level).toContain('the heap is level from 1.40 s on, at 4.01 MiB');
    expect(load).toContain('It grew in many steps until 1.40 s and is flat since');
    // A little more, long after it, is no part of it.
    const [later] = tellGrowth(
      profileOf(
        `m malloc main:1>load:2 ${kept(300_000, 0, 20)}, 300.. 300000/1
         m malloc main:1>work:3 ${passing}`,
        TICKS,
      ),
    );
    expect(later?.title).toBe('Nothing grows: the heap is level from 200 ms on, at 6.01 MiB');
  });

  it('is told as little where too little to matter grows, with its line; entries that are replaced are none', () => {
    const beside = `m malloc main:1>table:9 0.. 100000000/100\n m malloc main:1>work:4 ${passing}`;
    const [little] = tellGrowth(profileOf(`m malloc main:1>handle:2 ${kept(9_000)}\n ${beside}`, TICKS));
    expect(little).toMatchObject({
      rule: 'littleGrows',
      bytes: 1_800_000,
      location: { functionName: 'handle', line: 2 },
      view: { view: 'leaks', filter: 'line:srv/app.py:2' },
    });
    expect(little?.title).toMatch(
      /^Little grows: 1\.72 MiB since .* \(1\.\d% of the heap\): handle \(srv\/app\.py:2\)$/,
    );
    const replaced = each((tick) => `${2 * tick}..${2 * tick + 60} 60000/1`);
    expect(nothing(`m malloc main:1>handle:2 ${replaced}\n ${beside}`)).toMatch(/^Nothing grows: .* is freed again/);
  });

  it('says how much of what is allocated is not freed, where that is next to nothing', () => {
    const text = `m malloc main:1>table:9 0.. 100000000/100\n m malloc main:1>work:4 ${passing}`;
    expect(nothing(`m malloc main:1>handle:2 ${kept(1_000)}\n ${text}`)).toMatch(/is freed again, all but 19\d KiB\.$/);
    expect(nothing(text)).toMatch(/is freed again\.$/);
  });

  it('is level where what rose at the very end was given back, and open where it was not', () => {
    const beside = `m malloc main:1>table:9 0.. 5000000/5\n m malloc main:1>work:4 ${passing}`;
    expect(nothing(`m malloc main:1>export:2 388..400 20000000/1\n ${beside}`)).toMatch(
      /^Nothing grows: the heap is level from .* on, at 4\.\d+ MiB\. It rose to 23\.\d MiB at the end, and fell back: /,
    );
    expect(nothing(`m malloc main:1>export:2 388.. 20000000/1\n ${beside}`)).toMatch(/^Nothing grew for long: /);
  });

  it('says of no entries that they filled where they took the place of others', () => {
    const refreshed = each((tick) => `${2 * tick + 40}.. 50000/1`, 0, 80);
    const replaced = each((tick) => `0..${2 * tick + 40} 50000/1`, 0, 80);
    const rules = (text: string): string[] =>
      tellGrowth(profileOf(`${text}\n m malloc main:1>work:4 ${passing}`, TICKS)).map(({ rule }) => rule);
    expect(rules(`m malloc main:1>refresh:2 ${refreshed}\n m malloc main:1>index:3 ${replaced}`)).toEqual([
      'nothingGrows',
    ]);
    expect(rules(`m malloc main:1>refresh:2 ${refreshed}`)).toEqual(['nothingGrows', 'levelled']);
  });

  it('says of what rises and falls all the time between how much, and of a small heap when it became level', () => {
    const wave = (from: number): string => each((at) => `${from + at}..${from + 130 + at} 100000/1`, 0, 60);
    // The second is on its way down when the recording ends.
    const sessions = `m malloc main:1>sessions:2 ${wave(50)}, ${wave(250)}`;
    expect(nothing(`${sessions}\n m malloc main:1>work:3 ${passing}`)).toMatch(
      /^Nothing grows: the heap rises and falls between .* B and 5\.72 MiB\. .* is freed again\. It ends at 3\.\d\d MiB\.$/,
    );
    const table = `m malloc main:1>table:9 0.. 5000000/5\n m malloc main:1>buffer:4 ${each((tick) => `${2 * tick}..${2 * tick + 1} 2000000/1`)}`;
    expect(nothing(table)).toContain('the heap is level from the start on, at 4.77 MiB. It rose to');
    const small = `m malloc main:1>fill:2 ${kept(2_000, 0, 100)}\n m malloc main:1>work:3 ${passing}`;
    expect(nothing(small)).toMatch(/^Nothing grows: the heap is level from (9\d\d ms|1\.0\d s) on, at 195 KiB/);
  });

  it('says of a rise that the recording ends in whether the end freed it', () => {
    const rises = (end: string): string =>
      [0, 100, 200]
        .map((from) => each((at) => `${from + at}..${from + 70} 50000/1`, 0, 70))
        .concat(each((at) => `${300 + 2 * at}..${end} 50000/1`, 0, 50))
        .join(', ');
    const ends = (end: string): string =>
      nothing(`m malloc main:1>batch:2 ${rises(end)}\n m malloc main:1>work:3 ${passing}`);
    expect(ends('')).toMatch(/ It ends at 2\.3\d MiB\.$/);
    expect(ends('400')).toMatch(/ The 2\.3\d MiB that were live when the work ended were freed then\.$/);
  });

  it('says that objects in arenas are not seen, where few arenas hold all of them', () => {
    const arenas = (count: number): string =>
      `m mmap* main:1>load:2 ${each((tick) => `${2 * tick}.. 1048576/1`, 1, 1 + count)}\n m malloc main:1>work:3 ${passing}`;
    expect(nothing(arenas(4))).toMatch(/cannot be seen here: record with --trace-python-allocators\.$/);
    expect(nothing(arenas(4).replace('mmap*', 'mmap'))).toMatch(/is freed again\.$/);
    expect(nothing(arenas(120))).not.toContain('--trace-python-allocators');
  });

  it('is open where the heap rose in arenas, too few to be even', () => {
    const arenas = (ticks: readonly number[]): string =>
      `m mmap* main:1>load:2 ${ticks.map((tick) => `${2 * tick}.. 1048576/1`).join(', ')}
       m malloc main:1>work:3 ${passing}`;
    expect(nothing(arenas([20, 60, 120]))).toMatch(
      /^Too little to tell whether anything grows: the heap rose by [23]\.00 MiB, in [23] arenas\. .* came 1\.21 s after/,
    );
    expect(tellGrowth(profileOf(arenas([20, 60, 120]), TICKS)).map(({ rule }) => rule)).toEqual(['growthOpen']);
    expect(tellGrowth(profileOf(arenas([2, 3, 4, 5]), TICKS))[0]?.rule).toBe('nothingGrows');
    expect(nothing(arenas([2, 3, 4, 5]))).toMatch(/^Nothing grows: the heap is level from \d+ ms on, at 4\.00 MiB/);
  });

  it('is not denied where the heap rose at the end, nor where the work ended with the growth', () => {
    const late = kept(50_000, 170);
    expect(nothing(`m malloc main:1>build:2 ${late}\n m malloc main:1>work:3 ${passing}`)).toBe(
      'Nothing grew for long: the heap rose by 1.43 MiB since 1.70 s. That is the last 14.5% of the work: its ' +
        'last step, unless it goes on in a longer recording.',
    );
    expect(nothing(thenIdle(80))).toBe('');
  });

  it('is of a cache that filled beside what grows, below one call, that it filled', () => {
    const text = `m malloc main:1>handle:2 ${kept(60_000, 0, 60)}
       m malloc main:1>handle:3 ${kept(20_000)}
       m malloc main:1>work:4 ${passing}`;
    expect(tellGrowth(profileOf(text, TICKS)).map(({ rule, location }) => [rule, location?.line])).toEqual([
      ['grows', 3],
      ['levelled', 2],
    ]);
  });

  it('after a warm-up is that of the work that follows: what filled before it is no growth, what grows has less', () => {
    const filled = profileOf(
      `m malloc main:1>cache:2 ${kept(20_000, 0, 90)}
       m malloc main:1>work:3 ${passing}`,
      TICKS,
    );
    expect(tellGrowth(filled).map(({ rule }) => rule)).toEqual(['nothingGrows', 'levelled']);
    expect(tellGrowth(filled, 100).map(({ title }) => title)).toEqual([
      'Nothing grows: the heap is level from 1.01 s on, at 1.72 MiB',
    ]);
    const [grows] = tellGrowth(
      profileOf(`m malloc main:1>handle:2 ${kept(20_000)}\n m malloc main:1>work:3 ${passing}`, TICKS),
      100,
    );
    expect(grows).toMatchObject({ bytes: 2_000_000, evidence: { growthCount: 100, fromMs: 1010 } });
  });

  it('points to the recordings of its children, which have answers of their own', () => {
    const level = profileOf(`m malloc main:1>load:2 0.. 9000000/9\n m malloc main:1>work:3 ${passing}`, TICKS);
    const told_ = (children: string[]): string =>
      tellGrowth({ ...level, children: () => children })
        .map(({ title, text }) => `${title}. ${text}`)
        .join();
    expect(told_([])).toMatch(/^Nothing grows: the heap is level .* W[^I]*$/);
    expect(told_(['a.bin.7'])).toMatch(
      /^Nothing grows in this process: .* Its child has a recording of its own, which says what grows there: a\.bin\.7\./,
    );
    expect(told_(['a.bin.7', 'a.bin.8', 'a.bin.9', 'a.bin.10'])).toContain(
      'Its 4 children have recordings of their own, which say what grows there: a.bin.7, a.bin.8, a.bin.9 and 1 more. ',
    );
  });

  it('cannot be told of an aggregated capture, or of hardly any work', () => {
    expect(findGrowth(profileOf('m malloc a 0.. 1/1', 9, 'aggregated')).silence).toBe('aggregated');
    expect(findGrowth(profileOf('m malloc a 0.. 1/1', 9)).silence).toBe('tooShort');
  });
});
