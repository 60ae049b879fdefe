/**
 * A curve of live bytes → what of it stays: where its growth ends, how much there is at each point for good, and how it
 * rises. What stays is the least that was live from a point on: caches that replace their entries, sawteeth and buffers
 * that are copied as they grow come out right without telling one block from another.
 */
import { BINS } from './work-clock.js';

/** Live at the end, of the greatest: nothing was given back. */
export const KEPT_SHARE = 0.92;
/** What stood for so many bins was no temporary: a tenth of the work, as long as giving back may take. With 4 a leak of arenas is lost, 10 is free. */
export const TOOTH_BINS = 6;
/**
 * The recording may end within a temporary, of the last so many bins (2 to 5): without it there was so much less. With 0.9
 * an arena of the last bins is taken for one; free down to 0.75.
 */
const TAIL_BINS = 3;
const IN_FLIGHT_SHARE = 0.84;
/** So many of the greatest rises count as much as the next one. */
const CAPPED_STEPS = 3;

/**
 * The point at which it held the most, before the end gave it back; the last one where the end only gave back what came
 * and went before. Null of a curve that is nowhere above 0.
 */
export function endOfGrowth(live: Float64Array): number | null {
  const most = live.reduce((greatest, bytes) => Math.max(greatest, bytes), 0);
  if (most <= 0) return null;
  let end = BINS;
  while (live[end]! < KEPT_SHARE * most) end--;
  // A temporary beside what stays makes the most: it falls back to what stays, as it did before.
  if (end < BINS) {
    const stayed = leastBetween(live, Math.max(0, end - TOOTH_BINS), end);
    return live[BINS]! >= KEPT_SHARE * stayed ? BINS : end;
  }
  // The recording may end within such a temporary.
  const least = live.lastIndexOf(leastBetween(live, BINS - TAIL_BINS, BINS));
  const fellBack = live.subarray(0, least).some((bytes) => live[least]! < KEPT_SHARE * bytes);
  return fellBack && live[least]! < IN_FLIGHT_SHARE * live[BINS]! ? least : BINS;
}

/** At each point up to `end`: the least that was live from there to `end`, less what that was at the first point. */
export function growthUpTo(live: Float64Array, end: number): Float64Array {
  const least = live.slice(0, end + 1);
  for (let point = end - 1; point >= 0; point--) least[point] = Math.min(least[point]!, least[point + 1]!);
  const base = least[0]!;
  return least.map((bytes) => bytes - base);
}

/** What a curve gains from `from` to `end` for good. */
export function gainBetween(live: Float64Array, from: number, end: number): number {
  return live[end]! - leastBetween(live, from, end);
}

/** Whether a curve had been as high as at `end`, and fell to less than half of that, or falls after it. */
export function fellBefore(live: Float64Array, end: number): boolean {
  const high = live.findIndex((bytes) => bytes >= KEPT_SHARE * live[end]!);
  return live.subarray(high).some((bytes) => bytes < live[end]! / 2);
}

function leastBetween(live: Float64Array, from: number, end: number): number {
  let least = live[end]!;
  for (let point = from; point < end; point++) least = Math.min(least, live[point]!);
  return least;
}

/** The least of each point and its neighbours. */
export function leastOfThree(curve: Float64Array): Float64Array {
  const last = curve.length - 1;
  return curve.map((value, at) => Math.min(value, curve[Math.max(0, at - 1)]!, curve[Math.min(last, at + 1)]!));
}

/** From each point to the next; and the same with the greatest cut to the next greatest. */
export function capRises(growthAt: Float64Array): { rises: Float64Array; uncapped: Float64Array } {
  const rises = new Float64Array(Math.max(0, growthAt.length - 1));
  for (let point = 0; point < rises.length; point++)
    rises[point] = Math.max(0, growthAt[point + 1]! - growthAt[point]!);
  const sorted = rises.slice().sort().reverse();
  const cap = sorted[Math.min(CAPPED_STEPS, rises.length - 1)] ?? 0;
  return { rises, uncapped: rises.map((rise) => Math.min(rise, cap)) };
}

/** By fifth of the rises' time, of the mean rate; a bin that two fifths share is shared between them. */
export function ratesOfFifths(rises: Float64Array): number[] {
  const total = rises.reduce((sum, rise) => sum + rise, 0);
  if (total <= 0) return [0, 0, 0, 0, 0];
  const sums = new Float64Array(rises.length + 1);
  for (let at = 0; at < rises.length; at++) sums[at + 1] = sums[at]! + rises[at]!;
  const sumAt = (place: number): number => {
    const at = Math.min(rises.length - 1, Math.floor(place));
    return sums[at]! + (place - at) * rises[at]!;
  };
  return [0, 1, 2, 3, 4].map((fifth) => {
    const [from, to] = [(fifth / 5) * rises.length, ((fifth + 1) / 5) * rises.length];
    return (5 * (sumAt(to) - sumAt(from))) / total;
  });
}
