/**
 * A metric run by run → after which runs it moved and stayed: E-divisive (Matteson and James, 2014) over windows, with
 * Student's t-test in place of permutations and a second pass that takes weak points back, as Hunter has it (Fleming and
 * others, 2023) and Apache Otava does it.
 *
 * 1. Windows of `WINDOW` values, each beginning half a window behind the last or at the last point that was found. In a
 *    window the point is looked for that divides best, whatever the right part leaves away at its end; it counts where
 *    the t-test of the parts that it makes has p ≤ 10 × `MOST_CHANCE`; then the parts are divided.
 * 2. Of the points of all windows, the one with the greatest p is taken back until all are below `MOST_CHANCE`; the two
 *    behind it are tested anew each time (a point before it keeps the p of its shorter right part: it would gain by what
 *    was taken back).
 *
 * 3. In series of more than `USUAL_LENGTH` values p has to be smaller, by the square of how much longer they are: without
 *    that 28 of 100 flat series of 300 values have a step, and with it 4.
 *
 * Deviations are those of the population (divided by n). A single value that went away is no step but a spike, and is
 * looked for first: within the series it would make the deviation so large that no step counts beside it. A step at the
 * very last value cannot be told from a spike, and is not confirmed yet.
 */
import jStat from 'jstat';
import { mean, median, standardDeviation } from 'simple-statistics';

/** Values that are looked at together; steps that lie further apart are found in windows of their own. */
export const WINDOW = 50;
/** The p-value below which a step counts. */
export const MOST_CHANCE = 0.001;
const WEAK_FACTOR = 10;
/** A longer series has more places where chance may look like a step: beyond this length less is believed. */
const USUAL_LENGTH = 60;

export interface ChangePoint {
  /** Position of the first value behind the step. */
  readonly at: number;
  /** Means of the values since the step before, and until the next one. */
  readonly before: number;
  readonly after: number;
  /** How likely such means are where nothing changed. */
  readonly p: number;
  /** False where only the last value shows it: it may be a spike. */
  readonly isConfirmed: boolean;
}

export interface Spike {
  readonly at: number;
  readonly value: number;
  /** Median of the values around it; of the last value, of those before. */
  readonly usual: number;
}

export interface SeriesChanges {
  /** In order. */
  readonly steps: readonly ChangePoint[];
  readonly spikes: readonly Spike[];
}

export function findChanges(values: readonly number[]): SeriesChanges {
  const spikes = findSpikes(values);
  const calm = values.slice();
  for (const { at, usual } of spikes) calm[at] = usual;
  const most = MOST_CHANCE * Math.min(1, (USUAL_LENGTH / calm.length) ** 2);
  const points = withoutWeak(findWeakPoints(calm), calm, most);
  const steps = points.map((at, position): ChangePoint => {
    const left = calm.slice(points[position - 1] ?? 0, at);
    const right = calm.slice(at, points[position + 1] ?? calm.length);
    return { at, before: mean(left), after: mean(right), p: chance(left, right), isConfirmed: at < calm.length - 1 };
  });
  const last = points.at(-1) ?? 0;
  return { steps, spikes: last === calm.length - 1 ? spikes : [...spikes, ...lastSpike(calm, last)] };
}

function findWeakPoints(values: readonly number[]): number[] {
  const points = new Set<number>();
  let start = 0;
  while (start < values.length) {
    const end = Math.min(start + WINDOW, values.length);
    const found = divide(values.slice(start, end)).map((at) => at + start);
    for (const at of found) points.add(at);
    start = Math.max(found.at(-1) ?? 0, start + WINDOW / 2);
  }
  return [...points].sort((a, b) => a - b);
}

/** Points of one window, in order. */
function divide(values: readonly number[]): number[] {
  const sums = new DistanceSums(values);
  const points: number[] = [];
  for (;;) {
    let best: { at: number; from: number; to: number; gap: number } | null = null;
    for (let part = 0; part <= points.length; part++) {
      const [from, to] = [points[part - 1] ?? 0, points[part] ?? values.length];
      if (to - from < 2) continue;
      const { at, gap } = sums.bestDivision(from, to);
      if (best === null || gap > best.gap) best = { at, from, to, gap };
    }
    if (best === null) return points;
    const { at, from, to } = best;
    if (!(chance(values.slice(from, at), values.slice(at, to)) <= WEAK_FACTOR * MOST_CHANCE)) return points;
    points.push(at);
    points.sort((a, b) => a - b);
  }
}

/** Sums of |x − y| over rectangles of pairs, each in one step. */
class DistanceSums {
  readonly #size: number;
  /** [i × size + j]: over all pairs before i and before j. */
  readonly #before: Float64Array;

