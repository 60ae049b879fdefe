/** The section of a report that shows heap and RSS over time: heading, key, and chart. */
import {
  canAnswer,
  formatBytes,
  formatDuration,
  originOf,
  spreadTicks,
  type AnalysisTotals,
  type CaptureNotes,
  type CaptureRow,
  type SetRecording,
  type TickTable,
} from '@memscope/model';

import { heading, paragraph, type ReportStyle } from './report-style.js';
import { chartColumns, drawTimeline, type ChartOptions } from './timeline-chart.js';

export interface TimelineSource {
  readonly capture: CaptureRow;
  readonly notes: CaptureNotes;
  readonly ticks: TickTable;
  readonly totals: AnalysisTotals;
  /** What the time axis spans, where that is not the whole recording; `ticks` lie within. */
  readonly span?: Pick<CaptureRow, 'startMs' | 'endMs'>;
  /** What `ticks` leaves out of the heap: address space that nothing touched. */
  readonly leftOutBytes?: number | null;
  /** Of several runs added up: their sum is at most that. */
  readonly recording?: Pick<SetRecording, 'stepMs'>;
}

const CHART_ROWS = 10;
const RSS_ROWS = 3;
/** Fewer memory records make no curve. */
const LEAST_TICKS = 2;

/** No lines where there are no memory records. */
export function describeTimeline(
  { capture, notes, ticks, totals, span, recording, leftOutBytes = null }: TimelineSource,
  style: ReportStyle,
  { rows, rssRows }: Pick<ChartOptions, 'rows' | 'rssRows'> = { rows: CHART_ROWS, rssRows: RSS_ROWS },
): string[] {
  const { palette, width } = style;
  if (ticks.length === 0) return [];
  if (ticks.length < LEAST_TICKS) {
    return [heading('Timeline', '', style), ...paragraph('A single memory record makes no curve.', style)];
  }
  const columns = spreadTicks(span ?? capture, notes, ticks, chartColumns(width));
  const steps = columns.heapBytes.length;
  const isSum = (recording?.stepMs ?? null) !== null;
  const step =
    steps > ticks.length
      ? isSum
        ? 'in each step'
        : 'between memory records'
      : `in each ${formatDuration((columns.endMs - columns.startMs) / steps)}`;
  const area = !canAnswer(capture, 'lifetimes') ? 'heap at memory records' : `highest heap ${step}`;
  const rss = isSum ? 'greatest RSS' : 'RSS';
  const remark =
    leftOutBytes === null
      ? `${area}; ${rss} by a scale of its own`
      : `${area}, ${formatBytes(leftOutBytes)} reserved left out; ${rss}`;
  return [
    heading('Timeline', remark, style),
    ...drawTimeline(columns, {
      rows,
      rssRows,
      palette,
      fromMs: span === undefined ? 0 : columns.startMs - originOf(capture),
      peak: { name: peakName(recording), bytes: totals.peakBytes, timeMs: totals.peakTimeMs },
    }),
  ];
}

/** What the highest heap is called. */
export function peakName(recording: TimelineSource['recording']): string {
  return (recording?.stepMs ?? null) === null ? 'peak' : 'at most';
}
