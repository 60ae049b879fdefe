/**
 * From the exact size classes of a capture to buckets of powers of two: how many allocations asked for how much.
 */
import type { SizeClassTable } from '../tables.js';

export interface SizeBucket {
  /** Smallest and greatest size in the bucket, both inclusive: 0–0, 1–1, 2–3, 4–7, … */
  readonly fromBytes: number;
  readonly toBytes: number;
  readonly count: number;
  /** Sum of the sizes; null where only lower bounds of the sizes are known. */
  readonly bytes: number | null;
}

export interface SizeHistogram {
  readonly exact: boolean;
  /** Ascending, from the smallest to the greatest size that occurs, empty ones in between included. */
  readonly buckets: readonly SizeBucket[];
}

/** `exact` = the classes hold sizes, not lower bounds of logarithmic buckets. */
export function bucketSizes(classes: SizeClassTable, exact: boolean): SizeHistogram {
  const counts = new Map<number, { count: number; bytes: number }>();
  let lowest = Number.POSITIVE_INFINITY;
  let highest = -1;
  for (let row = 0; row < classes.length; row++) {
    const size = classes.bytes[row]!;
    const count = classes.count[row]!;
    if (!(count > 0) || !(size >= 0)) continue;
    const index = bucketIndex(size);
    const bucket = counts.get(index) ?? { count: 0, bytes: 0 };
    bucket.count += count;
    bucket.bytes += size * count;
    counts.set(index, bucket);
    lowest = Math.min(lowest, index);
    highest = Math.max(highest, index);
  }
  const buckets: SizeBucket[] = [];
  for (let index = lowest; index <= highest; index++) {
    const { count, bytes } = counts.get(index) ?? { count: 0, bytes: 0 };
    const fromBytes = index === 0 ? 0 : 2 ** (index - 1);
    buckets.push({ fromBytes, toBytes: index === 0 ? 0 : fromBytes * 2 - 1, count, bytes: exact ? bytes : null });
  }
  return { exact, buckets };
}

/** Of several captures; null where one of them has none. */
export function joinSizes(histograms: readonly (SizeHistogram | null)[]): SizeHistogram | null {
  const known = histograms.filter((histogram) => histogram !== null);
  if (known.length < histograms.length) return null;
  const exact = known.every((histogram) => histogram.exact);
  const buckets = known.flatMap((histogram) => histogram.buckets);
  const classes = {
    length: buckets.length,
    bytes: Float64Array.from(buckets, ({ fromBytes }) => fromBytes),
    count: Float64Array.from(buckets, ({ count }) => count),
  };
  const bytesOf = new Map<number, number>();
  for (const { fromBytes, bytes } of buckets) bytesOf.set(fromBytes, (bytesOf.get(fromBytes) ?? 0) + (bytes ?? 0));
  const joined = bucketSizes(classes, exact).buckets;
  return {
    exact,
    buckets: joined.map((bucket) => ({ ...bucket, bytes: exact ? (bytesOf.get(bucket.fromBytes) ?? 0) : null })),
  };
}

/** 0 → 0, 1 → 1, 2–3 → 2, 4–7 → 3, … */
function bucketIndex(size: number): number {
  if (size < 1) return 0;
  let index = Math.floor(Math.log2(size)) + 1;
  // log2 rounds: right it at the borders.
  if (2 ** (index - 1) > size) index--;
  else if (2 ** index <= size) index++;
  return index;
}
