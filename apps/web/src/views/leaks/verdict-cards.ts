/** Above the rows: a card for all that was never freed and one for each verdict, of which a click shows the rows. */
import {
  countNoun,
  formatBytes,
  formatChange,
  signedChange,
  type LeaksPage,
  type LeakVerdictName,
} from '@memscope/model';

import { element } from '../../dom/element.js';
import { visible } from '../../dom/visible-text.js';
import { bigNumber } from '../big-number.js';

/** `choose` null: of all verdicts. */
export function verdictCards(
  page: LeaksPage,
  chosen: LeakVerdictName | null,
  choose: (verdict: LeakVerdictName | null) => void,
): HTMLElement[] {
  const { verdicts, bytes, count, base } = page;
  const known = verdicts.filter(({ lines }) => lines > 0);
  const noun = base === null ? 'line' : 'function';
  const lines = known.reduce((sum, each) => sum + each.lines, 0);
  const card = (
    name: LeakVerdictName | null,
    title: string,
    held: { readonly bytes: number; readonly count: number; readonly lines: number },
    hint: string | null,
  ): HTMLElement =>
    element(
      'button',
      {
        type: 'button',
        class: 'tile',
        'data-verdict': name ?? 'all',
        'aria-pressed': String(name === chosen),
        title: hint,
        onclick: () => choose(name === chosen ? null : name),
      },
      element('span', { class: 'tile-title' }, title),
      element(
        'span',
        { class: 'tile-value', title: countNoun(held.bytes, 'byte') },
        ...bigNumber(formatBytes(held.bytes)),
      ),
      element(
        'span',
        { class: 'tile-detail' },
        `${countNoun(held.count, 'allocation')} below ${countNoun(held.lines, noun)}`,
      ),
    );
  const rule = known.find(({ name }) => name === chosen)?.rule ?? null;
  return [
    element(
      'div',
      { class: 'tiles', role: 'group', 'aria-label': 'Verdicts' },
      card(null, titleOfAll(page), { bytes, count, lines }, 'All verdicts'),
      comparedTile(page),
      ...known.map(({ name, title, rule: why, ...held }) => card(name, visible(title, 40), held, visible(why, 400))),
    ),
    ...(rule === null ? [] : [element('p', { class: 'fine-print verdict-rule' }, `Rule: ${visible(rule, 400)}.`)]),
  ];
}

/** In a window that ends before the recording what is left may be freed later. */
function titleOfAll({ window, base }: LeaksPage): string {
  const isOpen = window === null || window.endsWith('..');
  const title = isOpen ? 'Live at end' : 'Live at the window’s end';
  return base === null ? title : `${title}, head`;
}

/** Both sides, and what only the base had. */
function comparedTile({ bytes, base }: LeaksPage): HTMLElement | null {
  if (base === null) return null;
  const change = bytes - base.bytes;
  const { gone } = base;
  const goneText =
    gone.lines === 0
      ? 'nothing of the base has gone'
      : `${formatBytes(gone.bytes)} of ${countNoun(gone.lines, 'function')} has gone`;
  return element(
    'div',
    { class: 'tile' },
    element('span', { class: 'tile-title' }, 'Change'),
    element('span', { class: 'tile-value' }, ...bigNumber(signedChange(change, formatBytes))),
    element(
      'span',
      { class: 'tile-detail' },
      `base ${formatBytes(base.bytes)} (${formatChange(base.bytes, change)}); ${goneText}`,
    ),
  );
}
