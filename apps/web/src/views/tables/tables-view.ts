/**
 * Tables of functions, sites, modules, threads and allocators: sorted and searched by the server, of which only the
 * rows in sight are asked. A function opens its callers, callees and source.
 */
import {
  isCounted,
  quoteName,
  type RowChangeChoice,
  type TableBy,
  type TablePage,
  type TableRow,
  type TableSort,
} from '@memscope/model';

import type { Answer } from '../../api/answers.js';
import { askAllRows } from '../../api/ask-all-rows.js';
import { askTable, type Question } from '../../api/question.js';
import { element, styled } from '../../dom/element.js';
import { segmented } from '../../dom/segmented.js';
import { withFunction, withQuery, withSite, withTable, withView } from '../../state/change.js';
import { joinFilters } from '../../state/join-filters.js';
import { errorNotice, loadingNotice, markBusy, nothingPasses } from '../notice.js';
import type { Frame, Page, Savable, View } from '../view.js';
import { SandwichPanel } from './sandwich-panel.js';
import { SitePanel } from './site-panel.js';
import { comparedNumbers } from './compared-columns.js';
import { columnsThatFit, columnsOf, COUNTS, NUMBERS, sayLeftOut, trackOf, type TableColumn } from './table-columns.js';
import { sortOf } from './table-sort.js';
import { countsOf, csvOf, sumText } from './table-text.js';
import { VirtualRows } from './virtual-rows.js';

const PAGE_ROWS = 100;
/** Keys in one burst ask once; a question that was asked too early is given up when the next one comes. */
const SEARCH_WAIT_MS = 30;

export class TablesView implements View {
  readonly #page: Page;
  readonly #by;
  readonly #change;
  readonly #search: HTMLInputElement;
  readonly #sum = element('output', { class: 'found', 'aria-live': 'polite' });
  readonly #head = element('div', { class: 'grid-head', role: 'row' });
  readonly #scroller = element('div', { class: 'grid-body', role: 'rowgroup', tabindex: 0, 'aria-label': 'Rows' });
  readonly #grid = element('div', { class: 'grid', role: 'table' });
  readonly #trouble = element('div', {});
  readonly #note = element('p', { class: 'fine-print' });
  readonly #leftOut = element('p', { class: 'fine-print screen-only' });
  readonly #list: HTMLElement;
  readonly #sandwich: SandwichPanel;
  readonly #site: SitePanel;
  readonly #rows: VirtualRows;
  readonly root: HTMLElement;
  #first: TablePage | null = null;
  #asked = '';
  #frame: Frame | null = null;

