/** What the rows of a table may stand for, and the orders that rows with something below them have: one list for all. */
import type { StackTables } from '../profile.js';
import type { FrameGroups } from './frame-groups.js';

export const GROUPINGS = [
  'function',
  'location',
  'module',
  'application',
  'owner',
  'library',
  'category',
  'site',
  'thread',
  'allocator',
  'run',
] as const;

export type Grouping = (typeof GROUPINGS)[number];

/** What bands of a timeline may stand for. */
export const BAND_GROUPINGS = [
  'owner',
  'library',
  'category',
  'application',
  'module',
  'thread',
  'allocator',
  'run',
] as const satisfies Grouping[];

export type BandGrouping = (typeof BAND_GROUPINGS)[number];

/** Groups of frames: they allocate by themselves, and more in what they call. */
export type FrameGrouping = 'function' | 'location' | 'module';

export function isFrameGrouping(by: Grouping): by is FrameGrouping {
  return by === 'function' || by === 'location' || by === 'module';
}

/** By frame row: its group; and how many groups there are. */
export function frameGroupsOf(
  { groups, stackTables }: { readonly groups: FrameGroups; readonly stackTables: Pick<StackTables, 'frames'> },
  by: FrameGrouping,
): readonly [Uint32Array, number] {
  switch (by) {
    case 'function':
      return [groups.functionOf, groups.functions.length];
    case 'location':
      return [groups.canonical, stackTables.frames.length];
    case 'module':
      return [groups.moduleOf, groups.modules.length];
  }
}

/**
 * `self`: allocated by the group itself; `inclusive`: with all that it called; `own-peak`: the most that an owner held at
 * once.
 */
export const SORTS = ['self', 'inclusive', 'own-peak'] as const;

export type Sort = (typeof SORTS)[number];

/** The orders that a grouping's rows have; the first one by default. */
export function sortsOf(by: Grouping): readonly Sort[] {
  if (isFrameGrouping(by)) return ['self', 'inclusive'];
  return by === 'owner' ? ['self', 'own-peak'] : ['self'];
}
