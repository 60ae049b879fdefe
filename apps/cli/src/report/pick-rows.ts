/**
 * A table → its heaviest rows: so many by each of its weights. A row is told from one that was picked before by its
 * weight alone: what weighs less than the least of an order was not in that order, and what weighs as much may have been.
 */
import type { TablePage, TableRow, TableSort } from '@memscope/model';

type Weight = Exclude<TableSort, 'name'>;

const WEIGHTS: Readonly<Record<Weight, (row: TableRow) => number>> = {
  self: (row) => row.selfBytes,
  total: (row) => row.bytes ?? row.selfBytes,
  selfCount: (row) => row.selfCount,
  totalCount: (row) => row.count ?? row.selfCount,
};

/** `read` gives the first `limit` rows of an order, heaviest first. */
export function pickRows(read: (sort: Weight, limit: number) => TablePage, limit: number): TablePage {
  const first = read('self', limit);
  if (first.rowCount <= limit) return first;
  const rows = [...first.rows];
  const least: { readonly weigh: (row: TableRow) => number; readonly weight: number }[] = [
    { weigh: WEIGHTS.self, weight: WEIGHTS.self(first.rows.at(-1)!) },
  ];
  const nests = first.rows[0]!.bytes !== null;
  for (const sort of nests ? (['total', 'selfCount', 'totalCount'] as const) : (['selfCount'] as const)) {
    const page = read(sort, limit);
    rows.push(...page.rows.filter((row) => least.every(({ weigh, weight }) => weigh(row) < weight)));
    least.push({ weigh: WEIGHTS[sort], weight: WEIGHTS[sort](page.rows.at(-1)!) });
  }
  return { ...first, rows };
}
