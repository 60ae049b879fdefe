/** The numbers of the whole at a glance; those that are a measure choose it when clicked. */
import {
  countNoun,
  describeThreshold,
  formatBytes,
  formatCount,
  formatDuration,
  type MemoryMeasure,
  type AnalysisDocument,
} from '@memscope/model';

import { element } from '../../dom/element.js';
import { withQuery } from '../../state/change.js';
import type { MemoryQuery } from '../../state/parts-of-page.js';
import { bigNumber } from '../big-number.js';
import type { Page } from '../view.js';

interface Figure {
  readonly title: string;
  readonly bytes: number | null;
  readonly detail: string;
  readonly measure: MemoryMeasure | null;
}

export function figureTiles(analysis: AnalysisDocument, { measure }: MemoryQuery, page: Page): HTMLElement {
  return element('div', { class: 'tiles' }, ...figuresOf(analysis).map((figure) => tile(figure, measure, page)));
}

function figuresOf(analysis: AnalysisDocument): Figure[] {
  const { capture, totals, together, scope, usedPeakBytes } = analysis;
  const since = (ms: number | null): string =>
    ms === null ? '' : `${formatDuration(Math.max(0, ms - (capture.startMs ?? 0)))} after the start`;
  const unknown = 'this capture cannot answer';
  const gap = totals.rssPeakGapBytes;
  const isPart = (scope?.window ?? null) !== null;
  return [
    {
      title: together === undefined ? 'Peak heap' : 'Sum of peaks',
      bytes: totals.peakBytes,
      detail:
        together !== undefined
          ? momentOfPeaks(together, since)
          : usedPeakBytes === null
            ? momentOfPeak(analysis, since)
            : `${formatBytes(usedPeakBytes)} without what is only reserved`,
      measure: 'peak',
    },
    {
      title: isPart ? 'Live at the window’s end' : 'Live at end',
      bytes: totals.leakedBytes,
      detail: isPart
        ? `${countNoun(totals.leakedCount, 'allocation')} made in the window`
        : `${countNoun(totals.leakedCount, 'allocation')} live then`,
      measure: 'leaked',
    },
    {
      title: 'Allocated in total',
      bytes: totals.bytesAllocated,
      detail: totals.allocations === null ? unknown : countNoun(totals.allocations, 'allocation'),
      measure: 'total',
    },
    {
      title: 'Temporary',
      bytes: totals.temporaryBytes,
      detail:
        totals.temporaryCount === null
          ? unknown
          : `${formatCount(totals.temporaryCount)} freed ${describeThreshold(totals.temporaryThreshold)}`,
      measure: 'temporary',
    },
    {
      title: 'Peak RSS',
      bytes: totals.rssPeakBytes,
      detail:
        totals.rssPeakBytes === null
          ? 'no memory records'
          : gap === null
            ? `${together === undefined ? '' : 'of the one with the most, '}${since(totals.rssPeakTimeMs)}`
            : gap >= 0
              ? `${formatBytes(gap)} of it outside the heap`
              : `the heap is ${formatBytes(-gap)} greater`,
      measure: null,
    },
  ];
}

/** Behind the last memory record only the bounds of a time are known. */
function momentOfPeak(
  { capture, totals, timeline, scope }: AnalysisDocument,
  since: (ms: number | null) => string,
): string {
  const { peakTick, peakTimeMs } = totals;
  const last = timeline.timeMs.at(-1);
  const isBehind = (scope?.window ?? null) === null && peakTick !== null && peakTick >= timeline.ticks;
  if (!isBehind || last === undefined) return since(peakTimeMs);
  if (peakTimeMs === null || peakTimeMs <= last) return `${since(last)} or later`;
  const from = formatDuration(Math.max(0, last - (capture.startMs ?? 0)));
  return since(peakTimeMs).startsWith(`${from} `) ? since(last) : `between ${from} and ${since(peakTimeMs)}`;
}

/** A sum of peaks is no peak. */
function momentOfPeaks({ held }: NonNullable<AnalysisDocument['together']>, since: (ms: number) => string): string {
  return held === null
    ? 'each at its own, never held together as far as is known'
    : `each at its own; together at most ${formatBytes(held.bytes)}, ${since(held.timeMs)}`;
}

function tile({ title, bytes, detail, measure }: Figure, chosen: MemoryMeasure, page: Page): HTMLElement {
  const content = [
    element('span', { class: 'tile-title' }, title),
    bytes === null
      ? element('span', { class: 'tile-value unknown' }, 'not known')
      : element('span', { class: 'tile-value', title: countNoun(bytes, 'byte') }, ...bigNumber(formatBytes(bytes))),
    element('span', { class: 'tile-detail' }, detail),
  ];
  if (measure === null || bytes === null) return element('div', { class: 'tile' }, ...content);
  return element(
    'button',
    {
      type: 'button',
      class: 'tile',
      'aria-pressed': String(measure === chosen),
      onclick: () => page.change((state) => withQuery(state, { measure })),
    },
    ...content,
  );
}
