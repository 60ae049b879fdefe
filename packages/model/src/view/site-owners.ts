/**
 * A profile → whose its frames are and whose memory its sites hold, each found once for a set of rules: measures and
 * windows ask of the same.
 */
import type { LibraryRule } from '../analysis/libraries/library-rule.js';
import { findSiteOwners, type SiteOwners } from '../analysis/libraries/site-owners.js';
import { attributeFrames, type FrameLibraries } from '../analysis/libraries/stack-owners.js';
import type { RunStacks } from '../join/site-stacks.js';
import type { SiteKeys, StackTables } from '../profile.js';
import type { OwnerTable } from '../tables.js';

type ByRules<T> = Map<readonly LibraryRule[], T>;

const librariesOfTables = new WeakMap<StackTables, ByRules<FrameLibraries>>();
const ownersOfSites = new WeakMap<SiteKeys, ByRules<SiteOwners>>();
const NO_RULES: readonly LibraryRule[] = [];

export function frameLibrariesOf(tables: StackTables, rules: readonly LibraryRule[]): FrameLibraries {
  return remember(librariesOfTables, tables, rules, () => attributeFrames(tables, rules));
}

/** Gives a way to ask once the profile is closed. */
export function siteOwnersOf(stacks: RunStacks, owners: OwnerTable, rules: readonly LibraryRule[]): () => SiteOwners {
  const subject = { ...stacks, owners };
  return () =>
    remember(ownersOfSites, stacks.sites, rules, () =>
      findSiteOwners(subject, rules, frameLibrariesOf(stacks.tables, rules)),
    );
}

function remember<Key extends object, Value>(
  known: WeakMap<Key, ByRules<Value>>,
  key: Key,
  rules: readonly LibraryRule[],
  make: () => Value,
): Value {
  const byRules = known.get(key) ?? new Map<readonly LibraryRule[], Value>();
  known.set(key, byRules);
  const asked = rules.length === 0 ? NO_RULES : rules;
  let found = byRules.get(asked);
  if (found === undefined) byRules.set(asked, (found = make()));
  return found;
}
