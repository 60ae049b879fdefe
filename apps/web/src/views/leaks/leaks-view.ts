/** What grows, and what was never freed: by verdict, and by line of the application with the curve of its live bytes. */
import {
  formatBytes,
  countNoun,
  formatCount,
  headGrowth,
  isCode,
  type LeakSort,
  type LeaksPage,
} from '@memscope/model';

import { askAllRows } from '../../api/ask-all-rows.js';
import { askLeaks, type Question } from '../../api/question.js';
import { copyText } from '../../dom/copy-text.js';
import { element } from '../../dom/element.js';
import { segmented } from '../../dom/segmented.js';
import { visible } from '../../dom/visible-text.js';
import { canSetAnswer, WITHOUT_TIMES } from '../../state/can-answer.js';
import { withFunction, withLeaks, withQuery, withTable, withView } from '../../state/change.js';
import { joinFilters } from '../../state/join-filters.js';
import type { PageState } from '../../state/page-state.js';
import { findingItem } from '../finding-list.js';
import { markBusy, nothingPasses, unansweredNotice, valueOrNotice } from '../notice.js';
import type { Frame, Page, Savable, View } from '../view.js';
import { leakCsv } from './leak-csv.js';
import { leakDetail, type LeakAction } from './leak-detail.js';
import { leakTable, nameOfLeak, placeOfLeak, type LeakRow } from './leak-rows.js';
import { verdictCards } from './verdict-cards.js';

const PAGE = 50;
/** Keys in one burst ask once. */
const SEARCH_WAIT_MS = 30;
const WARM_UPS = ['0', '5%', '10%', '25%'] as const;
type WarmUp = (typeof WARM_UPS)[number];

export class LeaksView implements View {
  readonly #page: Page;
  readonly #warmUp;
  readonly #search: HTMLInputElement;
  readonly #found = element('output', { class: 'found', 'aria-live': 'polite' });
  readonly #body = element('div', {});
  readonly root: HTMLElement;
  #limit = PAGE;
  #frame: Frame | null = null;
  #shown: LeaksPage | null = null;
  #drawn: readonly unknown[] = [];

