/**
 * The page's state ↔ the query part of its URL. Defaults are left out, so that equal states have one text and a link is
 * short. Reading is forgiving: a parameter that is not understood keeps its default, as links outlive versions; the
 * server judges the texts of windows and filters.
 */
import {
  BAND_GROUPINGS,
  COMPARED_WEIGHTS,
  encodeRuns,
  encodeViewQuery,
  FRAME_CHOICES,
  GROUPINGS,
  isCounted,
  LEAK_RULES,
  LEAK_SORTS,
  presentSort,
  ROW_CHANGES,
  SITE_MEASURES,
  STACK_CHOICES,
  TABLE_SORTS,
  TRANSFORM_KINDS,
  TREND_MEASURES,
  WHOLE_VIEW,
  type Transform,
  type ViewQuery,
} from '@memscope/model';

import { FIRST_STATE, RSS_CHOICES, VIEW_NAMES, type LegendChoice, type PageState } from './page-state.js';

/** "?view=flame&measure=leaked"; empty for `FIRST_STATE`. */
export function writeUrl(state: PageState): string {
  const { overview, timeline, flame, table, leaks } = state;
  const parts: string[] = [];
  const add = (name: string, value: string | null, fallback: string | null): void => {
    if (value !== fallback && value !== null) parts.push(`${name}=${encodeURIComponent(value)}`);
  };
  const flag = (name: string, value: boolean, fallback = false): void =>
    add(name, value ? '1' : '0', fallback ? '1' : '0');
  const addLegend = (name: string, { only, hidden }: LegendChoice): void => {
    if (only !== null) add(name, `=${only}`, null);
    else for (const each of hidden) add(name, `-${each}`, null);
  };
  const runs = encodeRuns(state.runs);
  if (runs !== '') parts.push(runs);
  add('view', state.view, FIRST_STATE.view);
  const query = encodeViewQuery(state.query);
  if (query !== '') parts.push(query);
  addLegend('category', overview.legend);
  add('bands', timeline.by, FIRST_STATE.timeline.by);
  add('rss', timeline.rss, FIRST_STATE.timeline.rss);
  addLegend('band', timeline.legend);
  if (timeline.visible !== null) add('visible', `${timeline.visible.from}-${timeline.visible.to}`, null);
  if (flame.root !== null) add('root', String(flame.root), null);
  flag('inverted', flame.inverted);
  flag('upwards', flame.upwards);
  for (const { kind, target } of flame.transforms) add('transform', `${kind}:${target}`, null);
  addLegend('owners', flame.legend);
  add('search', flame.search, null);
  add('weigh', flame.weigh, FIRST_STATE.flame.weigh);
  add('table', table.by, FIRST_STATE.table.by);
  add('sort', table.sort, null);
  flag('descending', table.descending, true);
  add('rows', table.search, null);
  add('change', table.change, FIRST_STATE.table.change);
  add('function', table.function, null);
  if (table.site !== null) add('site', String(table.site), null);
  add('warmUp', state.warmUp, null);
  add('leakSort', leaks.sort, null);
  flag('leakDescending', leaks.descending, true);
  add('leakRows', leaks.search, null);
  add('verdict', leaks.verdict, null);
  add('line', leaks.line, null);
  add('trend', state.trend, FIRST_STATE.trend);
  add('branch', state.branch, null);
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

/** Takes a URL's query part, with or without its question mark. */
export function readUrl(search: string): PageState {
  const parameters = new URLSearchParams(search);
  const text = (name: string): string | null => parameters.get(name) || null;
  const flag = (name: string, fallback = false): boolean =>
    parameters.has(name) ? parameters.get(name) === '1' : fallback;
  const choice = <Choice extends string>(name: string, choices: readonly Choice[], fallback: Choice): Choice =>
    choices.find((each) => each === parameters.get(name)) ?? fallback;
  const readIds = (name: string): string[] => [...new Set(parameters.getAll(name).filter((id) => id !== ''))];
  const measure = choice('measure', SITE_MEASURES, WHOLE_VIEW.measure);
  const query: ViewQuery = {
    measure,
    counts: flag('counts') || isCounted(measure),
    window: text('window'),
    filter: text('filter'),
    stacks: choice('stacks', STACK_CHOICES, WHOLE_VIEW.stacks),
    interpreterFrames: flag('interpreterFrames'),
    frames: choice('frames', FRAME_CHOICES, WHOLE_VIEW.frames),
    splitThreads: flag('splitThreads'),
    mergeRecursion: flag('mergeRecursion'),
    rules: text('rules'),
  };
  return {
    runs: { head: readIds('run'), base: readIds('base') },
    view: choice('view', VIEW_NAMES, FIRST_STATE.view),
    query,
    overview: { legend: readLegend(parameters.getAll('category')) },
    timeline: {
      by: choice('bands', BAND_GROUPINGS, FIRST_STATE.timeline.by),
      rss: parameters.get('rss') === '0' ? 'off' : choice('rss', RSS_CHOICES, FIRST_STATE.timeline.rss),
      legend: readLegend(parameters.getAll('band')),
      visible: readVisible(parameters.get('visible')),
    },
    flame: {
      root: readWhole(parameters.get('root')),
      inverted: flag('inverted'),
      upwards: flag('upwards'),
      transforms: parameters.getAll('transform').flatMap(readTransform),
      legend: readLegend(parameters.getAll('owners')),
      search: text('search'),
      weigh: choice('weigh', COMPARED_WEIGHTS, FIRST_STATE.flame.weigh),
    },
    table: {
      by: choice('table', GROUPINGS, FIRST_STATE.table.by),
      sort: TABLE_SORTS.find((each) => each === presentSort(parameters.get('sort'))) ?? null,
      descending: flag('descending', true),
      search: text('rows'),
      change: choice('change', ROW_CHANGES, FIRST_STATE.table.change),
      function: text('function'),
      site: readWhole(parameters.get('site')),
    },
    leaks: {
      sort: LEAK_SORTS.find((each) => each === parameters.get('leakSort')) ?? null,
      descending: flag('leakDescending', true),
      search: text('leakRows'),
      verdict: LEAK_RULES.find(({ name }) => name === parameters.get('verdict'))?.name ?? null,
      line: text('line'),
    },
    warmUp: text('warmUp'),
    branch: text('branch'),
    trend: choice('trend', TREND_MEASURES, FIRST_STATE.trend),
  };
}

function readTransform(text: string): Transform[] {
  const colon = text.indexOf(':');
  const kind = TRANSFORM_KINDS.find((each) => each === text.slice(0, colon));
  const target = text.slice(colon + 1);
  return kind === undefined || target === '' ? [] : [{ kind, target }];
}

/** `=NAME` alone, or `-NAME` for each that is hidden. */
function readLegend(texts: readonly string[]): LegendChoice {
  const only = texts.find((text) => text.startsWith('='))?.slice(1) ?? null;
  const hidden = only === null ? texts.filter((text) => text.startsWith('-')).map((text) => text.slice(1)) : [];
  return { only, hidden };
}

function readVisible(text: string | null): PageState['timeline']['visible'] {
  const match = /^(\d{1,10})-(\d{1,10})$/.exec(text ?? '');
  if (match === null) return null;
  const [from, to] = [Number(match[1]), Number(match[2])];
  return from <= to ? { from, to } : null;
}

function readWhole(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
