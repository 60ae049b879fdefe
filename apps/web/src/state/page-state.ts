/**
 * Everything that decides what the page shows, as one plain value that its URL holds. What is not in here (the pointer's
 * place, scrolling, an open menu) may be lost when a link is opened; colours are the reader's, not the link's.
 */
import {
  WHOLE_VIEW,
  type BandsHead,
  type ComparedWeight,
  type FunctionName,
  type LeakSort,
  type LeakVerdictName,
  type RowChangeChoice,
  type TableBy,
  type TableSort,
  type Transform,
  type TrendMeasure,
  type ViewQuery,
} from '@memscope/model';

export const VIEW_NAMES = ['overview', 'timeline', 'flame', 'tables', 'leaks', 'history'] as const;
export type ViewName = (typeof VIEW_NAMES)[number];

export type BandsBy = BandsHead['by'];

export interface PageState {
  readonly runs: ShownRuns;
  readonly view: ViewName;
  /** What every view is asked of. */
  readonly query: ViewQuery;
  readonly overview: OverviewState;
  readonly timeline: TimelineState;
  readonly flame: FlameState;
  readonly table: TableState;
  readonly leaks: LeaksState;
  /** As a place of a window (`10%`); null = none. */
  readonly warmUp: string | null;
  /** The metric of a history, and the branch; null = the main one. */
  readonly trend: TrendMeasure;
  readonly branch: string | null;
}

/** Ids of runs. */
export interface ShownRuns {
  /** Taken as one; empty = the first run there is. */
  readonly head: readonly string[];
  /** What they are compared with; empty = with nothing. */
  readonly base: readonly string[];
}

/** What a legend shows of what it lists, by name. */
export interface LegendChoice {
  /** This alone; null = all but `hidden`. */
  readonly only: string | null;
  readonly hidden: readonly string[];
}

/** RSS by itself above the heap, on the heap's scale, or not at all: it is often so much greater that little is seen of the heap. */
export const RSS_CHOICES = ['apart', 'together', 'off'] as const;
export type RssChoice = (typeof RSS_CHOICES)[number];

export interface OverviewState {
  /** Categories of libraries. */
  readonly legend: LegendChoice;
}

export interface TimelineState {
  readonly by: BandsBy;
  readonly rss: RssChoice;
  /** Bands by name. */
  readonly legend: LegendChoice;
  /** The visible ticks; null = all. */
  readonly visible: { readonly from: number; readonly to: number } | null;
}

export interface FlameState {
  /** Id of the zoomed node; null = everything. */
  readonly root: number | null;
  /** From the allocating functions up to their callers. */
  readonly inverted: boolean;
  /** Roots at the bottom. */
  readonly upwards: boolean;
  readonly transforms: readonly Transform[];
  /** Categories of libraries. */
  readonly legend: LegendChoice;
  /** In the filter language; null = none. */
  readonly search: string | null;
  /** With a base: what widths are. */
  readonly weigh: ComparedWeight;
}

export interface TableState {
  readonly by: TableBy;
  /** Null = by what rows allocated themselves, with a base by how much that changed. */
  readonly sort: TableSort | null;
  readonly descending: boolean;
  readonly search: string | null;
  /** With a base: which rows. */
  readonly change: RowChangeChoice;
  /** The function whose sandwich is open. */
  readonly function: FunctionName | null;
  /** The site that is open, as rows by site tell it for the runs that are shown. */
  readonly site: number | null;
}

export interface LeaksState {
  /** Null = what still grows first, then the heaviest. */
  readonly sort: LeakSort | null;
  readonly descending: boolean;
  readonly search: string | null;
  /** Null = all. */
  readonly verdict: LeakVerdictName | null;
  /** The filter of the open row; null = none is open. */
  readonly line: string | null;
}

export const ALL_SHOWN: LegendChoice = { only: null, hidden: [] };

export const FIRST_STATE: PageState = {
  runs: { head: [], base: [] },
  view: 'overview',
  query: WHOLE_VIEW,
  overview: { legend: ALL_SHOWN },
  timeline: { by: 'library', rss: 'apart', legend: ALL_SHOWN, visible: null },
  flame: {
    root: null,
    inverted: false,
    upwards: false,
    transforms: [],
    legend: ALL_SHOWN,
    search: null,
    weigh: 'larger',
  },
  table: { by: 'function', sort: null, descending: true, search: null, change: 'all', function: null, site: null },
  leaks: { sort: null, descending: true, search: null, verdict: null, line: null },
  warmUp: null,
  trend: 'peak',
  branch: null,
};
