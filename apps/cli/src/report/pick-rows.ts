/**
 * A table → its heaviest rows: so many by each of its weights. A row is told from one that was picked before by its
 * weight alone: what weighs less than the least of an order was not in that order, and what weighs as much may have been.
 */
import { weightOfRow, type TablePage, type TableRow, type TableSort } from '@memscope/model';

type Weight = Exclude<TableSort, 'name'>;

const SORTS = [
  'self',
  'inclusive',
  'selfCount',
  'inclusiveCount',
  'baseSelf',
  'baseInclusive',
  'selfChange',
  'inclusiveChange',
] as const satisfies Weight[];
const OF_NESTED: ReadonlySet<Weight> = new Set(['inclusive', 'inclusiveCount', 'baseInclusive', 'inclusiveChange']);
const OF_COMPARED: ReadonlySet<Weight> = new Set(['baseSelf', 'baseInclusive', 'selfChange', 'inclusiveChange']);

/** `read` gives the first `limit` rows of an order, heaviest first; `counts` as the view has it. */
export function pickRows(read: (sort: Weight, limit: number) => TablePage, limit: number, counts = false): TablePage {
  const first = read('self', limit);
  if (first.rowCount <= limit) return first;
  const rows: TableRow[] = [];
  const least: ((row: TableRow) => boolean)[] = [];
  const nests = first.rows[0]!.bytes !== null;
  const isCompared = first.changes !== null;
  const sorts = SORTS.filter((sort) => (nests || !OF_NESTED.has(sort)) && (isCompared || !OF_COMPARED.has(sort)));
  for (const sort of sorts) {
    const page = sort === 'self' ? first : read(sort, limit);
    rows.push(...page.rows.filter((row) => least.every((isBelow) => isBelow(row))));
    const weight = weightOfRow(page.rows.at(-1)!, sort, counts);
    least.push((row) => weightOfRow(row, sort, counts) < weight);
  }
  return { ...first, rows };
}
