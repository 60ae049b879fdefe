/**
 * What is known of one line that keeps memory: its source, how much is left and how old it is, its curve over time, the
 * stack of the site that keeps most, and what can be done next.
 */
import { countNoun, formatBytes, formatCount, formatShare, type LeaksPage } from '@memscope/model';

import { element } from '../../dom/element.js';
import { visible } from '../../dom/visible-text.js';
import { ageText, bornText, factTable, liveCurve, stackList, type Fact } from './kept-parts.js';
import { nameOfLeak, placeOfLeak, type LeakRow } from './leak-rows.js';

export interface LeakAction {
  readonly title: string;
  readonly choose: () => void;
}

/** `start` of the recording in milliseconds of Unix time. */
export function leakDetail(row: LeakRow, page: LeaksPage, start: number, actions: readonly LeakAction[]): HTMLElement {
  const { label, liveBytes } = row;
  const verdict = page.verdicts.find(({ name }) => name === row.verdict);
  const source = label?.source;
  const born = { firstMs: row.firstBornMs, lastMs: row.lastBornMs };
  const facts: readonly Fact[] = [
    ['Live at end', `${formatBytes(row.bytes)}, ${formatShare(row.bytes, page.bytes)} of ${formatBytes(page.bytes)}`],
    ...(row.base === null ? [] : [['In the base', formatBytes(row.base.bytes)] as const]),
    ['In', `${countNoun(row.count, 'allocation')} at ${countNoun(row.sites, 'site')}, ${meanText(row)}`],
    ['Allocated', `${bornText(born, start)} after the start`],
    ['Age at the end', ageText(born, page.endMs)],
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
      factTable(facts),
      element(
        'div',
        { class: 'leak-actions' },
        ...actions.map(({ title, choose }) =>
          element('button', { type: 'button', class: 'button', onclick: choose }, title),
        ),
      ),
    ),
    liveCurve(liveBytes),
    stackList(
      row.sites > 1 ? `Stack of the site that keeps most, of ${formatCount(row.sites)}` : 'Stack',
      row.stack,
      label,
    ),
  );
}

function meanText({ bytes, count }: LeakRow): string {
  return count === 0 ? '' : `${formatBytes(bytes / count)} each on average`;
}
