/** Every rule fires on the curve it is about and stays silent on its neighbours, on short and on thin captures. */
import { describe, expect, test } from 'vitest';

import { findAll } from '../src/analysis/findings/find-all.js';
import { location, MIB, NO_USAGE, sourceOf, ticksFrom, ticksOver, type SourceParts } from './finding-source.js';

function rulesOf(parts: SourceParts): string[] {
  return findAll(sourceOf(parts)).map(({ rule }) => rule);
}

function textOf(parts: SourceParts): string {
  return findAll(sourceOf(parts))
    .map(({ title, text }) => `${title}. ${text}`)
    .join('\n');
}

const flat = (mib: number) => () => mib;

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
    expect(textOf({ ticks })).toMatch(/RSS grew by 20\d MiB while the heap stayed the same/);
  });

  test('is found where the heap even shrinks', () => {
    const ticks = ticksOver(
      60_000,
      100,
      (share) => 300 + 300 * share,
      (share) => 200 - 60 * share,
    );
    expect(textOf({ ticks })).toContain('while the heap even shrank by');
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
    expect(rulesOf({ ticks })).toEqual([]);
  });

  test('is not said of one step at the end', () => {
    const ticks = ticksOver(60_000, 100, (share) => (share > 0.8 ? 600 : 200), flat(100));
    expect(rulesOf({ ticks })).toEqual([]);
  });

  test('is not said of growth too small to matter', () => {
    const ticks = ticksOver(60_000, 100, (share) => 1000 + 50 * share, flat(100));
    expect(rulesOf({ ticks })).toEqual([]);
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

  test('is called reservations where mmap holds it', () => {
    const allocators = [{ allocator: 'mmap' as const, ...NO_USAGE, peakBytes: 900 * MIB }];
    expect(rulesOf({ ticks, allocators })).toEqual(['mappingsReserved']);
  });

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

describe('a capture that ends in mid-rise', () => {
  test('is found where the heap climbs to the very end', () => {
    const ticks = ticksOver(
      30_000,
      40,
      (share) => 100 + 500 * share,
      (share) => 500 * share,
    );
    expect(rulesOf({ ticks })).toEqual(['endsInMidRise']);
  });

  test('is not said of a plateau', () => {
    const ticks = ticksOver(30_000, 40, flat(600), (share) => Math.min(1, share * 3) * 500);
    expect(rulesOf({ ticks })).toEqual([]);
  });

  test('is not said where everything is freed after the last record', () => {
    const ticks = ticksOver(
      30_000,
      40,
      (share) => 100 + 500 * share,
      (share) => 500 * share,
    );
    expect(rulesOf({ ticks, notes: { tailHeapBytes: MIB } })).toEqual([]);
  });
});

describe('one second that holds most of the peak', () => {
  const spike = ticksFrom(`
    0     100  50
    1000  100  50
    2000  100  52
    3000  100  51
    3500  900  51  700
    4000  100  50
    5000  100  50
    6000  100  50
    7000  100  50`);

  test('is found where a spike lies between two records', () => {
    expect(rulesOf({ ticks: spike })).toEqual(['suddenRise']);
    expect(textOf({ ticks: spike })).toContain('within 500 ms: from 3.00 s to 3.50 s');
  });

  test('is not said of a steady rise', () => {
    const ticks = ticksOver(10_000, 100, flat(900), (share) => Math.min(0.8, share) * 500);
    expect(rulesOf({ ticks })).not.toContain('suddenRise');
  });

  test('is not said of a run of two seconds', () => {
    const ticks = ticksOver(2_000, 100, flat(900), (share) => (share > 0.5 ? 500 : 10));
    expect(rulesOf({ ticks })).not.toContain('suddenRise');
  });

  test('is not said where records lie further apart than a second', () => {
    const ticks = ticksOver(60_000, 20, flat(900), (share) => (share > 0.5 && share < 0.9 ? 500 : 10));
    expect(rulesOf({ ticks })).not.toContain('suddenRise');
  });
});

describe('a single location', () => {
  const capture = { peakBytes: 100 * MIB };

  test('that holds more than half of the peak is named', () => {
    const locations = [
      location('other@b.py:1', { peakBytes: 40 * MIB, peakCount: 2 }),
      location('hoard@a.py:6', { peakBytes: 60 * MIB, peakCount: 1 }),
    ];
    expect(rulesOf({ capture, locations })).toEqual(['mostlyOneLocation']);
    expect(textOf({ capture, locations })).toContain('hoard (a.py:6) holds 60.0 MiB of the peak');
  });

  test('with less is not', () => {
    expect(rulesOf({ capture, locations: [location('f@a.py:6', { peakBytes: 45 * MIB })] })).toEqual([]);
  });

  test('of endless name is cut short in the sentence, and whole in the evidence', () => {
    const name = 'x'.repeat(100_000);
    const [finding] = findAll(sourceOf({ capture, locations: [location(`${name}@a.py:6`, { peakBytes: 60 * MIB })] }));
    expect(finding?.text.length).toBeLessThan(400);
    expect(finding?.location?.functionName).toBe(name);
  });
});

describe('temporary allocations', () => {
  const capture = { allocations: 20_000, temporaryCount: 15_000, temporaryBytes: 1 };

  test('are called churn from half of all on, with the line they come from', () => {
    const locations = [location('a@a.py:1', { temporaryCount: 3 }), location('b@b.py:2', { temporaryCount: 14_000 })];
    expect(rulesOf({ capture, locations })).toEqual(['temporaryChurn']);
    expect(textOf({ capture, locations })).toContain('Most come from b (b.py:2): 14,000.');
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
});

test('frees that went unseen are told where they bend the peak', () => {
  const capture = { peakBytes: 100 * MIB };
  expect(rulesOf({ capture, notes: { replacedBytes: 5 * MIB, replacedCount: 3 } })).toEqual(['addressesReplaced']);
  expect(rulesOf({ capture, notes: { replacedBytes: 1000, replacedCount: 3 } })).toEqual([]);
});

test('an ordinary run gives no findings', () => {
  const ticks = ticksOver(
    20_000,
    100,
    (share) => 150 + 10 * Math.sin(share * 9),
    (share) => 80 + 10 * Math.sin(share * 9),
  );
  const locations = Array.from({ length: 9 }, (_, row) => location(`f${row}@a.py:${row}`, { peakBytes: 10 * MIB }));
  expect(rulesOf({ ticks, locations, capture: { allocations: 50_000, temporaryCount: 9_000 } })).toEqual([]);
});
