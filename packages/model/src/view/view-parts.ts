/**
 * The parts of a view (`ViewQuery`), and which of them each question reads. Options of a command, parameters of a route,
 * the page's address and the heading of a document are all made of this, so that nothing is offered and then ignored.
 * A part has one name: in an address and in JSON as it stands here, as a flag with hyphens (`--split-threads`).
 * Imports nothing that runs.
 */
import type { ViewQuery } from '../api.js';
import type { Grouping } from './groupings.js';

/** Parts that are on or off. */
const VIEW_SWITCHES = [
  'counts',
  'interpreterFrames',
  'splitThreads',
  'mergeRecursion',
] as const satisfies readonly (keyof ViewQuery)[];

export type ViewSwitch = (typeof VIEW_SWITCHES)[number];

export const VIEW_PARTS = [
  'measure',
  'window',
  'filter',
  'stacks',
  'frames',
  'rules',
  ...VIEW_SWITCHES,
] as const satisfies readonly (keyof ViewQuery)[];

export type ViewPart = (typeof VIEW_PARTS)[number];

/** The whole recording at its peak, with the frames of the program. */
export const WHOLE_VIEW: ViewQuery = {
  measure: 'peak',
  counts: false,
  window: null,
  filter: null,
  stacks: 'joined',
  interpreterFrames: false,
  frames: 'program',
  splitThreads: false,
  mergeRecursion: false,
  rules: null,
};

/** What is asked of a view: commands and routes; those of one name are one. */
export const VIEW_QUESTIONS = [
  'analyze',
  'overview',
  'timeline',
  'bands',
  'tree',
  'flame',
  'table',
  'callers',
  'callees',
  'sandwich',
  'list',
  'source',
  'site',
  'leaks',
  'search',
  'report',
  'diff',
  'check',
] as const;

export type ViewQuestion = (typeof VIEW_QUESTIONS)[number];

/** Questions whose answers hold both sides where there is a base. */
const COMPARED: ReadonlySet<ViewQuestion> = new Set([
  'tree',
  'flame',
  'table',
  'callers',
  'callees',
  'sandwich',
  'list',
  'timeline',
  'source',
  'site',
  'leaks',
  'search',
  'diff',
]);

export function readsBase(question: ViewQuestion): boolean {
  return COMPARED.has(question);
}

/** Routes that have an answer for one side only: whoever compares asks for each. */
const ONE_SIDED: ReadonlySet<ViewQuestion> = new Set(['overview', 'timeline', 'bands']);

export function isOneSided(route: ViewQuestion): boolean {
  return ONE_SIDED.has(route);
}

/** Which allocations count, and for how much. */
const WEIGHED = ['measure', 'counts', 'window', 'filter'] as const satisfies ViewPart[];
/** Which stacks, and which of their frames show: rules say which native ones are the interpreter's. */
const FRAMES = ['stacks', 'frames', 'rules', 'interpreterFrames'] as const satisfies ViewPart[];
/** By which the terms of a filter are understood. */
const OF_FILTER: readonly ViewPart[] = ['stacks', 'rules'];

/**
 * What a question reads of its view. `by` is what rows or bands stand for, null for a timeline without them; what only a
 * filter is understood by is read where there is one.
 */
export function partsRead(question: ViewQuestion, by: Grouping | null, filtered: boolean): readonly ViewPart[] {
  const read = new Set<ViewPart>(readBy(question, by));
  if (filtered && question !== 'overview') for (const part of OF_FILTER) read.add(part);
  return VIEW_PARTS.filter((part) => read.has(part));
}

function readBy(question: ViewQuestion, by: Grouping | null): readonly ViewPart[] {
  switch (question) {
    case 'tree':
    case 'flame':
    case 'callers':
    case 'sandwich':
      return VIEW_PARTS;
    case 'callees':
    case 'list':
    case 'search':
      return [...WEIGHED, ...FRAMES, 'mergeRecursion'];
    case 'source':
      return ['measure', 'window', 'filter', ...FRAMES, 'mergeRecursion'];
    case 'site':
      return ['measure', 'window', 'filter', ...FRAMES, 'splitThreads'];
    case 'table':
      return [...WEIGHED, ...readByRows(by ?? 'function')];
    case 'bands':
      return ['filter', ...readByBands(by)];
    case 'timeline':
      return ['window', 'filter', ...readByBands(by)];
    case 'diff':
      // Its measures are more than a view has.
      return ['window', 'filter', ...(by === 'site' ? FRAMES : readByBands(by))];
    case 'check':
      // Rules may be about sites, libraries and threads.
      return ['window', 'filter', 'splitThreads', ...FRAMES];
    case 'leaks':
    case 'analyze':
      return ['window', 'filter', ...FRAMES];
    case 'overview':
      return ['measure', 'window', 'filter', 'frames', 'rules'];
    case 'report':
      // Of each measure, by bytes and by counts, with threads merged and split.
      return ['window', 'filter', ...FRAMES, 'mergeRecursion'];
  }
}

/** Rows of a table. */
function readByRows(by: Grouping): readonly ViewPart[] {
  switch (by) {
    case 'function':
    case 'location':
    case 'module':
      // What calls itself through others is below them, or not.
      return [...FRAMES, 'mergeRecursion'];
    case 'site':
      return [...FRAMES, 'splitThreads'];
    case 'application':
    case 'owner':
      // Each row tells whose memory it holds.
      return ['rules'];
    case 'library':
    case 'category':
    case 'thread':
    case 'allocator':
    case 'run':
      return readByBands(by);
  }
}

/** Bands, and rows that nothing is below. */
function readByBands(by: Grouping | null): readonly ViewPart[] {
  if (by === 'module') return FRAMES;
  if (by === 'library' || by === 'category') return ['rules'];
  return by === 'thread' ? ['splitThreads'] : [];
}

/** What a question reads whatever its rows are: the options of its command. */
export function partsOffered(question: ViewQuestion, groupings: readonly Grouping[]): readonly ViewPart[] {
  const read = new Set([null, ...groupings].flatMap((by) => partsRead(question, by, true)));
  return VIEW_PARTS.filter((part) => read.has(part));
}

/** Parts that a view sets, but the question does not read. */
export function partsIgnored(view: ViewQuery, question: ViewQuestion, by: Grouping | null): ViewPart[] {
  const read = partsRead(question, by, view.filter !== null);
  return VIEW_PARTS.filter((part) => view[part] !== WHOLE_VIEW[part] && !read.includes(part));
}
