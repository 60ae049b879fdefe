/** The analysis of a profile adds up, orders as asked, and never turns "not recorded" into 0. */
import { describe, expect, test } from 'vitest';

import { analyze } from '../src/analysis/analysis.js';
import { prepareAnalysis } from '../src/analysis/prepare-analysis.js';
import { memoryProfile } from '../src/memory-profile.js';
import type { Profile, Usage } from '../src/profile.js';
import { ALLOCATOR_NAMES, type CaptureTables } from '../src/tables.js';
import { profileOf as profileOfText } from './view/profile-text.js';
import { location, MIB, NO_USAGE, sourceOf, START_MS, ticksFrom, type SourceParts } from './finding-source.js';

const PACKAGES = '/v/site-packages';

function profileOf(parts: SourceParts): Profile {
  const { capture, notes, ticks, locations, allocators } = sourceOf(parts);
  const aggregated = capture.layout === 'aggregated';
  const rows = [...locations, ...allocators];
  const column = (name: keyof Usage): Float64Array => Float64Array.from(rows, (row) => row[name] ?? 0);
  const known = (name: keyof Usage): Float64Array | null => (aggregated ? null : column(name));
  // A site for each row: a location's, or one of an allocator without a frame.
  const places = locations.length;
  const tables: CaptureTables = {
    ...profileOfText('', 0).tables(),
    capture,
    notes,
    ticks,
    threads: { length: 1, tid: BigUint64Array.of(1n), name: [null] },
    sizeClasses: aggregated ? null : { length: 1, bytes: Float64Array.of(8), count: Float64Array.of(5) },
    frames: {
      length: places,
      kind: new Uint8Array(places),
      functionName: locations.map(({ functionName }) => functionName),
      file: locations.map(({ file }) => file),
      line: Int32Array.from(locations, ({ line }) => line),
      module: new Int32Array(places).fill(-1),
      ip: new BigUint64Array(places),
      source: new Uint8Array(places),
    },
    stacks: {
      length: places + 1,
      parent: new Uint32Array(places + 1),
      frame: Uint32Array.from({ length: places + 1 }, (_, row) => Math.max(0, row - 1)),
    },
    sites: {
      length: rows.length,
      thread: new Uint32Array(rows.length),
      allocator: Uint8Array.from(rows, (row) => ALLOCATOR_NAMES.indexOf('allocator' in row ? row.allocator : 'malloc')),
      owner: new Uint32Array(rows.length),
      pythonStack: Uint32Array.from(rows, (_, row) => (row < places ? row + 1 : 0)),
      nativeStack: null,
      peakBytes: column('peakBytes'),
      peakCount: column('peakCount'),
      leakedBytes: column('leakedBytes'),
      leakedCount: column('leakedCount'),
      totalBytes: known('totalBytes'),
      totalCount: known('totalCount'),
      temporaryBytes: known('temporaryBytes'),
      temporaryCount: known('temporaryCount'),
    },
  };
  return memoryProfile(tables, [], '/captures/app.bin.memscope');
}

const locations = [
  location(`a@${PACKAGES}/numpy/a.py:1`, { peakBytes: 10, leakedBytes: 5, totalBytes: 100, totalCount: 7 }),
  location(`b@${PACKAGES}/numpy/b.py:2`, { peakBytes: 30, leakedBytes: 0, totalBytes: 30, totalCount: 1 }),
  location('c@app.py:3', { peakBytes: 20, leakedBytes: 9, totalBytes: 20, totalCount: 90 }),
];

describe('locations', () => {
  test.each([
    ['peak', 'b c a'],
    ['leaked', 'c a b'],
    ['total', 'a b c'],
    ['count', 'c a b'],
  ] as const)('are ordered by %s: %s', (measure, order) => {
    const names = analyze(profileOf({ locations }), { measure }).locations.map(({ functionName }) => functionName);
    expect(names.join(' ')).toBe(order);
  });

  test('of one module add up', () => {
    const modules = analyze(profileOf({ locations })).modules;
    expect(modules.map(({ name, peakBytes, totalBytes }) => [name, peakBytes, totalBytes])).toEqual([
      ['numpy', 40, 130],
      ['application', 20, 20],
    ]);
  });

  test.each([0, 1, 2, 7, 99, 100, 500])('are the %d greatest of all, equal ones in their order', (most) => {
    const many = Array.from({ length: 100 }, (_, row) =>
      location(`f${row}@${PACKAGES}/p${row % 7}/a.py:${row}`, {
        peakBytes: (row * 31) % 10,
        totalBytes: row % 3,
        totalCount: 1,
      }),
    );
    const all = analyze(profileOf({ locations: many }));
    const some = analyze(profileOf({ locations: many }), { mostLocations: most });
    const expected = many.toSorted((a, b) => b.peakBytes - a.peakBytes || b.totalBytes! - a.totalBytes!);
    expect(all.locations.map(({ functionName }) => functionName)).toEqual(
      expected.map(({ functionName }) => functionName),
    );
    expect(some.locations).toEqual(all.locations.slice(0, most));
    expect([some.locationCount, some.modules]).toEqual([100, all.modules]);
  });
});

