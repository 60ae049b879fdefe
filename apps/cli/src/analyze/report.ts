/** From an analysis to the lines of the report that people read: its sections in order, a blank line between them. */
import type { Analysis, Measure, TickTable, UsedHeap } from '@memscope/model';

import { firstScreen } from './first-screen.js';
import { listAllocators, listModules, listThreads } from './report-breakdowns.js';
import { listLibraries } from './report-libraries.js';
import { describeFindings } from './report-findings.js';
import { explainMissing, listLocations } from './report-locations.js';
import { suggestNext } from './report-next.js';
import type { ReportSection, SectionChoice } from './report-sections.js';
import { drawSizes } from './report-sizes.js';
import { heading, joinSections, paragraph, type ReportStyle } from '../terminal/report-style.js';
import { describeScope } from './report-scope.js';
import { describeTogether } from './report-together.js';
import { describeCapture, describeTotals } from './report-summary.js';
import { describeTimeline, type TimelineSource } from '../terminal/timeline-section.js';

export interface ReportOptions {
  readonly choice: SectionChoice;
  /** Rows of tables, where they were asked for. */
  readonly count: number | null;
}

/** `measures` are the tables of locations to print, in order. */
export function renderReport(
  analysis: Analysis,
  measures: readonly Measure[],
  style: ReportStyle,
  { choice, count }: ReportOptions,
): string[] {
  const { together } = analysis;
  if (choice === 'first screen' && analysis.locations.length > 0) {
    return joinSections(firstScreen(analysis, timelineOf(analysis), measures, style, count));
  }
  const isAsked = (section: ReportSection): boolean => typeof choice === 'string' || choice.includes(section);
  const draw = (section: ReportSection, lines: () => string[]): string[] => (isAsked(section) ? lines() : []);
  const head = [
    draw('capture', () =>
      together === null ? describeCapture(analysis, style) : describeTogether(together, style, style.count),
    ),
    draw('capture', () => describeScope(analysis, style)),
    draw('totals', () => describeTotals(analysis, style)),
    draw('findings', () => describeFindings(analysis, style)),
    draw('timeline', () => describeTimeline(timelineOf(analysis), style)),
  ];
  const tables = (): string[][] => [
    draw('locations', () => [
      ...listLocations(analysis, measures, style),
      ...explainMissing(analysis, measures, style),
    ]),
    draw('libraries', () => listLibraries(analysis, style)),
    draw('modules', () => listModules(analysis, style)),
    draw('allocators', () => listAllocators(analysis, style)),
    draw('threads', () => listThreads(analysis, style)),
    draw('sizes', () => drawSizes(analysis, style)),
    draw('next', () => suggestNext(analysis, style)),
  ];
  const empty = [
    heading('Locations', '', style),
    ...paragraph(
      analysis.scope === null ? 'Nothing was allocated while recording.' : 'Nothing of it was allocated.',
      style,
    ),
  ];
  return joinSections([...head, ...(analysis.locations.length > 0 ? tables() : [empty])]);
}

const NO_TICKS: TickTable = {
  length: 0,
  timeMs: new Float64Array(0),
  rssBytes: new Float64Array(0),
  heapBytes: new Float64Array(0),
  peakBytes: null,
};

/** Where several runs share no clock there is no curve of their sum. */
function timelineOf(analysis: Analysis): TimelineSource {
  const { notes, scope, together, usedHeap } = analysis;
  if (usedHeap !== null && usedHeap.byTick !== null) return { ...analysis, ...timelineOfUsed(analysis, usedHeap) };
  if (together !== null) {
    const { recording, held } = together;
    const totals = { ...analysis.totals, peakBytes: held?.bytes ?? 0, peakTimeMs: held?.timeMs ?? null };
    const ticks = recording.clock === 'wall' ? analysis.ticks : NO_TICKS;
    const window = scope?.window ?? null;
    const span = window === null ? {} : { span: { startMs: window.fromMs, endMs: window.toMs } };
    return {
      ...analysis,
      recording,
      totals: window === null ? totals : { ...totals, peakBytes: window.peakBytes, peakTimeMs: window.peakMs },
      ticks,
      ...span,
    };
  }
  if (!scope?.window) return analysis;
  const { fromMs, toMs, hasTail } = scope.window;
  return {
    ...analysis,
    span: { startMs: fromMs, endMs: toMs },
    // What follows the last memory record is a tick of its own.
    notes: hasTail ? notes : { ...notes, tailPeakBytes: null },
  };
}

/** Address space that nothing touched would flatten what was used. */
function timelineOfUsed(
  { notes, ticks, totals, reservedBytes }: Analysis,
  { byTick, peakBytes, peakTimeMs }: UsedHeap,
): Omit<TimelineSource, 'capture'> {
  const used = byTick?.subarray(0, ticks.length) ?? ticks.peakBytes;
  return {
    ticks: { ...ticks, peakBytes: used },
    notes: { ...notes, tailPeakBytes: byTick?.[ticks.length] ?? notes.tailPeakBytes },
    totals: { ...totals, peakBytes, peakTimeMs },
    leftOutBytes: reservedBytes,
  };
}
