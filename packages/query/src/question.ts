/**
 * Parameters of a request → a question about one run, checked and bounded: numbers within limits, choices among those
 * that exist, nothing unknown, nothing twice. A plain object that crosses to the thread that answers, and whose text says
 * which questions are equal.
 */
import {
  BAND_GROUPINGS,
  COMPARED_GROUPINGS,
  COMPARED_MEASURES,
  COMPARED_WEIGHTS,
  GROUPINGS,
  isOneSided,
  LEAK_RULES,
  LEAK_SORTS,
  partsRead,
  readChoice,
  readRunChoice,
  readTransform,
  readViewQuery,
  readWhole,
  ROW_CHANGES,
  presentSort,
  TABLE_SORTS,
  VIEW_PARTS,
  ViewError,
  type BandGrouping,
  type BandsHead,
  type ComparedGrouping,
  type ComparedMeasure,
  type Grouping,
  type LeakSort,
  type LeakVerdictName,
  type RunChoice,
  type ComparedWeight,
  type RowChangeChoice,
  type TableBy,
  type TableSort,
  type Transform,
  type ViewQuery,
} from '@memscope/model';

interface OfView<Route extends string> {
  readonly route: Route;
  readonly view: ViewQuery;
}

export type OverviewQuestion = OfView<'overview'>;

export interface TimelineQuestion {
  readonly route: 'timeline';
  /** Ticks, both included; null = to the end of the recording. */
  readonly from: number;
  readonly to: number | null;
  readonly width: number;
}

export interface BandsQuestion extends OfView<'bands'> {
  readonly by: BandsHead['by'];
  readonly top: number;
  readonly from: number;
  readonly to: number | null;
  readonly width: number;
}

export interface FlameQuestion extends OfView<'flame'> {
  readonly inverted: boolean;
  readonly transforms: readonly Transform[];
  readonly root: number;
  readonly width: number;
  /** With a base: what widths stand for; `larger` by default. */
  readonly weigh?: ComparedWeight;
}

export interface TableQuestion extends OfView<'table'> {
  readonly by: TableBy;
  readonly sort: TableSort;
  readonly descending: boolean;
  /** With a base; all rows by default. */
  readonly change?: RowChangeChoice;
  readonly offset: number;
  readonly limit: number;
  readonly search: string;
}

export interface SandwichQuestion extends OfView<'sandwich'> {
  readonly function: string;
  readonly width: number;
}

export interface SourceQuestion extends OfView<'source'> {
  readonly function: string;
}

/** `site` as rows of a table by site tell it. */
export interface SiteQuestion extends OfView<'site'> {
  readonly site: number;
}

export interface LeaksQuestion extends OfView<'leaks'> {
  readonly warmUp: string | null;
  /** As they are by default: what grows first, with a base what grew most. */
  readonly sort?: LeakSort | null;
  readonly descending?: boolean;
  /** All rows by default. */
  readonly search?: string;
  readonly verdict?: LeakVerdictName | null;
  readonly offset: number;
  readonly limit: number;
}

export interface SearchQuestion extends OfView<'search'> {
  readonly text: string;
}

/** Several runs of a side are added up. */
export interface DiffQuestion extends OfView<'diff'> {
  readonly measure: ComparedMeasure;
  readonly by: ComparedGrouping;
}

export type Question =
  | OverviewQuestion
  | TimelineQuestion
  | BandsQuestion
  | FlameQuestion
  | TableQuestion
  | SandwichQuestion
  | SourceQuestion
  | SiteQuestion
  | LeaksQuestion
  | SearchQuestion
  | DiffQuestion;

export type QuestionRoute = Question['route'];

const MOST_PIXELS = 10_000;
const MOST_ROWS = 2_000;
const MOST_BANDS = 50;
const MOST_TICK = 2 ** 31;
const MOST_TRANSFORMS = 50;

const WIDTH = { least: 1, most: MOST_PIXELS, fallback: 1_000 };
const OFFSET = { least: 0, most: 2 ** 32, fallback: 0 };
const LIMIT = { least: 1, most: MOST_ROWS, fallback: 100 };

const OWN_PARAMETERS: Readonly<Record<QuestionRoute, readonly string[]>> = {
  overview: [],
  timeline: ['from', 'to', 'width'],
  bands: ['by', 'top', 'from', 'to', 'width'],
  flame: ['inverted', 'transform', 'root', 'width', 'weigh'],
  table: ['by', 'sort', 'descending', 'change', 'offset', 'limit', 'search'],
  sandwich: ['function', 'width'],
  source: ['function'],
  site: ['site'],
  leaks: ['warmUp', 'sort', 'descending', 'search', 'verdict', 'offset', 'limit'],
  search: ['text'],
  diff: ['measure', 'by'],
};
const VERDICTS = LEAK_RULES.map(({ name }) => name);
/** May be given several times: which runs besides the one in the path, and which compared with. */
const RUN_PARAMETERS = ['run', 'base'];
const REPEATABLE = new Set([...RUN_PARAMETERS, 'transform']);

/** The names of all parameters that any route takes. */
export function allParameters(): string[] {
  return [...new Set([...VIEW_PARTS, ...RUN_PARAMETERS, ...Object.values(OWN_PARAMETERS).flat()])];
}

export function isQuestionRoute(text: string): text is QuestionRoute {
  return Object.hasOwn(OWN_PARAMETERS, text);
}

