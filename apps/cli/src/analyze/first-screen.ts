/**
 * The first screen of a report: at most `SCREEN_LINES` lines that say what an hour with all the tables would. What stands
 * out gets the room that the other sections leave.
 */
import { hasRounded, ROUNDED_SUMS, type Analysis, type Measure } from '@memscope/model';

import { paragraph, type ReportStyle } from '../terminal/report-style.js';
import { describeTimeline, type TimelineSource } from '../terminal/timeline-section.js';
import { briefFindings } from './report-findings.js';
import { listLibraries } from './report-libraries.js';
import { listLocations } from './report-locations.js';
import { suggestNext } from './report-next.js';
import { describeScope } from './report-scope.js';
import { describeTogether } from './report-together.js';
import { briefCapture, briefTotals } from './report-summary.js';

const SCREEN_LINES = 45;
const LEAST_OF_FINDINGS = 8;
/** With less room for what stands out, one command is suggested instead of two. */
const ENOUGH_FOR_FINDINGS = 12;
const CHART_ROWS = 3;
const LIBRARIES = 3;
const LOCATIONS = 3;
const RUNS = 5;

/** `count`: rows of each table where they were asked for. */
export function firstScreen(
  analysis: Analysis,
  timeline: TimelineSource,
  measures: readonly Measure[],
  style: ReportStyle,
  count: number | null,
): string[][] {
  const few = (rows: number): ReportStyle => ({ ...style, count: count ?? rows });
  const { together } = analysis;
  const head = together === null ? briefCapture(analysis, style) : describeTogether(together, style, RUNS);
  const rounded = hasRounded(analysis.totals) ? paragraph(ROUNDED_SUMS, style) : [];
  const before = [head, describeScope(analysis, style), [...briefTotals(analysis, style), ...rounded]];
  const tables = [
    listLibraries(analysis, few(LIBRARIES), true),
    describeTimeline(timeline, style, CHART_ROWS),
    listLocations(analysis, measures.slice(0, 1), few(LOCATIONS)),
  ];
  // A blank line stands between sections.
  const linesOf = (sections: readonly string[][]): number =>
    sections.filter(({ length }) => length > 0).reduce((sum, { length }) => sum + length + 1, 0);
  const next = suggestNext(analysis, style);
  const isTight = SCREEN_LINES - linesOf([...before, ...tables, next]) < ENOUGH_FOR_FINDINGS;
  const after = [...tables, isTight ? suggestNext(analysis, style, 1) : next];
  const taken = linesOf([...before, ...after]);
  const findings = briefFindings(analysis, style, Math.max(LEAST_OF_FINDINGS, SCREEN_LINES - taken));
  return [...before, findings, ...after];
}
