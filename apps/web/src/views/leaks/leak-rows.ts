/**
 * The lines that keep memory, with the curve of their live bytes, as a table that any column orders; with a base both
 * sides of each. A row opens what is known of its line below it; its numbers lead to the same numbers elsewhere.
 */
import {
  countNoun,
  formatBytes,
  formatChange,
  formatCount,
  formatShare,
  NO_FRAME,
  NO_PYTHON_FRAME,
  PYTHON_OBJECTS,
  signedChange,
  type LeaksPage,
  type LeakSort,
} from '@memscope/model';

import { element, styled } from '../../dom/element.js';
import { nameOf, placeOf, titleOf, visible } from '../../dom/visible-text.js';
import { ownerStyle } from '../../drawing/owner-colour.js';
import type { LeaksState } from '../../state/page-state.js';
import { bornText } from './kept-parts.js';
import { sparkline } from './sparkline.js';

export type LeakRow = LeaksPage['rows'][number];

/** Of rows without a line. */
const KIND_NAMES: Readonly<Record<LeakRow['kind'], string>> = {
  line: NO_FRAME,
  import: NO_FRAME,
  objects: PYTHON_OBJECTS,
  frameless: NO_PYTHON_FRAME,
};

/** The same, for their colour. */
const OWNERS_OF_KINDS: Readonly<Record<LeakRow['kind'], { readonly category: string }>> = {
  line: { category: 'unknown' },
  import: { category: 'unknown' },
  objects: { category: 'pythonObjects' },
  frameless: { category: 'unknown' },
};

export interface LeakTableUses {
  /** What is chosen in the table. */
  readonly chosen: LeaksState;
  /** Start of the recording in milliseconds of Unix time. */
  readonly start: number;
  readonly sortBy: (sort: LeakSort, isNumber: boolean) => void;
  readonly toggle: (row: LeakRow) => void;
  /** Shows the row in the flame graph, by bytes or by counts; null where nothing can be asked for. */
  readonly showStacks: ((row: LeakRow, counts: boolean) => void) | null;
  /** Of the open row. */
  readonly detail: (row: LeakRow) => HTMLElement;
}

export function leakTable(page: LeaksPage, uses: LeakTableUses): HTMLElement {
  const heads = headsOf(page.base !== null);
  return element(
    'table',
    { class: page.base === null ? 'plain-table leak-table' : 'plain-table leak-table is-compared' },
    element('thead', {}, element('tr', {}, ...heads.map((head) => headCell(head, uses)))),
    element(
      'tbody',
      {},
      ...page.rows.flatMap((row) => {
        const isOpen = row.filter === uses.chosen.line;
        const cells = leakRow(row, page, uses, isOpen);
        if (!isOpen) return [cells];
        const below = element('td', { colspan: heads.length }, uses.detail(row));
        return [cells, element('tr', { class: 'leak-open' }, below)];
      }),
    ),
  );
}

type Head = readonly [title: string, sort: LeakSort, isNumber: boolean, hint?: string];

function headsOf(isCompared: boolean): readonly Head[] {
  return [
    [isCompared ? 'Function of the application' : 'Line of the application', 'name', false],
    [isCompared ? 'Live over time, head' : 'Live over time', 'gained', false, 'By what was gained since half-way'],
    ['Verdict', 'verdict', false],
    ...(isCompared
      ? ([
          ['Change', 'change', true],
          ['Base', 'base', true],
          ['Head', 'bytes', true],
        ] as const)
      : ([['Live at end', 'bytes', true]] as const)),
    ['Count', 'count', true],
    ['Allocated', 'born', false, 'When the first and the last of what is left was allocated'],
    ['Most by', 'innermost', false, 'Where most of it was allocated'],
    ['Sites', 'sites', true],
  ];
}

function headCell([title, sort, isNumber, hint]: Head, { chosen, sortBy }: LeakTableUses): HTMLElement {
  const isSorted = chosen.sort === sort;
  const order = chosen.descending ? 'descending' : 'ascending';
  return element(
    'th',
    { scope: 'col', class: classOf(sort, isNumber), 'aria-sort': isSorted ? order : null },
    element(
      'button',
      {
        type: 'button',
        class: 'sort-button',
        'data-key': `sort ${sort}`,
        title: hint ?? null,
        onclick: () => sortBy(sort, isNumber || sort === 'gained'),
      },
      title,
      isSorted ? (chosen.descending ? ' ↓' : ' ↑') : '',
    ),
  );
}