/** `first` stands in the path. Throws `ViewError` `syntax`, also where the question reads no base. */
export function readRuns(route: QuestionRoute, first: string, parameters: URLSearchParams): RunChoice {
  const choice = readRunChoice(first, (name) => parameters.getAll(name));
  if (choice.base.length > 0 && isOneSided(route))
    throw new ViewError('syntax', `${route} takes no base: ask for it once for each side`);
  if (choice.base.length === 0 && route === 'diff') throw new ViewError('syntax', 'a diff needs a base');
  return choice;
}

/** `rules` are for a view that brings none. Throws `ViewError` `syntax`. */
export function readQuestion(route: QuestionRoute, parameters: URLSearchParams, rules: string | null = null): Question {
  const read = (name: string): string | null => parameters.get(name);
  const whole = (name: string, bounds: { least: number; most: number; fallback: number | null }): number =>
    readWhole(name, read(name), bounds);
  const flag = (name: string, fallback: '0' | '1'): boolean =>
    readChoice(name, read(name), ['0', '1'], fallback) === '1';
  const need = (name: string): string => {
    const value = read(name);
    if (value === null || value === '') throw new ViewError('syntax', `${name} is missing`);
    return value;
  };
  const ticks = (): { from: number; to: number | null } => ({
    from: whole('from', { least: 0, most: MOST_TICK, fallback: 0 }),
    to: read('to') === null ? null : whole('to', { least: 0, most: MOST_TICK, fallback: null }),
  });
  const by = readBy(route, read('by'));
  checkNames(route, by, parameters);
  // What is compared is more than a view measures.
  const asked = readViewQuery((name) => (route === 'diff' && name === 'measure' ? null : read(name)));
  const view = asked.rules === null ? { ...asked, rules } : asked;
  switch (route) {
    case 'overview':
      return { route, view };
    case 'timeline':
      return { route, ...ticks(), width: whole('width', WIDTH) };
    case 'bands':
      return {
        route,
        view,
        by: by as BandGrouping,
        top: whole('top', { least: 1, most: MOST_BANDS, fallback: 10 }),
        ...ticks(),
        width: whole('width', WIDTH),
      };
    case 'flame':
      return {
        route,
        view,
        inverted: flag('inverted', '0'),
        transforms: parameters.getAll('transform').map(readTransform),
        root: whole('root', { least: 0, most: Number.MAX_SAFE_INTEGER, fallback: 0 }),
        width: whole('width', WIDTH),
        weigh: readChoice('weigh', read('weigh'), COMPARED_WEIGHTS, 'larger'),
      };
    case 'table':
      return {
        route,
        view,
        by: by as Grouping,
        sort: readChoice('sort', presentSort(read('sort')), TABLE_SORTS, view.counts ? 'selfCount' : 'self'),
        descending: flag('descending', '1'),
        change: readChoice('change', read('change'), ROW_CHANGES, 'all'),
        offset: whole('offset', OFFSET),
        limit: whole('limit', LIMIT),
        search: read('search') ?? '',
      };
    case 'sandwich':
      return { route, view, function: need('function'), width: whole('width', WIDTH) };
    case 'source':
      return { route, view, function: need('function') };
    case 'site':
      return { route, view, site: whole('site', { least: 0, most: 2 ** 32, fallback: null }) };
    case 'leaks':
      return {
        route,
        view,
        warmUp: read('warmUp'),
        sort: read('sort') === null ? null : readChoice('sort', read('sort'), LEAK_SORTS, 'bytes'),
        descending: flag('descending', '1'),
        search: read('search') ?? '',
        verdict: read('verdict') === null ? null : readChoice('verdict', read('verdict'), VERDICTS, 'growing'),
        offset: whole('offset', OFFSET),
        limit: whole('limit', LIMIT),
      };
    case 'search':
      return { route, view, text: need('text') };
    case 'diff':
      return {
        route,
        view,
        measure: readChoice('measure', read('measure'), COMPARED_MEASURES, 'peak'),
        by: by as ComparedGrouping,
      };
  }
}

/** What rows or bands stand for; null where there are none. */
function readBy(route: QuestionRoute, text: string | null): Grouping | null {
  if (route === 'diff') return readChoice('by', text, COMPARED_GROUPINGS, 'function');
  if (route === 'bands') return readChoice('by', text, BAND_GROUPINGS, null);
  return route === 'table' ? readChoice('by', text, GROUPINGS, 'function') : null;
}

function checkNames(route: QuestionRoute, by: Grouping | null, parameters: URLSearchParams): void {
  const ofView = route === 'timeline' ? [] : partsRead(route, by, parameters.has('filter'));
  const known = new Set<string>([...RUN_PARAMETERS, ...OWN_PARAMETERS[route], ...ofView]);
  for (const name of new Set(parameters.keys())) {
    if (!known.has(name))
      throw new ViewError(
        'syntax',
        `${by === null ? route : `${route} by ${by}`} takes no ${JSON.stringify(name.slice(0, 40))}`,
      );
    const { length } = parameters.getAll(name);
    if (name === 'transform' && length > MOST_TRANSFORMS) {
      throw new ViewError('syntax', `more than ${MOST_TRANSFORMS} transforms`);
    }
    if (!REPEATABLE.has(name) && length > 1) throw new ViewError('syntax', `${name} is given ${length} times`);
  }
}
