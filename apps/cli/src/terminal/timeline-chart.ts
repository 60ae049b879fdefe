/**
 * Draws heap and RSS over time with characters: the heap as a filled area of eighth blocks, the highest of each column,
 * so that no spike is lost; RSS as a dotted line of braille dots, four levels a row, on top of it.
 */
import { formatBytes, formatDuration, type TimelineColumns } from '@memscope/model';

import { padStart } from './display-width.js';
import type { Palette } from './palette.js';

const BLOCKS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
/** Two dots side by side, from the lowest to the highest line of a cell. */
const DOTS = ['⣀', '⠤', '⠒', '⠉'] as const;
/** Columns that the labels of the chart's left axis take, the axis itself not among them. */
export const LABEL_WIDTH = 10;

/** Columns of the drawing itself in a report of that width. */
export function chartColumns(width: number): number {
  return width - LABEL_WIDTH - 2;
}

export interface ChartOptions {
  readonly rows: number;
  readonly palette: Palette;
  /** What the time axis starts at, 0 by default. */
  readonly fromMs?: number;
  /** Marked below the time axis. */
  readonly peak: { readonly name: string; readonly bytes: number; readonly timeMs: number | null };
}

/** Lines from the greatest value down to the time axis and, if its time is known, the mark of the peak. */
export function drawTimeline(columns: TimelineColumns, { rows, palette, fromMs = 0, peak }: ChartOptions): string[] {
  const { heapBytes, rssBytes, startMs, endMs } = columns;
  const count = heapBytes.length;
  const greatest = Math.max(1, ...heapBytes, ...rssBytes.map((bytes) => bytes ?? 0));
  const heapEighths = heapBytes.map((bytes) =>
    bytes > 0 ? Math.max(1, Math.round((bytes / greatest) * rows * BLOCKS_PER_ROW)) : 0,
  );
  const rssLevels = rssBytes.map((bytes) =>
    bytes === null ? -1 : Math.min(rows * DOTS.length - 1, Math.floor((bytes / greatest) * rows * DOTS.length)),
  );

  const lines: string[] = [];
  for (let row = rows - 1; row >= 0; row--) {
    let line = '';
    for (let column = 0; column < count; column++) {
      const eighths = Math.min(BLOCKS_PER_ROW, Math.max(0, (heapEighths[column] ?? 0) - row * BLOCKS_PER_ROW));
      const level = rssLevels[column] ?? -1;
      const dotted = level >= 0 && Math.floor(level / DOTS.length) === row;
      // The top of the heap's area wins over a dot in the same cell; above and within the area the dots show.
      const top = eighths > 0 && (heapEighths[column] ?? 0) <= (row + 1) * BLOCKS_PER_ROW;
      if (dotted && !top) {
        line += `R${DOTS[level % DOTS.length] ?? ' '}`;
      } else {
        line += eighths === 0 ? '  ' : `H${BLOCKS[eighths] ?? ' '}`;
      }
    }
    lines.push(`${axisLabel(row, rows, greatest, palette)}${paintCells(line, palette)}`);
  }
  lines.push(`${padStart('0 B', LABEL_WIDTH - 1)} ${palette.faint(`└${'─'.repeat(count)}`)}`);
  lines.push(timeAxis(fromMs, endMs - startMs, count, palette));
  if (peak.timeMs !== null && endMs > startMs) {
    const share = (peak.timeMs - startMs) / (endMs - startMs);
    const column = Math.min(count - 1, Math.max(0, Math.floor(share * count)));
    const text = `${peak.name} ${formatBytes(peak.bytes)}`;
    const mark =
      column + text.length + 2 <= count ? `${' '.repeat(column)}▲ ${text}` : padStart(`${text} ▲`, column + 1);
    lines.push(`${' '.repeat(LABEL_WIDTH + 1)}${palette.heap(mark)}`);
  }
  return lines.map((line) => line.trimEnd());
}

const BLOCKS_PER_ROW = BLOCKS.length - 1;

function axisLabel(row: number, rows: number, top: number, palette: Palette): string {
  const labelled = row === rows - 1 || row === Math.floor(rows / 2) - 1;
  // The label stands at the upper edge of its row.
  const label = labelled ? formatBytes((top * (row + 1)) / rows) : '';
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
