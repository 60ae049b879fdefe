/**
 * A number of each run of both sides → whether the sides differ, or only as repetitions of one program do. Their ranges
 * must not touch; of many repetitions one that lies far from all others is left out of the range, so that a run in which
 * something else happened does not hide what happens in all. Where there are enough the rank-sum test (Wilcoxon, Mann and
 * Whitney) tells sides apart whose ranges touch.
 */
import { cumulativeStdNormalProbability, wilcoxonRankSum } from 'simple-statistics';

/** Of each side: with fewer the test finds nothing that ranges do not. */
const ENOUGH = 6;
/** That unchanged sides lie so far apart by chance. */
const MOST_CHANCE = 0.02;
/** Of a side: with fewer it is not known which is the one that is odd. */
const ENOUGH_FOR_ODD = 5;
/** Of the range of the others. */
const ODD_GAP = 3;

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
  if (sorted.length >= ENOUGH_FOR_ODD) {
    const [first, second, last, before] = [sorted[0]!, sorted[1]!, sorted.at(-1)!, sorted.at(-2)!];
    if (last - before > Math.max(ODD_GAP * (before - first), second - first)) sorted.pop();
    else if (second - first > ODD_GAP * (last - second)) sorted.shift();
  }
  return { least: sorted[0]!, most: sorted.at(-1)! };
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
