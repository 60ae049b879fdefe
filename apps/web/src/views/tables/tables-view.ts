/**
 * Tables of functions, sites, modules, threads and allocators: sorted and searched by the server, of which only the
 * rows in sight are asked. A function opens its callers, callees and source.
 */
import {
  countNoun,
  formatBytes,
  formatShare,
  isCounted,
  writeCsv,
  type SiteMeasure,
  type TableBy,
  type TablePage,
  type TableRow,
  quoteName,
} from '@memscope/model';

import type { Answer } from '../../api/answers.js';
import { askAllRows } from '../../api/ask-all-rows.js';
import { askTable, type Question } from '../../api/question.js';
import { element, styled } from '../../dom/element.js';
import { segmented } from '../../dom/segmented.js';
import { withFunction, withQuery, withTable, withView } from '../../state/change.js';
import type { TableState } from '../../state/page-state.js';
import { errorNotice, loadingNotice, markBusy, nothingPasses } from '../notice.js';
import type { Frame, Page, Savable, View } from '../view.js';
import { SandwichPanel } from './sandwich-panel.js';
import { columnsOf, rowName, type TableColumn } from './table-columns.js';
import { VirtualRows } from './virtual-rows.js';

const PAGE_ROWS = 100;
/** Keys in one burst ask once; a question that was asked too early is given up when the next one comes. */
const SEARCH_WAIT_MS = 30;

export class TablesView implements View {
  readonly #page: Page;
  readonly #by;
  readonly #search: HTMLInputElement;
  readonly #sum = element('output', { class: 'found', 'aria-live': 'polite' });
  readonly #head = element('div', { class: 'grid-head', role: 'row' });
  readonly #scroller = element('div', { class: 'grid-body', role: 'rowgroup', tabindex: 0, 'aria-label': 'Rows' });
  readonly #grid = element('div', { class: 'grid', role: 'table' });
  readonly #trouble = element('div', {});
  readonly #note = element('p', { class: 'fine-print' });
  readonly #list: HTMLElement;
  readonly #sandwich: SandwichPanel;
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
            sort: by === state.table.by ? state.table.sort : 'self',
            descending: true,
          }),
        ),
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
      element(
        'div',
        { class: 'tool-row' },
        this.#by.root,
        element('span', { class: 'spacer' }),
        this.#sum,
        this.#search,
      ),
      this.#trouble,
      element('div', { class: 'table-scroll' }, this.#grid),
      this.#note,
    );
    this.#sandwich = new SandwichPanel(page);
    this.root = element(
      'section',
      { class: 'view tables', 'aria-label': 'Tables' },
      element('h1', { class: 'visually-hidden' }, 'Tables'),
      this.#list,
      this.#sandwich.root,
    );
  }

  questions(frame: Omit<Frame, 'read'>): readonly Question<unknown>[] {
    const { table } = frame.state;
    if (table.function !== null) return this.#sandwich.questions(frame, table.function);
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
    this.#list.hidden = table.function !== null;
    this.#sandwich.root.hidden = table.function === null;
    if (table.function !== null) {
      this.#sandwich.draw(frame, table.function);
      return;
    }
    this.#by.draw(table.by, frame.set.head.length > 1 ? {} : { run: 'One run is shown' });
    if (document.activeElement !== this.#search) this.#search.value = table.search ?? '';
    const answer = frame.read(this.#askPage(frame, 0));
    const value = answer.state === 'ready' ? answer.value : answer.state === 'loading' ? answer.stale : null;
    markBusy(this.root, answer.state === 'loading');
    this.#first = value;
    this.#grid.hidden = value === null || value.rowCount === 0;
    this.#trouble.replaceChildren(...noticesOf(answer, value, this.#page));
    this.#note.textContent = this.#page.report?.tableNote(frame.state) ?? '';
    this.#sum.textContent = value === null ? '' : sumText(value, frame.state.query.measure);
    if (value === null) return;
    const columns = columnsOf(value.by, (row) => this.#opener(row, value.by));
    styled(this.#grid, { '--columns': columns.map(({ width }) => width).join(' ') });
    this.#grid.setAttribute('aria-rowcount', String(value.rowCount + 1));
    this.#drawHead(columns, table);
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
    const { by } = frame.state.table;
    return { name: `${by}s`, csv: async () => csvOf(by, await this.#askAll(frame)) };
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
    const { by, sort, descending, search } = state.table;
    return askTable(slot, set, state.query, { by, sort, descending, search, offset, limit });
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

  #opener({ label, thread, allocator }: TableRow, by: TableBy): (() => void) | null {
    const name = label?.function ?? null;
    const filter =
      (text: string): (() => void) =>
      () =>
        this.#page.change((state) => withView(withQuery(state, { filter: text }), 'flame'));
    if (by === 'function' || by === 'site') {
      return name === null ? null : () => this.#page.change((state) => withFunction(state, name));
    }
    if (this.#page.report !== null) return null;
    if (by === 'module') return label === null ? null : filter(`module:${quoteName(label.name || label.module)}`);
    if (by === 'thread') return thread === null ? null : filter(`thread:${quoteName(thread)}`);
    return allocator === null ? null : filter(`allocator:${quoteName(allocator)}`);
  }

  #drawHead(columns: readonly TableColumn[], { sort, descending }: TableState): void {
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
  if (answer.state === 'failed') return [errorNotice(answer.error)];
  if (value === null) return [loadingNotice()];
  if (value.rowCount > 0) return [];
  return [nothingPasses('No rows', 'Nothing passes the filter and the search.', value.suggestion, page)];
}

function sumText({ rowCount, bytes, wholeBytes, count, wholeCount }: TablePage, measure: SiteMeasure): string {
  const rows = countNoun(rowCount, 'row');
  if (isCounted(measure)) return `${rows} · ${countNoun(count, 'object')} · ${formatShare(count, wholeCount)}`;
  return `${rows} · ${formatBytes(bytes)} · ${formatShare(bytes, wholeBytes)}`;
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

function csvOf(by: TableBy, rows: readonly TableRow[]): string {
  return writeCsv({
    columns: [
      by,
      'file',
      'line',
      'module',
      'kind',
      'thread',
      'allocator',
      'self_bytes',
      'self_count',
      'bytes',
      'count',
    ],
    rows: rows.map((row) => [
      rowName(row, by),
      row.label?.file ?? null,
      row.label?.line ?? null,
      row.label?.module ?? null,
      row.label?.kind ?? null,
      row.thread,
      row.allocator,
      row.selfBytes,
      row.selfCount,
      row.bytes,
      row.count,
    ]),
  });
}
