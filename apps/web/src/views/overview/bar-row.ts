/** An entry of a list of amounts: its name, a bar, how much and which share; a button where it leads somewhere. */
import { formatShare } from '@memscope/model';

import { element, styled, type Child } from '../../dom/element.js';

export interface BarRow {
  readonly name: readonly Child[];
  readonly weight: number;
  /** Null where the capture cannot say what shares are of. */
  readonly whole: number | null;
  readonly amount: string;
  /** As CSS has it. */
  readonly colour: string;
  readonly title: string | null;
  readonly open: (() => void) | null;
}

/** A bar that is there can be seen. */
const LEAST_PERCENT = 0.3;

export function barRow({ name, weight, whole, amount, colour, title, open }: BarRow): HTMLElement {
  const percent = whole === null || whole === 0 ? 0 : Math.max(LEAST_PERCENT, (weight / whole) * 100);
  const fill = styled(element('span', { class: 'bar-fill', 'aria-hidden': 'true' }), {
    width: `${percent}%`,
    background: colour,
  });
  const content = [
    element('span', { class: 'bar-name' }, ...name),
    element('span', { class: 'bar-track' }, fill),
    element('span', { class: 'bar-amount' }, amount),
    element('span', { class: 'bar-share' }, whole === null ? '' : formatShare(weight, whole)),
  ];
  const row =
    open === null
      ? element('div', { class: 'bar-row', title }, ...content)
      : element('button', { type: 'button', class: 'bar-row', title, onclick: open }, ...content);
  return element('li', {}, row);
}
