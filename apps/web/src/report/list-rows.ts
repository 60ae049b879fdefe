/** Embedded tables and leaks → the rows that a view asks for: searched, sorted and cut as the server does it. */
import {
  ARENAS_LABEL,
  arrangeLeaks,
  foldCase,
  isRowChanged,
  NO_FRAME_LABEL,
  weightOfRow,
  type EmbeddedLeaks,
  type EmbeddedTable,
  type FlameLabel,
  type LeakArrangement,
  type LeakRowReader,
  type LeaksPage,
  type RowChangeChoice,
  type RowSides,
  type TablePage,
  type TableRow,
  type TableSort,
} from '@memscope/model';

export interface RowsAsked {
  readonly sort: TableSort;
  readonly descending: boolean;
  readonly offset: number;
  readonly limit: number;
  readonly search: string;
  readonly change: RowChangeChoice;
  /** As the view counts. */
  readonly counts: boolean;
}

/** By which rows are ordered that are equal by what they allocated themselves. */
const INCLUSIVE_OF: Readonly<Partial<Record<TableSort, Exclude<TableSort, 'name'>>>> = {
  self: 'inclusive',
  selfCount: 'inclusiveCount',
  baseSelf: 'baseInclusive',
  selfChange: 'inclusiveChange',
};

/** `rowCount` is of the rows that are here. */
export function listRows(table: EmbeddedTable, labels: readonly FlameLabel[], asked: RowsAsked): TablePage {
  const { sort, descending, offset, limit, search, change, counts } = asked;
  const rows = table.rows.map((row): TableRow => ({ ...row, label: labelAt(labels, row.label) }));
  const sought = foldCase(search);
  const texts = new Map(rows.map((row) => [row, foldCase(textOf(row))]));
  const found = rows.filter(
    (row) =>
      (search === '' || texts.get(row)!.includes(sought)) &&
      (table.changes === null || isRowChanged(change, sidesOf(row, counts))),
  );
  const sign = descending ? -1 : 1;
  if (sort === 'name') {
    found.sort((a, b) => {
      const [one, other] = [texts.get(a)!, texts.get(b)!];
      return one < other ? -sign : one > other ? sign : 0;
    });
  } else {
    const by = (column: Exclude<TableSort, 'name'>, a: TableRow, b: TableRow): number =>
      sign * (weightOfRow(a, column, counts) - weightOfRow(b, column, counts));
    const inclusive = INCLUSIVE_OF[sort] ?? sort;
    found.sort((a, b) => by(sort, a, b) || by(inclusive, a, b));
  }
  return { ...table, rowCount: found.length, rows: found.slice(offset, offset + limit) };
}

function sidesOf(row: TableRow, counts: boolean): RowSides {
  const { selfBytes, selfCount } = row;
  const [baseSelfBytes, baseSelfCount] = [row.baseSelfBytes ?? 0, row.baseSelfCount ?? 0];
  return {
    ownHead: counts ? selfCount : selfBytes,
    ownBase: counts ? baseSelfCount : baseSelfBytes,
    head: { bytes: row.bytes ?? selfBytes, count: row.count ?? selfCount },
    base: { bytes: row.baseBytes ?? baseSelfBytes, count: row.baseCount ?? baseSelfCount },
  };
}

function textOf({ label, thread, allocator }: TableRow): string {
  return label === null ? (thread ?? allocator ?? '') : `${label.name}\n${label.file ?? ''}\n${label.module}`;
}

export function listLeaks(
  leaks: EmbeddedLeaks,
  labels: readonly FlameLabel[],
  { offset, limit, ...asked }: LeakArrangement & { readonly offset: number; readonly limit: number },
): LeaksPage {
  const found = arrangeLeaks(leaks.rows, asked, readerOf(labels));
  const isAll = asked.search === '' && asked.verdict === null;
  const sum = (column: 'bytes' | 'count'): number => found.reduce((all, row) => all + row[column], 0);
  return {
    ...leaks,
    ...(isAll ? {} : { rowCount: found.length, foundBytes: sum('bytes'), foundCount: sum('count') }),
    rows: found.slice(offset, offset + limit).map((row) => ({
      ...row,
      label: labelAt(labels, row.label),
      innermost: labelAt(labels, row.innermost),
      stack: row.stack.flatMap((position) => labelAt(labels, position) ?? []),
    })),
  };
}

function readerOf(labels: readonly FlameLabel[]): LeakRowReader<EmbeddedLeaks['rows'][number]> {
  return {
    label: ({ label, kind }) => labelAt(labels, label) ?? (kind === 'objects' ? ARENAS_LABEL : NO_FRAME_LABEL),
    innermost: ({ innermost }) => labelAt(labels, innermost),
    verdict: ({ verdict }) => verdict,
    bytes: ({ bytes }) => bytes,
    baseBytes: ({ base }) => base?.bytes ?? 0,
    count: ({ count }) => count,
    firstBorn: ({ firstBornMs }) => firstBornMs,
    sites: ({ sites }) => sites,
    liveBytes: ({ liveBytes }) => liveBytes,
  };
}

function labelAt(labels: readonly FlameLabel[], position: number | null): FlameLabel | null {
  return position === null ? null : (labels[position] ?? null);
}
