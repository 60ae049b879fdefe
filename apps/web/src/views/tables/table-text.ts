/** A table in words and as CSV: how many rows there are and what they hold, with a base on both sides. */
import {
  countNoun,
  formatBytes,
  formatCount,
  formatShare,
  isCounted,
  signedChange,
  writeCsv,
  type TableBy,
  type TableChanges,
  type TablePage,
  type TableRow,
  type ViewQuery,
} from '@memscope/model';

import { rowName } from './table-columns.js';

/** Whether a table is of counts: of what only counts are known whichever unit was chosen. */
export function countsOf({ counts, measure }: ViewQuery): boolean {
  return counts || isCounted(measure);
}

/** Both sides, and what grew and what shrank, apart. */
function comparedText(page: TablePage, { grew, shrank }: TableChanges, counts: boolean): string {
  const { rowCount, bytes, count, baseBytes, baseCount } = page;
  const format = counts ? formatCount : formatBytes;
  const amount = (rows: TableChanges['grew']): number => (counts ? rows.count : rows.bytes);
  const [before, now] = counts ? [baseCount, count] : [baseBytes, bytes];
  return [
    countNoun(rowCount, 'row'),
    `base ${format(before ?? 0)} → head ${format(now)}`,
    `grew ${signedChange(amount(grew), format)} in ${countNoun(grew.rows, 'row')}`,
    `shrank ${signedChange(-amount(shrank), format)} in ${countNoun(shrank.rows, 'row')}`,
  ].join(' · ');
}

/** Above the rows. */
export function sumText(page: TablePage, query: ViewQuery): string {
  const { rowCount, bytes, wholeBytes, count, wholeCount, changes } = page;
  if (changes !== null) return comparedText(page, changes, countsOf(query));
  const rows = countNoun(rowCount, 'row');
  if (isCounted(query.measure)) return `${rows} · ${countNoun(count, 'object')} · ${formatShare(count, wholeCount)}`;
  return `${rows} · ${formatBytes(bytes)} · ${formatShare(bytes, wholeBytes)}`;
}

/** With a base `bytes` and the like are the head's. */
export function csvOf(by: TableBy, rows: readonly TableRow[], isCompared: boolean): string {
  return writeCsv({
    columns: [
      by,
      'file',
      'line',
      'module',
      'kind',
      'thread',
      'allocator',
      'self_bytes',
      'self_count',
      'bytes',
      'count',
      ...(isCompared ? ['base_self_bytes', 'base_self_count', 'base_bytes', 'base_count'] : []),
    ],
    rows: rows.map((row) => [
      rowName(row, by),
      row.label?.file ?? null,
      row.label?.line ?? null,
      row.label?.module ?? null,
      row.label?.kind ?? null,
      row.thread,
      row.allocator,
      row.selfBytes,
      row.selfCount,
      row.bytes,
      row.count,
      ...(isCompared ? [row.baseSelfBytes, row.baseSelfCount, row.baseBytes, row.baseCount] : []),
    ]),
  });
}
