/** What a view was asked of, said above its answer: the measure, the stretch of time, what the filter left. */
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatFilter,
  formatShare,
  nameRuns,
  type CaptureRow,
  type Selection,
  type SelectionPart,
  type SiteMeasure,
  type TimeWindow,
  windowDocument,
} from '@memscope/model';

import type { SelectionFlags } from '../options/selection-options.js';
import { printable } from '../terminal/printable.js';
import { heading, paragraph, type ReportStyle } from '../terminal/report-style.js';
import { filterOf } from './selection-request.js';

const LISTED_RUNS = 4;

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
  if (window !== null && selection.runs.length === 1)
    lines.push(...paragraph(describeWindow(window, selection.profile.capture), style));
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

/** What is summed where several runs are taken as one; nothing for one. */
function describeRuns({ runs, measure }: Selection, style: ReportStyle): string[] {
  if (runs.length < 2) return [];
  const names = nameRuns(runs);
  const listed = names.slice(0, LISTED_RUNS).map(printable).join(', ');
  const others = names.length > LISTED_RUNS ? ` and ${formatCount(names.length - LISTED_RUNS)} more` : '';
  const windows = runs[0]!.window === null ? '' : ' The window is taken of each by its own clock.';
  const peaks =
    measure === 'peak'
      ? ' Each was at its peak at another moment, so that this sum need never have been held at once.'
      : '';
  return paragraph(`Sum of ${formatCount(runs.length)} runs: ${listed}${others}.${windows}${peaks}`, style);
}

export function describeWindow(window: TimeWindow, { startMs }: Pick<CaptureRow, 'startMs'>): string {
  const since = (ms: number): string => formatDuration(ms - startMs);
  const { fromTick, toTick, fromMs, toMs, peakBytes } = window;
  const ticks = fromTick === toTick ? `tick #${fromTick}` : `ticks #${fromTick} to #${toTick}`;
  return `Window: ${since(fromMs)} to ${since(toMs)} (${ticks}); its greatest heap is ${formatBytes(peakBytes)}.`;
}

/** The same for programs; stands under `selection` in the documents of all views. */
export function selectionDocument(selection: Selection, flags: SelectionFlags): SelectionPart {
  const { measure, window, peakTick, bytes, count, wholeBytes, wholeCount } = selection;
  const filter = filterOf(flags);
  return {
    measure,
    peakTick,
    ...(selection.runs.length < 2 ? {} : { runs: runsDocument(selection) }),
    window: selection.runs.length < 2 ? windowDocument(window) : null,
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
