/** Above the flame graph: how it is drawn, the search with what it matched, crumbs of zoom and transforms, the legend. */
import {
  countNoun,
  formatBytes,
  formatChange,
  formatCount,
  formatShare,
  isCode,
  nameCategory,
  quoteName,
  type ComparedWeight,
  type FlameHead,
  type SearchAnswer,
  type Transform,
} from '@memscope/model';

import type { Answer } from '../../api/answers.js';
import type { FlameAnswer } from '../../api/question.js';
import { currentTheme } from '../../controls/theme.js';
import { element, icon } from '../../dom/element.js';
import { segmented } from '../../dom/segmented.js';
import { nameOf, visible, visibleFunction } from '../../dom/visible-text.js';
import type { ChangeScale } from '../../drawing/change-scale.js';
import { legendEntries } from '../../controls/choice-legend.js';
import { ownerMark } from '../../drawing/owner-mark.js';
import { colouredCategory, ownerStyle } from '../../drawing/owner-colour.js';
import { COLOURED_CATEGORIES } from '../../drawing/palette.js';
import { withFlame, withoutTransform, withQuery } from '../../state/change.js';
import { joinFilters } from '../../state/join-filters.js';
import type { PageState } from '../../state/page-state.js';
import type { Frame, Page } from '../view.js';
import { changeLegend } from './change-legend.js';

const TITLES: Readonly<Record<Transform['kind'], string>> = {
  focus: 'only through',
  hide: 'without',
  collapse: 'collapsed',
  callers: 'callers of',
  callees: 'called by',
};

const SEARCH_HINT =
  'Functions and files by a part of their name, libraries (numpy, PyTorch) by all of it; or anything of the filter language';

/** Keys in one burst ask once; a question that was asked too early is given up when the next one comes. */
const SEARCH_WAIT_MS = 30;

const CROSS = 'M4 4l8 8M12 4l-8 8';
const UP = 'M4 10l4-4l4 4';
const DOWN = 'M4 6l4 4l4-4';

export class FlameTools {
  readonly #page: Page;
  readonly #search: HTMLInputElement;
  readonly #place = element('output', { class: 'match-place', 'aria-live': 'off' });
  readonly #steps: readonly HTMLButtonElement[];
  readonly #found = element('output', { class: 'found', 'aria-live': 'polite' });
  readonly #crumbs = element('nav', { class: 'crumbs', 'aria-label': 'Zoom and transforms' });
  readonly legend = element('ul', { class: 'legend', 'aria-label': 'Colours' });
  readonly #orientation;
  readonly #direction;
  readonly #weigh;
  readonly root: HTMLElement;

