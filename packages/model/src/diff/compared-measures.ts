/** What two sides are compared by, and what their rows may stand for: one list for all. */

/** Bytes, but for `count` the number of allocations ever made. */
export const COMPARED_MEASURES = ['peak', 'own-peak', 'leaked', 'total', 'temporary', 'count'] as const;
export type ComparedMeasure = (typeof COMPARED_MEASURES)[number];

/** `function` is who owns memory: the function of the innermost Python frame, Python's arenas, native code. */
export const COMPARED_GROUPINGS = ['function', 'site', 'library', 'category', 'module', 'thread', 'allocator'] as const;
export type ComparedGrouping = (typeof COMPARED_GROUPINGS)[number];

/** In what two sides may differ so that some of their numbers cannot be compared. */
export const OBSTACLES = [
  'aggregated',
  'pythonAllocators',
  'nativeStacks',
  'estimated',
  'pythonVersion',
  'incomplete',
  'outsideWindow',
] as const;
export type ObstacleName = (typeof OBSTACLES)[number];

/** Where bytes of the two sides mean different things, so that no difference of theirs says anything. */
export const BLOCKING_OBSTACLES: readonly ObstacleName[] = [
  'pythonAllocators',
  'estimated',
  'incomplete',
  'outsideWindow',
];
