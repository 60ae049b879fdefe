/** A row of a table → what it is ordered by, and whether it changed between two sides. */
import type { TableSort } from './view-choices.js';
import type { TableRow } from '../documents/api-answers.js';
import type { RowChangeChoice } from './view-choices.js';

/** `counts` says it where the sort is of the unit that the view has. */
export function weightOfRow(row: TableRow, sort: Exclude<TableSort, 'name'>, counts: boolean): number {
  const [self, baseSelf] = counts ? [row.selfCount, row.baseSelfCount] : [row.selfBytes, row.baseSelfBytes];
  const [inclusive, baseInclusive] = counts ? [row.count, row.baseCount] : [row.bytes, row.baseBytes];
  switch (sort) {
    case 'self':
      return row.selfBytes;
    case 'selfCount':
      return row.selfCount;
    case 'inclusive':
      return row.bytes ?? row.selfBytes;
    case 'inclusiveCount':
      return row.count ?? row.selfCount;
    case 'baseSelf':
      return baseSelf ?? 0;
    case 'baseInclusive':
      return baseInclusive ?? baseSelf ?? 0;
    case 'selfChange':
      return Math.abs(self - (baseSelf ?? 0));
    case 'inclusiveChange':
      return Math.abs((inclusive ?? self) - (baseInclusive ?? baseSelf ?? 0));
  }
}

export interface Amounts {
  readonly bytes: number;
  readonly count: number;
}

/** Of a row, what each side allocated itself, in the unit of the view, and all that each side has of it. */
export interface RowSides {
  readonly ownHead: number;
  readonly ownBase: number;
  readonly head: Amounts;
  readonly base: Amounts;
}

/** A row grew or shrank by what it allocated itself; it is new or gone where one side has nothing of it at all. */
export function isRowChanged(choice: RowChangeChoice, { ownHead, ownBase, head, base }: RowSides): boolean {
  switch (choice) {
    case 'all':
      return true;
    case 'grew':
      return ownHead > ownBase;
    case 'shrank':
      return ownHead < ownBase;
    case 'new':
      return isNothing(base) && !isNothing(head);
    case 'gone':
      return isNothing(head) && !isNothing(base);
  }
}

/** Of what only counts are known bytes are NaN. */
function isNothing({ bytes, count }: Amounts): boolean {
  return count === 0 && !(bytes > 0);
}
