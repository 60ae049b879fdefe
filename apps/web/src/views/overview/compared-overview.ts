/**
 * The overview of two sides, in the words of `memscope diff`: what changed in one sentence, both sides of every total, and
 * what grew, shrank and moved, apart, each with its line and the line of the application that leads there.
 */
import {
  formatChange,
  formatterOf,
  knownTotals,
  listedRows,
  measureTitle,
  moduleOfFile,
  remarkOn,
  sayMoved,
  signedChange,
  totalTitle,
  untoldObstacles,
  type ComparedMeasure,
  type DiffDocument,
  type DiffRow,
  type DiffTotals,
  type MemoryMeasure,
} from '@memscope/model';

import { breakable, element, panel, type Child } from '../../dom/element.js';
import { visible } from '../../dom/visible-text.js';
import { withFunction, withQuery, withTable, withView } from '../../state/change.js';
import type { Page } from '../view.js';

const LISTED = 15;
/** Of more characters it is set smaller. */
const LONG_SUMMARY = 160;

/** Totals that are a measure of the views, which a click chooses. */
const MEASURES: Readonly<Partial<Record<keyof DiffTotals, MemoryMeasure>>> = {
  peak: 'peak',
  leaked: 'leaked',
  total: 'total',
  temporary: 'temporary',
};

export function comparedOverview(diff: DiffDocument, page: Page): HTMLElement[] {
  const untold = untoldObstacles(diff);
  const summary = visible(diff.summary, 1_200);
  const { measure, grew, shrank, moved, peakMoved, beside, renamed, threadGroups } = diff;
  const at = measureTitle(measure, diff);
  const lists = [
    rowsPanel(`Grew ${at}`, grew, measure, page),
    rowsPanel(`Shrank ${at}`, shrank, measure, page),
    movedPanel(moved, measure, page),
    rowsPanel('Only because the peak lies at another moment', peakMoved, measure, page),
    ...beside.flatMap(({ measure: other, ...rows }) => [
      rowsPanel(`Beside the peak, more ${measureTitle(other, diff)}`, rows.grew, other, page),
      rowsPanel(`Beside the peak, less ${measureTitle(other, diff)}`, rows.shrank, other, page),
    ]),
    renamedPanel(renamed),
    threadsPanel(threadGroups),
  ].filter((each) => each !== null);
  return [
    element('h1', { class: summary.length > LONG_SUMMARY ? 'diff-summary is-long' : 'diff-summary' }, summary),
    ...(untold.length === 0
      ? []
      : [
          element(
            'ul',
            { class: 'findings', 'aria-label': 'What cannot be compared' },
            ...untold.map(({ text }) => element('li', { class: 'finding warning' }, visible(capitalised(text), 600))),
          ),
        ]),
    element(
      'div',
      { class: 'compared-grid' },
      totalsPanel(diff, page),
      element('div', { class: 'overview-main' }, ...lists),
    ),
    ...(lists.length === 0
      ? [element('p', { class: 'quiet' }, 'Nothing differs by more than unchanged runs do.')]
      : []),
  ];
}

function totalsPanel(diff: DiffDocument, page: Page): HTMLElement {
  const rows = knownTotals(diff).map(([name, { base, head, change }]) => {
    const format = formatterOf(name);
    const measure = MEASURES[name];
    const title = visible(totalTitle(name, diff).trim(), 40);
    const isChosen = measure !== undefined && measure === diff.measure;
    return element(
      'tr',
      { class: isChosen ? 'is-chosen' : null },
      element(
        'th',
        { scope: 'row' },
        measure === undefined
          ? title
          : element(
              'button',
              {
                type: 'button',
                class: 'link-button',
                'aria-pressed': String(isChosen),
                title: 'What grew and what shrank by it',
                onclick: () => page.change((state) => withQuery(state, { measure })),
              },
              title,
            ),
      ),
      ...numberCells(base, head, change, format),
    );
  });
  return panel(
    'Totals',
    element(
      'div',
      { class: 'table-scroll' },
      element(
        'table',
        { class: 'plain-table totals' },
        element('thead', {}, element('tr', {}, headOf('Measure'), ...numberHeads())),
        element('tbody', {}, ...rows),
      ),
    ),
    element('p', { class: 'quiet' }, diff.measure === 'peak' ? 'Each side at its own peak.' : ''),
  );
}

function numberHeads(): HTMLElement[] {
  return [
    ...['Base', 'Head', 'Change'].map((head) => element('th', { scope: 'col', class: 'number' }, head)),
    headOf('Change in percent'),
  ];
}

/** Of a column that says by itself what it is. */
function headOf(title: string): HTMLElement {
  return element('th', { scope: 'col' }, element('span', { class: 'visually-hidden' }, title));
}

