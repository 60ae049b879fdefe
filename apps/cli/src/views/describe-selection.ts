/** What a view was asked of, said above its answer: the measure, the stretch of time, what the filter left. */
import {
  countNoun,
  formatBytes,
  formatCount,
  formatDuration,
  formatShare,
  hasRounded,
  isCounted,
  originOf,
  ROUNDED_SUMS,
  signedChange,
  sumOfSide,
  type Selection,
  type SetRecording,
  type SiteMeasure,
  type TimeWindow,
  type ViewQuery,
} from '@memscope/model';
import { printable } from '@memscope/model/text/printable';
import { totalsOf } from '@memscope/query';

import { heading, paragraph, type ReportStyle } from '../terminal/report-style.js';
import { describeRuns } from './describe-runs.js';

const MEASURE_WORDS: Readonly<Record<SiteMeasure, string>> = {
  peak: 'live when the heap was highest',
  leaked: 'still live at the end',
  total: 'ever allocated',
  temporary: 'freed again almost at once',
  objects: 'created while it was recorded and not destroyed',
};

/** "1 allocation", "301 objects" */
export function wordCount(measure: SiteMeasure, count: number): string {
  return countNoun(count, isCounted(measure) ? 'object' : 'allocation');
}

/** "64 KiB in 982 allocations", "301 objects" */
export function wordAmount(measure: SiteMeasure, bytes: number, count: number): string {
  const counted = wordCount(measure, count);
  return isCounted(measure) ? counted : `${formatBytes(bytes)} in ${counted}`;
}

/** A heading, and a line each for the window and for what was left out. */
export function headSelection(title: string, selection: Selection, view: ViewQuery, style: ReportStyle): string[] {
  const { measure, window, bytes, wholeBytes } = selection;
  const { peakMs } = selection;
  const isOwnPeak = view.filter !== null && measure === 'peak' && peakMs !== null && bytes > 0;
  const words = isOwnPeak ? 'the most of it that was live at once' : MEASURE_WORDS[measure];
  const meaning =
    window !== null && measure === 'leaked'
      ? 'allocated in the window and live at its end'
      : `${words}${window === null ? '' : ' within the window'}${isOwnPeak ? `, after ${formatDuration(Math.max(0, peakMs - originOf(selection.profile.capture)))}` : ''}`;
  const lines = [
    heading(title, '', style),
    ...paragraph(`${sayWeights(selection)}, ${meaning}.`, style),
    ...describeRuns(selection, style),
    ...(hasRounded([wholeBytes, sumOfSide(selection, 'base').bytes]) ? paragraph(ROUNDED_SUMS, style) : []),
  ];
  if (selection.sites.nativeStack !== null && selection.stacks !== 'joined') {
    lines.push(...paragraph(`Stacks: ${selection.stacks === 'python' ? 'Python' : 'native'} frames alone.`, style));
  }
  if (window !== null) lines.push(...paragraph(describeWindow(window, selection.recording), style));
  if (view.filter !== null) {
    // No process ever held the sum of two sides.
    const head = totalsOf(selection);
    const share = view.counts ? formatShare(head.count, head.wholeCount) : formatShare(head.bytes, head.wholeBytes);
    const amount = view.counts ? wordCount(measure, head.wholeCount) : formatBytes(head.wholeBytes);
    const whole = head.baseBytes === null ? amount : `the head's ${amount}`;
    lines.push(...paragraph(`Filter: ${printable(view.filter)} (${share} of ${whole})`, style));
    const suggestion = selection.suggestion();
    if (suggestion !== null) lines.push(...paragraph(printable(suggestion.text), style));
  }
  return lines;
}

function sayWeights(selection: Selection): string {
  const say = ({ bytes, count }: { readonly bytes: number; readonly count: number }): string =>
    wordAmount(selection.measure, bytes, count);
  if (!selection.runs.some(({ side }) => side === 'base')) return say(selection);
  const [base, head] = [sumOfSide(selection, 'base'), sumOfSide(selection, 'head')];
  const change = isCounted(selection.measure)
    ? signedChange(head.count - base.count, formatCount)
    : signedChange(head.bytes - base.bytes, formatBytes);
  return `${say(base)} before, ${say(head)} now (${change})`;
}

export function describeWindow(
  window: TimeWindow,
  { capture, stepMs }: Pick<SetRecording, 'capture' | 'stepMs'>,
): string {
  const since = (ms: number): string => formatDuration(ms - originOf(capture));
  const { fromTick, toTick, fromMs, toMs, peakBytes } = window;
  const word = stepMs === null ? 'tick' : 'step';
  const ticks = fromTick === toTick ? `${word} #${fromTick}` : `${word}s #${fromTick} to #${toTick}`;
  const heap = stepMs === null ? 'its greatest heap is' : 'the greatest sum of heaps in it is at most';
  return `Window: ${since(fromMs)} to ${since(toMs)} (${ticks}); ${heap} ${formatBytes(peakBytes)}.`;
}
