/** What stands in place of an answer: that it is on its way, that there is nothing, or why it failed. */
import type { FilterSuggestion } from '@memscope/model';

import type { AnswerError } from '../api/answer-error.js';
import type { Answer } from '../api/answers.js';
import { element } from '../dom/element.js';
import { visible } from '../dom/visible-text.js';
import { lastNarrowing, withQuery, withView } from '../state/change.js';
import type { Page } from './view.js';

export function loadingNotice(): HTMLElement {
  return element(
    'div',
    { class: 'notice loading', role: 'status' },
    element('span', { class: 'spinner', 'aria-hidden': 'true' }),
    element('span', {}, 'Reading the profile…'),
  );
}

function emptyNotice(title: string, hint: string, button: HTMLElement | null): HTMLElement {
  return element(
    'div',
    { class: 'notice empty', role: 'status' },
    element('strong', {}, title),
    element('span', {}, hint),
    button,
  );
}

/** Where a filter lets nothing pass: says what was probably meant, and takes it. */
export function nothingPasses(
  title: string,
  otherwise: string,
  suggestion: FilterSuggestion | null,
  page: Page,
): HTMLElement {
  if (suggestion === null) return emptyNotice(title, otherwise, widen(page));
  const { text, filter } = suggestion;
  if (filter === null) return emptyNotice(title, visible(text, 600), widen(page));
  const use = element(
    'button',
    {
      type: 'button',
      class: 'button',
      'data-suggestion': true,
      onclick: () => page.change((state) => withQuery(state, { filter })),
    },
    visible(filter, 120),
  );
  return emptyNotice(title, visible(text, 600), use);
}

/** Where the captures that are shown lack what the view is about: what they lack, and where to go instead. */
export function unansweredNotice(
  text: string,
  remedy: { readonly title: string; readonly act: () => void },
): HTMLElement {
  return emptyNotice('This capture cannot answer that', text, actButton(remedy.title, remedy.act));
}

const TITLES: Readonly<Partial<Record<AnswerError['code'], string>>> = {
  syntax: 'That cannot be read',
  pattern: 'That pattern cannot be used',
  slow: 'That pattern took too long',
  outside: 'That lies outside the recording',
  cannotAnswer: 'This capture cannot answer that',
  notReady: 'Not ready yet',
  notFound: 'Not there',
  unreachable: 'No server',
  refused: 'Not allowed',
  notHeld: 'Not in this report',
};

/** What went wrong, and the one thing to do about it, where there is one. */
export function errorNotice(error: AnswerError, page: Page): HTMLElement {
  const title = TITLES[error.code] ?? 'Something went wrong';
  return element(
    'div',
    {
      class: error.code === 'cannotAnswer' || error.code === 'notHeld' ? 'notice empty' : 'notice error',
      role: 'alert',
    },
    element('strong', {}, title),
    element('span', {}, visible(error.message, 600)),
    remedyOf(error, page),
  );
}

/** A step back from what narrows the page; null: nothing does. */
function widen(page: Page): HTMLElement | null {
  const wider = lastNarrowing(page.state());
  if (wider === null) return null;
  return actButton(wider.title, () => page.change(() => wider.state));
}

function actButton(title: string, onclick: () => void): HTMLElement {
  return element('button', { type: 'button', class: 'button', onclick }, title);
}

/** Another try where it may help, else a step back from what was asked. */
function remedyOf({ code, place }: AnswerError, page: Page): HTMLElement | null {
  if (code === 'refused') return null;
  // Another try helps no pattern that was stopped.
  if (code === 'unreachable' || (code === 'slow' && place === null) || code === 'internal')
    return actButton('Try again', () => page.retry());
  const state = page.state();
  if (place !== null && state.query.filter !== null)
    return actButton('Clear the filter', () => page.change((now) => withQuery(now, { filter: null })));
  const wider = widen(page);
  if (wider !== null || state.view === 'overview') return wider;
  return actButton('Show the overview', () => page.change((now) => withView(now, 'overview')));
}

/** The value to draw, which may be an old one; else null, after filling `host` with a notice. */
export function valueOrNotice<Value>(host: HTMLElement, answer: Answer<Value>, page: Page): Value | null {
  const value = answer.state === 'ready' ? answer.value : answer.state === 'loading' ? answer.stale : null;
  if (value !== null) return value;
  host.replaceChildren(answer.state === 'failed' ? errorNotice(answer.error, page) : loadingNotice());
  return null;
}

export function markBusy(host: HTMLElement, isBusy: boolean): void {
  host.setAttribute('aria-busy', String(isBusy));
}
