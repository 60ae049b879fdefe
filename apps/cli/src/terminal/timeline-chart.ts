/**
 * Draws memory over time with characters: the heap as a filled area of eighth blocks, the highest of each column, so that
 * no spike is lost; below it RSS as another, each up to its own maximum, since RSS is easily a hundred times the heap. What
 * is compared with the heap is a dotted line of braille dots on top of it, four levels a row.
 */
import { formatBytes, formatDuration, type TimelineColumns } from '@memscope/model';

import { padStart } from './display-width.js';
import type { Palette } from './palette.js';

const BLOCKS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
/** Two dots side by side, from the lowest to the highest line of a cell. */
const DOTS = ['⣀', '⠤', '⠒', '⠉'] as const;
/** Columns that the labels of the chart's left axis take, the axis itself not among them. */
export const LABEL_WIDTH = 14;

/** Columns of the drawing itself in a report of that width. */
export function chartColumns(width: number): number {
  return width - LABEL_WIDTH - 2;
}

export interface ChartOptions {
  readonly rows: number;
  /** Of RSS. */
  readonly rssRows: number;
  readonly palette: Palette;
  /** What the time axis starts at, 0 by default. */
  readonly fromMs?: number;
  /** Marked on the lower edge of the heap's area. */
  readonly peak: { readonly name: string; readonly bytes: number; readonly timeMs: number | null };
}

/** What is drawn, in columns of equal steps of time. */
export interface ChartColumns extends Pick<TimelineColumns, 'startMs' | 'endMs' | 'heapBytes'> {
  /** Null where it is not known. */
  readonly rssBytes?: TimelineColumns['rssBytes'];
  /** Another heap, on the same scale; null where there is none. */
  readonly otherBytes?: readonly (number | null)[];
}

/** Lines from the greatest heap down to its lower edge, with the mark of the peak where its time is known, RSS, and the time axis. */
export function drawTimeline(columns: ChartColumns, options: ChartOptions): string[] {
  const { heapBytes, rssBytes = [], otherBytes = [], startMs, endMs } = columns;
  const { rows, rssRows, palette, fromMs = 0 } = options;
  const count = heapBytes.length;
  const greatest = Math.max(1, ...heapBytes, ...otherBytes.map((bytes) => bytes ?? 0));
  const greatestRss = Math.max(0, ...rssBytes.map((bytes) => bytes ?? 0));
  const heap = areaCells(heapBytes, greatest, rows);
  const other = lineCells(otherBytes, greatest, rows);
  const hasOther = otherBytes.length > 0;
  const lines: string[] = [];
  for (let row = rows - 1; row >= 0; row--) {
    let line = '';
    for (let column = 0; column < count; column++) {
      const dots = other(column, row);
      // The top of the heap's area wins over a dot in the same cell; above and within the area the dots show.
      const cell = heap.cell(column, row);
      line += dots !== null && !heap.isTop(column, row) ? `R${dots}` : cell === ' ' ? '  ' : `H${cell}`;
    }
    const name = hasOther ? '' : 'Heap ';
    lines.push(`${axisLabel(row, rows, greatest, name, palette)}${paintCells(line, palette)}`);
  }
  lines.push(`${padStart('0 B', LABEL_WIDTH - 1)} ${lowerEdge(columns, options)}`);
  if (greatestRss > 0) {
    const rss = areaCells(rssBytes, greatestRss, rssRows);
    for (let row = rssRows - 1; row >= 0; row--) {
      const cells = Array.from({ length: count }, (_, column) => rss.cell(column, row)).join('');
      lines.push(`${axisLabel(row, rssRows, greatestRss, 'RSS ', palette)}${palette.rss(cells.trimEnd())}`);
    }
  }
  lines.push(timeAxis(fromMs, endMs - startMs, count, palette));
  return lines.map((line) => line.trimEnd());
}

interface Area {
  readonly cell: (column: number, row: number) => string;
  /** Whether the area ends in this cell. */
  readonly isTop: (column: number, row: number) => boolean;
}

