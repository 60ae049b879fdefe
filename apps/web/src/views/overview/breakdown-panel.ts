/**
 * What holds the memory: all modules as one bar, grouped and coloured by category, and as a list. A click shows the
 * module's part in the flame graph.
 */
import { formatBytes, formatCount, formatShare, type TablePage, type TableRow, type ViewQuery } from '@memscope/model';

import type { Answer } from '../../api/answers.js';
import { element, styled } from '../../dom/element.js';
import { visible } from '../../dom/visible-text.js';
import { CATEGORIES, categoryOf, titleOfCategory, type Category } from '../../drawing/palette.js';
import { quoteForFilter } from '../../state/quote-for-filter.js';
import { withQuery, withView } from '../../state/change.js';
import { errorNotice, loadingNotice } from '../notice.js';
import type { Page } from '../view.js';
import { panel } from './panel.js';

const LISTED = 10;

export function breakdownPanel(answer: Answer<TablePage>, query: ViewQuery, page: Page): HTMLElement {
  const title = 'Memory by category and module';
  if (answer.state === 'failed') return panel(title, errorNotice(answer.error));
  const value = answer.state === 'ready' ? answer.value : answer.stale;
  if (value === null) return panel(title, loadingNotice());
  const weight = (row: TableRow): number => (query.counts ? row.selfCount : row.selfBytes);
  const whole = query.counts ? value.count : value.bytes;
  const amount = (each: number): string => (query.counts ? formatCount(each) : formatBytes(each));
  const rows = value.rows.filter((row) => weight(row) > 0);
  if (rows.length === 0) return panel(title, element('p', { class: 'quiet' }, 'Nothing passes the filter.'));
  const byCategory = new Map<Category, number>();
  for (const row of rows) {
    const category = categoryOf(row.label?.category ?? '');
    byCategory.set(category, (byCategory.get(category) ?? 0) + weight(row));
  }
  const order = CATEGORIES.map(([name]) => name).filter((name) => byCategory.has(name));
  order.sort((a, b) => byCategory.get(b)! - byCategory.get(a)!);
  const segments = order.flatMap((category) =>
    rows.filter((row) => categoryOf(row.label?.category ?? '') === category),
  );
  const known = rows.reduce((sum, row) => sum + weight(row), 0);
  const bar = element(
    'div',
    { class: 'stacked-bar' },
    ...segments.map((row) => segment(row, weight(row), whole, amount(weight(row)), page)),
    whole > known
      ? styled(element('span', { class: 'segment rest' }), { 'flex-grow': String((whole - known) / whole) })
      : null,
  );
  const legend = element(
    'ul',
    { class: 'legend', 'aria-label': 'Categories' },
    ...order.map((category) =>
      element(
        'li',
        {},
        styled(element('span', { class: 'swatch', 'aria-hidden': 'true' }), {
          background: `var(--category-${category})`,
        }),
        `${titleOfCategory(category)} `,
        element(
          'span',
          { class: 'quiet' },
          `${amount(byCategory.get(category)!)} · ${formatShare(byCategory.get(category)!, whole)}`,
        ),
      ),
    ),
  );
  const list = element(
    'ol',
    { class: 'bar-list' },
    ...rows.slice(0, LISTED).map((row) => listRow(row, weight(row), whole, amount(weight(row)), page)),
  );
  const more = value.rowCount - Math.min(LISTED, rows.length);
  return panel(
    title,
    bar,
    legend,
    list,
    more > 0
      ? element(
          'button',
          {
            type: 'button',
            class: 'link-button',
            onclick: () =>
              page.change((state) => ({
                ...withView(state, 'tables'),
                table: { ...state.table, by: 'module', function: null },
              })),
          },
          `All ${formatCount(value.rowCount)} modules`,
        )
      : null,
  );
}

function nameOfModule({ label }: TableRow): string {
  return label === null ? 'no module' : label.name || label.module;
}

function showModule(row: TableRow, page: Page): void {
  const filter = `module:${quoteForFilter(nameOfModule(row))}`;
  page.change((state) => withView(withQuery(state, { filter }), 'flame'));
}

function segment(row: TableRow, weight: number, whole: number, amount: string, page: Page): HTMLElement {
  const name = visible(nameOfModule(row), 60);
  const title = `${name}: ${amount}, ${formatShare(weight, whole)}`;
  const made = element(
    'button',
    {
      type: 'button',
      class: 'segment',
      title,
      'aria-label': page.report === null ? `${title}. Show in the flame graph` : title,
      disabled: page.report !== null,
      tabindex: -1,
      onclick: () => showModule(row, page),
    },
    weight / whole > 0.08 ? element('span', {}, name) : null,
  );
  return styled(made, {
    'flex-grow': String(weight / whole),
    background: `var(--category-${categoryOf(row.label?.category ?? '')})`,
  });
}

function listRow(row: TableRow, weight: number, whole: number, amount: string, page: Page): HTMLElement {
  const category = categoryOf(row.label?.category ?? '');
  const fill = styled(element('span', { class: 'bar-fill', 'aria-hidden': 'true' }), {
    width: `${Math.max(0.3, (weight / whole) * 100)}%`,
    background: `var(--category-${category})`,
  });
  return element(
    'li',
    {},
    element(
      'button',
      {
        type: 'button',
        class: 'bar-row',
        disabled: page.report !== null,
        title: page.report?.scope ?? 'Show in the flame graph',
        onclick: () => showModule(row, page),
      },
      element('span', { class: 'bar-name' }, visible(nameOfModule(row), 80)),
      element('span', { class: 'bar-track' }, fill),
      element('span', { class: 'bar-amount' }, amount),
      element('span', { class: 'bar-share' }, formatShare(weight, whole)),
    ),
  );
}
