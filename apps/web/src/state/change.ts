/**
 * From one state to the next, for everything that a reader can do. A change of what is asked of the profile forgets
 * what was chosen in the old answer (the zoomed node), and nothing else.
 */
import { isCounted, type FindingView, type FunctionName, type Transform, type ViewQuery } from '@memscope/model';

import {
  ALL_SHOWN,
  FIRST_STATE,
  type FlameState,
  type LeaksState,
  type PageState,
  type ShownRuns,
  type TableState,
  type TimelineState,
  type ViewName,
} from './page-state.js';

export function withView(state: PageState, view: ViewName): PageState {
  return { ...state, view };
}

/** One run, alone. */
export function withRun(state: PageState, run: string): PageState {
  return withRuns(state, { head: [run], base: [] });
}

/** Other runs: what was chosen in the old ones means nothing there, how they are looked at stays. */
export function withRuns(state: PageState, runs: ShownRuns): PageState {
  return {
    ...FIRST_STATE,
    runs,
    view: state.view,
    trend: state.trend,
    branch: state.branch,
    query: { ...state.query, window: null, filter: null },
    timeline: { ...state.timeline, legend: ALL_SHOWN, visible: null },
    flame: { ...state.flame, root: null, transforms: [], legend: ALL_SHOWN, search: null },
    table: { ...state.table, search: null, function: null, site: null },
    leaks: { ...FIRST_STATE.leaks, sort: state.leaks.sort, descending: state.leaks.descending },
  };
}

/** The head becomes the base; the same part of both is looked at, but nodes and ticks are others. */
export function withSwappedSides(state: PageState): PageState {
  const { head, base } = state.runs;
  if (head.length === 0 || base.length === 0) return state;
  const timeline = { ...state.timeline, visible: null };
  const table = { ...state.table, site: null };
  return { ...state, runs: { head: base, base: head }, flame: { ...state.flame, root: null }, timeline, table };
}

export function withQuery(state: PageState, part: Partial<ViewQuery>): PageState {
  const { counts: before, measure } = state.query;
  const query = { ...state.query, ...part };
  // Counts that a measure had forced go with it.
  const chosen = part.counts ?? (isCounted(measure) ? false : before);
  const counts = isCounted(query.measure) || chosen;
  return { ...state, query: { ...query, counts }, flame: { ...state.flame, root: null } };
}

/** With runners and the import system, or without them again. */
export function withAllFrames(state: PageState): PageState {
  return withQuery(state, { frames: state.query.frames === 'all' ? 'program' : 'all' });
}

export function withTimeline(state: PageState, part: Partial<TimelineState>): PageState {
  return { ...state, timeline: { ...state.timeline, ...part } };
}

/** Nodes have other ids in another tree, so a change of the tree leaves the zoomed node. */
export function withFlame(state: PageState, part: Partial<FlameState>): PageState {
  const changesTree = part.inverted !== undefined || part.transforms !== undefined;
  return { ...state, flame: { ...state.flame, ...(changesTree ? { root: null } : {}), ...part } };
}

export function withTable(state: PageState, part: Partial<TableState>): PageState {
  return { ...state, table: { ...state.table, ...part } };
}

export function withLeaks(state: PageState, part: Partial<LeaksState>): PageState {
  return { ...state, leaks: { ...state.leaks, ...part } };
}

export function withTransform(state: PageState, transform: Transform): PageState {
  const { transforms } = state.flame;
  if (transforms.some(({ kind, target }) => kind === transform.kind && target === transform.target)) return state;
  return withFlame(state, { transforms: [...transforms, transform] });
}

/** Undoes one transform; those after it stay. */
export function withoutTransform(state: PageState, index: number): PageState {
  return withFlame(state, { transforms: state.flame.transforms.filter((_, each) => each !== index) });
}

/** What the command of a finding prints: nothing else narrows it. */
export function withFinding(state: PageState, { view, measure, window, filter }: FindingView): PageState {
  const whole = {
    ...state,
    flame: FIRST_STATE.flame,
    table: { ...state.table, search: null, function: null, site: null },
    leaks: FIRST_STATE.leaks,
  };
  const query = { measure: measure ?? state.query.measure, window, filter, counts: false };
  return withView(withQuery({ ...whole, warmUp: null }, query), PAGE_VIEWS[view]);
}

const PAGE_VIEWS: Readonly<Record<FindingView['view'], ViewName>> = {
  tree: 'flame',
  table: 'tables',
  leaks: 'leaks',
  timeline: 'timeline',
};

/** Opens a function's sandwich. */
export function withFunction(state: PageState, name: FunctionName | null): PageState {
  return withTable({ ...state, view: 'tables' }, { by: 'function', function: name, site: null });
}

/** Opens a site, null: all of them. */
export function withSite(state: PageState, site: number | null): PageState {
  return withTable({ ...state, view: 'tables' }, { by: 'site', function: null, site });
}

/** A step back from what narrows what is shown, in words for a button. */
export interface Widening {
  readonly title: string;
  /** Of filter and window, which every view has. */
  readonly isOfAllViews: boolean;
  readonly state: PageState;
}

/** The last thing that narrows what is shown: search, zoom, transform, filter or window. Null: all is shown. */
export function lastNarrowing(state: PageState): Widening | null {
  const { flame, table, leaks, query, timeline, view } = state;
  if (view === 'tables' && table.function !== null)
    return { title: 'Show all functions', isOfAllViews: false, state: withTable(state, { function: null }) };
  if (view === 'tables' && table.site !== null)
    return { title: 'Show all sites', isOfAllViews: false, state: withSite(state, null) };
  if (view === 'tables' && table.search !== null)
    return { title: 'Clear the search', isOfAllViews: false, state: withTable(state, { search: null }) };
  if (view === 'leaks') {
    if (leaks.line !== null)
      return { title: 'Close the line', isOfAllViews: false, state: withLeaks(state, { line: null }) };
    if (leaks.search !== null)
      return { title: 'Clear the search', isOfAllViews: false, state: withLeaks(state, { search: null }) };
    if (leaks.verdict !== null)
      return { title: 'Show all verdicts', isOfAllViews: false, state: withLeaks(state, { verdict: null }) };
  }
  if (view === 'timeline' && timeline.visible !== null)
    return { title: 'Show all of the time', isOfAllViews: false, state: withTimeline(state, { visible: null }) };
  if (view === 'flame') {
    if (flame.search !== null)
      return { title: 'Clear the search', isOfAllViews: false, state: withFlame(state, { search: null }) };
    if (flame.root !== null) return { title: 'Zoom out', isOfAllViews: false, state: withFlame(state, { root: null }) };
    if (flame.transforms.length > 0)
      return {
        title: 'Undo the last change',
        isOfAllViews: false,
        state: withoutTransform(state, flame.transforms.length - 1),
      };
  }
  if (query.filter !== null)
    return { title: 'Clear the filter', isOfAllViews: true, state: withQuery(state, { filter: null }) };
  if (query.window !== null)
    return { title: 'Clear the window', isOfAllViews: true, state: withQuery(state, { window: null }) };
  return null;
}

/** Esc: that goes, one at a time. */
export function withoutLast(state: PageState): PageState {
  return lastNarrowing(state)?.state ?? state;
}