/** By its name a column is left out where there is no room for it (leaks.css); an open row tells it there. */
function classOf(sort: LeakSort, isNumber: boolean): string {
  return `column-${sort}${isNumber ? ' number' : ''}`;
}

export function nameOfLeak({ label, kind }: LeakRow): string {
  return label === null ? KIND_NAMES[kind] : nameOf(label, 80);
}

export function placeOfLeak({ label, kind }: LeakRow): string {
  return label === null ? '' : `${placeOf(label, 80)}${kind === 'import' ? ', what it imports' : ''}`;
}

function leakRow(row: LeakRow, page: LeaksPage, uses: LeakTableUses, isOpen: boolean): HTMLElement {
  const { start, toggle, showStacks } = uses;
  const verdict = page.verdicts.find(({ name }) => name === row.verdict);
  const swatch = styled(element('span', { class: 'swatch', 'aria-hidden': 'true' }), {
    background: ownerStyle(row.label ?? OWNERS_OF_KINDS[row.kind]),
  });
  const amount = (text: string, counts: boolean, title: string): HTMLElement | string =>
    showStacks === null
      ? text
      : element(
          'button',
          {
            type: 'button',
            class: 'link-button amount',
            'data-key': `${counts ? 'count' : 'bytes'} ${row.filter}`,
            title: `${title}: show them in the flame graph`,
            onclick: () => showStacks(row, counts),
          },
          text,
        );
  const onclick = (event: MouseEvent): void => {
    if (event.target instanceof Element && event.target.closest('button, a') === null) toggle(row);
  };
  return element(
    'tr',
    { class: isOpen ? 'leak-row is-open' : 'leak-row', onclick },
    element(
      'th',
      { scope: 'row' },
      swatch,
      row.base !== null && row.base.count === 0 ? element('span', { class: 'mark new' }, 'new') : null,
      element(
        'button',
        {
          type: 'button',
          class: 'link-button',
          'aria-expanded': String(isOpen),
          'data-key': `line ${row.filter}`,
          onclick: () => toggle(row),
        },
        nameOfLeak(row),
      ),
      element(
        'span',
        { class: 'quiet place', title: row.label === null ? null : titleOf(row.label) },
        placeOfLeak(row),
      ),
    ),
    element(
      'td',
      { class: classOf('gained', false) },
      sparkline(row.liveBytes, `Live bytes over time, ${formatBytes(row.liveBytes.at(-1) ?? 0)} at the end`),
    ),
    element(
      'td',
      { class: classOf('verdict', false) },
      element(
        'span',
        { class: 'verdict', title: verdict?.rule ?? null, 'data-verdict': row.verdict },
        visible(verdict?.title ?? row.verdict, 40),
      ),
    ),
    ...(row.base === null ? [] : comparedCells(row.bytes, row.base.bytes)),
    element(
      'td',
      { class: 'number' },
      amount(formatBytes(row.bytes), false, countNoun(row.bytes, 'byte')),
      row.base === null ? element('span', { class: 'quiet share' }, formatShare(row.bytes, page.bytes)) : null,
    ),
    element(
      'td',
      { class: classOf('count', true) },
      amount(formatCount(row.count), true, countNoun(row.count, 'allocation')),
    ),
    element(
      'td',
      { class: `quiet ${classOf('born', false)}` },
      bornText({ firstMs: row.firstBornMs, lastMs: row.lastBornMs }, start),
    ),
    innermostCell(row),
    element('td', { class: classOf('sites', true) }, formatCount(row.sites)),
  );
}

function innermostCell({ kind, innermost, label }: LeakRow): HTMLElement {
  const shown = kind === 'objects' || innermost?.name === label?.name ? null : innermost;
  return element(
    'td',
    { class: `quiet ${classOf('innermost', false)}`, title: shown === null ? null : titleOf(shown) },
    shown === null ? '' : `${nameOf(shown, 40)} ${placeOf(shown, 60)}`,
  );
}

function comparedCells(head: number, base: number): HTMLElement[] {
  const change = head - base;
  const direction = change > 0 ? 'grew' : change < 0 ? 'shrank' : 'quiet';
  return [
    element(
      'td',
      { class: `number change ${direction}`, title: formatChange(base, change) },
      signedChange(change, formatBytes),
    ),
    element('td', { class: classOf('base', true) }, formatBytes(base)),
  ];
}
