/** From an analysis to the lines of the report that people read: its sections in order, a blank line between them. */
import type { Analysis, Measure } from '@memscope/model';

import { listAllocators, listModules, listThreads } from './report-breakdowns.js';
import { listLibraries } from './report-libraries.js';
import { describeFindings } from './report-findings.js';
import { explainMissing, listLocations } from './report-locations.js';
import { drawSizes } from './report-sizes.js';
import { heading, paragraph, type ReportStyle } from '../terminal/report-style.js';
import { describeScope } from './report-scope.js';
import { describeCapture, describeTotals } from './report-summary.js';
import { describeTimeline, type TimelineSource } from '../terminal/timeline-section.js';

/** `measures` are the tables of locations to print, in order. */
export function renderReport(analysis: Analysis, measures: readonly Measure[], style: ReportStyle): string[] {
  const head = [
    describeCapture(analysis, style),
    describeScope(analysis, style),
    describeTotals(analysis, style),
    describeFindings(analysis, style),
    describeTimeline(timelineOf(analysis), style),
  ];
  const tables = [
    [...listLocations(analysis, measures, style), ...explainMissing(analysis, measures, style)],
    listLibraries(analysis, style),
    listModules(analysis, style),
    listAllocators(analysis, style),
    listThreads(analysis, style),
    drawSizes(analysis, style),
  ];
  const empty = [
    heading('Locations', '', style),
    ...paragraph(
      analysis.scope === null ? 'Nothing was allocated while recording.' : 'Nothing of it was allocated.',
      style,
    ),
  ];
  const sections = [...head, ...(analysis.locations.length > 0 ? tables : [empty])];
  const lines: string[] = [];
  for (const section of sections) {
    if (section.length === 0) continue;
    if (lines.length > 0) lines.push('');
    lines.push(...section);
  }
  return lines;
}

function timelineOf(analysis: Analysis): TimelineSource {
  const { notes, scope } = analysis;
  if (!scope?.window) return analysis;
  const { fromMs, toMs, hasTail } = scope.window;
  return {
    ...analysis,
    span: { startMs: fromMs, endMs: toMs },
    // What follows the last memory record is a tick of its own.
    notes: hasTail ? notes : { ...notes, tailPeakBytes: null },
  };
}