  /** `onStep`: to the next match (1) or the one before it (-1). */
  constructor(page: Page, onStep: (step: 1 | -1) => void) {
    this.#page = page;
    this.#steps = (
      [
        ['Previous match (Shift-Enter, N)', UP, -1],
        ['Next match (Enter, n)', DOWN, 1],
      ] as const
    ).map(([title, path, step]) => {
      const onclick = (): void => onStep(step);
      return element(
        'button',
        { type: 'button', class: 'icon-button match-step', 'aria-label': title, title, onclick },
        icon(path),
      );
    });
    this.#direction = segmented(
      'Stacks start at',
      [
        ['roots', 'Top down', 'From the program’s start to what allocates'],
        ['leaves', 'Bottom up', 'Inverted: from what allocates to its callers'],
      ],
      (choice) => page.change((state) => withFlame(state, { inverted: choice === 'leaves' })),
    );
    this.#orientation = segmented(
      'Drawn as',
      [
        ['icicle', 'Icicle', 'Roots at the top'],
        ['flame', 'Flame', 'Roots at the bottom'],
      ],
      (choice) => page.change((state) => withFlame(state, { upwards: choice === 'flame' })),
    );
    this.#weigh = segmented<ComparedWeight>(
      'Widths are',
      [
        ['larger', 'Both', 'The larger of both sides on each path, so that all of both is seen'],
        ['head', 'Head', 'As wide as in the head: what has gone is not there'],
        ['base', 'Base', 'As wide as in the base: what is new is not there'],
        ['change', 'Change', 'Only what changed, either way'],
        ['grown', 'Grew', 'Only what grew: nothing that shrank is taken off'],
        ['shrunk', 'Shrank', 'Only what shrank: nothing that grew is taken off'],
      ],
      (weigh) => page.change((state) => withFlame(state, { weigh })),
    );
    this.#search = element('input', {
      type: 'search',
      class: 'search',
      placeholder: 'Search frames…  /',
      title: SEARCH_HINT,
      'aria-label': 'Search functions, files and libraries, in the filter language',
      'data-search': true,
      spellcheck: 'false',
      autocomplete: 'off',
      oninput: () => this.#searchSoon(),
      onkeydown: (event) => {
        if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1);
      },
    });
    this.root = element(
      'div',
      { class: 'tools' },
      element(
        'div',
        { class: 'tool-row' },
        this.#direction.root,
        this.#orientation.root,
        this.#weigh.root,
        element('span', { class: 'spacer' }),
        this.#found,
        this.#place,
        ...this.#steps,
        this.#search,
      ),
      this.#crumbs,
      this.legend,
    );
  }

  /** `scale` null: nothing is compared, and colours are those of kinds of code. */
  draw(
    { state, run, set }: Frame,
    answer: FlameAnswer | null,
    found: Answer<SearchAnswer> | null,
    scale: ChangeScale | null,
  ): void {
    const { flame, query } = state;
    this.#weigh.root.hidden = set.base.length === 0;
    this.#weigh.draw(flame.weigh);
    this.#direction.draw(flame.inverted ? 'leaves' : 'roots');
    this.#orientation.draw(flame.upwards ? 'flame' : 'icicle');
    if (document.activeElement !== this.#search || flame.search === null) this.#search.value = flame.search ?? '';
    const { report } = this.#page;
    const folded = report?.foldedFrames({ ...state, flame: { ...flame, inverted: false } }).nodes ?? 0;
    // A hidden frame may match as well.
    const isLeast = report?.isWhole === false && (folded > 0 || query.frames !== 'all' || report.note(state) !== '');
    this.#drawFound(found, answer?.head ?? null, query.counts, isLeast);
    this.#crumbs.replaceChildren(...this.#makeCrumbs(answer, flame.transforms, run.name, query.mergeRecursion));
    this.#crumbs.hidden = this.#crumbs.childElementCount === 0;
    if (scale !== null)
      this.legend.replaceChildren(...changeLegend(scale, query.counts, currentTheme().palette.change));
    else if (answer !== null) this.#drawLegend(answer, state);
  }

  /** `at` counts from 0; -1 = none is chosen yet. `total` null: nothing is searched for. */
  showMatches(total: number | null, at: number): void {
    const some = total !== null && total > 0;
    const frames = countNoun(total ?? 0, 'frame');
    this.#place.textContent = !some ? '' : at < 0 ? frames : `${formatCount(at + 1)} of ${frames}`;
    this.#place.title = 'Frames that are drawn and match, the heaviest first';
    for (const step of this.#steps) step.hidden = !some;
  }

  #searchSoon(): void {
    const text = this.#search.value.trim();
    const wait = setTimeout(() => {
      if (this.#search.value.trim() !== text) return;
      this.#page.change((state) => withFlame(state, { search: text === '' ? null : text }), 'replace');
    }, SEARCH_WAIT_MS);
    if (text === '') {
      clearTimeout(wait);
      this.#page.change((state) => withFlame(state, { search: null }), 'replace');
    }
  }

  /** `isLeast`: more may match among what a report does not hold. */
  #drawFound(found: Answer<SearchAnswer> | null, head: FlameHead | null, counts: boolean, isLeast: boolean): void {
    this.#search.removeAttribute('aria-invalid');
    this.#found.classList.remove('is-wrong');
    if (found === null) this.#found.textContent = '';
    else if (found.state === 'failed') {
      this.#found.textContent = visible(found.error.message, 120);
      this.#found.classList.add('is-wrong');
      this.#search.setAttribute('aria-invalid', 'true');
    } else if (found.state === 'ready' && head !== null) {
      const { matchedBytes, matchedCount, baseMatchedBytes, baseMatchedCount, functions } = found.value;
      const isNothing = functions.length === 0 && matchedCount === 0 && (baseMatchedCount ?? 0) === 0;
      const share = counts ? formatShare(matchedCount, head.count) : formatShare(matchedBytes, head.bytes);
      const amount = counts
        ? countNoun(matchedCount, Number.isFinite(matchedBytes) ? 'allocation' : 'object')
        : formatBytes(matchedBytes);
      const [now, before] = counts ? [matchedCount, baseMatchedCount] : [matchedBytes, baseMatchedBytes];
      const matched = before === null ? `${amount} · ${share} matched` : `${sayChange(before, now, counts)} matched`;
      this.#found.textContent = isNothing
        ? isLeast
          ? 'nothing in this report matches'
          : 'nothing matches'
        : `${isLeast ? 'at least ' : ''}${matched}`;
      this.#found.title = Number.isFinite(matchedBytes)
        ? `${countNoun(matchedBytes, 'byte')}, ${countNoun(matchedCount, 'allocation')}`
        : '';
    }
  }

  #makeCrumbs(
    answer: FlameAnswer | null,
    transforms: readonly Transform[],
    runName: string,
    mergesRecursion: boolean,
  ): HTMLElement[] {
    const crumbs: HTMLElement[] = [];
    for (const [index, { kind, target }] of transforms.entries()) {
      const name = visibleFunction(target);
      crumbs.push(
        this.#crumb(`${TITLES[kind]} ${name}`, () => this.#page.change((state) => withoutTransform(state, index))),
      );
    }
    if (mergesRecursion) {
      crumbs.push(
        this.#crumb('recursion merged', () =>
          this.#page.change((state) => withQuery(state, { mergeRecursion: false })),
        ),
      );
    }
    const path = answer?.head.path ?? [];
    if (path.length <= 1) return crumbs;
    for (const [index, { id, label }] of path.entries()) {
      const isLast = index === path.length - 1;
      const isHidden = path.length > 8 && index > 1 && index < path.length - 4;
      if (isHidden) {
        if (index === 2) crumbs.push(element('span', { class: 'path-gap' }, `… ${path.length - 6} more …`));
        continue;
      }
      const root = label.kind === 'all' ? null : id;
      const title = label.kind === 'all' ? visible(runName, 40) : nameOf(label, 40);
      crumbs.push(
        element(
          'button',
          {
            type: 'button',
            class: 'path-step',
            'aria-current': isLast ? 'true' : null,
            onclick: () => this.#page.change((state) => withFlame(state, { root })),
          },
          title,
        ),
      );
    }
    return crumbs;
  }

  #crumb(title: string, undo: () => void): HTMLElement {
    return element(
      'span',
      { class: 'crumb' },
      element('span', {}, title),
      element('button', { type: 'button', 'aria-label': `Undo: ${title}`, title: 'Undo', onclick: undo }, icon(CROSS)),
    );
  }

  /** Categories of the code that is drawn. */
  #drawLegend({ head }: FlameAnswer, { flame }: PageState): void {
    const used = new Set(head.labels.filter(isCode).map(({ category }) => category ?? 'unknown'));
    const rank = (name: string): number => {
      const at = COLOURED_CATEGORIES.findIndex((each) => each === name);
      return at >= 0 ? at : COLOURED_CATEGORIES.length + (colouredCategory(name) === null ? 1 : 0);
    };
    const entries = [...used]
      .toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
      .map((name) => ({
        name,
        title: `${ownerMark(name)} ${visible(nameCategory(name), 40)}`.trim(),
        colour: ownerStyle({ category: name }),
        amount: '',
        filter: `owner:${quoteName(nameCategory(name))}`,
      }));
    this.legend.replaceChildren(
      ...legendEntries(entries, flame.legend, {
        choose: (legend) => this.#page.change((now) => withFlame(now, { legend })),
        filter: (filter) =>
          this.#page.change((now) => withQuery(now, { filter: joinFilters(now.query.filter, filter) })),
      }),
    );
  }
}

/** "base 12.0 MiB → head 16.0 MiB (+33%)". */
function sayChange(base: number, head: number, counts: boolean): string {
  const format = counts ? formatCount : formatBytes;
  return `base ${format(base)} → head ${format(head)} (${formatChange(base, head - base)})`;
}
