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
  const weight = Float64Array.from(rows, (row) => measureOf(row, measure) ?? 0);
  const peak = Float64Array.from(rows, (row) => row.peakBytes);
  const total = Float64Array.from(rows, (row) => row.totalBytes ?? 0);
  const order = Uint32Array.from(rows.keys()).sort(
    (a, b) => weight[b]! - weight[a]! || peak[b]! - peak[a]! || total[b]! - total[a]! || a - b,
  );
  return Array.from(order, (row) => rows[row]!);
}

export function sumUsage(rows: readonly Usage[]): Usage {
  return {
    peakBytes: sumKnown(rows, (row) => row.peakBytes) ?? 0,
    peakCount: sumKnown(rows, (row) => row.peakCount) ?? 0,
    leakedBytes: sumKnown(rows, (row) => row.leakedBytes) ?? 0,
    leakedCount: sumKnown(rows, (row) => row.leakedCount) ?? 0,
    totalBytes: sumKnown(rows, (row) => row.totalBytes),
    totalCount: sumKnown(rows, (row) => row.totalCount),
    temporaryBytes: sumKnown(rows, (row) => row.temporaryBytes),
    temporaryCount: sumKnown(rows, (row) => row.temporaryCount),
  };
}

/** Only the measures of a row that holds more. */
export function usageOf(row: Usage): Usage {
  const { peakBytes, peakCount, leakedBytes, leakedCount, totalBytes, totalCount, temporaryBytes, temporaryCount } =
    row;
  return { peakBytes, peakCount, leakedBytes, leakedCount, totalBytes, totalCount, temporaryBytes, temporaryCount };
}

/** Null where one of the rows does not know. */
function sumKnown(rows: readonly Usage[], measured: (row: Usage) => number | null): number | null {
  let sum = 0;
  for (const row of rows) {
    const value = measured(row);
    if (value === null) return null;
    sum += value;
  }
  return sum;
}
