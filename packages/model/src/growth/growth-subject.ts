/** An open profile → what every question of growth stands on, made once. */
import { arenaBytesOf } from '../analysis/arenas.js';
import { usedPeakBytes } from '../analysis/peak/used-peak.js';
import type { Profile } from '../profile.js';
import { originOf } from '../recording-span.js';
import { siteStacksOf } from '../join/site-stacks.js';
import { siteOwnersOf } from '../view/site-owners.js';
import { countRows } from './counted-rows.js';
import type { WayContext } from './way-context.js';
import { growTree, type GrowthTree } from './growth-tree.js';

/** What is told of a way, and how high the heap was without address space that was never touched. */
export interface GrowthSubject extends Omit<WayContext, 'containers'> {
  readonly peakBytes: number;
}

const known = new WeakMap<Profile, GrowthSubject>();

export function growthSubject(profile: Profile): GrowthSubject {
  let subject = known.get(profile);
  if (subject === undefined) known.set(profile, (subject = makeSubject(profile)));
  return subject;
}

/** The same where other nodes of the tree are imports. */
export function recount(subject: GrowthSubject, tree: GrowthTree): GrowthSubject {
  return { ...subject, rows: countRows(subject.rows.profile, tree, subject.owners.arenas, subject.total) };
}

function makeSubject(profile: Profile): GrowthSubject {
  const tables = profile.stackTables();
  const sites = profile.siteKeys();
  const owners = siteOwnersOf(siteStacksOf(profile), profile.owners(), [])();
  const { timeMs, length } = profile.ticks();
  const total = profile.narrowWeights('total');
  return {
    rows: countRows(profile, growTree(tables, sites), owners.arenas, total),
    frames: tables.frames,
    modules: tables.modules,
    sites,
    total,
    owners,
    arenaBytes: arenaBytesOf(profile.capture),
    peakBytes: usedPeakBytes(profile),
    hasNative: sites.nativeStack !== null,
    timeOf: (moment) =>
      length === 0 ? 0 : Math.max(0, timeMs[Math.min(length - 1, moment >> 1)]! - originOf(profile.capture)),
  };
}
