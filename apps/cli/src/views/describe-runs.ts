/** What is summed where several runs are taken as one, and what such a sum means. */
import {
  formatBytes,
  formatCount,
  formatDuration,
  listRuns,
  nameRuns,
  originOf,
  saySameRecordings,
  spreadValues,
  wordSum,
  wordSumOfPeaks,
  wordSumOverTime,
  type Selection,
  type SetRecording,
  type WordedRuns,
} from '@memscope/model';
import { printable } from '@memscope/model/text/printable';
import type { Timeline } from '@memscope/query';

import { padStart, shortenMiddle } from '../terminal/display-width.js';
import { heading, paragraph, type ReportStyle } from '../terminal/report-style.js';
import { drawSparkline } from '../terminal/sparkline.js';
import { chartColumns, LABEL_WIDTH } from '../terminal/timeline-chart.js';

/** Nothing for one run. */
export function describeRuns({ runs, measure, window, recording }: Selection, style: ReportStyle): string[] {
  const all = nameRuns(runs);
  const of = (side: 'head' | 'base'): string[] => all.filter((_, run) => runs[run]!.side === side);
  const [names, bases] = [of('head'), of('base')];
  if (bases.length > 0) return describeSides(names, bases, measure, style);
  if (names.length < 2) return [];
  const windows = window === null ? '' : ` The window is ${WINDOW_WORDS[recording.clock]}.`;
  const isOneStep = window !== null && window.fromTick === window.toTick;
  const peaks = measure === 'peak' ? ` ${wordSumOfPeaks(recording.clock, isOneStep)}` : '';
  const same = saySameRecordings(names.map((name, run) => ({ name, capture: runs[run]!.profile.capture })));
  return [
    ...paragraph(`Sum of ${listRuns(names)}.${windows}${peaks}`, style),
    ...(same === null ? [] : paragraph(`! ${printable(same)}`, style)),
  ];
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

const WINDOW_WORDS: Readonly<Record<SetRecording['clock'], string>> = {
  own: '',
  wall: 'of the time that passed since the first of them began',
  start: 'of the time since the start of each, since no two of them were recorded at the same time',
};

/** Several runs and the clock that they share. */
export interface ClockedRuns {
  readonly recording: SetRecording;
  readonly runs: WordedRuns['runs'];
}

/** What the sum over time of several runs is, and how exact. */
export function describeClock(clocked: ClockedRuns, style: ReportStyle): string[] {
  return clocked.recording.clock === 'own' ? [] : paragraph(wordSumOverTime(worded(clocked)), style);
}

/** The same of what is summed, whether or not there is a moment of that. */
export function describeSum(clocked: ClockedRuns, style: ReportStyle): string[] {
  return paragraph(wordSum(worded(clocked)), style);
}

function worded({ recording, runs }: ClockedRuns): WordedRuns {
  const { clock, stepMs, capture } = recording;
  return { clock, stepMs, startMs: originOf(capture), endMs: ticksEnd(recording), runs };
}

function ticksEnd({ ticks }: SetRecording): number {
  return ticks().timeMs.at(-1) ?? 0;
}

/** A curve for each run, on the axis of the chart; each up to its own highest, which stands beside it. */
export function drawRuns({ runs, ticks, capture, span, recording }: Timeline, style: ReportStyle): string[] {
  const { palette, width } = style;
  const columns = chartColumns(width);
  const axis = span ?? { startMs: originOf(capture), endMs: ticksEnd(recording) };
  const most = runs.slice(0, style.count);
  const remark = most.length < runs.length ? `${formatCount(most.length)} of ${formatCount(runs.length)}, ` : '';
  return [
    heading('Runs', `${remark}each curve up to its own highest`, style),
    ...most.flatMap(({ name, startMs, endMs, heapBytes }) => {
      const highest = heapBytes.reduce((all, bytes) => Math.max(all, bytes), 0);
      const when = [startMs, endMs].map((ms) => formatDuration(ms - originOf(capture))).join(' – ');
      const label = shortenMiddle(printable(name), columns - when.length - 2);
      const curve = spreadValues(axis, ticks, heapBytes, columns);
      return [
        `${' '.repeat(LABEL_WIDTH + 1)}${label}  ${palette.faint(when)}`,
        `${padStart(formatBytes(highest), LABEL_WIDTH - 1)} ${palette.faint('┤')}${palette.heap(drawSparkline(curve, columns).trimEnd())}`,
      ];
    }),
  ];
}