  constructor(page: Page) {
    this.#page = page;
    this.#by = segmented<TableBy>(
      'Rows are',
      [
        ['function', 'Functions'],
        ['location', 'Locations', 'A function at a line'],
        ['site', 'Sites', 'Thread, allocator and stack'],
        ['module', 'Modules'],
        ['library', 'Libraries', 'Whose memory it is'],
        ['category', 'Categories', 'What kind of library it belongs to'],
        ['application', 'Lines', 'The line of the application that leads to it'],
        ['owner', 'Owners', 'The function whose memory it is: the innermost one of Python'],
        ['thread', 'Threads'],
        ['allocator', 'Allocators'],
        ['run', 'Runs', 'Of several that are shown as one'],
      ],
      (by) =>
        page.change((state) =>
          withTable(state, {
            by,
            function: null,
            site: null,
            sort: by === state.table.by ? state.table.sort : null,
            descending: true,
          }),
        ),
    );
    this.#change = segmented<RowChangeChoice>(
      'Rows that',
      [
        ['all', 'All', 'Whether they changed or not'],
        ['grew', 'Grew', 'What rows allocated themselves is more in the head'],
        ['shrank', 'Shrank', 'What rows allocated themselves is less in the head'],
        ['new', 'New', 'The base has nothing of them'],
        ['gone', 'Gone', 'The head has nothing of them'],
      ],
      (change) => page.change((state) => withTable(state, { change })),
    );
    this.#search = element('input', {
      type: 'search',
      class: 'search',
      placeholder: 'Search rows…  /',
      'aria-label': 'Search in the names of the rows',
      'data-search': true,
      spellcheck: 'false',
      autocomplete: 'off',
      oninput: () => this.#searchSoon(),
    });
    this.#rows = new VirtualRows(this.#scroller, () => page.redraw());
    this.#grid.append(element('div', { role: 'rowgroup', class: 'grid-head-group' }, this.#head), this.#scroller);
    this.#list = element(
      'div',
      { class: 'table-list' },
      element('div', { class: 'tool-row' }, this.#by.root, this.#change.root, this.#sum, this.#search),
      this.#trouble,
      element('div', { class: 'table-scroll' }, this.#grid),
      this.#rows.note,
      this.#note,
      this.#leftOut,
    );
    this.#sandwich = new SandwichPanel(page);
    this.#site = new SitePanel(page);
    this.root = element(
      'section',
      { class: 'view tables', 'aria-label': 'Tables' },
      element('h1', { class: 'visually-hidden' }, 'Tables'),
      this.#list,
      this.#sandwich.root,
      this.#site.root,
    );
  }

  questions(frame: Omit<Frame, 'read'>): readonly Question<unknown>[] {
    const { table } = frame.state;
    if (table.function !== null) return this.#sandwich.questions(frame, table.function);
    if (table.site !== null) return this.#site.questions(frame, table.site);
    const asked = this.#key(frame);
    if (asked !== this.#asked) {
      this.#asked = asked;
      this.#rows.scrollToTop();
    }
    return [this.#askPage(frame, 0), ...this.#pagesInSight().map((page) => this.#askPage(frame, page))];
  }

  draw(frame: Frame): void {
    const { table } = frame.state;
    this.#frame = frame;
    const { function: opened, site } = table;
    this.#sandwich.root.hidden = opened === null;
    this.#site.root.hidden = opened !== null || site === null;
    this.#list.hidden = opened !== null || site !== null;
    if (opened !== null) return this.#sandwich.draw(frame, opened);
    if (site !== null) return this.#site.draw(frame, site);
    const isCompared = frame.set.base.length > 0;
    this.#by.draw(table.by, {
      ...(frame.set.head.length > 1 ? {} : { run: 'One run is shown' }),
      ...(isCompared ? { location: 'With a base a function is the same at any line' } : {}),
    });
    this.#change.root.hidden = !isCompared;
    this.#change.draw(table.change);
    if (document.activeElement !== this.#search) this.#search.value = table.search ?? '';
    const answer = frame.read(this.#askPage(frame, 0));
    const value = answer.state === 'ready' ? answer.value : answer.state === 'loading' ? answer.stale : null;
    markBusy(this.root, answer.state === 'loading');
    this.#first = value;
    this.#grid.hidden = value === null || value.rowCount === 0;
    this.#trouble.replaceChildren(...noticesOf(answer, value, this.#page));
    this.#sum.textContent = value === null ? '' : sumText(value, frame.state.query);
    this.#note.textContent = this.#page.report?.tableNote(frame.state) ?? '';
    if (value === null) return;
    const { query } = frame.state;
    const ofOne = isCounted(query.measure) ? COUNTS : NUMBERS;
    const numbers = value.changes === null ? ofOne : comparedNumbers(countsOf(query), value.by);
    const sort = sortOf(table, isCompared, query);
    const all = columnsOf(value.by, (row) => this.#opener(row, value.by), numbers);
    const columns = columnsThatFit(all, sort, frame.width);
    styled(this.#grid, { '--columns': columns.map(trackOf).join(' ') });
    this.#leftOut.textContent = sayLeftOut(all, columns);
    this.#grid.setAttribute('aria-rowcount', String(value.rowCount + 1));
    this.#drawHead(columns, sort, table.descending);
    const pages = new Map<number, TablePage>([[0, value]]);
    for (const page of this.#pagesInSight()) {
      const part = frame.read(this.#askPage(frame, page));
      if (part.state === 'ready') pages.set(page, part.value);
    }
    this.#rows.draw(value.rowCount, (row) => {
      const page = Math.floor(row / PAGE_ROWS);
      const found = pages.get(page)?.rows[row - page * PAGE_ROWS];
      return found === undefined ? pendingRow(row) : filledRow(found, row, columns, value);
    });
  }

  savable(): Savable {
    const [frame, value] = [this.#frame, this.#first];
    if (frame === null || value === null) return { name: 'table' };
    if (frame.state.table.function !== null) return this.#sandwich.savable();
    const { by, site } = frame.state.table;
    if (site !== null) return this.#site.savable();
    return { name: `${by}s`, csv: async () => csvOf(by, await this.#askAll(frame), value.changes !== null) };
  }

  #askPage(frame: Omit<Frame, 'read'>, page: number): ReturnType<typeof askTable> {
    return this.#askRows(frame, page === 0 ? 'table' : `table-${page}`, page * PAGE_ROWS, PAGE_ROWS);
  }

  #askRows(
    { state, set }: Omit<Frame, 'read'>,
    slot: string,
    offset: number,
    limit: number,
  ): ReturnType<typeof askTable> {
    const { by, descending, search, change } = state.table;
    const sort = sortOf(state.table, set.base.length > 0, state.query);
    return askTable(slot, set, state.query, { by, sort, descending, search, change, offset, limit });
  }

  #askAll(frame: Frame): Promise<TableRow[]> {
    return askAllRows((offset, limit) => this.#page.ask(this.#askRows(frame, 'saved', offset, limit)));
  }

  #key(frame: Omit<Frame, 'read'>): string {
    return this.#askPage(frame, 0).path;
  }

  #pagesInSight(): number[] {
    const [first, last] = this.#rows.range();
    const most = Math.max(0, Math.ceil((this.#first?.rowCount ?? 1) / PAGE_ROWS) - 1);
    const pages: number[] = [];
    for (let page = Math.floor(first / PAGE_ROWS); page <= Math.min(most, Math.floor(last / PAGE_ROWS)); page++) {
      if (page > 0) pages.push(page);
    }
    return pages;
  }

  /**
   * What a row holds, in the flame graph: within what is filtered already. Rows of frames open their function, sites
   * themselves.
   */
  #opener({ label, filter, site }: TableRow, by: TableBy): (() => void) | null {
    const name = label?.function ?? null;
    if (site !== null) return () => this.#page.change((state) => withSite(state, site));
    if (by === 'function' || by === 'location' || by === 'site') {
      return name === null ? null : () => this.#page.change((state) => withFunction(state, name));
    }
    const more = by === 'module' && label !== null ? `module:${quoteName(label.name || label.module)}` : filter;
    if (more === null) return null;
    return () =>
      this.#page.change((state) =>
        withView(withQuery(state, { filter: joinFilters(state.query.filter, more) }), 'flame'),
      );
  }

  #drawHead(columns: readonly TableColumn[], sort: TableSort, descending: boolean): void {
    this.#head.replaceChildren(
      ...columns.map((column) => {
        const isSorted = column.sort !== null && column.sort === sort;
        const order = isSorted ? (descending ? 'descending' : 'ascending') : null;
        const click = (): void =>
          this.#page.change((state) =>
            withTable(state, { sort: column.sort!, descending: isSorted ? !descending : column.sort !== 'name' }),
          );
        return element(
          'div',
          { role: 'columnheader', class: column.isNumber ? 'number' : null, 'aria-sort': order },
          column.group === undefined ? null : element('span', { class: 'column-group' }, column.group),
          column.sort === null
            ? column.title
            : element(
                'button',
                { type: 'button', class: 'sort-button', onclick: click },
                column.title,
                isSorted ? (descending ? ' ↓' : ' ↑') : '',
              ),
        );
      }),
    );
  }

  #searchSoon(): void {
    const text = this.#search.value.trim();
    setTimeout(() => {
      if (this.#search.value.trim() !== text) return;
      this.#page.change((state) => withTable(state, { search: text === '' ? null : text }), 'replace');
    }, SEARCH_WAIT_MS);
  }
}

function noticesOf(answer: Answer<TablePage>, value: TablePage | null, page: Page): HTMLElement[] {
  if (answer.state === 'failed') return [errorNotice(answer.error, page)];
  if (value === null) return [loadingNotice()];
  if (value.rowCount > 0) return [];
  const reason =
    value.changes === null
      ? 'Nothing passes the filter and the search.'
      : 'No row has changed so that passes the filter and the search.';
  return [nothingPasses('No rows', reason, value.suggestion, page)];
}

function pendingRow(row: number): HTMLElement {
  return element('div', { class: 'grid-row pending', role: 'row', 'aria-rowindex': row + 2 });
}

function filledRow(found: TableRow, row: number, columns: readonly TableColumn[], page: TablePage): HTMLElement {
  return element(
    'div',
    { class: 'grid-row', role: 'row', 'aria-rowindex': row + 2 },
    ...columns.map((column, at) =>
      element(
        'div',
        { role: at === 0 ? 'rowheader' : 'cell', class: column.isNumber ? 'number' : null },
        ...column.cell(found, page),
      ),
    ),
  );
}
