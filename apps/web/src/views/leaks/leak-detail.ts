/**
 * What is known of one line that keeps memory: its source, how much is left and how old it is, its curve over time, the
 * stack of the site that keeps most, and what can be done next.
 */
import {
  countNoun,
  formatBytes,
  formatCount,
  formatDuration,
  formatShare,
  type FlameLabel,
  type LeaksPage,
} from '@memscope/model';

import { element } from '../../dom/element.js';
import { nameOf, placeOf, visible } from '../../dom/visible-text.js';
import { bornText, nameOfLeak, placeOfLeak, type LeakRow } from './leak-rows.js';
import { sparkline } from './sparkline.js';

export interface LeakAction {
  readonly title: string;
  readonly choose: () => void;
}

/** `start` of the recording in milliseconds of Unix time. */
export function leakDetail(row: LeakRow, page: LeaksPage, start: number, actions: readonly LeakAction[]): HTMLElement {
  const { label, liveBytes } = row;
  const verdict = page.verdicts.find(({ name }) => name === row.verdict);
  const most = liveBytes.reduce((a, b) => Math.max(a, b), 0);
  const source = label?.source;
  const facts: readonly (readonly [string, string])[] = [
    ['Left', `${formatBytes(row.bytes)}, ${formatShare(row.bytes, page.bytes)} of ${formatBytes(page.bytes)}`],
    ...(row.base === null ? [] : ([['In the base', formatBytes(row.base.bytes)]] as const)),
    ['In', `${countNoun(row.count, 'allocation')} at ${countNoun(row.sites, 'site')}, ${meanText(row)}`],
    ['Allocated', `${bornText(row, start)} after the start`],
    ['Age at the end', ageText(row, page.endMs)],
    ['Verdict', `${visible(verdict?.title ?? row.verdict, 60)}: ${visible(verdict?.rule ?? '', 400)}`],
  ];
  return element(
    'div',
    { class: 'leak-detail', role: 'region', 'aria-label': `${nameOfLeak(row)} ${placeOfLeak(row)}` },
    element(
      'div',
      { class: 'leak-facts' },
      element('strong', {}, `${nameOfLeak(row)} `, element('span', { class: 'quiet' }, placeOfLeak(row))),
      source === undefined ? null : element('code', { class: 'frame-source' }, visible(source, 200)),
      element(
        'table',
        {},
        ...facts.map(([title, text]) =>
          element('tr', {}, element('th', { scope: 'row' }, title), element('td', {}, text)),
        ),
      ),
      element(
        'div',
        { class: 'leak-actions' },
        ...actions.map(({ title, choose }) =>
          element('button', { type: 'button', class: 'button', onclick: choose }, title),
        ),
      ),
    ),
    element(
      'figure',
      { class: 'leak-curve' },
      sparkline(liveBytes, `Live bytes over time, at most ${formatBytes(most)}`, 320, 96),
      element(
        'figcaption',
        { class: 'quiet' },
        `Live over time: at most ${formatBytes(most)}, ${formatBytes(liveBytes.at(-1) ?? 0)} at the end`,
      ),
    ),
    stackList(row),
  );
}

/** From the outermost frame to the one that allocated, as in a traceback; the line itself is marked. */
function stackList({ stack, label, sites }: LeakRow): HTMLElement {
  const title = sites > 1 ? `Stack of the site that keeps most, of ${formatCount(sites)}` : 'Stack';
  if (stack.length === 0) {
    return element('div', { class: 'leak-stack' }, element('span', { class: 'quiet' }, 'No frame is on its stack.'));
  }
  return element(
    'div',
    { class: 'leak-stack' },
    element('span', { class: 'quiet' }, title),
    element(
      'ol',
      { tabindex: 0, 'aria-label': title },
      ...stack.toReversed().map((frame) => {
        const isLine = label !== null && isSame(frame, label);
        return element(
          'li',
          { class: isLine ? 'is-line' : null, 'aria-current': isLine ? 'true' : null },
          element('span', {}, nameOf(frame, 80)),
          element('span', { class: 'quiet' }, ` ${placeOf(frame, 80)}`),
          frame.source === undefined ? null : element('code', {}, visible(frame.source, 120)),
        );
      }),
    ),
  );
}

function isSame(frame: FlameLabel, { function: name, line }: FlameLabel): boolean {
  return frame.function === name && frame.line === line;
}

function meanText({ bytes, count }: LeakRow): string {
  return count === 0 ? '' : `${formatBytes(bytes / count)} each on average`;
}

function ageText({ firstBornMs, lastBornMs }: LeakRow, endMs: number): string {
  const age = (ms: number): string => formatDuration(Math.max(0, Math.round(endMs - ms)));
  const [oldest, newest] = [age(firstBornMs), age(lastBornMs)];
  return oldest === newest ? oldest : `oldest ${oldest}, newest ${newest}`;
}
