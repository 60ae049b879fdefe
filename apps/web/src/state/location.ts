/**
 * Keeps the state and the browser's address bar the same: each change pushes or replaces an entry of the history; back
 * and forward bring the state of theirs. A report keeps it in the fragment: it is a file, or lies somewhere whose address
 * must not change.
 */
import type { PageState } from './page-state.js';
import { readUrl, writeUrl } from './url.js';

export interface StateKeeper {
  read(): PageState;
  /** `replace` for what is no step of its own, such as each notch of a wheel. */
  change(next: PageState, how?: 'push' | 'replace'): void;
}

/** Where a report lives, and what it can follow of a state. */
export interface FixedState {
  fix(state: PageState): PageState;
}

/** `fixed` null: the state is all that the URL says. */
export function keepStateInUrl(fixed: FixedState | null, onChange: (state: PageState) => void): StateKeeper {
  const read = (): PageState =>
    fixed === null ? readUrl(location.search) : fixed.fix(readUrl(location.hash.replace(/^#/, '')));
  let state = read();
  addEventListener('popstate', () => {
    state = read();
    onChange(state);
  });
  return {
    read: () => state,
    change(asked, how = 'push') {
      const next = fixed === null ? asked : fixed.fix(asked);
      if (writeUrl(next) === writeUrl(state)) return;
      state = next;
      const text = writeUrl(next);
      const url = fixed === null ? location.pathname + text : fragmentOf(text);
      if (how === 'push') history.pushState(null, '', url);
      else history.replaceState(null, '', url);
      onChange(state);
    },
  };
}

/** "#view=flame" for "?view=flame"; never empty, as that would mean the whole address. */
export function fragmentOf(text: string): string {
  return `#${text.replace(/^\?/, '')}`;
}