describe('allocators', () => {
  test('come in families with mmap kept apart', () => {
    const allocators = (['malloc', 'mmap', 'pymalloc_malloc', 'calloc'] as const).map((allocator, index) => ({
      allocator,
      ...NO_USAGE,
      peakBytes: 10 ** index,
    }));
    const { families } = analyze(profileOf({ allocators }));
    expect(families.map(({ family, peakBytes }) => `${family} ${peakBytes}`)).toEqual([
      'malloc 1001',
      'pymalloc 100',
      'mmap 10',
    ]);
  });
});

describe('totals', () => {
  const ticks = ticksFrom('0 50 0\n10 90 20 70\n20 80 30');

  test('tell the gap between RSS and heap where RSS is highest, and at the end', () => {
    const notes = { rssPeakBytes: 90 * MIB, rssPeakMs: START_MS + 10 };
    expect(analyze(profileOf({ ticks, notes })).totals).toMatchObject({
      rssPeakHeapBytes: 20 * MIB,
      rssPeakGapBytes: 70 * MIB,
      rssEndBytes: 80 * MIB,
      heapEndBytes: 30 * MIB,
      rssEndGapBytes: 50 * MIB,
      durationMs: 20,
    });
  });

  test('place a peak after the last record at the end of the recording', () => {
    const totals = analyze(profileOf({ ticks, capture: { peakTick: 3, endMs: START_MS + 35 } })).totals;
    expect(totals.peakTimeMs).toBe(START_MS + 35);
  });

  test('of a killed process last until its last record', () => {
    const totals = analyze(profileOf({ ticks, capture: { complete: false, endMs: START_MS } })).totals;
    expect(totals.durationMs).toBe(20);
  });

  test('without memory records leave RSS unknown', () => {
    const { totals, limitations } = analyze(profileOf({}));
    expect([totals.rssPeakBytes, totals.rssEndBytes, totals.rssEndGapBytes]).toEqual([null, null, null]);
    expect(limitations.join(' ')).toContain('no memory records');
  });
});

describe('an aggregated capture', () => {
  const unknown = { totalBytes: null, totalCount: null, temporaryBytes: null, temporaryCount: null };
  const profile = profileOf({
    ticks: ticksFrom('0 50 10\n10 50 20\n20 50 10'),
    locations: locations.map((row) => ({ ...row, ...unknown })),
    capture: {
      layout: 'aggregated',
      allocations: null,
      bytesAllocated: null,
      temporaryBytes: null,
      temporaryCount: null,
      peakTick: null,
    },
  });

  test('keeps totals unknown in every sum', () => {
    const { modules, totals, sizes } = analyze(profile);
    expect(modules.map(({ totalBytes, temporaryCount }) => [totalBytes, temporaryCount])).toEqual([
      [null, null],
      [null, null],
    ]);
    expect([totals.bytesAllocated, totals.peakTimeMs, sizes]).toEqual([null, null, null]);
  });

  test('is ordered by peak when asked for an order that it does not know', () => {
    expect(analyze(profile, { measure: 'total' }).measure).toBe('peak');
  });

  test('says in words what it cannot answer', () => {
    expect(analyze(profile).limitations.join(' ')).toContain('aggregated capture');
  });
});

test('merged memory records are told', () => {
  const { limitations } = analyze(profileOf({ ticks: ticksFrom('0 1 1\n10 1 1'), notes: { memoryRecords: 5_000 } }));
  expect(limitations.join(' ')).toContain('5,000 memory records are merged into 2');
});

test('what is found of stacks ahead changes nothing', () => {
  const text = `
    1 malloc  main.py/<module>:1>lib/python3.12/runpy.py/run:5>main.py/work:9    0..9 1048576/4, 3.. 5242880/1
    1 mmap    main.py/<module>:2><frozen importlib._bootstrap>/_find_and_load:1>lib/python3.12/site-packages/pandas/core.py/<module>:7  1.. 3145728/1`;
  const profile = (): Profile => ({ ...profileOfText(text, 10), notes: profileOf({}).notes });
  const shown = ['program', 'all'] as const;
  for (const frames of shown) {
    const [plain, ahead] = [profile(), profile()];
    // Also where something else is asked for then.
    for (const each of shown) prepareAnalysis(ahead.stackTables(), ahead.siteKeys(), each);
    expect(analyze(ahead, {}, [], frames)).toEqual(analyze(plain, {}, [], frames));
  }
});
