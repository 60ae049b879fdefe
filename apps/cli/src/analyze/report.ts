/** From an analysis to the lines of the report that people read: its sections in order, a blank line between them. */
import { formatDuration, spreadTicks, type Analysis, type Measure } from '@memscope/model';

import { listAllocators, listModules, listThreads } from './report-breakdowns.js';
import { describeFindings } from './report-findings.js';
import { explainMissing, listLocations } from './report-locations.js';
import { drawSizes } from './report-sizes.js';
import { heading, paragraph, type ReportStyle } from '../terminal/report-style.js';
import { describeCapture, describeTotals } from './report-summary.js';
import { chartColumns, drawTimeline } from '../terminal/timeline-chart.js';

const CHART_ROWS = 10;
/** Fewer memory records make no curve. */
const LEAST_TICKS = 2;

/** `measures` are the tables of locations to print, in order. */
export function renderReport(analysis: Analysis, measures: readonly Measure[], style: ReportStyle): string[] {
  const head = [
    describeCapture(analysis, style),
    describeTotals(analysis, style),
    describeFindings(analysis, style),
    describeTimeline(analysis, style),
  ];
  const tables = [
    [...listLocations(analysis, measures, style), ...explainMissing(analysis, measures, style)],
    listModules(analysis, style),
    listAllocators(analysis, style),
    listThreads(analysis, style),
    drawSizes(analysis, style),
  ];
  const empty = [heading('Locations', '', style), ...paragraph('Nothing was allocated while recording.', style)];
  const sections = [...head, ...(analysis.locations.length > 0 ? tables : [empty])];
  const lines: string[] = [];
  for (const section of sections) {
    if (section.length === 0) continue;
    if (lines.length > 0) lines.push('');
    lines.push(...section);
  }
  return lines;
}

function describeTimeline({ capture, notes, ticks, totals }: Analysis, style: ReportStyle): string[] {
  const { palette, width } = style;
  // That there is none is said among the limitations.
  if (ticks.length === 0) return [];
  if (ticks.length < LEAST_TICKS) {
    return [heading('Timeline', '', style), ...paragraph('A single memory record makes no curve.', style)];
  }
  const columns = spreadTicks(capture, notes, ticks, chartColumns(width));
  const steps = columns.heapBytes.length;
  const step =
    steps > ticks.length
      ? 'between two memory records'
      : `in each ${formatDuration((columns.endMs - columns.startMs) / steps)}`;
  return [
    `${heading('Timeline', '', style)}  ${palette.heap('█')} ${palette.faint(`highest heap ${step}`)}   ${palette.rss('⠒⠒')} ${palette.faint('RSS')}`,
    ...drawTimeline(columns, {
      rows: CHART_ROWS,
      palette,
      peak: { bytes: totals.peakBytes, timeMs: totals.peakTimeMs },
    }),
  ];
}
