/**
 * The first screen of a report: at most `SCREEN_LINES` lines that say what an hour with all the tables would. What stands
 * out gets the room that the other sections leave.
 */
import { hasRounded, ROUNDED_SUMS, saySameRecordings, type Analysis, type Measure } from '@memscope/model';

import { printable } from '@memscope/model/text/printable';

import { paragraph, type ReportStyle } from '../terminal/report-style.js';
import { describeTimeline, type TimelineSource } from '../terminal/timeline-section.js';
import { briefFindings, linesForFindings } from './report-findings.js';
import { listLibraries } from './report-libraries.js';
import { listLocations } from './report-locations.js';
import { suggestNext } from './report-next.js';
import { describeScope } from './report-scope.js';
import { describeTogether } from './report-together.js';
import { briefCapture, briefTotals } from './report-summary.js';

const SCREEN_LINES = 45;
const RSS_ROWS = 1;
const MOST_CHART_ROWS = 5;
const RUNS = 5;

/** How many rows each table has: as many as leave room enough for what stands out. */
const LAYOUTS = [
  { libraries: 3, chart: 3, locations: 3, commands: 2 },
  { libraries: 3, chart: 3, locations: 3, commands: 1 },
  { libraries: 3, chart: 3, locations: 2, commands: 1 },
  { libraries: 2, chart: 3, locations: 2, commands: 1 },
  { libraries: 2, chart: 2, locations: 1, commands: 1 },
  { libraries: 1, chart: 2, locations: 0, commands: 1 },
] as const;
/** With more room for what stands out, tables are not made shorter for it; with less they are, however short. */
const ENOUGH_FOR_FINDINGS = 12;

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
  const same = together === null ? null : saySameRecordings(together.runs);
  const remarks = same === null ? [] : paragraph(`! ${printable(same)}`, style);
  const before = [[...head, ...remarks], describeScope(analysis, style), [...briefTotals(analysis, style), ...rounded]];
  const drawn = LAYOUTS.map(({ libraries, chart, locations, commands }) => {
    const after = [
      listLibraries(analysis, few(libraries), true),
      describeTimeline(timeline, style, { rows: chart, rssRows: RSS_ROWS }),
      locations === 0 ? [] : listLocations(analysis, measures.slice(0, 1), few(locations)),
      suggestNext(analysis, style, commands),
    ];
    return { after, chart, room: SCREEN_LINES - linesOf([...before, ...after]) };
  });
  const needed = Math.min(ENOUGH_FOR_FINDINGS, linesForFindings(analysis, style));
  const least = briefFindings(analysis, style, 0).length;
  const { after, chart, room } =
    drawn.find((layout) => layout.room >= needed) ??
    drawn.slice(0, -1).findLast((layout) => layout.room >= least) ??
    drawn.at(-1)!;
  const [libraries, curve, locations, next] = after as [string[], string[], string[], string[]];
  const findings = briefFindings(analysis, style, room);
  // What is left over makes the curve higher.
  const rows = Math.min(MOST_CHART_ROWS, chart + Math.max(0, room - findings.length));
  const higher = rows > chart ? describeTimeline(timeline, style, { rows, rssRows: RSS_ROWS }) : curve;
  return [...before, findings, libraries, higher, locations, next];
}

/** With the blank line that stands between sections, one of them before what stands out. */
function linesOf(sections: readonly string[][]): number {
  return sections.filter(({ length }) => length > 0).reduce((sum, { length }) => sum + length + 1, 0);
}
