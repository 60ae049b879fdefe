/** The page's state → the parts of its query that what is shown depends on: the others are not offered there. */
import {
  isCounted,
  memoryMeasureOf,
  partsRead,
  type MemoryMeasure,
  type ViewPart,
  type ViewQuery,
} from '@memscope/model';

import type { PageState } from './page-state.js';

export function partsOfPage({ view, query, timeline, table, runs }: PageState): ReadonlySet<ViewPart> {
  const filtered = query.filter !== null;
  const isCompared = runs.base.length > 0;
  switch (view) {
    case 'overview':
      return new Set(
        isCompared ? ['measure', ...partsRead('diff', 'function', filtered)] : partsRead('overview', null, filtered),
      );
    case 'timeline':
      if (isCompared) return new Set(['window']);
      // The window is marked in it.
      return new Set([...partsRead('bands', timeline.by, filtered), 'window']);
    case 'flame':
      return new Set(partsRead('flame', null, filtered));
    case 'tables':
      return new Set([
        ...partsRead('table', table.by, filtered),
        ...(table.function === null ? [] : partsRead('sandwich', null, filtered)),
        ...(table.site === null ? [] : partsRead('site', null, filtered)),
      ]);
    case 'leaks':
      return new Set(partsRead('leaks', null, filtered));
    case 'history':
      // It is asked of no run.
      return new Set();
  }
}

/** A query of memory: never of what has counts alone. */
export interface MemoryQuery extends ViewQuery {
  readonly measure: MemoryMeasure;
}

/** The overview is of memory, also where another view is of objects. */
export function memoryQueryOf(query: ViewQuery): MemoryQuery {
  const measure = memoryMeasureOf(query.measure);
  return { ...query, measure, counts: query.counts && !isCounted(query.measure) };
}

/** What the shown view is asked of. */
export function queryOfPage({ view, query }: PageState): ViewQuery {
  return view === 'overview' ? memoryQueryOf(query) : query;
}
