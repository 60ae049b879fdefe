/**
 * Sums and orders of `Usage`. A measure that a capture cannot answer is null in every one of its rows and stays null in
 * every sum: it never becomes 0.
 */
import type { Usage } from '../profile.js';

/** What rows can be ordered by. */
export type Measure = 'peak' | 'leaked' | 'total' | 'count' | 'temporary';

export const MEASURES: readonly Measure[] = ['peak', 'leaked', 'total', 'count', 'temporary'];

/** The measured value of a row: bytes, but for `count` the number of allocations. */
export function measureOf(usage: Usage, measure: Measure): number | null {
  switch (measure) {
    case 'peak':
      return usage.peakBytes;
    case 'leaked':
      return usage.leakedBytes;
    case 'total':
      return usage.totalBytes;
    case 'count':
      return usage.totalCount;
    case 'temporary':
      return usage.temporaryBytes;
  }
}

/** The number of allocations behind the measured bytes. */
export function countOf(usage: Usage, measure: Measure): number | null {
  switch (measure) {
    case 'peak':
      return usage.peakCount;
    case 'leaked':
      return usage.leakedCount;
    case 'total':
    case 'count':
      return usage.totalCount;
    case 'temporary':
      return usage.temporaryCount;
  }
}

/** A sorted copy, greatest first; equal ones by peak, then total, then in their own order. */
export function orderBy<T extends Usage>(rows: readonly T[], measure: Measure): T[] {
  return rows.toSorted(
    (a, b) =>
      (measureOf(b, measure) ?? 0) - (measureOf(a, measure) ?? 0) ||
      b.peakBytes - a.peakBytes ||
      (b.totalBytes ?? 0) - (a.totalBytes ?? 0),
  );
}

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    peakBytes: a.peakBytes + b.peakBytes,
    peakCount: a.peakCount + b.peakCount,
    leakedBytes: a.leakedBytes + b.leakedBytes,
    leakedCount: a.leakedCount + b.leakedCount,
    totalBytes: addKnown(a.totalBytes, b.totalBytes),
    totalCount: addKnown(a.totalCount, b.totalCount),
    temporaryBytes: addKnown(a.temporaryBytes, b.temporaryBytes),
    temporaryCount: addKnown(a.temporaryCount, b.temporaryCount),
  };
}

/** Only the measures of a row that holds more. */
export function usageOf(row: Usage): Usage {
  const { peakBytes, peakCount, leakedBytes, leakedCount, totalBytes, totalCount, temporaryBytes, temporaryCount } =
    row;
  return { peakBytes, peakCount, leakedBytes, leakedCount, totalBytes, totalCount, temporaryBytes, temporaryCount };
}

function addKnown(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}
