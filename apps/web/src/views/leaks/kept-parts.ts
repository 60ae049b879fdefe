/** What a line of leaks and a single site are both told by: stack, curve of live bytes, when it was born and how old it is. */
import { formatBytes, formatDuration, type FlameLabel } from '@memscope/model';

import { element } from '../../dom/element.js';
import { nameOf, placeOf, visible } from '../../dom/visible-text.js';
import { sparkline } from './sparkline.js';

/** In milliseconds since the epoch: the first and the last allocation of what is left. */
export interface BornSpan {
  readonly firstMs: number;
  readonly lastMs: number;
}

export type Fact = readonly [title: string, text: string];

export function factTable(facts: readonly Fact[]): HTMLElement {
  return element(
    'table',
    {},
    ...facts.map(([title, text]) => element('tr', {}, element('th', { scope: 'row' }, title), element('td', {}, text))),
  );
}

/** "2.00 s – 58.0 s" since the start. */
export function bornText({ firstMs, lastMs }: BornSpan, start: number): string {
  const text = (ms: number): string => formatDuration(Math.max(0, Math.round(ms - start)));
  const [first, last] = [text(firstMs), text(lastMs)];
  return first === last ? `at ${first}` : `${first} – ${last}`;
}

export function ageText({ firstMs, lastMs }: BornSpan, endMs: number): string {
  const age = (ms: number): string => formatDuration(Math.max(0, Math.round(endMs - ms)));
  const [oldest, newest] = [age(firstMs), age(lastMs)];
  return oldest === newest ? oldest : `oldest ${oldest}, newest ${newest}`;
}

export function liveCurve(liveBytes: readonly number[]): HTMLElement {
  const most = liveBytes.reduce((a, b) => Math.max(a, b), 0);
  if (most === 0) {
    const text = 'Live over time: always freed within a step of the curve';
    return element('figure', { class: 'leak-curve' }, element('figcaption', { class: 'quiet' }, text));
  }
  return element(
    'figure',
    { class: 'leak-curve' },
    sparkline(liveBytes, `Live bytes over time, at most ${formatBytes(most)}`, 320, 96),
    element(
      'figcaption',
      { class: 'quiet' },
      `Live over time: at most ${formatBytes(most)}, ${formatBytes(liveBytes.at(-1) ?? 0)} at the end`,
    ),
  );
}

/** `stack` from the innermost frame outwards; shown the other way, as in a traceback, with its `line` marked. */
export function stackList(title: string, stack: readonly FlameLabel[], line: FlameLabel | null): HTMLElement {
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
        const isLine = line !== null && frame.function === line.function && frame.line === line.line;
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
