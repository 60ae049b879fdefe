/** What each view is called, in the order of their tabs and keys. */
import type { ViewName } from '../state/page-state.js';

export const VIEW_TITLES: Readonly<Record<ViewName, string>> = {
  overview: 'Overview',
  timeline: 'Timeline',
  flame: 'Flame graph',
  tables: 'Tables',
  leaks: 'Leaks',
  history: 'History',
};
