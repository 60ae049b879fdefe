/** Several captures side by side, one line each, those that could not be read included. */
import { formatBytes, formatDuration, type Analysis } from '@memscope/model';

import { printable } from './printable.js';
import { heading, type ReportStyle } from './report-style.js';
import { captureName } from './report-summary.js';
import { layOutTable } from './text-table.js';

export type CombinedRow = { readonly analysis: Analysis } | { readonly path: string; readonly failure: string };

export function combineCaptures(rows: readonly CombinedRow[], style: ReportStyle): string[] {
  const cells = rows.map((row) => {
    if (!('analysis' in row)) return [printable(row.path), '', '', '', '', '', row.failure];
    const { capture, totals, notes } = row.analysis;
    return [
      captureName(capture),
      formatDuration(totals.durationMs),
      formatBytes(totals.peakBytes),
      formatBytes(totals.leakedBytes),
      totals.bytesAllocated === null ? '–' : formatBytes(totals.bytesAllocated),
      totals.rssPeakBytes === null ? '–' : formatBytes(totals.rssPeakBytes),
      notes.damage?.kind ??
        (capture.complete ? (capture.layout === 'aggregated' ? 'aggregated' : 'complete') : 'no end'),
    ];
  });
  const table = layOutTable(
    [
      { title: 'Capture', shorten: 'middle', least: 12 },
      { title: 'Duration', align: 'right' },
      { title: 'Peak', align: 'right', paint: style.palette.number },
      { title: 'Leaked', align: 'right' },
      { title: 'Total', align: 'right' },
      { title: 'Peak RSS', align: 'right' },
      { title: 'State', shorten: 'end', least: 10 },
    ],
    cells,
    { width: style.width, titlePaint: style.palette.faint },
  );
  return [heading(`${rows.length} captures`, '', style), ...table];
}
