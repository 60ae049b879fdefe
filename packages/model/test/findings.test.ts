/** Every rule fires on the curve it is about and stays silent on its neighbours, on short and on thin captures. */
import { describe, expect, test } from 'vitest';

import { findAll } from '../src/analysis/findings/find-all.js';
import { findChurnPlace } from '../src/analysis/churn.js';
import { findGrowth } from '../src/growth/find-growth.js';
import { profileOf } from './view/profile-text.js';
import { MIB, NO_USAGE, peakOf, sourceOf, ticksFrom, ticksOver, type SourceParts } from './finding-source.js';

function rulesOf(parts: SourceParts): string[] {
  const rules = findAll(sourceOf(parts)).map(({ rule }) => rule);
  return rules.filter((rule) => rule !== 'nothingStandsOut');
}

function textOf(parts: SourceParts): string {
  return findAll(sourceOf(parts))
    .map(({ title, text }) => `${title}. ${text}`)
    .join('\n');
}

const flat = (mib: number) => () => mib;

function churnOf(text: string): () => ReturnType<typeof findChurnPlace> {
  return () => findChurnPlace(profileOf(text, 3));
}

describe('short captures', () => {
  test.each([0, 1, 2])('with %i memory records nothing is said of curves, however they look', (count) => {
    const lines = ['0 50 0', '2000 900 500'].slice(0, count).join('\n');
    const ticks = ticksFrom(lines);
    expect(rulesOf({ ticks, capture: { peakBytes: 500 * MIB } })).toEqual([]);
  });

  test('a rise within three records is not called sudden or unfinished', () => {
    expect(rulesOf({ ticks: ticksFrom('0 50 0\n10 60 10\n20 90 40') })).toEqual([]);
  });
});

describe('RSS that grows while the heap does not', () => {
  test('is found where RSS climbs steadily and the heap stays', () => {
    const ticks = ticksOver(60_000, 100, (share) => 200 + 400 * share, flat(100));
    expect(rulesOf({ ticks })).toEqual(['rssGrowsAlone']);
    expect(textOf({ ticks })).toMatch(
      /RSS rises from (?:29|30)\d MiB to 600 MiB; the heap that was recorded stayed the same/,
    );
  });

  test('is found where the heap even shrinks', () => {
    const ticks = ticksOver(
      60_000,
      100,
      (share) => 300 + 300 * share,
      (share) => 200 - 60 * share,
    );
    expect(textOf({ ticks })).toContain('the heap that was recorded even shrank by');
  });

  test('is not said where the heap explains the growth', () => {
    const ticks = ticksOver(
      60_000,
      100,
      (share) => 200 + 400 * share,
      (share) => 100 + 380 * share,
    );
    expect(rulesOf({ ticks })).not.toContain('rssGrowsAlone');
  });

  test('is not said of libraries that are loaded in the first quarter', () => {
    const ticks = ticksOver(60_000, 100, (share) => (share < 0.2 ? 50 + 2000 * share : 450), flat(100));
    expect(rulesOf({ ticks })).not.toContain('rssGrowsAlone');
  });

  test('is not said of a capture that was cut: what was read may all be the start', () => {
    const ticks = ticksOver(60_000, 100, (share) => 200 + 400 * share, flat(100));
    const damageOf = (kind: 'cut' | 'corrupt' | 'killed'): SourceParts => ({
      ticks,
      notes: { damage: { kind, reason: 'nothing', fileOffset: 9, recordOffset: 9, unreadBytes: 0 } },
    });
    expect(rulesOf(damageOf('cut'))).not.toContain('rssGrowsAlone');
    expect(rulesOf(damageOf('corrupt'))).not.toContain('rssGrowsAlone');
    expect(rulesOf(damageOf('killed'))).toContain('rssGrowsAlone');
  });

  test('is not said of one step at the end', () => {
    const ticks = ticksOver(60_000, 100, (share) => (share > 0.8 ? 600 : 200), flat(100));
    expect(rulesOf({ ticks })).not.toContain('rssGrowsAlone');
  });

  test('is not said of a large array that is written to bit by bit', () => {
    const ticks = ticksOver(60_000, 100, (share) => 150 + 400 * share, flat(500));
    expect(rulesOf({ ticks })).not.toContain('rssGrowsAlone');
  });

  test('is not said of growth too small to matter', () => {
    const ticks = ticksOver(60_000, 100, (share) => 1000 + 50 * share, flat(100));
    expect(rulesOf({ ticks })).not.toContain('rssGrowsAlone');
  });
});

