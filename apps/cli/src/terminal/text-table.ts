/**
 * Rows of cells to aligned lines of at most a given display width. Columns are as wide as their widest cell; when that
 * is too much, the flexible ones are narrowed, widest first, and their cells shortened. Cells must be printable text.
 */
import { displayWidth, shortenEnd, shortenMiddle, widthUpTo } from './display-width.js';
import type { Paint } from './palette.js';

export interface TableColumn {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** How cells may be shortened; a column without it keeps its width. */
  readonly shorten?: 'end' | 'middle';
  /** A flexible column is never narrower. */
  readonly least?: number;
  /** How readily a flexible column gives way: 2 = it ends up half as wide as one with 1. */
  readonly yields?: number;
  /** Colour of its cells; does not change their width. */
  readonly paint?: Paint;
}

export interface TableLayout {
  readonly width: number;
  readonly indent?: number;
  readonly titlePaint?: Paint;
}

const GAP = 2;

/** The title line, then one line per row. */
export function layOutTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  { width, indent = 2, titlePaint = (text) => text }: TableLayout,
): string[] {
  const widths = fitWidths(columns, rows, width - indent - GAP * (columns.length - 1));
  const line = (cells: readonly string[], title: boolean): string => {
    let text = ' '.repeat(indent);
    let pending = '';
    for (const [index, column] of columns.entries()) {
      const space = widths[index] ?? 0;
      const shorten = column.shorten === 'middle' ? shortenMiddle : shortenEnd;
      const cell = shorten(cells[index] ?? '', space);
      const padding = ' '.repeat(Math.max(0, space - displayWidth(cell)));
      const painted = cell === '' ? '' : (title ? titlePaint : (column.paint ?? same))(cell);
      const [before, after] = column.align === 'right' ? [padding, ''] : ['', padding];
      // Blanks are written only before something: no line ends in one.
      pending += before;
      if (cell !== '') {
        text += pending + painted;
        pending = '';
      }
      pending += after + ' '.repeat(GAP);
    }
    return text.trimEnd() === '' ? '' : text;
  };
  const titled = columns.some((column) => column.title !== '');
  return [
    ...(titled
      ? [
          line(
            columns.map(({ title }) => title),
            true,
          ),
        ]
      : []),
    ...rows.map((cells) => line(cells, false)),
  ];
}

function fitWidths(columns: readonly TableColumn[], rows: readonly (readonly string[])[], width: number): number[] {
  const widths = columns.map(({ title, shorten }, index) => {
    // Of a cell that will be shortened no more is looked at than a line can show.
    const most = shorten === undefined ? Infinity : Math.max(0, width);
    const widest = rows.reduce(
      (greatest, row) => Math.max(greatest, widthUpTo(row[index] ?? '', most)),
      displayWidth(title),
    );
    return Math.min(widest, most);
  });
  let excess = widths.reduce((sum, each) => sum + each, 0) - width;
  for (; excess > 0; excess--) {
    let narrowed = -1;
    let greatest = 0;
    for (const [index, { shorten, least = 4, yields = 1 }] of columns.entries()) {
      const space = widths[index] ?? 0;
      if (shorten === undefined || space <= least || space * yields <= greatest) continue;
      narrowed = index;
      greatest = space * yields;
    }
    if (narrowed < 0) break;
    widths[narrowed] = (widths[narrowed] ?? 0) - 1;
  }
  return widths;
}

function same(text: string): string {
  return text;
}
