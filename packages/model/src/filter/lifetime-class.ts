/**
 * The bounds that a filter sets on lifetimes cut all lifetimes into classes, within each of which every allocation of a
 * site passes or none does. So a filter is decided once per site and class, not once per allocation.
 */
import { termsOf, type Comparison, type Filter } from './filter.js';

export interface LifetimeClasses {
  /** At least 1. */
  readonly count: number;
  /** The class, ascending, of a lifetime in milliseconds; `Infinity` = never freed. */
  readonly classOf: (ms: number) => number;
  /** The shortest lifetime of each class, as one that stands for all of the class. */
  readonly shortest: Float64Array;
}

export function lifetimeClasses(filter: Filter): LifetimeClasses {
  const starts = new Set<number>();
  for (const term of termsOf(filter)) {
    if (term.kind !== 'number' || term.field !== 'lifetime') continue;
    // `<` and `>=` cut before the bound, `>` and `<=` behind it.
    if (term.comparison !== '>' && term.comparison !== '<=') starts.add(term.value);
    if (term.comparison !== '<' && term.comparison !== '>=') starts.add(nextAbove(term.value));
  }
  const cuts = Float64Array.from(starts).sort();
  const classOf = (ms: number): number => {
    let above = 0;
    while (above < cuts.length && ms >= cuts[above]!) above++;
    return above;
  };
  return { count: cuts.length + 1, classOf, shortest: Float64Array.of(-1, ...cuts) };
}

export function compareNumbers(left: number, comparison: Comparison, right: number): boolean {
  switch (comparison) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '=':
      return left === right;
    case '>=':
      return left >= right;
    case '>':
      return left > right;
  }
}

/** The next greater double of one that is not negative: its bits, counted up. */
function nextAbove(value: number): number {
  const bits = new BigUint64Array(1);
  const double = new Float64Array(bits.buffer);
  double[0] = Math.abs(value);
  bits[0]! += 1n;
  return double[0];
}
