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
  readonly least: Float64Array;
  readonly most: Float64Array;
}

export interface ComparedColumn {
  readonly base: SideColumn;
  readonly head: SideColumn;
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

/** `columns` by run of one side, of equal length. */
export function summariseColumns(columns: readonly Float64Array[], areAdded: boolean): SideColumn {
  const [only] = columns;
  if (columns.length === 1) return { value: only!, least: only!, most: only! };
  const { length } = only!;
  const side = { value: new Float64Array(length), least: new Float64Array(length), most: new Float64Array(length) };
  for (let row = 0; row < length; row++) {
    const { value, least, most } = summarise(
      columns.map((column) => column[row]!),
      areAdded,
    );
    side.value[row] = value;
    side.least[row] = least;
    side.most[row] = most;
  }
  return side;
}

/** Whether the runs of the sides lie apart: their ranges do not touch. */
export function liesApart(base: Pick<SideNumber, 'least' | 'most'>, head: Pick<SideNumber, 'least' | 'most'>): boolean {
  return base.most < head.least || head.most < base.least;
}
