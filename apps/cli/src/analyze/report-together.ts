/** The head of a report of several runs as one: what is summed, over which clock, and each by itself in a line. */
import { formatBytes, formatCount, formatDuration, originOf, type Together } from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

import { type ReportStyle } from '../terminal/report-style.js';
import { layOutTable, type TableColumn } from '../terminal/text-table.js';
import { describeSum } from '../views/describe-runs.js';

const UNKNOWN = '–';

/** At most `most` runs. */
export function describeTogether(together: Together, style: ReportStyle, most: number): string[] {
  const { recording, runs } = together;
  const { palette, width } = style;
  const since = (ms: number): string => formatDuration(ms - originOf(recording.capture));
  const right = (title: string): TableColumn => ({ title, align: 'right' });
  const columns: TableColumn[] = [
    { title: 'Run', shorten: 'middle', least: 12 },
    right('From'),
    right('To'),
    { ...right('Peak'), paint: palette.number },
    right('At end'),
    right('Total'),
    { title: '', paint: palette.warning },
  ];
  const rows = runs
    .slice(0, most)
    .map(({ name, startMs, endMs, capture, notes }) => [
      printable(name),
      since(startMs),
      since(endMs),
      formatBytes(capture.peakBytes),
      formatBytes(capture.leakedBytes),
      capture.bytesAllocated === null ? UNKNOWN : formatBytes(capture.bytesAllocated),
      notes.damage?.kind ?? (capture.complete ? '' : 'no end'),
    ]);
  const left = runs.length - rows.length;
  return [
    palette.heading(`${formatCount(runs.length)} runs together`),
    ...describeSum(together, style),
    '',
    ...layOutTable(columns, rows, { width, titlePaint: palette.faint }),
    ...(left > 0 ? [palette.faint(`  … and ${formatCount(left)} more`)] : []),
  ];
}

/** When the peak of several runs was, in the words of the totals. */
export function momentOfPeaks({ held, recording }: Together): string {
  const each = 'of each when it was at its own';
  if (recording.clock === 'start') return `${each}: no two were recorded at the same time`;
  if (held === null) return `${each}, which need not have been one moment`;
  const after = formatDuration(held.timeMs - originOf(recording.capture));
  return `${each}; together they held at most ${formatBytes(held.bytes)}, after ${after}`;
}
