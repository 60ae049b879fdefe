/** The lines that keep memory, with the curve of their live bytes, as a table and as CSV; with a base both sides of each. */
import {
  countNoun,
  formatBytes,
  formatChange,
  formatCount,
  formatDuration,
  formatShare,
  NO_FRAME,
  NO_PYTHON_FRAME,
  PYTHON_OBJECTS,
  signedChange,
  writeCsv,
  type LeaksPage,
} from '@memscope/model';

import { element, styled } from '../../dom/element.js';
import { nameOf, placeOf, visible } from '../../dom/visible-text.js';
import { kindOf } from '../../drawing/palette.js';
import { sparkline } from './sparkline.js';

type LeakRow = LeaksPage['rows'][number];

/** Of rows without a line. */
const KIND_NAMES: Readonly<Record<LeakRow['kind'], string>> = {
  line: NO_FRAME,
  import: NO_FRAME,
  objects: PYTHON_OBJECTS,
  frameless: NO_PYTHON_FRAME,
};

/** `start` of the recording in milliseconds of Unix time; `open` shows a function. */
export function leakTable(page: LeaksPage, start: number, open: (target: string) => void): HTMLElement {
  return element(
    'table',
    { class: 'plain-table' },
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        ...headsOf(page.base !== null).map(([head, isNumber]) =>
          element('th', { scope: 'col', class: isNumber ? 'number' : null }, head),
        ),
      ),
    ),
    element('tbody', {}, ...page.rows.map((row) => leakRow(row, page, start, open))),
  );
}

function headsOf(isCompared: boolean): readonly (readonly [title: string, isNumber: boolean])[] {
  return [
    [isCompared ? 'Function of the application' : 'Line of the application', false],
    [isCompared ? 'Live over time, head' : 'Live over time', false],
    ['Verdict', false],
    ...(isCompared
      ? ([
          ['Change', true],
          ['Base', true],
          ['Head', true],
        ] as const)
      : ([
          ['Left', true],
          ['Share', true],
        ] as const)),
    ['Count', true],
    ['Allocated', false],
    ['Most by', false],
    ['Sites', true],
  ];
}

function leakRow(row: LeakRow, page: LeaksPage, start: number, open: (target: string) => void): HTMLElement {
  const verdict = page.verdicts.find(({ name }) => name === row.verdict);
  const target = row.label?.function ?? null;
  const name = row.label === null ? KIND_NAMES[row.kind] : nameOf(row.label, 80);
  const swatch = styled(element('span', { class: 'swatch', 'aria-hidden': 'true' }), {
    background: `var(--kind-${kindOf(row.label?.kind ?? '')})`,
  });
  return element(
    'tr',
    {},
    element(
      'th',
      { scope: 'row' },
      swatch,
      row.base !== null && row.base.count === 0 ? element('span', { class: 'mark new' }, 'new') : null,
      target === null
        ? name
        : element('button', { type: 'button', class: 'link-button', onclick: () => open(target) }, name),
      element(
        'span',
        { class: 'quiet place' },
        row.label === null ? '' : `${placeOf(row.label, 80)}${row.kind === 'import' ? ', what it imports' : ''}`,
      ),
    ),
    element(
      'td',
      {},
      sparkline(row.liveBytes, `Live bytes over time, ${formatBytes(row.liveBytes.at(-1) ?? 0)} at the end`),
    ),
    element(
      'td',
      {},
      element(
        'span',
        { class: 'verdict', title: verdict?.rule ?? null, 'data-verdict': row.verdict },
        visible(verdict?.title ?? row.verdict, 40),
      ),
    ),
    ...(row.base === null ? [] : comparedCells(row.bytes, row.base.bytes)),
    element('td', { class: 'number', title: countNoun(row.bytes, 'byte') }, formatBytes(row.bytes)),
    row.base === null ? element('td', { class: 'number quiet' }, formatShare(row.bytes, page.bytes)) : null,
    element('td', { class: 'number' }, formatCount(row.count)),
    element('td', { class: 'quiet' }, bornText(row.firstBornMs - start, row.lastBornMs - start)),
    element(
      'td',
      { class: 'quiet' },
      row.kind === 'objects' || row.innermost === null || row.innermost.name === row.label?.name
        ? ''
        : `${nameOf(row.innermost, 40)} ${placeOf(row.innermost, 60)}`,
    ),
    element('td', { class: 'number' }, formatCount(row.sites)),
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
    element('td', { class: 'number' }, formatBytes(base)),
  ];
}

function bornText(first: number, last: number): string {
  const text = (ms: number): string => formatDuration(Math.max(0, Math.round(ms)));
  return text(first) === text(last) ? `at ${text(first)}` : `${text(first)} – ${text(last)}`;
}

export function leakCsv(rows: readonly LeakRow[]): string {
  const isCompared = rows.some(({ base }) => base !== null);
  return writeCsv({
    columns: [
      'kind',
      'function',
      'file',
      'line',
      'sites',
      'bytes',
      'count',
      'first_born_ms',
      'last_born_ms',
      'verdict',
      ...(isCompared ? ['base_bytes', 'base_count'] : []),
    ],
    rows: rows.map((row) => [
      row.kind,
      row.label?.name ?? null,
      row.label?.file ?? null,
      row.label?.line ?? null,
      row.sites,
      row.bytes,
      row.count,
      row.firstBornMs,
      row.lastBornMs,
      row.verdict,
      ...(row.base === null ? [] : [row.base.bytes, row.base.count]),
    ]),
  });
}