describe('freed memory that stays resident', () => {
  test('is found where the heap falls and RSS does not', () => {
    const ticks = ticksOver(
      60_000,
      60,
      (share) => (share < 0.2 ? 80 : 480),
      (share) => (share < 0.2 ? 10 : share < 0.5 ? 400 : 60),
    );
    expect(rulesOf({ ticks })).toContain('rssKeptAfterFree');
  });

  test('is not said where RSS falls along', () => {
    const ticks = ticksOver(
      60_000,
      60,
      (share) => (share > 0.5 ? 140 : 480),
      (share) => (share > 0.5 ? 60 : 400),
    );
    expect(rulesOf({ ticks })).not.toContain('rssKeptAfterFree');
  });
});

describe('more heap than memory', () => {
  const ticks = ticksOver(10_000, 20, flat(150), flat(1000));

  test('is called untouched where malloc holds it', () => {
    const allocators = [{ allocator: 'malloc' as const, ...NO_USAGE, peakBytes: 1000 * MIB }];
    expect(rulesOf({ ticks, allocators })).toEqual(['allocationsUntouched']);
  });

  test('is not said where RSS once was as high as the heap', () => {
    const touched = ticksFrom('0 100 900\n10 950 900\n20 100 900\n30 100 900');
    const allocators = [{ allocator: 'mmap' as const, ...NO_USAGE, peakBytes: 900 * MIB }];
    expect(rulesOf({ ticks: touched, allocators })).toEqual([]);
  });

  test('is not said where RSS is not known', () => {
    expect(rulesOf({ ticks, notes: { rssPeakBytes: null } })).toEqual([]);
  });
});

describe('a call below which most of the peak lies', () => {
  const way = (text: string): SourceParts => ({ peakWay: peakOf(profileOf(text, 4)).peakWay });

  test('is named by the line of the application, with where it forks below', () => {
    const parts = way(`
      T malloc main:1>load:2>lib/site-packages/numpy/core.py/zeros:9   2..5 40000000/1
      T malloc main:1>load:3                                           2..5 40000000/2
      T malloc main:1>other:4                                          2..5 9000000/1`);
    expect(rulesOf(parts)).toEqual(['mostlyOneLocation']);
    expect(textOf(parts)).toContain(
      'load (srv/app.py:2 and 1 more line) holds most of the peak: 76.3 MiB. 89.9% of the 84.9 MiB',
    );
    expect(textOf(parts)).toContain('It forks: load (srv/app.py:2) 38.1 MiB → zeros (numpy/core.py:9), load');
  });

  test('is none of the import system, which holds what it imports for others', () => {
    const parts = way(`
      T malloc main:1>‹frozen·importlib._bootstrap›/_call_with_frames_removed:241>lib/site-packages/pandas/a.py/f  2..5 40000000/1
      T malloc main:1>work:2  2..5 10000000/1`);
    expect(rulesOf(parts)).toEqual([]);
  });

  test('is not said where none holds half of it, nor of a small heap', () => {
    expect(rulesOf(way('T malloc a 2..5 40000000/1\nT malloc b 2..5 40000000/1\nT malloc c 2..5 40000000/1'))).toEqual(
      [],
    );
    expect(rulesOf(way('T malloc a 2..5 4000000/1'))).toEqual([]);
  });

  test('is not said twice where it is what grows', () => {
    const parts = way('T malloc main:1>f:2 2..5 40000000/9');
    const growth = {
      ...parts.peakWay!,
      verdict: 'grows' as const,
      sinceMs: null,
      beside: [],
      levelMs: null,
      idle: null,
      stayingBytes: 4 * MIB,
      leftBytes: 0,
      isOnlyWork: false,
    };
    expect(
      rulesOf({ ...parts, growth: { growths: [growth], little: [], level: null, children: [], silence: null } }),
    ).toEqual(['grows']);
  });

  test('of endless name is cut short in the sentence, and whole in the evidence', () => {
    const name = 'x'.repeat(100_000);
    const [finding] = findAll(sourceOf(way(`T malloc ${name}:6 2..5 60000000/1`)));
    expect(`${finding!.title}${finding!.text}`.length).toBeLessThan(600);
    expect(finding!.location?.functionName).toBe(name);
  });
});

