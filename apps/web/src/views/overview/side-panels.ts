/** Small lists of the overview: allocators, threads, and how large allocations were. */
import {
  countNoun,
  formatBytes,
  formatCount,
  formatShare,
  nameWithThreads,
  type AnalysisDocument,
  type Usage,
  quoteName,
} from '@memscope/model';

import { element, panel, styled } from '../../dom/element.js';
import { visible } from '../../dom/visible-text.js';
import { withQuery } from '../../state/change.js';
import type { MemoryQuery } from '../../state/parts-of-page.js';
import type { Page } from '../view.js';

const LISTED = 6;

export function allocatorsPanel({ allocators }: AnalysisDocument, query: MemoryQuery, page: Page): HTMLElement | null {
  return usagePanel(
    'By allocator',
    allocators,
    ({ allocator }) => allocator,
    ({ allocator }) => `allocator:${quoteName(allocator)}`,
    query,
    page,
  );
}

export function threadsPanel(
  { threads, threadGroupCount }: AnalysisDocument,
  query: MemoryQuery,
  page: Page,
): HTMLElement | null {
  if (threadGroupCount <= 1) return null;
  return usagePanel('By thread', threads, nameWithThreads, ({ name }) => `thread:${quoteName(name)}`, query, page);
}

function usagePanel<Row extends Usage>(
  title: string,
  rows: readonly Row[],
  nameOf: (row: Row) => string,
  filterOf: (row: Row) => string,
  { measure, counts }: MemoryQuery,
  page: Page,
): HTMLElement | null {
  const weight = (row: Row): number => row[`${measure}${counts ? 'Count' : 'Bytes'}`] ?? 0;
  const whole = rows.reduce((sum, row) => sum + weight(row), 0);
  const shown = rows.filter((row) => weight(row) > 0).toSorted((a, b) => weight(b) - weight(a));
  if (shown.length === 0) return null;
  return panel(
    title,
    element(
      'ol',
      { class: 'small-list' },
      ...shown.slice(0, LISTED).map((row) =>
        element(
          'li',
          {},
          element(
            'button',
            {
              type: 'button',
              class: 'small-row',
              title: 'Filter by it',
              onclick: () => page.change((state) => withQuery(state, { filter: filterOf(row) })),
            },
            element('span', { class: 'bar-name' }, visible(nameOf(row), 50)),
            element('span', { class: 'bar-amount' }, counts ? formatCount(weight(row)) : formatBytes(weight(row))),
            element('span', { class: 'bar-share' }, formatShare(weight(row), whole)),
          ),
        ),
      ),
    ),
    shown.length > LISTED ? element('p', { class: 'quiet' }, `and ${formatCount(shown.length - LISTED)} more`) : null,
  );
}

/** A column for each power of two, as high as its allocations are many. */
export function sizesPanel({ sizes }: AnalysisDocument): HTMLElement | null {
  if (sizes === null || sizes.buckets.length === 0) return null;
  const most = Math.max(...sizes.buckets.map(({ count }) => count));
  const columns = sizes.buckets.map(({ fromBytes, toBytes, count }) => {
    const range = `${formatBytes(fromBytes)} to ${formatBytes(toBytes)}: ${countNoun(count, 'allocation')}`;
    return styled(element('span', { class: 'size-column', title: range }), {
      height: `${count === 0 ? 0 : Math.max(3, (count / most) * 100)}%`,
    });
  });
  const [first, last] = [sizes.buckets[0]!, sizes.buckets.at(-1)!];
  const common = sizes.buckets.reduce((a, b) => (b.count > a.count ? b : a));
  const sentence = `Most allocations, ${formatCount(common.count)}, had ${formatBytes(common.fromBytes)} to ${formatBytes(common.toBytes)}.`;
  return panel(
    'Sizes of allocations',
    element('div', { class: 'size-chart', role: 'img', 'aria-label': sentence }, ...columns),
    element(
      'div',
      { class: 'size-axis quiet' },
      element('span', {}, formatBytes(first.fromBytes)),
      element('span', {}, formatBytes(last.toBytes)),
    ),
    element('p', { class: 'quiet' }, sentence),
  );
}
