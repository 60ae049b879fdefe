/**
 * Columns of the runs of both sides → one column a side. Repetitions are told by their median, and by how far they lie
 * apart; processes of one program are added up.
 */
import { median, medianAbsoluteDeviation } from 'simple-statistics';

/** One number of a side. */
export interface SideNumber {
  readonly value: number;
  /** Of its runs; equal to `value` where there is one, or where they are added up. */
  readonly least: number;
  readonly most: number;
  /** Median absolute deviation of its runs; 0 where there is one. */
  readonly spread: number;
}

/** By row. */
export interface SideColumn {
  readonly value: Float64Array;
}

export interface ComparedColumn {
  readonly base: SideColumn;
  readonly head: SideColumn;
  /** What each run of a side has of a row; one number where they are added up. */
  readonly runsOf: (side: 'base' | 'head', row: number) => readonly number[];
}

export function summarise(values: readonly number[], areAdded: boolean): SideNumber {
  const [only = 0] = values;
  if (values.length === 1) return { value: only, least: only, most: only, spread: 0 };
  if (areAdded) {
    const value = values.reduce((sum, each) => sum + each, 0);
    return { value, least: value, most: value, spread: 0 };
  }
  return {
    value: Math.round(median([...values])),
    least: Math.min(...values),
    most: Math.max(...values),
    spread: Math.round(medianAbsoluteDeviation([...values])),
  };
}

/** Columns by run of each side, all of equal length. */
export function compareColumns(
  columns: Readonly<Record<'base' | 'head', readonly Float64Array[]>>,
  areAdded: boolean,
): ComparedColumn {
  const runsOf = (side: 'base' | 'head', row: number): number[] => {
    const values = columns[side].map((column) => column[row]!);
    return areAdded ? [values.reduce((sum, each) => sum + each, 0)] : values;
  };
  const side = (of: 'base' | 'head'): SideColumn => {
    const [only] = columns[of];
    if (columns[of].length === 1) return { value: only! };
    return {
      value: Float64Array.from({ length: only!.length }, (_, row) => summarise(runsOf(of, row), areAdded).value),
    };
  };
  return { base: side('base'), head: side('head'), runsOf };
}
