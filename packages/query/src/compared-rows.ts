/**
 * Rows that both sides of a run set have → the columns of each side, and which rows changed. Growth is of what rows
 * allocated themselves, so that grown less shrunk is the change of all.
 */
import { isRowChanged, type RowChangeChoice, type TableChanges } from '@memscope/model';
import type { RankedRows } from './ranked-rows.js';

/** Columns that rows can be ordered by. */
export type RowWeights = Pick<RankedRows, 'bytes' | 'count' | 'self'>;

export type RowSide = 'head' | 'base' | 'change';

/** `rows` themselves where there is no base; `change` is how much it is, either way. */
export function sideOfRows({ bytes, count, self, head }: RankedRows, side: RowSide): RowWeights {
  if (head === null) return { bytes, count, self };
  if (side === 'head') return head;
  const weigh = (both: Float64Array, now: Float64Array): Float64Array =>
    both.map((sum, row) => (side === 'base' ? sum - now[row]! : Math.abs(2 * now[row]! - sum)));
  return {
    bytes: weigh(bytes, head.bytes),
    count: weigh(count, head.count),
    self:
      self === null || head.self === null
        ? null
        : { bytes: weigh(self.bytes, head.self.bytes), count: weigh(self.count, head.self.count) },
  };
}

/** Whether a row changed as chosen, in bytes or counts; without a base each has. */
export function changedRows(rows: RankedRows, choice: RowChangeChoice, counts: boolean): (row: number) => boolean {
  if (rows.head === null || choice === 'all') return () => true;
  const [head, base] = [sideOfRows(rows, 'head'), sideOfRows(rows, 'base')];
  const own = (weights: RowWeights): Float64Array => (weights.self ?? weights)[counts ? 'count' : 'bytes'];
  const [ownHead, ownBase] = [own(head), own(base)];
  return (row) =>
    isRowChanged(choice, {
      ownHead: ownHead[row]!,
      ownBase: ownBase[row]!,
      head: { bytes: head.bytes[row]!, count: head.count[row]! },
      base: { bytes: base.bytes[row]!, count: base.count[row]! },
    });
}

/** Null without a base. `counts` says by what rows grew or shrank. */
export function sumChanges(rows: RankedRows, counts: boolean): TableChanges | null {
  if (rows.head === null) return null;
  const [both, now] = [rows.self ?? rows, rows.head.self ?? rows.head];
  const found = (choice: RowChangeChoice): number[] => {
    const has = changedRows(rows, choice, counts);
    return [...now.bytes.keys()].filter(has);
  };
  const sum = (choice: 'grew' | 'shrank'): TableChanges['grew'] => {
    const sign = choice === 'grew' ? 1 : -1;
    const add = (column: 'bytes' | 'count'): number =>
      now[column].reduce((all, head, row) => all + Math.max(0, sign * (2 * head - both[column][row]!)), 0);
    return { rows: found(choice).length, bytes: add('bytes'), count: add('count') };
  };
  return { grew: sum('grew'), shrank: sum('shrank'), new: found('new').length, gone: found('gone').length };
}
