/** What each choice of a view may be: listed once, for options, addresses and requests. Imports nothing that runs. */
import type { MemoryMeasure, SiteMeasure } from '../profile.js';

export const SITE_MEASURES = ['peak', 'leaked', 'total', 'temporary', 'objects'] as const satisfies SiteMeasure[];

/** Whether a measure has counts alone: a view of it is of them, whichever unit was chosen. */
export function isCounted(measure: SiteMeasure): boolean {
  return measure === 'objects';
}

/** What has no allocator: tracked objects, wherever their memory came from. */
export const WITHOUT_ALLOCATOR = 'Python objects';

/** For what is about memory alone, such as an overview: its first measure stands for one that is not of memory. */
export function memoryMeasureOf(measure: SiteMeasure): MemoryMeasure {
  return measure === 'objects' ? 'peak' : measure;
}

/** Python and native frames together, or one kind alone. */
export const STACK_CHOICES = ['joined', 'python', 'native'] as const;

export type StackChoice = (typeof STACK_CHOICES)[number];

/**
 * Which frames show: those of the program, without runners and the import system and with an import of a library as one;
 * `imports`, with what libraries run while they are imported; `all`, as recorded; or `no-standard-library`, the program's
 * without those of the standard library.
 */
export const FRAME_CHOICES = ['program', 'imports', 'all', 'no-standard-library'] as const;

export type FrameChoice = (typeof FRAME_CHOICES)[number];

/** What a change to the tree does. */
export const TRANSFORM_KINDS = [
  // Only paths through the function, from there on.
  'focus',
  // The function's frames vanish, their bytes go to the caller.
  'hide',
  // Neighbouring frames of the module become one.
  'collapse',
  // Only who calls the function, or only what it calls.
  'callers',
  'callees',
] as const;

export type TransformKind = (typeof TRANSFORM_KINDS)[number];

/**
 * What a drawing of two sides is weighed by: the larger of both on each path, one side, what changed either way, or what
 * grew or shrank alone.
 */
export const COMPARED_WEIGHTS = ['larger', 'head', 'base', 'change', 'grown', 'shrunk'] as const;

export type ComparedWeight = (typeof COMPARED_WEIGHTS)[number];

/** Which rows of a table of two sides: those that changed so by what they allocated themselves, or are on one side alone. */
export const ROW_CHANGES = ['all', 'grew', 'shrank', 'new', 'gone'] as const;

export type RowChangeChoice = (typeof ROW_CHANGES)[number];

/**
 * By self or inclusive bytes or counts (self where rows do not nest), or by name; descending unless `descending=0`. With a
 * base also by what the base has, or by how much it changed either way, in bytes or as the view counts.
 */
export const TABLE_SORTS = [
  'self',
  'selfCount',
  'inclusive',
  'inclusiveCount',
  'name',
  'baseSelf',
  'baseInclusive',
  'selfChange',
  'inclusiveChange',
] as const;

export type TableSort = (typeof TABLE_SORTS)[number];

const EARLIER_SORTS: ReadonlyMap<string | null, TableSort> = new Map([
  ['total', 'inclusive'],
  ['totalCount', 'inclusiveCount'],
  ['baseTotal', 'baseInclusive'],
  ['totalChange', 'inclusiveChange'],
]);

/** What addresses and requests of an earlier memscope mean; other text as it is. */
export function presentSort(text: string | null): string | null {
  return EARLIER_SORTS.get(text) ?? text;
}

/**
 * Columns that rows of leaks are ordered by. `gained`: what a line gained since the middle of the time; `born`: when the
 * first of what is left was allocated.
 */
export const LEAK_SORTS = [
  'name',
  'gained',
  'verdict',
  'change',
  'base',
  'bytes',
  'count',
  'born',
  'innermost',
  'sites',
] as const;

export type LeakSort = (typeof LEAK_SORTS)[number];
