/** Thinned and spread curves keep every spike; sizes fall into the right powers of two. */
import { describe, expect, test } from 'vitest';

import { bucketSizes } from '../src/analysis/size-histogram.js';
import { spreadTicks, thinTicks } from '../src/analysis/timeline.js';
import { MIB, START_MS, ticksFrom, ticksOver } from './finding-source.js';

describe('a thinned timeline', () => {
  test('is the capture’s own where that is short enough', () => {
    const ticks = ticksFrom('0 50 0\n10 60 20 30\n20 55 10');
    expect(thinTicks(ticks, 3)).toEqual({
      timeMs: [START_MS, START_MS + 10, START_MS + 20],
      rssBytes: [50 * MIB, 60 * MIB, 55 * MIB],
      heapBytes: [0, 20 * MIB, 10 * MIB],
      peakBytes: [0, 30 * MIB, 10 * MIB],
    });
  });

  test('keeps the greatest heap and RSS and the last heap of what it merges', () => {
    const ticks = ticksFrom('0 50 0\n10 60 20 30\n20 55 10\n30 56 11\n40 57 12');
    expect(thinTicks(ticks, 2)).toEqual({
      timeMs: [START_MS + 20, START_MS + 40],
      rssBytes: [60 * MIB, 57 * MIB],
      heapBytes: [10 * MIB, 12 * MIB],
      peakBytes: [30 * MIB, 12 * MIB],
    });
  });
});

describe('a timeline spread over columns', () => {
  const capture = { startMs: START_MS, endMs: START_MS + 10_000 };

  test('never loses a spike of one record among thousands', () => {
    const ticks = ticksOver(
      10_000,
      5_001,
      () => 100,
      () => 10,
    );
    ticks.peakBytes?.fill(900 * MIB, 2_345, 2_346);
    const columns = spreadTicks(capture, { tailPeakBytes: 0 }, ticks, 68);
    expect(Math.max(...columns.heapBytes)).toBe(900 * MIB);
    expect(columns.heapBytes.indexOf(900 * MIB)).toBe(Math.floor((2_345 / 5_000) * 68));
  });

  test('shows a heap that rose after the last record', () => {
    const ticks = ticksFrom('0 50 1\n5000 50 1');
    const columns = spreadTicks(capture, { tailPeakBytes: 70 * MIB }, ticks, 10);
    expect(columns.heapBytes).toEqual([1, 1, 1, 1, 1, 70, 70, 70, 70, 70].map((mib) => mib * MIB));
  });

  test('stands still where all records share one moment', () => {
    const ticks = ticksFrom('0 50 1\n0 60 2');
    const columns = spreadTicks({ startMs: START_MS, endMs: START_MS }, { tailPeakBytes: null }, ticks, 4);
    expect(columns.heapBytes[0]).toBe(2 * MIB);
    expect(columns.endMs).toBe(columns.startMs);
  });
});

describe('the size histogram', () => {
  test('puts each size between its powers of two, borders included', () => {
    const sizes = [0, 1, 2, 3, 4, 1023, 1024, 2 ** 29 - 1, 2 ** 29];
    const { buckets } = bucketSizes(
      { length: sizes.length, bytes: Float64Array.from(sizes), count: new Float64Array(sizes.length).fill(1) },
      true,
    );
    const filled = buckets.filter(({ count }) => count > 0);
    expect(filled.map(({ fromBytes, toBytes, count }) => `${fromBytes}-${toBytes}: ${count}`)).toEqual([
      '0-0: 1',
      '1-1: 1',
      '2-3: 2',
      '4-7: 1',
      '512-1023: 1',
      '1024-2047: 1',
      `${2 ** 28}-${2 ** 29 - 1}: 1`,
      `${2 ** 29}-${2 ** 30 - 1}: 1`,
    ]);
    expect(buckets).toHaveLength(31);
  });

  test('knows no sums where sizes are lower bounds', () => {
    const classes = { length: 1, bytes: Float64Array.of(8), count: Float64Array.of(5) };
    expect(bucketSizes(classes, false).buckets).toEqual([{ fromBytes: 8, toBytes: 15, count: 5, bytes: null }]);
  });

  test('is empty for a capture without allocations', () => {
    expect(bucketSizes({ length: 0, bytes: new Float64Array(), count: new Float64Array() }, true).buckets).toEqual([]);
  });
});