  constructor(page: Page) {
    this.#page = page;
    this.#warmUp = segmented<WarmUp>(
      'Warm-up',
      WARM_UPS.map((each) => [each, each === '0' ? 'None' : each, 'What was allocated in it does not count'] as const),
      (choice) => page.change((state) => ({ ...state, warmUp: choice === '0' ? null : choice })),
    );
    this.#search = element('input', {
      type: 'search',
      class: 'search',
      placeholder: 'Search lines…  /',
      'aria-label': 'Search in lines, files and where most was allocated',
      'data-search': true,
      spellcheck: 'false',
      autocomplete: 'off',
      oninput: () => this.#searchSoon(),
    });
    this.root = element(
      'section',
      { class: 'view leaks', 'aria-label': 'Leaks' },
      element('h1', { class: 'visually-hidden' }, 'Leaks'),
      element(
        'div',
        { class: 'tool-row' },
        element('span', { class: 'tool-title' }, 'Leave out what was allocated in the first'),
        this.#warmUp.root,
        element('span', { class: 'spacer' }),
        this.#found,
        this.#search,
      ),
      this.#body,
    );
  }

  questions(frame: Omit<Frame, 'read'>): readonly Question<unknown>[] {
    return canSetAnswer(frame.set, 'lifetimes') ? [this.#ask(frame)] : [];
  }

  draw(frame: Frame): void {
    const { warmUp, leaks } = frame.state;
    this.#frame = frame;
    const isAnswered = canSetAnswer(frame.set, 'lifetimes');
    const refused = isAnswered ? {} : Object.fromEntries(WARM_UPS.map((each) => [each, WITHOUT_TIMES]));
    this.#warmUp.draw(WARM_UPS.find((each) => each === warmUp) ?? '0', refused);
    this.#search.disabled = !isAnswered;
    if (!isAnswered) {
      this.#drawUnanswered();
      return;
    }
    if (document.activeElement !== this.#search || leaks.search === null) this.#search.value = leaks.search ?? '';
    const answer = frame.read(this.#ask(frame));
    const value = answer.state === 'ready' ? answer.value : answer.state === 'loading' ? answer.stale : null;
    markBusy(this.root, answer.state === 'loading');
    const drawn = [value, leaks, frame.width];
    if (value !== null && drawn.every((each, at) => each === this.#drawn[at])) return;
    this.#drawn = drawn;
    this.#shown = value;
    this.#found.textContent = '';
    if (value === null) {
      valueOrNotice(this.#body, answer, this.#page);
      return;
    }
    if (value.verdicts.every(({ lines }) => lines === 0)) {
      this.#body.replaceChildren(
        ...growthNotes(value, this.#page),
        nothingPasses(
          'Nothing is left',
          'All that passes the filter was freed by the end.',
          value.suggestion,
          this.#page,
        ),
      );
      return;
    }
    if (leaks.search !== null || leaks.verdict !== null) {
      const noun = value.base === null ? 'line' : 'function';
      this.#found.textContent = `${countNoun(value.rowCount, noun)} with ${formatBytes(value.foundBytes)}`;
    }
    this.#keepFocus(() => this.#body.replaceChildren(...growthNotes(value, this.#page), ...this.#parts(value, frame)));
  }

  #drawUnanswered(): void {
    this.#shown = null;
    this.#drawn = [];
    this.#found.textContent = '';
    markBusy(this.root, false);
    this.#body.replaceChildren(
      unansweredNotice(
        `${WITHOUT_TIMES}: what of it grew, and since when, nobody knows. Where it was allocated is known.`,
        {
          title: 'Show what is live at the end',
          act: () => this.#page.change(withLiveAtEnd),
        },
      ),
    );
  }

  savable(): Savable {
    const frame = this.#frame;
    if (frame === null || this.#shown === null) return { name: 'leaks' };
    return {
      name: 'leaks',
      csv: async () => leakCsv(await askAllRows((offset, limit) => this.#page.ask(askRows(frame, offset, limit)))),
    };
  }

  #parts(value: LeaksPage, { state, run, width }: Frame): HTMLElement[] {
    const { report } = this.#page;
    const { leaks } = state;
    const isNarrowed = leaks.verdict !== null || leaks.search !== null;
    const held = (isNarrowed ? null : report?.leaksHeld(state)) ?? value.rowCount;
    const rest = held - value.rows.length;
    const note = report?.leaksNote(state) ?? '';
    const start = run.startMs ?? value.stepMs[0] ?? 0;
    const change = (part: Parameters<typeof withLeaks>[1]): void => this.#page.change((now) => withLeaks(now, part));
    const sortBy = (sort: LeakSort, isNumber: boolean): void =>
      change({ sort, descending: leaks.sort === sort ? !leaks.descending : isNumber });
    const table = leakTable(value, {
      chosen: leaks,
      width,
      start,
      sortBy,
      toggle: (row) => change({ line: row.filter === leaks.line ? null : row.filter }),
      showStacks: (row, counts) => this.#page.change((now) => withRow(now, row, value, counts, 'flame')),
      detail: (row) => leakDetail(row, value, start, this.#actionsFor(row, value)),
    });
    const isEmpty = value.rows.length === 0;
    return [
      ...verdictCards(value, leaks.verdict, (verdict) => change({ verdict })),
      isEmpty
        ? nothingPasses('No line', 'No line of this verdict has the text that is searched for.', null, this.#page)
        : element('div', { class: 'table-scroll' }, table),
      ...(rest > 0 ? [this.#moreButton(rest)] : []),
      ...(note === '' ? [] : [element('p', { class: 'fine-print' }, note)]),
    ];
  }

  #actionsFor(row: LeakRow, value: LeaksPage): LeakAction[] {
    const show = (title: string, view: 'flame' | 'tables' | 'timeline'): LeakAction => ({
      title,
      choose: () => this.#page.change((state) => withRow(state, row, value, false, view)),
    });
    const target = row.label !== null && isCode(row.label) ? row.label.function : null;
    const place = `${nameOfLeak(row)} ${placeOfLeak(row)}`.trim();
    return [
      show(`Flame graph of ${formatBytes(row.bytes)}`, 'flame'),
      show('Its sites', 'tables'),
      show('Its timeline', 'timeline'),
      ...(target === null
        ? []
        : [
            {
              title: 'Callers, callees and source',
              choose: () => this.#page.change((state) => withFunction(withQuery(state, { measure: 'leaked' }), target)),
            },
          ]),
      {
        title: 'Copy',
        choose: () =>
          void copyText(place).then((done) =>
            this.#page.announce(done ? 'Copied' : 'This browser lets nothing be copied here'),
          ),
      },
    ];
  }

  /** What was pressed stays where the keyboard is, though it was drawn anew. */
  #keepFocus(draw: () => void): void {
    const focused = document.activeElement;
    const key = focused instanceof HTMLElement && this.#body.contains(focused) ? keyOf(focused) : null;
    draw();
    if (key === null) return;
    const same = [...this.#body.querySelectorAll<HTMLElement>('button')].find((each) => keyOf(each) === key);
    same?.focus({ preventScroll: true });
  }

  #ask(frame: Omit<Frame, 'read'>): ReturnType<typeof askLeaks> {
    return askRows(frame, 0, this.#limit);
  }

  #searchSoon(): void {
    const text = this.#search.value.trim();
    setTimeout(() => {
      if (this.#search.value.trim() !== text) return;
      this.#page.change((state) => withLeaks(state, { search: text === '' ? null : text }), 'replace');
    }, SEARCH_WAIT_MS);
  }

  #moreButton(rest: number): HTMLElement {
    const more = (): void => {
      this.#limit += PAGE;
      this.#page.redraw();
    };
    return element(
      'button',
      { type: 'button', class: 'button more', onclick: more },
      `${formatCount(Math.min(PAGE, rest))} more of ${formatCount(rest)}`,
    );
  }
}

function keyOf({ dataset }: HTMLElement): string | null {
  return dataset['key'] ?? dataset['verdict'] ?? null;
}

/** By line of the application, as leaks are told. */
function withLiveAtEnd(state: PageState): PageState {
  const next = withView(withQuery(state, { measure: 'leaked', window: null }), 'tables');
  return withTable(next, { by: 'application', sort: null, search: null, function: null, site: null });
}

/** What the row holds, in another view: the same number. */
function withRow(
  state: PageState,
  { filter }: LeakRow,
  { window }: LeaksPage,
  counts: boolean,
  view: 'flame' | 'tables' | 'timeline',
): PageState {
  const query = { measure: 'leaked', filter: joinFilters(state.query.filter, filter), window, counts } as const;
  const next = withView(withQuery(state, query), view);
  if (view === 'tables') return withTable(next, { by: 'site', sort: null, search: null, function: null, site: null });
  const flame = { ...next.flame, root: null, transforms: [], search: null };
  return { ...next, flame };
}

/** The same words and links as on the overview. */
function growthNotes({ growth, attached, arenas, reserved }: LeaksPage, page: Page): HTMLElement[] {
  const notes = growth.map((finding) => findingItem(finding, page));
  return [
    ...[attached, arenas, reserved].flatMap((text) =>
      text === null ? [] : [element('p', { class: 'fine-print' }, visible(text, 500))],
    ),
    ...(notes.length === 0 ? [] : [element('ul', { class: 'findings', 'aria-label': headGrowth(growth) }, ...notes)]),
  ];
}

function askRows({ state, set }: Omit<Frame, 'read'>, offset: number, limit: number): ReturnType<typeof askLeaks> {
  const query = { ...state.query, measure: 'leaked' as const };
  const { sort, descending, search, verdict } = state.leaks;
  // There is no base to order by.
  const known = set.base.length === 0 && (sort === 'base' || sort === 'change') ? null : sort;
  return askLeaks(set, query, { warmUp: state.warmUp, sort: known, descending, search, verdict, offset, limit });
}
