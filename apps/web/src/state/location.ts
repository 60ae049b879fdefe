/**
 * Keeps the state and the browser's address bar the same: each step pushes an entry of the history, and back and forward
 * bring the state of theirs. What is no step of its own, such as each notch of a wheel, is in the address a moment
 * later: browsers refuse changes that come too fast (Firefox 200 in 10 seconds), and no such refusal may keep the page
 * from drawing. A report keeps its state in the fragment: it is a file, or lies somewhere whose address must not change.
 */
import type { FocusPlace } from '../dom/focus-place.js';
import { withView } from './change.js';
import { FIRST_STATE, type PageState } from './page-state.js';
import { Trail } from './trail.js';
import { readUrl, writeUrl } from './url.js';

export interface StateKeeper {
  read(): PageState;
  /** `replace` for what is no step of its own. */
  change(next: PageState, how?: 'push' | 'replace'): void;
  /** To the entry before where what is shown was opened from there, or that shows `next`; else to `next` as a new step. */
  goBack(next: PageState): void;
}

/** Where a report lives, and what it can follow of a state. */
export interface FixedState {
  /** For an address that says nothing. */
  first(state: PageState): PageState;
  fix(state: PageState): PageState;
}

/** How long the address may be behind. */
const REPLACE_MS = 300;
/** After the browser has refused a change. */
const REFUSED_MS = 2_000;

/**
 * `fixed` null: the state is all that the URL says. `focus` says where the keyboard is, `returnTo` where it was in what is
 * shown again.
 */
export function keepStateInUrl(
  fixed: FixedState | null,
  onChange: (state: PageState, returnTo: FocusPlace | null) => void,
  focus: () => FocusPlace | null = () => null,
): StateKeeper {
  const read = (): PageState =>
    fixed === null
      ? readUrl(location.search)
      : location.hash === ''
        ? fixed.first(FIRST_STATE)
        : fixed.fix(readUrl(location.hash.replace(/^#/, '')));
  let state = read();
  const trail = new Trail(history.state, writeUrl(state));
  const address = new Address(trail);
  // At once, for who watches the page from outside.
  const show = (next: PageState): void => void (document.documentElement.dataset['state'] = writeUrl(next));
  addEventListener('popstate', (event) => {
    address.forget();
    state = read();
    const returnTo = trail.returnTo(event.state, writeUrl(state), focus());
    show(state);
    onChange(state, returnTo);
  });
  // Whoever reloads, or comes back later, finds what was there last.
  addEventListener('pagehide', () => address.catchUp());
  const change = (asked: PageState, how: 'push' | 'replace' = 'push'): void => {
    const next = fixed === null ? asked : fixed.fix(asked);
    const text = writeUrl(next);
    if (text === writeUrl(state)) return;
    const url = fixed === null ? location.pathname + text : fragmentOf(text);
    if (how === 'push') {
      // The entry that is left keeps what was last shown of it.
      address.catchUp();
      trail.push(text, isOpened(state, next), focus());
    } else trail.replace(text);
    state = next;
    show(next);
    address.set(url, how);
    onChange(state, null);
  };
  return {
    read: () => state,
    change,
    goBack(next) {
      if (!trail.leadsBackTo(writeUrl(fixed === null ? next : fixed.fix(next)))) return change(next);
      address.catchUp();
      history.back();
    },
  };
}

/** Whether more than the view has changed: something in the page led there. */
function isOpened(state: PageState, next: PageState): boolean {
  if (state.table.function === null && next.table.function !== null) return true;
  if (state.table.site === null && next.table.site !== null) return true;
  return next.view !== state.view && writeUrl(withView(state, next.view)) !== writeUrl(next);
}

/** The address bar, which follows with a delay. */
class Address {
  readonly #trail: Trail;
  /** Not in the address yet. */
  #behind: string | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(trail: Trail) {
    this.#trail = trail;
  }

  set(url: string, how: 'push' | 'replace'): void {
    if (how === 'replace') {
      this.#behind = url;
      this.#timer ??= setTimeout(() => this.catchUp(), REPLACE_MS);
      return;
    }
    if (this.#write(url, 'push')) this.forget();
    else this.#retry(url);
  }

  catchUp(): void {
    const url = this.#behind;
    this.forget();
    if (url !== null && !this.#write(url, 'replace')) this.#retry(url);
  }

  forget(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#behind = null;
  }

  #retry(url: string): void {
    this.forget();
    this.#behind = url;
    this.#timer = setTimeout(() => this.catchUp(), REFUSED_MS);
  }

  /** Whether the browser took it. */
  #write(url: string, how: 'push' | 'replace'): boolean {
    try {
      if (how === 'push') history.pushState(this.#trail.mark, '', url);
      else history.replaceState(this.#trail.mark, '', url);
      return true;
    } catch {
      return false;
    }
  }
}

/** "#view=flame" for "?view=flame"; never empty, as that would be what a report shows first. */
export function fragmentOf(text: string): string {
  return `#${text.replace(/^\?/, '') || `view=${FIRST_STATE.view}`}`;
}
