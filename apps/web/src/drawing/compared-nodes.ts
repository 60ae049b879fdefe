/** Columns of a flame graph of two sides → what each node holds on either, and how wide it is. */
import { weighCompared, type ComparedWeight } from '@memscope/model';

import type { FlameAnswer } from '../api/question.js';
import { changeOf, changeScale, type Changed, type ChangeScale } from './change-scale.js';
import type { ChangeColours } from './palette.js';

/** On which side alone a node is; null where it is on both. */
export type Mark = 'new' | 'gone' | null;

/** Columns of nodes of two sides, by row; `bytes` and `count` are the head's. */
export interface ComparedColumns {
  readonly bytes?: ArrayLike<number>;
  readonly count?: ArrayLike<number>;
  readonly baseBytes?: ArrayLike<number>;
  readonly baseCount?: ArrayLike<number>;
  readonly grownBytes?: ArrayLike<number>;
  readonly grownCount?: ArrayLike<number>;
}

/** Null where there is no base, and for what is no row. */
export function sidesOf(columns: ComparedColumns, row: number, counts: boolean): Changed | null {
  const [head, base, grown] = counts
    ? [columns.count, columns.baseCount, columns.grownCount]
    : [columns.bytes, columns.baseBytes, columns.grownBytes];
  if (head === undefined || base === undefined || grown === undefined || row < 0) return null;
  return {
    head: head[row]!,
    base: base[row]!,
    grown: grown[row]!,
    shrunk: weighCompared('shrunk', head[row]!, base[row]!, grown[row]!),
  };
}

export function sidesOfNode({ column }: Pick<FlameAnswer, 'column'>, row: number, counts: boolean): Changed | null {
  return sidesOf(column, row, counts);
}

export function markOf({ head, base }: Pick<Changed, 'head' | 'base'>): Mark {
  if (base === 0 && head > 0) return 'new';
  return head === 0 && base > 0 ? 'gone' : null;
}

/** By row; null where the answer lacks a column. */
export function widthsOf(answer: FlameAnswer, counts: boolean, weigh: ComparedWeight): Float64Array | null {
  const { count, bytes, baseBytes } = answer.column;
  const own = counts ? count : bytes;
  if (own === undefined || baseBytes === undefined) return own ?? null;
  return own.map((_, row) => {
    const { head, base, grown } = sidesOfNode(answer, row, counts)!;
    return weighCompared(weigh, head, base, grown);
  });
}

/** Null where the answer has no base. */
export function scaleOf(
  answer: FlameAnswer,
  look: Omit<ScaleLook, 'whole'>,
  colours: ChangeColours,
): ChangeScale | null {
  const { baseBytes, baseCount, bytes, count } = answer.head;
  if (baseBytes === null || baseCount === null) return null;
  const whole = look.counts ? Math.max(count, baseCount) : Math.max(bytes, baseBytes);
  return scaleOfNodes(answer.column, answer.length, { ...look, whole }, colours);
}

export interface ScaleLook {
  /** What the larger side holds. */
  readonly whole: number;
  readonly counts: boolean;
  readonly weigh: ComparedWeight;
}

export function scaleOfNodes(
  columns: ComparedColumns,
  length: number,
  { whole, counts, weigh }: ScaleLook,
  colours: ChangeColours,
): ChangeScale {
  let most = 0;
  for (let row = 0; row < length; row++) {
    const sides = sidesOf(columns, row, counts);
    if (sides !== null) most = Math.max(most, Math.abs(changeOf(sides, weigh)));
  }
  return changeScale(most, whole, counts, colours);
}
