/** A profile's recorded stacks and how they are joined; and the ones that a question is about. */
import type { Profile, SiteKeys } from '../profile.js';
import { ViewError } from '../view/view-error.js';
import type { StackChoice } from '../view/view-choices.js';
import type { SiteStacks } from './joined-walk.js';

/** With all that is known of the sites. */
export interface RunStacks extends SiteStacks {
  readonly sites: SiteKeys;
}

export function siteStacksOf(profile: Pick<Profile, 'stackTables' | 'siteKeys' | 'notes'>): RunStacks {
  return {
    tables: profile.stackTables(),
    sites: profile.siteKeys(),
    joins: [{ firstSite: 0, notes: profile.notes.join ?? null }],
  };
}

/** One kind alone is as if it were all that was recorded. Throws `ViewError` with `cannotAnswer` where there is none. */
export function chooseStacks(stacks: SiteStacks, choice: StackChoice): SiteStacks {
  const { sites } = stacks;
  if (choice === 'joined') return stacks;
  if (choice === 'python') return { ...stacks, sites: { ...sites, nativeStack: null } };
  if (sites.nativeStack === null) {
    throw new ViewError(
      'cannotAnswer',
      'the capture has no native stacks: they are recorded with `memray run --native` only',
    );
  }
  return { ...stacks, sites: { ...sites, pythonStack: sites.nativeStack, nativeStack: null } };
}
