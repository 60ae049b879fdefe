/** An open profile → what every question of growth stands on, made once. */
import { arenaBytesOf } from '../analysis/arenas.js';
import type { Profile } from '../profile.js';
import { siteOwnersOf } from '../view/site-owners.js';
import { countRows } from './counted-rows.js';
import type { WayContext } from './describe-way.js';
import { growTree } from './growth-tree.js';

const known = new WeakMap<Profile, Omit<WayContext, 'containers'>>();

export function growthSubject(profile: Profile): Omit<WayContext, 'containers'> {
  let subject = known.get(profile);
  if (subject === undefined) known.set(profile, (subject = makeSubject(profile)));
  return subject;
}

function makeSubject(profile: Profile): Omit<WayContext, 'containers'> {
  const tables = profile.stackTables();
  const sites = profile.siteKeys();
  const owners = siteOwnersOf(profile, tables, sites, [])();
  const { timeMs, length } = profile.ticks();
  return {
    rows: countRows(profile, growTree(tables, sites), owners.arenas),
    frames: tables.frames,
    sites,
    total: profile.siteWeights('total'),
    owners,
    arenaBytes: arenaBytesOf(profile.capture),
    hasNative: sites.nativeStack !== null,
    timeOf: (moment) =>
      length === 0 ? 0 : Math.max(0, timeMs[Math.min(length - 1, moment >> 1)]! - profile.capture.startMs),
  };
}
