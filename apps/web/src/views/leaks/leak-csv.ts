/** Rows of leaks as CSV; with a base both sides of each. */
import { writeCsv, type LeaksPage } from '@memscope/model';

export function leakCsv(rows: LeaksPage['rows']): string {
  const isCompared = rows.some(({ base }) => base !== null);
  return writeCsv({
    columns: [
      'kind',
      'function',
      'file',
      'line',
      'sites',
      'bytes',
      'count',
      'first_born_ms',
      'last_born_ms',
      'verdict',
      'filter',
      ...(isCompared ? ['base_bytes', 'base_count'] : []),
    ],
    rows: rows.map((row) => [
      row.kind,
      row.label?.name ?? null,
      row.label?.file ?? null,
      row.label?.line ?? null,
      row.sites,
      row.bytes,
      row.count,
      row.firstBornMs,
      row.lastBornMs,
      row.verdict,
      row.filter,
      ...(row.base === null ? [] : [row.base.bytes, row.base.count]),
    ]),
  });
}
