/**
 * Keeps the state and the browser's address bar the same: each step pushes an entry of the history, and back and forward
 * bring the state of theirs. What is no step of its own, such as each notch of a wheel, is in the address a moment
 * later: browsers refuse changes that come too fast (Firefox 200 in 10 seconds), and no such refusal may keep the page
 * from drawing. A report keeps its state in the fragment: it is a file, or lies somewhere whose address must not change.
 */
import { FIRST_STATE, type PageState } from './page-state.js';
import { readUrl, writeUrl } from './url.js';

export interface StateKeeper {
  read(): PageState;
  /** `replace` for what is no step of its own. */
  change(next: PageState, how?: 'push' | 'replace'): void;
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

/** `fixed` null: the state is all that the URL says. */
export function keepStateInUrl(fixed: FixedState | null, onChange: (state: PageState) => void): StateKeeper {
  const read = (): PageState =>
    fixed === null
      ? readUrl(location.search)
      : location.hash === ''
        ? fixed.first(FIRST_STATE)
        : fixed.fix(readUrl(location.hash.replace(/^#/, '')));
  const address = new Address();
  // At once, for who watches the page from outside.
  const show = (next: PageState): void => void (document.documentElement.dataset['state'] = writeUrl(next));
  let state = read();
  addEventListener('popstate', () => {
    address.forget();
    state = read();
    show(state);
    onChange(state);
  });
  // Whoever reloads, or comes back later, finds what was there last.
  addEventListener('pagehide', () => address.catchUp());
  return {
    read: () => state,
    change(asked, how = 'push') {
      const next = fixed === null ? asked : fixed.fix(asked);
      if (writeUrl(next) === writeUrl(state)) return;
      state = next;
      const text = writeUrl(next);
      show(next);
      address.set(fixed === null ? location.pathname + text : fragmentOf(text), how);
      onChange(state);
    },
  };
}

/** The address bar, which follows with a delay. */
class Address {
  /** Not in the address yet. */
  #behind: string | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  set(url: string, how: 'push' | 'replace'): void {
    if (how === 'replace') {
      this.#behind = url;
      this.#timer ??= setTimeout(() => this.catchUp(), REPLACE_MS);
      return;
    }
    // The entry that is left keeps what was last shown of it.
    this.catchUp();
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
      if (how === 'push') history.pushState(null, '', url);
      else history.replaceState(null, '', url);
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
