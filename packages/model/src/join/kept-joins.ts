/**
 * The joined stacks of what has weight in a view: made when a tree of them is asked for, and kept for the next view of
 * the same sites (another filter, other frames hidden).
 */
import type { SiteWeights } from '../profile.js';
import { NATIVE_FRAME, type StackTable } from '../tables.js';
import { weighingSites } from '../view/weighing-sites.js';
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
  const joined = kept.get(key) ?? joinSites(stacks, weighingSites(weights));
  // The last one asked for stands last.
  kept.delete(key);
  kept.set(key, joined);
  if (kept.size > MOST_KEPT) for (const oldest of [...kept.keys()].slice(0, 1)) kept.delete(oldest);
  return joined;
}

/**
 * The joined stacks as paths are made of them: without the native frames that are not `shown` (by frame row), which are
 * most of them. `weights` null: of all sites, so that any window and measure can be weighed on the same. Not kept.
 */
export function joinVisible(stacks: SiteStacks, shown: Uint8Array | null, weights: SiteWeights | null): JoinedStacks {
  const { tables, sites } = stacks;
  if (sites.nativeStack === null) return asShown(tables.stacks, sites.pythonStack);
  const { kind } = tables.frames;
  const left = shown?.map((look, frame) => (look === 0 && kind[frame] === NATIVE_FRAME ? 1 : 0));
  const asked =
    weights === null ? Uint32Array.from({ length: sites.length }, (_, site) => site) : weighingSites(weights);
  return joinSites(stacks, asked, left);
}

/** Where nothing has to be joined, the recorded stacks are shown as they are. */
function asShown(stacks: StackTable<number>, stack: Uint32Array): JoinedStacks {
  return { stacks, stack };
}
