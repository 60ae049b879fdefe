/** Sites → whose memory it is: which library owns what was allocated there, found from the joined stack. */
import type { Attribution, LibraryRule } from '../analysis/libraries/library-rule.js';
import { attributeFrames, findOwners, type FrameLibraries } from '../analysis/libraries/stack-owners.js';
import type { SiteKeys, StackTables } from '../profile.js';

export interface SiteOwners {
  readonly libraries: FrameLibraries;
  /** By stack: the row whose frame owns its memory, as `findOwners` gives it. */
  readonly ownerOfStack: Uint32Array;
  /** Position in the attributions of `libraries`, -1 = nothing is on the stack. */
  readonly ofSite: (site: number) => number;
}

/** Whole tables are attributed once for each set of rules: several measures are asked of the same frames. */
const known = new WeakMap<StackTables, Map<readonly LibraryRule[], Omit<SiteOwners, 'ofSite'>>>();
const NO_RULES: readonly LibraryRule[] = [];

export function findSiteOwners(
  { stack, pythonStack }: Pick<SiteKeys, 'stack' | 'pythonStack'>,
  tables: StackTables,
  rules: readonly LibraryRule[],
): SiteOwners {
  const byRules = known.get(tables) ?? new Map<readonly LibraryRule[], Omit<SiteOwners, 'ofSite'>>();
  known.set(tables, byRules);
  const key = rules.length === 0 ? NO_RULES : rules;
  let found = byRules.get(key);
  if (found === undefined) {
    const libraries = attributeFrames(tables, rules);
    byRules.set(key, (found = { libraries, ownerOfStack: findOwners(tables.stacks, libraries) }));
  }
  const { libraries, ownerOfStack } = found;
  const joined = stack ?? pythonStack;
  const { frame } = tables.stacks;
  return {
    ...found,
    ofSite: (site) => {
      const owner = ownerOfStack[joined[site]!]!;
      return owner === 0 ? -1 : libraries.attributionOf[frame[owner]!]!;
    },
  };
}

/** Null where nothing is on the stack. */
export function ownerOf(site: number, { libraries, ofSite }: SiteOwners): Attribution | null {
  return libraries.attributions[ofSite(site)] ?? null;
}
