/**
 * What the page asks the server, as values: a view says which questions its state needs, the answers are looked up by
 * their path. Questions of one slot follow each other: while a new one is on its way, the last answer in its slot may
 * stay on the screen.
 */
import {
  encodeTransforms,
  encodeViewQuery,
  partsRead,
  type BandsHead,
  type FlameColumn,
  type FlameHead,
  type FunctionName,
  type Grouping,
  type LeaksPage,
  type Run,
  type SandwichAnswer,
  type SearchAnswer,
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
export type FlameAnswer = Columns<FlameHead, FlameColumn>;

export function askRuns(): Question<readonly Run[]> {
  return { slot: 'runs', path: 'api/runs', format: 'json' };
}

export function askOverview(run: string, view: ViewQuery): Question<AnalysisDocument> {
  return json('overview', run, 'overview', viewPart(view, 'overview'));
}

export function askTimeline(
  slot: string,
  run: string,
  visible: { readonly from: number; readonly to: number } | null,
  width: number,
): Question<TimelineAnswer> {
  const range = visible === null ? '' : `from=${visible.from}&to=${visible.to}`;
  return columns(slot, run, 'timeline', range, `width=${width}`);
}

export function askBands(
  run: string,
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
  return columns('bands', run, 'bands', viewPart(view, 'bands', by), `by=${by}`, `top=${top}`, range, `width=${width}`);
}

export function askFlame(
  run: string,
  view: ViewQuery,
  options: {
    readonly inverted: boolean;
    readonly transforms: readonly Transform[];
    readonly root: number | null;
    readonly width: number;
  },
): Question<FlameAnswer> {
  const { inverted, transforms, root, width } = options;
  return columns(
    'flame',
    run,
    'flame',
    viewPart(view, 'flame'),
    inverted ? 'inverted=1' : '',
    encodeTransforms(transforms),
    root === null ? '' : `root=${root}`,
    `width=${width}`,
  );
}

export interface TableOptions {
  readonly by: TableBy;
  readonly sort: string;
  readonly descending: boolean;
  readonly offset: number;
  readonly limit: number;
  readonly search: string | null;
}

export function askTable(slot: string, run: string, view: ViewQuery, options: TableOptions): Question<TablePage> {
  const { by, sort, descending, offset, limit, search } = options;
  return json(
    slot,
    run,
    'table',
    viewPart(view, 'table', by),
    `by=${by}`,
    `sort=${sort}`,
    `descending=${descending ? 1 : 0}`,
    `offset=${offset}`,
    `limit=${limit}`,
    search === null ? '' : `search=${encodeURIComponent(search)}`,
  );
}

export function askSandwich(run: string, view: ViewQuery, name: FunctionName, width: number): Question<SandwichAnswer> {
  return json('sandwich', run, 'sandwich', viewPart(view, 'sandwich'), functionPart(name), `width=${width}`);
}

export function askSource(run: string, view: ViewQuery, name: FunctionName): Question<SourceAnswer> {
  return json('source', run, 'source', viewPart(view, 'source'), functionPart(name));
}

export function askLeaks(
  run: string,
  view: ViewQuery,
  options: { readonly warmUp: string | null; readonly offset: number; readonly limit: number },
): Question<LeaksPage> {
  const { warmUp, offset, limit } = options;
  const warm = warmUp === null ? '' : `warmUp=${encodeURIComponent(warmUp)}`;
  return json('leaks', run, 'leaks', viewPart(view, 'leaks'), warm, `offset=${offset}`, `limit=${limit}`);
}

export function askSearch(run: string, view: ViewQuery, text: string): Question<SearchAnswer> {
  return json('search', run, 'search', viewPart(view, 'search'), `text=${encodeURIComponent(text)}`);
}

/** Of the view, what the question reads: the same answer is asked for by one address. */
function viewPart(view: ViewQuery, question: ViewQuestion, by: Grouping | null = null): string {
  return encodeViewQuery(view, partsRead(question, by, view.filter !== null));
}

function functionPart(name: FunctionName): string {
  return `function=${encodeURIComponent(name)}`;
}

function json<Answer>(slot: string, run: string, route: string, ...parts: string[]): Question<Answer> {
  return { slot, path: pathOf(run, route, parts), format: 'json' };
}

function columns<Answer>(slot: string, run: string, route: string, ...parts: string[]): Question<Answer> {
  return { slot, path: pathOf(run, route, parts), format: 'columns' };
}

function pathOf(run: string, route: string, parts: readonly string[]): string {
  const query = parts.filter((part) => part !== '').join('&');
  return `api/runs/${encodeURIComponent(run)}/${route}${query === '' ? '' : `?${query}`}`;
}
