/**
 * Rows → CSV (RFC 4180) that is safe to open in a spreadsheet: numbers plain and exact, null an empty cell, control
 * characters in texts visible, and an apostrophe before what a spreadsheet would take for a formula (`=`, `+`, `-`, `@`
 * and their full-width forms, also behind spaces).
 */
import { printable } from '@memscope/model';
import { csvFormatRows } from 'd3-dsv';

export type CsvCell = string | number | null;

const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/;

/** `columns` in snake case with the unit as suffix. Ends with a line break. */
export function writeCsv(columns: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return `${csvFormatRows([[...columns], ...rows.map((row) => row.map(cellText))])}\n`;
}

function cellText(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  const text = printable(cell);
  return FORMULA.test(text) ? `'${text}` : text;
}