describe('temporary allocations', () => {
  const capture = { allocations: 20_000, temporaryCount: 15_000, temporaryBytes: 1 };

  test('are called churn from half of all on, with the line they come from', () => {
    const churn = churnOf(`T malloc /srv/a.py/a:1 short! 3/3
                           T malloc /srv/b.py/b:2 short! 9/14000`);
    expect(rulesOf({ capture, churn })).toEqual(['temporaryChurn']);
    expect(textOf({ capture, churn })).toContain('Most come from b (srv/b.py:2): 14,000. They cost');
  });

  test('are told by the line of the application, and what made them below it', () => {
    const churn = churnOf(`T malloc /srv/b.py/b:2>/usr/lib/python3.13/json/decoder.py/decode:9 short! 9/9000
                           T malloc /srv/b.py/b:2>/usr/lib/python3.13/json/scanner.py/scan:4 short! 9/5000`);
    const [finding] = findAll(sourceOf({ capture, churn }));
    expect(finding!.text).toContain('Most come from b (srv/b.py:2): 14,000, made in decode (json/decoder.py:9).');
    expect(finding!.text).toContain('calling it less often');
    expect(finding!.location).toEqual({ functionName: 'b', file: '/srv/b.py', line: 2 });
    expect(finding!.way.map(({ functionName }) => functionName)).toEqual(['b', 'decode']);
  });

  test('are told with the threads that make nearly all of them', () => {
    const thread = { ...NO_USAGE, tid: null, name: 'worker-*', threads: 40, temporaryCount: 14_000 };
    const other = { ...NO_USAGE, tid: 1n, name: 'main thread', threads: 1, temporaryCount: 1_000 };
    expect(textOf({ capture, threads: [other, thread] })).toContain('93.3% of them by worker-* (40 threads).');
    const even = [
      { ...other, temporaryCount: 8_000 },
      { ...thread, temporaryCount: 7_000 },
    ];
    expect(textOf({ capture, threads: even })).not.toContain('of them by');
    const main = { ...other, temporaryCount: 15_000 };
    expect(textOf({ capture, threads: [main, thread] })).not.toContain('of them by');
  });

  test('are not worth a word where they cost little of the time', () => {
    const churn = churnOf('T malloc /srv/b.py/b:2 short! 9/14000');
    const lasting = (ms: number, temporaryBytes: number): string[] => {
      const ticks = ticksOver(
        ms,
        ms / 2,
        () => 1,
        () => 1,
      );
      return rulesOf({ capture: { ...capture, temporaryBytes }, ticks, churn });
    };
    expect(lasting(100, 1)).toEqual(['temporaryChurn']);
    expect(lasting(1000, 1)).toEqual([]);
    // Clearing so many pages takes its time, however few the calls.
    expect(lasting(1000, 600 * MIB)).toEqual(['temporaryChurn']);
  });

  test('of a module that runs an event loop no advice is given', () => {
    const told = (functionName: string): string => {
      const place = { functionName, file: '/srv/b.py', line: 2 };
      return textOf({ capture, churn: () => ({ place, count: 9000, innermost: { ...place, line: 9 } }) });
    };
    expect(told('<module>')).toMatch(/They cost time rather than memory\.$/);
    expect(told('handle')).toMatch(/rather than memory: calling it less often, /);
  });

  test('below half of all are as they should be', () => {
    expect(rulesOf({ capture: { ...capture, temporaryCount: 9_999 } })).toEqual([]);
    expect(rulesOf({ capture: { ...capture, allocations: 9_999, temporaryCount: 9_000 } })).toEqual([]);
  });

  test('are not mentioned where an aggregated capture does not know them', () => {
    expect(rulesOf({ capture: { layout: 'aggregated', allocations: null, temporaryCount: null } })).toEqual([]);
  });
});

