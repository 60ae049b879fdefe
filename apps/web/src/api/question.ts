/**
 * What the page asks the server, as values: a view says which questions its state needs, the answers are looked up by
 * their path. Questions of one slot follow each other: while a new one is on its way, the last answer in its slot may
 * stay on the screen.
 */
import {
  encodeRunChoice,
  encodeTransforms,
  encodeViewQuery,
  isOneSided,
  partsRead,
  type BandsHead,
  type ComparedFlameColumn,
  type ComparedGrouping,
  type ComparedMeasure,
  type ComparedWeight,
  type DiffDocument,
  type FlameColumn,
  type FlameHead,
  type FunctionName,
  type Grouping,
  type HistoryPage,
  type LeakArrangement,
  type LeaksPage,
  type RowChangeChoice,
  type Run,
  type SandwichAnswer,
  type SearchAnswer,
  type SiteAnswer,
  type SourceAnswer,
  type TableBy,
  type TablePage,
  type TimelineColumn,
  type TimelineHead,
  type Transform,
  type ViewQuery,
  type AnalysisDocument,
  type ViewQuestion,
} from '@memscope/model';

/** The runs that are shown. */
export interface ChosenRuns {
  /** Taken as one; at least one. */
  readonly head: readonly Run[];
  /** What they are compared with; empty: with nothing. */
  readonly base: readonly Run[];
}

/** Columns of one answer, by name; all of one length. */
export interface Columns<Head, Name extends string = string> {
  readonly head: Head;
  readonly length: number;
  /** Absent where the answer has no such column. */
  readonly column: Readonly<Partial<Record<Name, Float64Array>>>;
}

export interface Question<Answer> {
  readonly slot: string;
  readonly path: string;
  readonly format: 'json' | 'columns';
  /** Never there: it carries the type of the answer. */
  readonly answer?: Answer;
}

export type TimelineAnswer = Columns<TimelineHead, TimelineColumn>;
export type BandsAnswer = Columns<BandsHead>;
export type FlameAnswer = Columns<FlameHead, FlameColumn | ComparedFlameColumn>;

export function askRuns(): Question<readonly Run[]> {
  return { slot: 'runs', path: 'api/runs', format: 'json' };
}

export function askOverview(set: ChosenRuns, view: ViewQuery): Question<AnalysisDocument> {
  return json('overview', set, 'overview', viewPart(view, 'overview'));
}

export function askTimeline(
  slot: string,
  set: ChosenRuns,
  visible: { readonly from: number; readonly to: number } | null,
  width: number,
): Question<TimelineAnswer> {
  const range = visible === null ? '' : `from=${visible.from}&to=${visible.to}`;
  return columns(slot, set, 'timeline', range, `width=${width}`);
}

/** All of the base by itself. */
export function askBaseTimeline({ base }: ChosenRuns, width: number): Question<TimelineAnswer> {
  return askTimeline('base', { head: base, base: [] }, null, width);
}

export function askBands(
  set: ChosenRuns,
  view: ViewQuery,
  options: {
    readonly by: BandsHead['by'];
    readonly top: number;
    readonly width: number;
    readonly visible: { readonly from: number; readonly to: number } | null;
  },
): Question<BandsAnswer> {
  const { by, top, width, visible } = options;
  const range = visible === null ? '' : `from=${visible.from}&to=${visible.to}`;
  return columns('bands', set, 'bands', viewPart(view, 'bands', by), `by=${by}`, `top=${top}`, range, `width=${width}`);
}

export function askFlame(
  set: ChosenRuns,
  view: ViewQuery,
  options: {
    readonly inverted: boolean;
    readonly transforms: readonly Transform[];
    readonly root: number | null;
    readonly width: number;
    /** With a base. */
    readonly weigh: ComparedWeight;
  },
): Question<FlameAnswer> {
  const { inverted, transforms, root, width, weigh } = options;
  return columns(
    'flame',
    set,
    'flame',
    viewPart(view, 'flame'),
    inverted ? 'inverted=1' : '',
    encodeTransforms(transforms),
    root === null ? '' : `root=${root}`,
    `width=${width}`,
    set.base.length === 0 ? '' : `weigh=${weigh}`,
  );
}

export interface TableOptions {
  readonly by: TableBy;
  readonly sort: string;
  readonly descending: boolean;
  readonly offset: number;
  readonly limit: number;
  readonly search: string | null;
  /** With a base. */
  readonly change: RowChangeChoice;
}

