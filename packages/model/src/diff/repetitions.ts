/**
 * A number of each run of both sides → whether the sides differ, or only as repetitions of one program do. Their ranges
 * must not touch; of four runs or more at most one in four that lies far from the median is left out of the range, so that
 * runs in which something else happened do not hide what happens in all. Far is more than 3.5 deviations, estimated by the
 * median absolute one (Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993). Where there are enough the rank-sum
 * test (Wilcoxon, Mann and Whitney) tells sides apart whose ranges touch.
 */
import {
  cumulativeStdNormalProbability,
  medianAbsoluteDeviation,
  medianSorted,
  wilcoxonRankSum,
} from 'simple-statistics';

/** Of each side: with fewer the test finds nothing that ranges do not. */
const ENOUGH = 6;
/** That unchanged sides lie so far apart by chance. */
const MOST_CHANCE = 0.02;
/** As many runs as there have to be for each that is left out: of three it is not known which is the one that is odd. */
const RUNS_FOR_ODD = 4;
const ODD_DEVIATIONS = 3.5;
/** What the median absolute deviation of a normal distribution is multiplied with to have its standard deviation. */
const DEVIATION_OF_MAD = 1.4826;

export interface Range {
  readonly least: number;
  readonly most: number;
}

/** Null where a side is one run that lies outside of the other: that may be chance. */
export function tellApart(base: readonly number[], head: readonly number[]): boolean | null {
  if (!touch(rangeOf(base), rangeOf(head))) return Math.min(base.length, head.length) < 2 ? null : true;
  if (Math.max(base.length, head.length) < 2) return null;
  return Math.min(base.length, head.length) >= ENOUGH && chanceOf(base, head) <= MOST_CHANCE;
}

/** Of at least one number. */
export function rangeOf(values: readonly number[]): Range {
  const sorted = [...values].sort((a, b) => a - b);
  let [first, last] = [0, sorted.length - 1];
  let left = Math.floor(sorted.length / RUNS_FOR_ODD);
  if (left === 0) return { least: sorted[first]!, most: sorted[last]! };
  const middle = medianSorted(sorted);
  const far = ODD_DEVIATIONS * DEVIATION_OF_MAD * medianAbsoluteDeviation(sorted);
  for (; left > 0; left--) {
    const [below, above] = [middle - sorted[first]!, sorted[last]! - middle];
    if (Math.max(below, above) <= far) break;
    if (below > above) first++;
    else last--;
  }
  return { least: sorted[first]!, most: sorted[last]! };
}

function touch(a: Range, b: Range): boolean {
  return a.most >= b.least && b.most >= a.least;
}

/** Of a rank sum as far from the middle, either way: the normal approximation with its correction for whole ranks. */
function chanceOf(base: readonly number[], head: readonly number[]): number {
  const [n, m] = [base.length, head.length];
  const deviation = Math.sqrt((n * m * (n + m + 1)) / 12);
  const distance = Math.abs(wilcoxonRankSum([...base], [...head]) - (n * (n + m + 1)) / 2);
  return 2 * (1 - cumulativeStdNormalProbability(Math.max(0, distance - 0.5) / deviation));
}
