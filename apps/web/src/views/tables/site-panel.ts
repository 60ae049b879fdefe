/**
 * One site: what it holds by the measure, its own line of the application, when what is left of it was allocated and how
 * old that is, the curve of its live bytes, and its whole stack.
 */
import {
  formatBytes,
  formatChange,
  formatCount,
  countNoun,
  formatShare,
  isCode,
  isCounted,
  NO_FRAME,
  NO_PYTHON_FRAME,
  PYTHON_OBJECTS,
  signedChange,
  WITHOUT_ALLOCATOR,
  writeCsv,
  type SiteAnswer,
  type ViewQuery,
} from '@memscope/model';

import { askSite, type Question } from '../../api/question.js';
import { copyText } from '../../dom/copy-text.js';
import { element, icon } from '../../dom/element.js';
import { nameOf, placeOf, visible } from '../../dom/visible-text.js';
import { withFunction, withQuery, withSite, withView } from '../../state/change.js';
import { joinFilters } from '../../state/join-filters.js';
import { ageText, bornText, factTable, liveCurve, stackList, type Fact } from '../leaks/kept-parts.js';
import { markBusy, valueOrNotice } from '../notice.js';
import type { Frame, Page, Savable } from '../view.js';
import { BACK } from './sandwich-panel.js';

export class SitePanel {
  readonly #page: Page;
  readonly #title = element('div', { class: 'sandwich-title' });
  readonly #body = element('div', { class: 'site-body' });
  readonly root: HTMLElement;
  #shown: SiteAnswer | null = null;
  #drawn: unknown[] = [];

