/** Repeated runs to one number that a busy machine disturbs little: medians, also of differences and ratios. */

/** The middle value, or the mean of the two in the middle; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The least value that at least `share` of all (0 to 1) do not exceed (nearest rank); NaN of nothing. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** What `longer` takes beyond `shorter`, turn by turn, so that a slow minute disturbs both alike. */
export function medianDifference(longer: readonly number[], shorter: readonly number[]): number {
  return median(pairs(longer, shorter).map(([a, b]) => a - b));
}

/** `values` as a multiple of `base`, turn by turn. */
export function medianRatio(values: readonly number[], base: readonly number[]): number {
  return median(pairs(values, base).map(([a, b]) => a / b));
}

export function sum(column: Iterable<number>): number {
  let total = 0;
  for (const value of column) total += value;
  return total;
}

function pairs(left: readonly number[], right: readonly number[]): [number, number][] {
  return Array.from({ length: Math.min(left.length, right.length) }, (_, turn) => [left[turn]!, right[turn]!]);
}