  constructor(values: readonly number[]) {
    const size = (this.#size = values.length + 1);
    const before = (this.#before = new Float64Array(size * size));
    for (let i = 1; i < size; i++) {
      let row = 0;
      for (let j = 1; j < size; j++) {
        row += Math.abs(values[i - 1]! - values[j - 1]!);
        before[i * size + j] = before[(i - 1) * size + j]! + row;
      }
    }
  }

  /** Where [from, to) is divided so that the left part and a beginning of the right one differ most. */
  bestDivision(from: number, to: number): { at: number; gap: number } {
    let best = { at: from + 1, gap: Number.NEGATIVE_INFINITY };
    for (let at = from + 1; at < to; at++) {
      for (let end = at + 1; end <= to; end++) {
        const gap = this.#gap(from, at, end);
        if (gap > best.gap) best = { at, gap };
      }
    }
    return best;
  }

  /** The scaled energy distance of [from, at) and [at, end). */
  #gap(from: number, at: number, end: number): number {
    const [left, right] = [at - from, end - at];
    const whole = left + right;
    const across = this.#sum(from, at, at, end);
    const withinLeft = left < 2 ? 0 : this.#sum(from, at, from, at) / 2 / (left - 1);
    const withinRight = right < 2 ? 0 : this.#sum(at, end, at, end) / 2 / (right - 1);
    return (2 / whole) * (across - right * withinLeft - left * withinRight);
  }

  #sum(fromRow: number, toRow: number, from: number, to: number): number {
    const before = this.#before;
    const [low, high] = [fromRow * this.#size, toRow * this.#size];
    return before[high + to]! - before[low + to]! - before[high + from]! + before[low + from]!;
  }
}

function withoutWeak(points: readonly number[], values: readonly number[], mostChance: number): number[] {
  const left = [...points];
  const test = (position: number): number =>
    chance(
      values.slice(left[position - 1] ?? 0, left[position]),
      values.slice(left[position], left[position + 1] ?? values.length),
    );
  const chances = left.map((_, position) => test(position));
  for (;;) {
    const weakest = chances.reduce((worst, p, position) => (p > chances[worst]! ? position : worst), 0);
    if (left.length === 0 || chances[weakest]! < mostChance) return left;
    left.splice(weakest, 1);
    chances.splice(weakest, 1);
    for (const behind of [weakest, weakest + 1]) if (behind < left.length) chances[behind] = test(behind);
  }
}

/** Two-sided p of Student's t-test for equal variances; 1 where nothing can be said. */
function chance(left: readonly number[], right: readonly number[]): number {
  const freedom = left.length + right.length - 2;
  if (freedom < 1) return 1;
  const squares = [left, right].map((side) => (side.length < 2 ? 0 : (side.length - 1) * deviation(side) ** 2));
  const pooled = (squares[0]! + squares[1]!) / freedom;
  const error = Math.sqrt(pooled * (1 / left.length + 1 / right.length));
  const difference = Math.abs(mean([...left]) - mean([...right]));
  if (error === 0) return difference === 0 ? 1 : 0;
  return 2 * jStat.studentt.cdf(-difference / error, freedom);
}

/** Of the population. */
function deviation(values: readonly number[]): number {
  return standardDeviation([...values]);
}

/** What a value has to lie apart from those around it, in differences between neighbours as they are usual. */
const SPIKE_DIFFERENCES = 8;
/** And in shares of them. */
const SPIKE_SHARE = 0.01;
/** So many values on either side are around one. */
const AROUND = 3;

/** Values that lie far from what was before them and far from what came after, which agree. */
function findSpikes(values: readonly number[]): Spike[] {
  const least = usualDifference(values) * SPIKE_DIFFERENCES;
  return values.flatMap((value, at) => {
    const [before, after] = [values.slice(Math.max(0, at - AROUND), at), values.slice(at + 1, at + 1 + AROUND)];
    if (before.length === 0 || after.length === 0) return [];
    const [left, right] = [median(before), median(after)];
    const usual = median([...before, ...after]);
    const apart = Math.max(least, SPIKE_SHARE * Math.abs(usual));
    const isFar = Math.min(Math.abs(value - left), Math.abs(value - right)) > apart;
    const isBack = Math.abs(left - right) <= apart && Math.sign(value - left) === Math.sign(value - right);
    return isFar && isBack ? [{ at, value, usual }] : [];
  });
}

/** Between neighbours; what steps and spikes make is beyond the median. */
function usualDifference(values: readonly number[]): number {
  const differences = values.slice(1).map((value, at) => Math.abs(value - values[at]!));
  return differences.length === 0 ? 0 : median(differences);
}

/** A last value that no test tells from chance, and that lies apart all the same: nobody knows what it begins. */
function lastSpike(values: readonly number[], from: number): Spike[] {
  const at = values.length - 1;
  const before = values.slice(Math.max(from, at - 2 * AROUND), at);
  if (before.length < AROUND) return [];
  const [value, usual] = [values[at]!, median(before)];
  const apart = Math.max(usualDifference(values) * SPIKE_DIFFERENCES, SPIKE_SHARE * Math.abs(usual));
  return Math.abs(value - usual) > apart ? [{ at, value, usual }] : [];
}