export function askTable(slot: string, set: ChosenRuns, view: ViewQuery, options: TableOptions): Question<TablePage> {
  const { by, sort, descending, offset, limit, search, change } = options;
  return json(
    slot,
    set,
    'table',
    viewPart(view, 'table', by),
    `by=${by}`,
    `sort=${sort}`,
    `descending=${descending ? 1 : 0}`,
    `offset=${offset}`,
    `limit=${limit}`,
    search === null ? '' : `search=${encodeURIComponent(search)}`,
    set.base.length === 0 || change === 'all' ? '' : `change=${change}`,
  );
}

export function askSandwich(
  set: ChosenRuns,
  view: ViewQuery,
  name: FunctionName,
  width: number,
): Question<SandwichAnswer> {
  return json('sandwich', set, 'sandwich', viewPart(view, 'sandwich'), functionPart(name), `width=${width}`);
}

export function askSource(set: ChosenRuns, view: ViewQuery, name: FunctionName): Question<SourceAnswer> {
  return json('source', set, 'source', viewPart(view, 'source'), functionPart(name));
}

/** As rows of a table by site tell it. */
export function askSite(set: ChosenRuns, view: ViewQuery, site: number): Question<SiteAnswer> {
  return json('site', set, 'site', viewPart(view, 'site'), `site=${site}`);
}

export function askLeaks(
  set: ChosenRuns,
  view: ViewQuery,
  options: Omit<LeakArrangement, 'search'> & {
    readonly search: string | null;
    readonly warmUp: string | null;
    readonly offset: number;
    readonly limit: number;
  },
): Question<LeaksPage> {
  const { warmUp, sort, descending, search, verdict, offset, limit } = options;
  return json(
    'leaks',
    set,
    'leaks',
    viewPart(view, 'leaks'),
    warmUp === null ? '' : `warmUp=${encodeURIComponent(warmUp)}`,
    sort === null ? '' : `sort=${sort}&descending=${descending ? 1 : 0}`,
    search === null || search === '' ? '' : `search=${encodeURIComponent(search)}`,
    verdict === null ? '' : `verdict=${verdict}`,
    `offset=${offset}`,
    `limit=${limit}`,
  );
}

export function askSearch(set: ChosenRuns, view: ViewQuery, text: string): Question<SearchAnswer> {
  return json('search', set, 'search', viewPart(view, 'search'), `text=${encodeURIComponent(text)}`);
}

/** Asked of a set with a base. */
export function askDiff(
  set: ChosenRuns,
  view: ViewQuery,
  { measure, by }: { readonly measure: ComparedMeasure; readonly by: ComparedGrouping },
): Question<DiffDocument> {
  return json('diff', set, 'diff', viewPart(view, 'diff', by), `measure=${measure}`, `by=${by}`);
}

/** Of no run; null where no history is served. `branch` null: the main one. */
export function askHistory(branch: string | null): Question<HistoryPage | null> {
  const of = branch === null ? '' : `?branch=${encodeURIComponent(branch)}`;
  return { slot: 'history', path: `api/history${of}`, format: 'json' };
}

/** Of the view, what the question reads: the same answer is asked for by one address. */
function viewPart(view: ViewQuery, question: ViewQuestion, by: Grouping | null = null): string {
  return encodeViewQuery(view, partsRead(question, by, view.filter !== null));
}

function functionPart(name: FunctionName): string {
  return `function=${encodeURIComponent(name)}`;
}

function json<Answer>(slot: string, set: ChosenRuns, route: ViewQuestion, ...parts: string[]): Question<Answer> {
  return { slot, path: pathOf(set, route, parts), format: 'json' };
}

function columns<Answer>(slot: string, set: ChosenRuns, route: ViewQuestion, ...parts: string[]): Question<Answer> {
  return { slot, path: pathOf(set, route, parts), format: 'columns' };
}

function pathOf({ head, base }: ChosenRuns, route: ViewQuestion, parts: readonly string[]): string {
  const ids = (runs: readonly Run[]): string[] => runs.map(({ id }) => id);
  // Where an answer has no second side, it is the head's.
  const runs = encodeRunChoice({ head: ids(head), base: isOneSided(route) ? [] : ids(base) });
  const query = [runs, ...parts].filter((part) => part !== '').join('&');
  return `api/runs/${encodeURIComponent(head[0]!.id)}/${route}${query === '' ? '' : `?${query}`}`;
}
