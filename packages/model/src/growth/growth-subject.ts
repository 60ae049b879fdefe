/** An open profile → what every question of growth stands on, made once. */
import { arenaBytesOf } from '../analysis/arenas.js';
import { usedPeakBytes } from '../analysis/peak/used-peak.js';
import type { Profile } from '../profile.js';
import { originOf } from '../recording-span.js';
import { siteStacksOf } from '../join/site-stacks.js';
import { siteOwnersOf } from '../view/site-owners.js';
import { countRows, SITE, type CountedRows } from './counted-rows.js';
import type { WayContext } from './way-context.js';
import { growTree, type GrowthTree } from './growth-tree.js';

/** What a filter lets pass, of a profile. */
export interface GrowthPart {
  /** As it is written. */
  readonly filter: string;
  readonly passes: (site: number) => boolean;
}

/** What is told of a way, and how high the heap was without address space that was never touched. */
export interface GrowthSubject extends Omit<WayContext, 'containers'> {
  readonly peakBytes: number;
  /** Of all that is at work, whose clock counts; `rows` are of a part. */
  readonly wholeRows: CountedRows;
  readonly part: GrowthPart | null;
}

const known = new WeakMap<Profile, GrowthSubject>();

export function growthSubject(profile: Profile): GrowthSubject {
  let subject = known.get(profile);
  if (subject === undefined) known.set(profile, (subject = makeSubject(profile)));
  return subject;
}

/** The same where other nodes of the tree are imports. */
export function recount({ part, ...subject }: GrowthSubject, tree: GrowthTree): GrowthSubject {
  const rows = countRows(subject.rows.profile, tree, subject.owners.arenas, subject.total);
  const whole = { ...subject, rows, wholeRows: rows, part: null };
  return part === null ? whole : { ...growthWithin(whole, part), peakBytes: subject.peakBytes };
}

/** Of what passes a filter. */
export function growthWithin(whole: GrowthSubject, part: GrowthPart): GrowthSubject {
  const { wholeRows } = whole;
  const { profile } = wholeRows;
  const role = wholeRows.role.slice();
  const [peak, leaked] = [profile.narrowWeights('peak')!.bytes, profile.narrowWeights('leaked')!.bytes];
  let [atPeak, atEnd] = [0, 0];
  for (let site = 0; site < role.length; site++) {
    if (part.passes(site)) {
      atPeak += peak[site]!;
      atEnd += leaked[site]!;
    } else role[site] = SITE.leftOut;
  }
  const peakBytes = Math.min(whole.peakBytes, Math.max(atPeak, atEnd));
  return { ...whole, part, peakBytes, rows: { ...wholeRows, role } };
}

function makeSubject(profile: Profile): GrowthSubject {
  const tables = profile.stackTables();
  const sites = profile.siteKeys();
  const owners = siteOwnersOf(siteStacksOf(profile), profile.owners(), [])();
  const { timeMs, length } = profile.ticks();
  const total = profile.narrowWeights('total');
  const rows = countRows(profile, growTree(tables, sites), owners.arenas, total);
  return {
    rows,
    wholeRows: rows,
    part: null,
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
