/**
 * The joined stacks of what has weight in a view: made when a tree of them is asked for, and kept for the next view of
 * the same sites (another filter, other frames hidden).
 */
import type { SiteWeights } from '../profile.js';
import type { StackTable } from '../tables.js';
import { joinSites, type JoinedStacks } from './join-sites.js';
import type { SiteStacks } from './joined-walk.js';

/** Of each table of stacks. */
const MOST_KEPT = 3;
const keptOfStacks = new WeakMap<object, Map<string, JoinedStacks>>();

/** `key` names what weighs, within the table of stacks. */
export function joinWeighing(stacks: SiteStacks, key: string, weights: SiteWeights): JoinedStacks {
  const { tables, sites } = stacks;
  if (sites.nativeStack === null) return asShown(tables.stacks, sites.pythonStack);
  const kept = keptOfStacks.get(tables.stacks) ?? new Map<string, JoinedStacks>();
  keptOfStacks.set(tables.stacks, kept);
  const joined = kept.get(key) ?? joinSites(stacks, sitesThatWeigh(weights));
  // The last one asked for stands last.
  kept.delete(key);
  kept.set(key, joined);
  if (kept.size > MOST_KEPT) for (const oldest of [...kept.keys()].slice(0, 1)) kept.delete(oldest);
  return joined;
}

/** Where nothing has to be joined, the recorded stacks are shown as they are. */
function asShown(stacks: StackTable<number>, stack: Uint32Array): JoinedStacks {
  return { stacks, stack };
}

function sitesThatWeigh({ bytes, count }: SiteWeights): Uint32Array {
  const sites = new Uint32Array(bytes.length);
  let length = 0;
  for (let site = 0; site < bytes.length; site++) if (bytes[site] !== 0 || count[site] !== 0) sites[length++] = site;
  return sites.slice(0, length);
}
