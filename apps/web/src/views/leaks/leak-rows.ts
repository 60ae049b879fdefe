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
  /** Of the view, in pixels. */
  readonly width: number;
  /** Start of the recording in milliseconds of Unix time. */
  readonly start: number;
  readonly sortBy: (sort: LeakSort, isNumber: boolean) => void;
  readonly toggle: (row: LeakRow) => void;
  /** Shows the row in the flame graph, by bytes or by counts; null where nothing can be asked for. */
  readonly showStacks: ((row: LeakRow, counts: boolean) => void) | null;
  /** Of the open row. */
  readonly detail: (row: LeakRow) => HTMLElement;
}

/** Columns that a narrower table leaves out, in pixels, and with a base; an open row tells of them there. */
const LEAST_WIDTHS: Readonly<Partial<Record<LeakSort, readonly [alone: number, compared: number]>>> = {
  innermost: [1088, 1312],
  sites: [976, 1088],
  born: [832, 976],
  base: [0, 832],
  count: [640, 912],
  gained: [640, 640],
  verdict: [393, 393],
};

export function leakTable(page: LeaksPage, uses: LeakTableUses): HTMLElement {
  const isCompared = page.base !== null;
  const fits = (sort: LeakSort): boolean => uses.width >= (LEAST_WIDTHS[sort]?.[isCompared ? 1 : 0] ?? 0);
  const heads = headsOf(isCompared).filter(([, sort]) => fits(sort));
  return element(
    'table',
    { class: 'plain-table leak-table' },
    element('thead', {}, element('tr', {}, ...heads.map((head) => headCell(head, uses)))),
    element(
      'tbody',
      {},
      ...page.rows.flatMap((row) => {
        const isOpen = row.filter === uses.chosen.line;
        const cells = leakRow(row, page, uses, heads);
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
    { scope: 'col', class: isNumber ? 'number' : null, 'aria-sort': isSorted ? order : null },
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

export function nameOfLeak({ label, kind }: LeakRow): string {
  return label === null ? KIND_NAMES[kind] : nameOf(label, 80);
}

export function placeOfLeak({ label, kind }: LeakRow): string {
  return label === null ? '' : `${placeOf(label, 80)}${kind === 'import' ? ', what it imports' : ''}`;
}

function leakRow(row: LeakRow, page: LeaksPage, uses: LeakTableUses, heads: readonly Head[]): HTMLElement {
  const { toggle, chosen } = uses;
  const onclick = (event: MouseEvent): void => {
    if (event.target instanceof Element && event.target.closest('button, a') === null) toggle(row);
  };
  return element(
    'tr',
    { class: row.filter === chosen.line ? 'leak-row is-open' : 'leak-row', onclick },
    ...heads.map(([, sort]) => CELLS[sort](row, page, uses)),
  );
}

/** What stands in each column. */
const CELLS: Readonly<Record<LeakSort, (row: LeakRow, page: LeaksPage, uses: LeakTableUses) => HTMLElement>> = {
  name: nameCell,
  gained: ({ liveBytes }) =>
    element('td', {}, sparkline(liveBytes, `Live bytes over time, ${formatBytes(liveBytes.at(-1) ?? 0)} at the end`)),
  verdict: (row, { verdicts }) => {
    const verdict = verdicts.find(({ name }) => name === row.verdict);
    return element(
      'td',
      {},
      element(
        'span',
        { class: 'verdict', title: verdict?.rule ?? null, 'data-verdict': row.verdict },
        visible(verdict?.title ?? row.verdict, 40),
      ),
    );
  },
  change: ({ bytes, base }) => {
    const before = base?.bytes ?? 0;
    const change = bytes - before;
    const direction = change > 0 ? 'grew' : change < 0 ? 'shrank' : 'quiet';
    return element(
      'td',
      { class: `number change ${direction}`, title: formatChange(before, change) },
      signedChange(change, formatBytes),
    );
  },
  base: ({ base }) => element('td', { class: 'number' }, formatBytes(base?.bytes ?? 0)),
  bytes: (row, { bytes }, uses) =>
    element(
      'td',
      { class: 'number' },
      amount(row, false, uses),
      row.base === null ? element('span', { class: 'quiet share' }, formatShare(row.bytes, bytes)) : null,
    ),
  count: (row, _, uses) => element('td', { class: 'number' }, amount(row, true, uses)),
  born: ({ firstBornMs, lastBornMs }, _, { start }) =>
    element('td', { class: 'quiet' }, bornText({ firstMs: firstBornMs, lastMs: lastBornMs }, start)),
  innermost: ({ kind, innermost, label }) => {
    const shown = kind === 'objects' || innermost?.name === label?.name ? null : innermost;
    return element(
      'td',
      { class: 'quiet innermost', title: shown === null ? null : titleOf(shown) },
      shown === null ? '' : `${nameOf(shown, 40)} ${placeOf(shown, 60)}`,
    );
  },
  sites: ({ sites }) => element('td', { class: 'number' }, formatCount(sites)),
};

function nameCell(row: LeakRow, _: LeaksPage, { chosen, toggle }: LeakTableUses): HTMLElement {
  const swatch = styled(element('span', { class: 'swatch', 'aria-hidden': 'true' }), {
    background: ownerStyle(row.label ?? OWNERS_OF_KINDS[row.kind]),
  });
  return element(
    'th',
    { scope: 'row' },
    swatch,
    row.base !== null && row.base.count === 0 ? element('span', { class: 'mark new' }, 'new') : null,
    element(
      'button',
      {
        type: 'button',
        class: 'link-button',
        'aria-expanded': String(row.filter === chosen.line),
        'data-key': `line ${row.filter}`,
        onclick: () => toggle(row),
      },
      nameOfLeak(row),
    ),
    element('span', { class: 'quiet place', title: row.label === null ? null : titleOf(row.label) }, placeOfLeak(row)),
  );
}

/** Leads to the same in the flame graph. */
function amount(row: LeakRow, counts: boolean, { showStacks }: LeakTableUses): HTMLElement | string {
  const text = counts ? formatCount(row.count) : formatBytes(row.bytes);
  if (showStacks === null) return text;
  const whole = counts ? countNoun(row.count, 'allocation') : countNoun(row.bytes, 'byte');
  return element(
    'button',
    {
      type: 'button',
      class: 'link-button amount',
      'data-key': `${counts ? 'count' : 'bytes'} ${row.filter}`,
      title: `${whole}: show them in the flame graph`,
      onclick: () => showStacks(row, counts),
    },
    text,
  );
}