function areaCells(values: readonly (number | null)[], greatest: number, rows: number): Area {
  const eighths = values.map((bytes) =>
    bytes !== null && bytes > 0 ? Math.max(1, Math.round((bytes / greatest) * rows * BLOCKS_PER_ROW)) : 0,
  );
  const within = (column: number, row: number): number => (eighths[column] ?? 0) - row * BLOCKS_PER_ROW;
  return {
    cell: (column, row) => BLOCKS[Math.min(BLOCKS_PER_ROW, Math.max(0, within(column, row)))] ?? ' ',
    isTop: (column, row) => within(column, row) > 0 && within(column, row) <= BLOCKS_PER_ROW,
  };
}

function lineCells(
  values: readonly (number | null)[],
  greatest: number,
  rows: number,
): (column: number, row: number) => string | null {
  const levels = values.map((bytes) =>
    bytes === null ? -1 : Math.min(rows * DOTS.length - 1, Math.floor((bytes / greatest) * rows * DOTS.length)),
  );
  return (column, row) => {
    const level = levels[column] ?? -1;
    return level >= 0 && Math.floor(level / DOTS.length) === row ? (DOTS[level % DOTS.length] ?? null) : null;
  };
}

function lowerEdge({ heapBytes, startMs, endMs }: ChartColumns, { palette, peak }: ChartOptions): string {
  const count = heapBytes.length;
  const edge = (length: number): string => palette.faint('─'.repeat(Math.max(0, length)));
  if (peak.timeMs === null || endMs <= startMs) return `${palette.faint('└')}${edge(count)}`;
  const share = (peak.timeMs - startMs) / (endMs - startMs);
  const column = Math.min(count - 1, Math.max(0, Math.floor(share * count)));
  const text = `${peak.name} ${formatBytes(peak.bytes)}`;
  const isRight = column + text.length + 3 <= count;
  const mark = isRight ? `▲ ${text} ` : ` ${text} ▲`;
  const before = isRight ? column : Math.max(0, column + 1 - mark.length);
  return `${palette.faint('└')}${edge(before)}${palette.heap(mark)}${edge(count - before - mark.length)}`;
}

const BLOCKS_PER_ROW = BLOCKS.length - 1;

/** `name` stands before the greatest. */
function axisLabel(row: number, rows: number, top: number, name: string, palette: Palette): string {
  const labelled = row === rows - 1 || row === Math.floor(rows / 2) - 1;
  // The label stands at the upper edge of its row.
  const label = labelled ? `${row === rows - 1 ? name : ''}${formatBytes((top * (row + 1)) / rows)}` : '';
  return `${padStart(label, LABEL_WIDTH - 1)} ${palette.faint(labelled ? '┤' : '│')}`;
}

function timeAxis(fromMs: number, spanMs: number, count: number, palette: Palette): string {
  const end = formatDuration(fromMs + spanMs);
  const middle = formatDuration(fromMs + spanMs / 2);
  const at = Math.floor(count / 2 - middle.length / 2);
  let line = fromMs === 0 ? '0 s' : formatDuration(fromMs);
  if (spanMs > 0 && at + middle.length + 2 + end.length <= count && at >= line.length + 2)
    line += padStart(middle, at + middle.length - line.length);
  if (spanMs > 0 && line.length + 2 + end.length <= count) line += padStart(end, count - line.length);
  return `${' '.repeat(LABEL_WIDTH + 1)}${palette.faint(line)}`;
}

/** Cells are pairs of kind (H heap, R RSS, space) and character; neighbours of a kind are painted together. */
function paintCells(cells: string, palette: Palette): string {
  return cells.replace(/(?:H.)+|(?:R.)+|(?: {2})+/gu, (run) => {
    const text = Array.from(run)
      .filter((_, index) => index % 2 === 1)
      .join('');
    if (run.startsWith('H')) return palette.heap(text);
    return run.startsWith('R') ? palette.rss(text) : text;
  });
}
