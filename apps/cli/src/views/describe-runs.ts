/** What is summed where several runs are taken as one, and what such a sum means. */
import {
  formatBytes,
  formatCount,
  formatDuration,
  nameRuns,
  spreadValues,
  type Selection,
  type SetRecording,
  type TimeWindow,
} from '@memscope/model';
import { printable } from '@memscope/model/text/printable';
import type { Timeline } from '@memscope/query';

import { padStart, shortenMiddle } from '../terminal/display-width.js';
import { heading, paragraph, type ReportStyle } from '../terminal/report-style.js';
import { drawSparkline } from '../terminal/sparkline.js';
import { chartColumns, LABEL_WIDTH } from '../terminal/timeline-chart.js';

const LISTED_RUNS = 4;

/** Nothing for one run. */
export function describeRuns({ runs, measure, window, recording }: Selection, style: ReportStyle): string[] {
  const all = nameRuns(runs);
  const of = (side: 'head' | 'base'): string[] => all.filter((_, run) => runs[run]!.side === side);
  const [names, bases] = [of('head'), of('base')];
  if (bases.length > 0) return describeSides(names, bases, measure, style);
  if (names.length < 2) return [];
  const windows = window === null ? '' : ` The window is ${WINDOW_WORDS[recording.clock]}.`;
  return paragraph(
    `Sum of ${listRuns(names)}.${windows}${measure === 'peak' ? wordPeaks(window, recording) : ''}`,
    style,
  );
}

function describeSides(
  head: readonly string[],
  base: readonly string[],
  measure: Selection['measure'],
  style: ReportStyle,
): string[] {
  const side = (names: readonly string[]): string => (names.length === 1 ? printable(names[0]!) : listRuns(names));
  const peaks = measure === 'peak' ? ' Each side at its own peak.' : '';
  return paragraph(`Head: ${side(head)}. Base: ${side(base)}.${peaks}`, style);
}

function wordPeaks(window: TimeWindow | null, { clock }: SetRecording): string {
  return clock === 'wall' && window !== null && window.fromTick === window.toTick
    ? ' Each was at its highest within this one step: the sum is what they held together, at most.'
    : ' Each was at its peak at another moment, so that this sum need never have been held at once.';
}

const WINDOW_WORDS: Readonly<Record<SetRecording['clock'], string>> = {
  own: '',
  wall: 'of the time that passed since the first of them began',
  start: 'of the time since the start of each, since no two of them were recorded at the same time',
};

/** "3 runs: a.bin, b.bin, c.bin" */
export function listRuns(names: readonly string[]): string {
  const listed = names.slice(0, LISTED_RUNS).map(printable).join(', ');
  const others = names.length > LISTED_RUNS ? ` and ${formatCount(names.length - LISTED_RUNS)} more` : '';
  return `${formatCount(names.length)} runs: ${listed}${others}`;
}

/** Several runs and the clock that they share. */
export interface ClockedRuns {
  readonly recording: SetRecording;
  readonly runs: readonly { readonly name: string; readonly startMs: number; readonly endMs: number }[];
}

/** What the sum over time of several runs is, and how exact. */
export function describeClock(clocked: ClockedRuns, style: ReportStyle): string[] {
  const { recording, runs } = clocked;
  if (recording.clock === 'own') return [];
  const names = listRuns(runs.map(({ name }) => name));
  const isSum = recording.clock === 'wall';
  const text = isSum
    ? `Sum of ${names}, ${wordClock(clocked)} RSS counts pages that processes share once for each.`
    : `${names}. ${wordClock(clocked)} There is no sum over time: each is shown since its own start, in steps of ` +
      `${formatDuration(recording.stepMs ?? 0)} with its highest heap.`;
  return paragraph(text, style);
}

/** The same of what is summed, whether or not there is a moment of that. */
export function describeSum(clocked: ClockedRuns, style: ReportStyle): string[] {
  const names = listRuns(clocked.runs.map(({ name }) => name));
  const mark = clocked.recording.clock === 'wall' ? ',' : '.';
  return paragraph(`Sum of ${names}${mark} ${wordClock(clocked)}`, style);
}

function wordClock({ recording, runs }: ClockedRuns): string {
  const { capture, clock, stepMs, runsOfStep } = recording;
  if (clock === 'start') {
    return (
      'No two of them were recorded at the same time, as far as their clocks tell: there is no moment at which they ' +
      'held memory together.'
    );
  }
  const since = (ms: number): string => formatDuration(ms - capture.startMs);
  const from = Math.max(...runs.map(({ startMs }) => startMs));
  const to = Math.min(...runs.map(({ endMs }) => endMs));
  const all = runs.length === 2 ? 'both' : `all ${formatCount(runs.length)}`;
  const when =
    from >= to
      ? `at most ${formatCount(Math.max(...(runsOfStep ?? [])))} of them were recorded at a time`
      : `${all} were recorded from ${since(from)} to ${since(to)} of ${since(ticksEnd(recording))}`;
  return (
    `by the clocks of the machines that recorded them; ${when}. A step of ${formatDuration(stepMs ?? 0)} has the highest ` +
    'heap of each run in it. They need not have been there at one moment, so that what they held together is at most ' +
    'this.'
  );
}

function ticksEnd({ ticks }: SetRecording): number {
  return ticks().timeMs.at(-1) ?? 0;
}

/** A curve for each run, on the axis of the chart; each up to its own highest, which stands beside it. */
export function drawRuns({ runs, ticks, capture, span, recording }: Timeline, style: ReportStyle): string[] {
  const { palette, width } = style;
  const columns = chartColumns(width);
  const axis = span ?? { startMs: capture.startMs, endMs: ticksEnd(recording) };
  const most = runs.slice(0, style.count);
  const remark = most.length < runs.length ? `${formatCount(most.length)} of ${formatCount(runs.length)}, ` : '';
  return [
    heading('Runs', `${remark}each curve up to its own highest`, style),
    ...most.flatMap(({ name, startMs, endMs, heapBytes }) => {
      const highest = heapBytes.reduce((all, bytes) => Math.max(all, bytes), 0);
      const when = [startMs, endMs].map((ms) => formatDuration(ms - capture.startMs)).join(' – ');
      const label = shortenMiddle(printable(name), columns - when.length - 2);
      const curve = spreadValues(axis, ticks, heapBytes, columns);
      return [
        `${' '.repeat(LABEL_WIDTH + 1)}${label}  ${palette.faint(when)}`,
        `${padStart(formatBytes(highest), LABEL_WIDTH - 1)} ${palette.faint('┤')}${palette.heap(drawSparkline(curve, columns).trimEnd())}`,
      ];
    }),
  ];
}