describe('a capture without a proper end', () => {
  const damage = { fileOffset: 700, recordOffset: 9_000, unreadBytes: 300, reason: 'no such record' };

  test.each([
    ['killed', 'The recording was broken off'],
    ['cut', 'The capture file is cut short'],
    ['corrupt', 'The capture file is damaged'],
  ] as const)('that was %s is told with the bytes that were not read', (kind, title) => {
    const text = textOf({ capture: { complete: false }, notes: { damage: { kind, ...damage } } });
    expect(text).toContain(title);
    expect(text).toContain('(300 bytes) of the file were not read');
  });

  test('that was read to its last byte says so', () => {
    const notes = { damage: { kind: 'killed' as const, ...damage, unreadBytes: 0 } };
    expect(textOf({ capture: { complete: false }, notes })).toContain('Every record that was written has been read.');
  });

  test('is not said of one that ended as it should, nor of a child that ended without closing it', () => {
    expect(rulesOf({ capture: { complete: true } })).toEqual([]);
    expect(rulesOf({ capture: { complete: true, endMs: null } })).toEqual([]);
  });
});

test('frees that went unseen are told where they bend the peak', () => {
  const capture = { peakBytes: 100 * MIB };
  expect(rulesOf({ capture, notes: { replacedBytes: 5 * MIB, replacedCount: 3 } })).toEqual(['addressesReplaced']);
  expect(rulesOf({ capture, notes: { replacedBytes: 1000, replacedCount: 3 } })).toEqual([]);
});

test('of an ordinary run it is said that nothing stands out', () => {
  const ticks = ticksOver(
    20_000,
    100,
    (share) => 150 + 10 * Math.sin(share * 9),
    (share) => 80 + 10 * Math.sin(share * 9),
  );
  const source = sourceOf({ ticks, capture: { allocations: 50_000, temporaryCount: 9_000 } });
  expect(findAll(source).map(({ rule }) => rule)).toEqual(['nothingStandsOut']);
});

test('that nothing stands out is said first or after one that says nothing of it, and never third', () => {
  const history = `m malloc main:1>table:9 0.. 5000000/5
    m malloc main:1>work:4 ${Array.from({ length: 200 }, (_, tick) => `${2 * tick}..${2 * tick + 1} 100/5`).join(', ')}`;
  const growth = findGrowth(profileOf(history, 200));
  const rules = (parts: SourceParts): string[] => findAll(sourceOf(parts)).map(({ rule }) => rule);
  expect(rules({ growth })).toEqual(['nothingStandsOut', 'nothingGrows']);
  expect(rules({ capture: { complete: false } })).toEqual(['captureIncomplete', 'nothingStandsOut']);
  expect(rules({ growth, capture: { complete: false } })).toEqual(['captureIncomplete', 'nothingGrows']);
});

test('that nothing stands out, where too little was done to tell what grows, points to recordings of children', () => {
  const growth = (children: string[]): NonNullable<SourceParts['growth']> => ({
    growths: [],
    little: [],
    level: null,
    children,
    silence: 'tooShort',
  });
  const textOf = (children: string[]): string => findAll(sourceOf({ growth: growth(children) }))[0]!.text;
  expect(textOf(['a.bin.7'])).toContain('whether anything grows. Its child has a recording of its own, which says');
  expect(textOf([])).not.toContain('child');
});
