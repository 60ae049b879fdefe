/** What a view was asked of, said above its answer: the measure, the stretch of time, what the filter left. */
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatFilter,
  formatShare,
  nameRuns,
  type Selection,
  type SetRecording,
  type SelectionPart,
  type SiteMeasure,
  type TimeWindow,
  windowDocument,
} from '@memscope/model';

import type { SelectionFlags } from '../options/selection-options.js';
import { printable } from '../terminal/printable.js';
import { heading, paragraph, type ReportStyle } from '../terminal/report-style.js';
import { describeRuns } from './describe-runs.js';
import { filterOf } from './selection-request.js';

const MEASURE_WORDS: Readonly<Record<SiteMeasure, string>> = {
  peak: 'live when the heap was highest',
  leaked: 'still live at the end',
  total: 'ever allocated',
  temporary: 'freed again almost at once',
};

/** A heading, and a line each for the window and for what was left out. */
export function headSelection(
  title: string,
  selection: Selection,
  flags: SelectionFlags,
  style: ReportStyle,
): string[] {
  const { measure, window, bytes, count, wholeBytes, wholeCount } = selection;
  const { peakMs } = selection;
  const isOwnPeak = filterOf(flags) !== null && measure === 'peak' && peakMs !== null && bytes > 0;
  const words = isOwnPeak ? 'the most of it that was live at once' : MEASURE_WORDS[measure];
  const meaning =
    window !== null && measure === 'leaked'
      ? 'allocated in the window and live at its end'
      : `${words}${window === null ? '' : ' within the window'}${isOwnPeak ? `, after ${formatDuration(Math.max(0, peakMs - selection.profile.capture.startMs))}` : ''}`;
  const lines = [
    heading(title, '', style),
    ...paragraph(`${formatBytes(bytes)} in ${formatCount(count)} allocations, ${meaning}.`, style),
    ...describeRuns(selection, style),
  ];
  if (selection.sites.nativeStack !== null && selection.stacks !== 'joined') {
    lines.push(...paragraph(`Stacks: ${selection.stacks === 'python' ? 'Python' : 'native'} frames alone.`, style));
  }
  if (window !== null) lines.push(...paragraph(describeWindow(window, selection.recording), style));
  const filter = filterOf(flags);
  if (filter !== null) {
    const share = flags.counts ? formatShare(count, wholeCount) : formatShare(bytes, wholeBytes);
    const whole = flags.counts ? `${formatCount(wholeCount)} allocations` : formatBytes(wholeBytes);
    lines.push(...paragraph(`Filter: ${printable(formatFilter(filter))} (${share} of ${whole})`, style));
    const suggestion = selection.suggestion();
    if (suggestion !== null) lines.push(...paragraph(printable(suggestion.text), style));
  }
  return lines;
}

export function describeWindow(
  window: TimeWindow,
  { capture, stepMs }: Pick<SetRecording, 'capture' | 'stepMs'>,
): string {
  const since = (ms: number): string => formatDuration(ms - capture.startMs);
  const { fromTick, toTick, fromMs, toMs, peakBytes } = window;
  const word = stepMs === null ? 'tick' : 'step';
  const ticks = fromTick === toTick ? `${word} #${fromTick}` : `${word}s #${fromTick} to #${toTick}`;
  const heap = stepMs === null ? 'its greatest heap is' : 'the greatest sum of heaps in it is at most';
  return `Window: ${since(fromMs)} to ${since(toMs)} (${ticks}); ${heap} ${formatBytes(peakBytes)}.`;
}

/** The same for programs; stands under `selection` in the documents of all views. */
export function selectionDocument(selection: Selection, flags: SelectionFlags): SelectionPart {
  const { measure, window, peakTick, bytes, count, wholeBytes, wholeCount } = selection;
  const { clock, stepMs } = selection.recording;
  const filter = filterOf(flags);
  return {
    measure,
    peakTick,
    ...(stepMs === null || clock === 'own' ? {} : { runs: runsDocument(selection), clock, stepMs }),
    window: windowDocument(window, clock),
    filter: filter === null ? null : formatFilter(filter),
    suggestion: selection.suggestion(),
    importSystemShown: flags.importSystem && flags.stdlib,
    standardLibraryShown: flags.stdlib,
    threadsMerged: !flags.splitThreads,
    recursionMerged: flags.mergeRecursion,
    stacks: selection.stacks,
    interpreterFramesShown: flags.interpreterFrames || selection.stacks === 'native',
    bytes,
    count,
    wholeBytes,
    wholeCount,
  };
}

function runsDocument({ runs }: Selection): NonNullable<SelectionPart['runs']> {
  const names = nameRuns(runs);
  return runs.map(({ profile, window, bytes, count }, run) => ({
    run: names[run]!,
    capturePath: profile.capture.path,
    window: windowDocument(window),
    bytes,
    count,
  }));
}