  constructor(page: Page) {
    this.#page = page;
    this.root = element('div', { class: 'sandwich' }, this.#title, this.#body);
  }

  questions({ state, set }: Omit<Frame, 'read'>, site: number): readonly Question<unknown>[] {
    return [askSite(set, state.query, site)];
  }

  draw(frame: Frame, site: number): void {
    const { state, set, run } = frame;
    const answer = frame.read(askSite(set, state.query, site));
    const value = answer.state === 'ready' ? answer.value : answer.state === 'loading' ? answer.stale : null;
    markBusy(this.root, answer.state === 'loading');
    const drawn = [value, answer.state === 'failed' && answer.error, site, state.query];
    if (drawn.every((each, at) => each === this.#drawn[at])) return;
    this.#drawn = drawn;
    this.#shown = value;
    this.#title.replaceChildren(...this.#makeTitle(value, state.query));
    if (value === null) valueOrNotice(this.#body, answer, this.#page);
    else this.#body.replaceChildren(this.#detail(value, state.query, run.startMs));
  }

  savable(): Savable {
    const shown = this.#shown;
    if (shown === null) return { name: 'site' };
    return {
      name: 'site',
      csv: () =>
        writeCsv({
          columns: ['depth', 'function', 'file', 'line', 'module'],
          rows: shown.stack
            .toReversed()
            .map(({ name, file, line, module }, depth) => [depth, name, file, line, module]),
        }),
    };
  }

  #makeTitle(value: SiteAnswer | null, { counts, measure }: ViewQuery): HTMLElement[] {
    const back = element(
      'button',
      { type: 'button', class: 'button', onclick: () => this.#page.change((state) => withSite(state, null)) },
      icon(BACK),
      'All sites',
    );
    if (value === null) return [back, element('h2', {}, 'A site')];
    const [innermost] = value.stack;
    const [name, place] = innermost === undefined ? [NO_FRAME, ''] : [nameOf(innermost, 120), placeOf(innermost, 200)];
    const byCount = counts || isCounted(measure);
    const format = byCount ? formatCount : formatBytes;
    const [own, whole] = byCount ? [value.siteCount, value.count] : [value.siteBytes, value.bytes];
    const amount = `${format(own)}, ${formatShare(own, whole)} of ${format(whole)}`;
    return [
      back,
      element('h2', {}, name, ' ', element('span', { class: 'quiet place' }, place)),
      element('strong', { class: 'site-amount' }, amount),
    ];
  }

  #detail(value: SiteAnswer, query: ViewQuery, startMs: number | null): HTMLElement {
    const { application, life, stack, frames } = value;
    const title =
      frames > stack.length
        ? `Stack: the innermost ${formatCount(stack.length)} of ${countNoun(frames, 'frame')}`
        : `Stack of ${countNoun(frames, 'frame')}`;
    return element(
      'div',
      { class: 'leak-detail', role: 'region', 'aria-label': 'The site' },
      element(
        'div',
        { class: 'leak-facts' },
        application?.source === undefined
          ? null
          : element('code', { class: 'frame-source' }, visible(application.source, 200)),
        factTable(factsOf(value, query, startMs)),
        element('div', { class: 'leak-actions' }, ...this.#actions(value)),
      ),
      life === null
        ? element('p', { class: 'quiet' }, 'This capture does not know when allocations were made and freed.')
        : liveCurve(life.liveBytes),
      stackList(title, stack, application),
    );
  }

  #actions({ application, filter, stack }: SiteAnswer): HTMLElement[] {
    const page = this.#page;
    const action = (title: string, choose: () => void): HTMLElement =>
      element('button', { type: 'button', class: 'button', onclick: choose }, title);
    const show = (title: string, view: 'flame' | 'timeline'): HTMLElement =>
      action(title, () =>
        page.change((state) => withView(withQuery(state, { filter: joinFilters(state.query.filter, filter) }), view)),
      );
    const copied = stack.toReversed().map((frame) => `${nameOf(frame, 200)} ${placeOf(frame, 300)}`.trim());
    const code = [application, ...stack].find((label) => label !== null && label !== undefined && isCode(label));
    const target = code?.function ?? null;
    return [
      show('Flame graph of its line', 'flame'),
      show('Timeline of its line', 'timeline'),
      ...(target === null
        ? []
        : [action('Callers, callees and source', () => page.change((state) => withFunction(state, target)))]),
      action(
        'Copy the stack',
        () =>
          void copyText(copied.join('\n')).then((done) =>
            page.announce(done ? 'Copied' : 'This browser lets nothing be copied here'),
          ),
      ),
    ];
  }
}

function factsOf(value: SiteAnswer, { measure }: ViewQuery, startMs: number | null): readonly Fact[] {
  const { siteBytes, siteCount, baseSiteBytes, baseSiteCount, thread, allocator, life } = value;
  const held: readonly Fact[] = isCounted(measure)
    ? [['Holds', countNoun(siteCount, 'object')]]
    : [['Holds', `${formatBytes(siteBytes)} in ${countNoun(siteCount, 'allocation')}`]];
  const base: readonly Fact[] =
    baseSiteBytes === null || baseSiteCount === null
      ? []
      : [
          [
            'In the base',
            `${formatBytes(baseSiteBytes)} in ${formatCount(baseSiteCount)}: ${signedChange(siteBytes - baseSiteBytes, formatBytes)} (${formatChange(baseSiteBytes, siteBytes - baseSiteBytes)})`,
          ],
        ];
  return [
    ...held,
    ...base,
    ['Line of the application', lineOf(value)],
    ['Allocator', visible(allocator ?? WITHOUT_ALLOCATOR, 60)],
    ...(thread === null ? [] : ([['Thread', visible(thread, 120)]] as const)),
    ...(life === null ? [] : lifeFacts(life, startMs)),
  ];
}

function lineOf({ application, kind }: SiteAnswer): string {
  if (application === null) {
    return kind === 'objects' ? PYTHON_OBJECTS : kind === 'frameless' ? NO_PYTHON_FRAME : NO_FRAME;
  }
  const imported = kind === 'import' ? ', what it imports' : '';
  return `${nameOf(application, 80)} ${placeOf(application, 120)}${imported}`;
}

function lifeFacts(
  { bytes, count, born, endMs }: NonNullable<SiteAnswer['life']>,
  startMs: number | null,
): readonly Fact[] {
  if (born === null) return [['Left at the end', 'nothing: all of it was freed']];
  return [
    ['Left at the end', `${formatBytes(bytes)} in ${countNoun(count, 'allocation')}`],
    ['Born', `${bornText(born, startMs ?? born.firstMs)} after the start`],
    ['Age at the end', ageText(born, endMs)],
  ];
}
