/**
 * What a curve has gained for good → whether it is what doubles as it fills: a vector, an array that is resized, a pool of
 * a native library. Its few jumps look like one-offs, but each comes when what the one before added is used up, so that
 * the times between them double as well; and at the end there is room left, or another one would have come.
 */

interface Jump {
  readonly at: number;
  bytes: number;
}

/** So many jumps, each so many times as large as the one before (a dict quadruples while it is small). */
const LEAST_JUMPS = 4;
const LEAST_FACTOR = 1.4;
const MOST_FACTOR = 4.5;
/** Of the growth: less is no jump, and so much must be in the last of them. */
const LEAST_JUMP = 0.01;
const LEAST_SHARE = 0.8;
/** Rates at which it filled differ by no more, beside a point at either end. */
const MOST_DIFFERENCE = 1.2;

/** `growthAt` as `growthUpTo` gives it. */
export function doublesAsItFills(growthAt: Float64Array): boolean {
  const end = growthAt.length - 1;
  const growth = growthAt[end]!;
  const jumps = findJumps(growthAt).slice(-LEAST_JUMPS);
  const [first, second] = jumps;
  if (
    jumps.length < LEAST_JUMPS ||
    first!.bytes > second!.bytes ||
    jumps.reduce((sum, { bytes }) => sum + bytes, 0) < LEAST_SHARE * growth
  )
    return false;
  let [slowest, fastest] = [0, Number.POSITIVE_INFINITY];
  // Between the first of them few points lie: they tell nothing of rates.
  for (let next = 2; next < jumps.length; next++) {
    const [jump, after] = [jumps[next - 1]!, jumps[next]!];
    const factor = after.bytes / jump.bytes;
    if (factor < LEAST_FACTOR || factor > MOST_FACTOR) return false;
    slowest = Math.max(slowest, jump.bytes / (after.at - jump.at + 1));
    fastest = Math.min(fastest, jump.bytes / Math.max(1, after.at - jump.at - 1));
  }
  const last = jumps.at(-1)!;
  return slowest <= MOST_DIFFERENCE * fastest && last.bytes >= slowest * (end - last.at - 1);
}

/** Those of neighbouring points are one. */
function findJumps(growthAt: Float64Array): Jump[] {
  const least = LEAST_JUMP * growthAt.at(-1)!;
  const jumps: Jump[] = [];
  let before = -1;
  for (let point = 1; point < growthAt.length; point++) {
    const bytes = growthAt[point]! - growthAt[point - 1]!;
    if (bytes < least) continue;
    if (before === point - 1) jumps.at(-1)!.bytes += bytes;
    else jumps.push({ at: point, bytes });
    before = point;
  }
  return jumps;
}
