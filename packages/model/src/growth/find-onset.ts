/**
 * What a curve has gained for good → where its growth begins. A leak may begin half-way: what was loaded before it, and
 * the flat time after that, say nothing against it. Growth begins where a flat stretch ends; a cache that fills has none,
 * since it only gets slower.
 */

/** A tenth of the work (7 to 10 bins) in which nothing happens beside what follows: 0.1 to 0.3 of its rate. */
const FLAT_BINS = 7;
const FLAT_RATE = 0.2;
/** A rise of less than this share of the mean rate is none, where the beginning of a growth is looked for. */
const RISING_RATE = 0.25;

/** Ends of flat stretches, the latest first; growth goes on to the last point. */
export function endsOfFlat(growthAt: Float64Array): number[] {
  const end = growthAt.length - 1;
  const isFlat = (point: number): boolean => {
    const rate = (growthAt[end]! - growthAt[point]!) / (end - point);
    return (growthAt[point]! - growthAt[point - FLAT_BINS]!) / FLAT_BINS <= FLAT_RATE * rate;
  };
  const ends: number[] = [];
  for (let point = end - 1; point >= FLAT_BINS; point--) {
    if (growthAt[point + 1]! > growthAt[point]! && isFlat(point) && !(point + 1 < end && isFlat(point + 1))) {
      ends.push(point);
    }
  }
  return ends;
}

/** The point at which what goes on at `start` began: it may rise in steps. */
export function beginOfRise(growthAt: Float64Array, start: number): number {
  const end = growthAt.length - 1;
  const rate = (growthAt[end]! - growthAt[start]!) / Math.max(1, end - start);
  const rises = (point: number): boolean =>
    growthAt[point]! - growthAt[Math.max(0, point - FLAT_BINS)]! >= RISING_RATE * rate * Math.min(point, FLAT_BINS);
  let point = start;
  while (point > 0 && rises(point)) point--;
  while (point > 0 && growthAt[point]! > growthAt[point - 1]!) point--;
  return point;
}
