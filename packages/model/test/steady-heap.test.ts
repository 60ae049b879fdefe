/** What is said of a heap in which nothing grows, and where that cannot be told. */
import { describe, expect, it } from 'vitest';

import { tellGrowth } from '../src/analysis/findings/grows.js';
import { findGrowth } from '../src/growth/find-growth.js';
import { each, kept, passing, thenIdle, TICKS } from './growth-script.js';
import { profileOf } from './view/profile-text.js';

describe('where nothing grows', () => {
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
