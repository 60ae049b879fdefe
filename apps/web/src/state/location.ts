/**
 * Keeps the state and the browser's address bar the same: each change pushes or replaces an entry of the history; back
 * and forward bring the state of theirs.
 */
import type { PageState } from './page-state.js';
import { readUrl, writeUrl } from './url.js';

export interface StateKeeper {
  read(): PageState;
  /** `replace` for what is no step of its own, such as each notch of a wheel. */
  change(next: PageState, how?: 'push' | 'replace'): void;
}

export function keepStateInUrl(onChange: (state: PageState) => void): StateKeeper {
  let state = readUrl(location.search);
  addEventListener('popstate', () => {
    state = readUrl(location.search);
    onChange(state);
  });
  return {
    read: () => state,
    change(next, how = 'push') {
      if (writeUrl(next) === writeUrl(state)) return;
      state = next;
      const url = location.pathname + writeUrl(next);
      if (how === 'push') history.pushState(null, '', url);
      else history.replaceState(null, '', url);
      onChange(state);
    },
  };
}
