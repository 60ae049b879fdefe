/**
 * Columns and rows → CSV text (RFC 4180), with a title line, safe to open in a spreadsheet. Lines end in LF rather than
 * the CRLF of the RFC: spreadsheets read both, and to `cut`, `awk` and `sort` a CR would be a part of the last cell.
 *
 * Numbers are plain and exact, null is an empty cell. In text control characters are made visible, and what a
 * spreadsheet would take for a formula (it starts with = + - @ or their full-width forms) gets an apostrophe in front.
 */
import { stringify } from 'csv-stringify/sync';

import { printable } from './printable.js';

export type CsvCell = string | number | bigint | null;

export interface CsvTable {
  /** In snake case, with the unit as suffix, as in the profile file. */
  readonly columns: readonly string[];
  readonly rows: Iterable<readonly CsvCell[]>;
}

export function writeCsv({ columns, rows }: CsvTable): string {
  const records: CsvCell[][] = [];
  for (const row of rows) records.push(row.map((cell) => (typeof cell === 'string' ? printable(cell) : cell)));
  return stringify(records, {
    header: true,
    columns: [...columns],
    escape_formulas: true,
    record_delimiter: 'unix',
    cast: { number: String },
  });
}
