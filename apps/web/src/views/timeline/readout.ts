/** What a row of the timeline holds, in words: time, heap, RSS and the bands at their greatest. */
import { formatBytes, formatDuration, signedChange } from '@memscope/model';

import type { TimelineAnswer } from '../../api/question.js';
import { element, styled } from '../../dom/element.js';
import { rowAt, tickOfRow } from '../../drawing/tick-times.js';
import { bandTitle, type ShownTimeline } from './shown-timeline.js';

export function readoutElement(shown: ShownTimeline, row: number): HTMLElement {
  const { bands } = shown;
  const bandRow = bandRowAt(shown, row);
  const rows = linesOf(shown, row).map(([name, value]) => tableRow(name, value, null));
  const banded =
    bands === null || bandRow === null
      ? []
      : bands.stacked.map((band, index) =>
          tableRow(bandTitle(band), formatBytes(band.bytes[bandRow] ?? Number.NaN), bands.colours[index]!),
        );
  return element(
    'div',
    { class: 'facts' },
    element('strong', { class: 'facts-name' }, timeOf(shown, row)),
    element('table', {}, ...rows, ...banded.toReversed()),
  );
}

export function readoutSentence(shown: ShownTimeline, row: number): string {
  return [timeOf(shown, row), ...linesOf(shown, row).map(([name, value]) => `${name} ${value}`)].join(', ');
}

function timeOf({ timeline }: ShownTimeline, row: number): string {
  const since = timeline.column.timeMs![row]! - timeline.head.startMs;
  const [first, last] = [tickOfRow(timeline, row - 1) + 1, tickOfRow(timeline, row)];
  return `${formatDuration(Math.max(0, Math.round(since)))} · tick ${first >= last ? last : `${first}–${last}`}`;
}

function linesOf(shown: ShownTimeline, row: number): [string, string][] {
  const { timeline, base } = shown;
  const { heapLeast, heapMost, rssLeast, rssMost } = timeline.column;
  if (base !== null) return comparedLines(timeline, row, base);
  return [
    ['RSS', rangeText(rssLeast?.[row], rssMost?.[row])],
    [shown.bands?.isPart === true ? 'all of the heap' : 'heap', rangeText(heapLeast?.[row], heapMost?.[row])],
  ];
}

/** Both sides as long after their start; what is not recorded any more is not known. */
function comparedLines({ column }: TimelineAnswer, row: number, base: TimelineAnswer): [string, string][] {
  const ms = column.timeMs![row]!;
  const at = base.length > 0 && ms <= base.column.timeMs!.at(-1)! ? rowAt(base, ms) : null;
  const ofBase = (name: 'heapMost' | 'rssMost'): number => (at === null ? Number.NaN : base.column[name]![at]!);
  const pair = (title: string, name: 'heapMost' | 'rssMost'): [string, string][] => {
    const [now, before] = [column[name]![row]!, ofBase(name)];
    const change = now - before;
    return [
      [`${title}, head`, known(now)],
      [`${title}, base`, known(before)],
      ...(Number.isNaN(change)
        ? []
        : [[`${title}, change`, signedChange(change, formatBytes)] satisfies [string, string]]),
    ];
  };
  return [...pair('heap', 'heapMost'), ...pair('RSS', 'rssMost')];
}

function known(bytes: number): string {
  return Number.isNaN(bytes) ? 'not known' : formatBytes(bytes);
}

function rangeText(least: number | undefined, most: number | undefined): string {
  if (most === undefined || Number.isNaN(most)) return 'not known';
  const [low, high] = [formatBytes(least ?? most), formatBytes(most)];
  return low === high ? high : `${low} – ${high}`;
}

/** Rows of the bands need not be those of the timeline. */
function bandRowAt({ timeline, bands }: ShownTimeline, row: number): number | null {
  const times = bands?.answer.column['timeMs'];
  if (bands === null || times === undefined || bands.answer.length === 0) return null;
  if (times.length === timeline.length) return row;
  return rowAt({ ...timeline, length: times.length, column: { timeMs: times } }, timeline.column.timeMs![row]!);
}

function tableRow(name: string, value: string, colour: string | null): HTMLElement {
  const swatch = element('span', { class: 'swatch', 'aria-hidden': 'true' });
  if (colour === null) swatch.classList.add('none');
  else styled(swatch, { background: colour });
  return element('tr', {}, element('th', { scope: 'row' }, swatch, name), element('td', {}, value));
}