function numberCells(base: number, head: number, change: number, format: (value: number) => string): HTMLElement[] {
  const direction = change > 0 ? 'grew' : change < 0 ? 'shrank' : 'quiet';
  return [
    element('td', { class: 'number' }, format(base)),
    element('td', { class: 'number' }, format(head)),
    element('td', { class: `number change ${direction}` }, signedChange(change, format)),
    // "new" stands beside the name.
    element('td', { class: 'number quiet' }, base === 0 ? '' : formatChange(base, change)),
  ];
}

/** Null where there is nothing to list. */
function rowsPanel(title: string, all: readonly DiffRow[], measure: ComparedMeasure, page: Page): HTMLElement | null {
  const { listed, worthy, others } = listedRows(all, LISTED, measure);
  if (listed.length === 0) return null;
  const format = formatterOf(measure);
  const rows = listed.map((row) => {
    const { base, head, change, status } = row;
    const mark = status === 'new' || status === 'gone' ? element('span', { class: `mark ${status}` }, status) : null;
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, ...(mark === null ? [] : [mark, ' ']), ...nameOf(row, page), wayOf(row)),
      ...numberCells(base, head, change, format),
    );
  });
  const shown = listed.length < worthy ? ` (${listed.length} of ${worthy})` : '';
  return panel(
    `${title}${shown}`,
    element(
      'div',
      { class: 'table-scroll' },
      element(
        'table',
        { class: 'plain-table changed-rows' },
        element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, 'Function'), ...numberHeads())),
        element('tbody', {}, ...rows),
      ),
    ),
    others === null ? null : element('p', { class: 'quiet' }, others, ' ', allRows(measure, page)),
  );
}

/** The table that lists all of them; null for measures that no table has. */
function allRows(measure: ComparedMeasure, page: Page): HTMLElement | null {
  if (measure === 'own-peak' || measure === 'count') return null;
  return element(
    'button',
    {
      type: 'button',
      class: 'link-button',
      onclick: () =>
        page.change((state) =>
          withTable(withView(withQuery(state, { measure }), 'tables'), { by: 'owner', sort: null }),
        ),
    },
    'List all owners',
  );
}

function nameOf(row: Pick<DiffRow, 'name' | 'function' | 'file' | 'line'>, page: Page): Child[] {
  const name = visible(row.name, 80);
  const target = row.function === null || row.file === null ? null : `${row.function}\n${row.file}`;
  const place = placeOf(row);
  return [
    target === null
      ? name
      : element(
          'button',
          {
            type: 'button',
            class: 'link-button',
            title: 'Callers, callees and source of both sides',
            onclick: () => page.change((state) => withFunction(state, target)),
          },
          name,
        ),
    place === '' ? null : element('span', { class: 'quiet place' }, ' ', ...breakable(place)),
  ];
}

function placeOf({ file, line }: Pick<DiffRow, 'file' | 'line'>): string {
  if (file === null) return '';
  const short = visible(moduleOfFile(file).shortFile, 80);
  return line === null || line === 0 ? short : `${short}:${line}`;
}

/** The line of the application that leads there, or what the row is. */
function wayOf(row: DiffRow): HTMLElement | null {
  const text =
    row.way === null ? remarkOn(row) : `from ${visible(row.way.function ?? '?', 60)} ${placeOf(row.way)}`.trim();
  return text === null ? null : element('span', { class: 'quiet way' }, text);
}

function movedPanel(moved: readonly DiffRow[], measure: ComparedMeasure, page: Page): HTMLElement | null {
  const clear = moved.filter(({ aboveNoise }) => aboveNoise).slice(0, LISTED);
  if (clear.length === 0) return null;
  const format = formatterOf(measure);
  return panel(
    `Moved: ${sayMoved(measure, 'function')}`,
    element(
      'ul',
      { class: 'moved-rows' },
      ...clear.map((row) =>
        element(
          'li',
          {},
          element('strong', {}, format(row.head)),
          ` from ${visible(row.from?.name ?? '?', 60)} `,
          element('span', { class: 'quiet place' }, placeOf({ file: row.from?.file ?? null, line: null })),
          ' to ',
          ...nameOf(row, page),
        ),
      ),
    ),
  );
}

function renamedPanel(renamed: DiffDocument['renamed']): HTMLElement | null {
  if (renamed.length === 0) return null;
  const name = ({ function: text, file }: (typeof renamed)[number]['from']): string =>
    `${visible(text ?? '?', 60)} ${placeOf({ file, line: null })}`.trim();
  return panel(
    'Seem to have another name now',
    element(
      'ul',
      { class: 'moved-rows' },
      ...renamed.slice(0, LISTED).map(({ from, to }) => element('li', {}, `${name(from)} → ${name(to)}`)),
    ),
  );
}

function threadsPanel(groups: DiffDocument['threadGroups']): HTMLElement | null {
  if (groups.length === 0) return null;
  return panel(
    'Threads',
    element(
      'ul',
      { class: 'moved-rows' },
      ...groups
        .slice(0, LISTED)
        .map(({ name, base, head }) =>
          element('li', {}, `${visible(name, 60)}: ${base} in the base, ${head} in the head`),
        ),
    ),
  );
}

function capitalised(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
