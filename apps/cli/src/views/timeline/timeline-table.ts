/** The timeline for people: the chart of the report, and below it a row for each stretch of time, or bands. */
import {
  canAnswer,
  countNoun,
  formatBytes,
  formatCount,
  formatDuration,
  hasRounded,
  originOf,
  ROUNDED_SUMS,
  thinTicks,
} from '@memscope/model';
import type { FoundBands, Timeline } from '@memscope/query';

import { captureName } from '../../terminal/capture-name.js';
import { shortenMiddle } from '../../terminal/display-width.js';
import { heading, paragraph, type ReportStyle } from '../../terminal/report-style.js';
import { layOutTable, type TableColumn } from '../../terminal/text-table.js';
import { describeTimeline, peakName } from '../../terminal/timeline-section.js';
import { describeClock, drawRuns } from '../describe-runs.js';
import { describeWindow } from '../describe-selection.js';
import { drawBands } from './band-lines.js';
import { countRuns } from './timeline-bands.js';

export interface TimelineAnswer extends Timeline {
  readonly profilePath: string;
  /** Null where neither a grouping nor a filter was asked for. */
  readonly bands: FoundBands | null;
}

const UNKNOWN = '–';

export function describeTicks(answer: TimelineAnswer, filter: string | null, style: ReportStyle): string[] {
  const { capture, recording, runs, ticks, totals, window, bands } = answer;
  const name = runs.length === 0 ? captureName(capture.path) : `${formatCount(runs.length)} runs together`;
  const head = [style.palette.heading(shortenMiddle(name, style.width)), ...describeClock(answer, style)];
  if (window !== null) head.push(...paragraph(describeWindow(window, recording), style));
  if (hasRounded(totals)) head.push(...paragraph(ROUNDED_SUMS, style));
  if (ticks.length === 0) {
    const nothing =
      window === null
        ? 'The capture holds no memory records: how heap and RSS went is not known.'
        : 'The window holds no memory record: how heap and RSS went within it is not known.';
    return [...head, ...paragraph(nothing, style)];
  }
  const ofRuns = runs.length === 0 || bands?.by === 'run' ? [] : ['', ...drawRuns(answer, style)];
  // What was never held together has no sum over time.
  const isSum = recording.clock !== 'start';
  const chart = isSum ? ['', ...describeTimeline(answer, style)] : [];
  if (bands !== null) return [...head, ...chart, ...ofRuns, '', ...drawBands(answer, bands, filter, style)];
  return [...head, ...chart, ...ofRuns, ...(isSum ? ['', ...listSteps(answer, style)] : [])];
}

function listSteps(source: Timeline, style: ReportStyle): string[] {
  const { capture, ticks } = source;
  const { palette } = style;
  const steps = thinTicks(ticks, style.count);
  const runsOfRow = countRuns(source, style.count);
  const number = { align: 'right', paint: palette.number } as const;
  const columns: TableColumn[] = [
    { title: 'After', align: 'right' },
    { title: 'RSS', ...number, paint: palette.rss },
    { title: 'Heap', ...number },
    ...(steps.peakBytes === null ? [] : [{ title: 'Highest heap', ...number, paint: palette.heap }]),
    ...(runsOfRow === null ? [] : [{ title: 'Runs', align: 'right' } as const]),
    { title: '', paint: palette.warning, shorten: 'end' },
  ];
  const marks = markPeaks(source, steps);
  const rows = steps.timeMs.map((timeMs, step) => [
    formatDuration(timeMs - originOf(capture)),
    formatBytes(steps.rssBytes[step] ?? Number.NaN),
    formatBytes(steps.heapBytes[step] ?? Number.NaN),
    ...(steps.peakBytes === null ? [] : [formatBytes(steps.peakBytes[step] ?? Number.NaN)]),
    ...(runsOfRow === null ? [] : [formatCount(runsOfRow[step]!)]),
    marks.get(step) ?? '',
  ]);
  rows.push(...describeTail(source, steps.timeMs.length, marks));
  return [
    heading(runsOfRow === null ? 'Ticks' : 'Steps', remarkOnSteps(source, steps.timeMs.length), style),
    ...layOutTable(columns, rows, { width: style.width, titlePaint: palette.faint }),
    ...explainTicks(source, style),
  ];
}

/** What happened behind the last memory record, if that is known. `row` is its place in the table. */
function describeTail({ capture, notes }: Timeline, row: number, marks: ReadonlyMap<number, string>): string[][] {
  const { tailHeapBytes: heap, tailPeakBytes: peak } = notes;
  if (heap === null || peak === null) return [];
  return [
    [capture.complete ? 'end' : 'broken off', UNKNOWN, formatBytes(heap), formatBytes(peak), marks.get(row) ?? ''],
  ];
}

/** By row of the table; the one behind the last step is the tail. */
function markPeaks(
  { totals, ticks, recording }: Timeline,
  { timeMs, rssBytes }: ReturnType<typeof thinTicks>,
): Map<number, string> {
  const marks = new Map<number, string>();
  const mark = (step: number, text: string): void => {
    if (step >= 0) marks.set(step, [marks.get(step) ?? [], text].flat().join(', '));
  };
  if (totals.peakTick !== null && totals.peakBytes > 0) {
    const isAfterLast = totals.peakTick >= ticks.length;
    mark(
      isAfterLast ? timeMs.length : Math.floor(totals.peakTick / ticksPerStep(ticks.length, timeMs.length)),
      peakName(recording),
    );
  }
  if (totals.rssPeakBytes !== null) mark(rssBytes.indexOf(totals.rssPeakBytes), 'highest RSS');
  return marks;
}

function remarkOnSteps({ ticks, recording }: Timeline, rows: number): string {
  const { stepMs } = recording;
  const [one, many] =
    stepMs === null ? ['tick', 'ticks'] : [`step of ${formatDuration(stepMs)}`, `steps of ${formatDuration(stepMs)}`];
  const all = countNoun(ticks.length, one, many);
  if (rows === ticks.length) return all;
  return `${all}, ${formatCount(ticksPerStep(ticks.length, rows))} in each row with their highest; -n shows more`;
}

/** All steps but the last have equally many. */
function ticksPerStep(ticks: number, steps: number): number {
  return Math.ceil(ticks / steps);
}

function explainTicks({ capture, notes, ticks, span, recording }: Timeline, style: ReportStyle): string[] {
  const remarks: string[] = [];
  const isSum = recording.clock !== 'own';
  if (!canAnswer(capture, 'lifetimes')) {
    remarks.push(
      isSum
        ? 'Some of the runs are aggregated captures: a step has the heap at their memory records, not the highest in between.'
        : 'An aggregated capture has the heap at each memory record, but not its highest in between: the peak of ' +
            `${formatBytes(capture.peakBytes)} need not be in this table, and when it came was not recorded.`,
    );
  }
  if (!isSum && span === undefined && notes.memoryRecords > ticks.length) {
    remarks.push(
      `${formatCount(notes.memoryRecords)} memory records are merged into ${formatCount(ticks.length)} ticks of equal ` +
        'time, each with its highest heap; --max-ticks keeps more.',
    );
  }
  return remarks.flatMap((remark) => ['', ...paragraph(remark, style)]);
}
