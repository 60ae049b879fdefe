/**
 * Columns and rows → CSV text (RFC 4180), with a title line, safe to open in a spreadsheet. Lines end in LF rather than
 * the CRLF of the RFC: spreadsheets read both, and to `cut`, `awk` and `sort` a CR would be a part of the last cell.
 *
 * Numbers are plain and exact; null, and what is no finite number, is an empty cell. In text control characters are made
 * visible, and what a spreadsheet would take for a formula gets an apostrophe in front.
 */
import { csvFormatRows } from 'd3-dsv';

import { printable } from './printable.js';

export type CsvCell = string | number | bigint | null;

export interface CsvTable {
  /** In snake case, with the unit as suffix, as in the profile file. */
  readonly columns: readonly string[];
  readonly rows: Iterable<readonly CsvCell[]>;
}

/**
 * A formula starts with = + - @ or their full-width forms. Spreadsheets skip spaces before it, also those that are
 * visible as escapes in our text but may be unescaped by whoever reads it on (`\t`, `\r`, `\n`, `\u{a0}`, `\u{feff}`).
 */
const FORMULA = /^(?:\s|\\[trn0]|\\x[0-9a-f]{2}|\\u\{[0-9a-f]+\})*[=+\-@\uff1d\uff0b\uff0d\uff20]/;

/** Ends with a line break. The titles may hold names from captures. */
export function writeCsv({ columns, rows }: CsvTable): string {
  const lines = [columns.map(cellText)];
  for (const row of rows) lines.push(row.map(cellText));
  return `${csvFormatRows(lines)}\n`;
}

function cellText(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  if (typeof cell === 'bigint') return String(cell);
  const text = printable(cell);
  return FORMULA.test(text) ? `'${text}` : text;
}
