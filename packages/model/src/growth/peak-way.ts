/**
 * A profile → the call below which most of its peak lies: from the root down as long as one child holds most of it. What
 * imports hold is told elsewhere, and address space that nothing touched is no memory.
 */
import type { Profile } from '../profile.js';
import { describeWay } from './describe-way.js';
import type { DescribedWay } from './growth.js';
import { growthSubject } from './growth-subject.js';
import { keptAllocations, type KeptAllocations } from './kept-allocations.js';
import { SITE, type CountedRows } from './counted-rows.js';
import { followHeaviest, heaviestChildren, sumBelow } from './name-way.js';

/** A child that holds this share of the peak is gone into, however much lies beside it. */
const LEAST_PEAK_SHARE = 0.5;
const WAY_SHARE = 0.9;

export interface PeakWay extends DescribedWay {
  /** Of the peak, without reservations. */
  readonly peakBytes: number;
}

const known = new WeakMap<Profile, PeakWay | null>();

/** Null where no call holds half of it. Found once for an open profile. */
export function findPeakWay(profile: Profile): PeakWay | null {
  let way = known.get(profile);
  if (way === undefined) known.set(profile, (way = searchPeakWay(profile)));
  return way;
}

function searchPeakWay(profile: Profile): PeakWay | null {
  const subject = growthSubject(profile);
  const { rows } = subject;
  const { tree } = rows;
  const at = 2 * (profile.capture.peakTick ?? 0);
  const kept = keptAtPeak(rows, at);
  const sites = Uint32Array.from(kept.bytes.keys()).filter((site) => kept.bytes[site]! > 0);
  const below = sumBelow(sites, kept.bytes, tree);
  const peakBytes = profile.capture.peakBytes - reservedAt(rows, at);
  const least = LEAST_PEAK_SHARE * peakBytes;
  let node = 0;
  for (;;) {
    node = followHeaviest(node, WAY_SHARE, below, tree);
    const [heaviest] = heaviestChildren(node, below, tree);
    if (heaviest === undefined || heaviest.bytes < least) break;
    node = heaviest.node;
  }
  if (node === 0 || below[node]! < least) return null;
  const way = describeWay({ node, branches: null }, { at, bytes: below[node]! }, kept, {
    ...subject,
    containers: () => [],
  });
  return { ...way, peakBytes };
}

/** Aggregated captures know what lived at the peak, but not since when. */
function keptAtPeak(rows: CountedRows, at: number): KeptAllocations {
  const { profile, role } = rows;
  if (profile.capture.layout !== 'aggregated') return keptAllocations(rows, -1, at);
  const { bytes, count } = profile.siteWeights('peak')!;
  const isCounted = (value: number, site: number): number => (role[site] === SITE.imports ? 0 : value);
  return { bytes: bytes.map(isCounted), count: count.map(isCounted), firstBorn: new Uint32Array(role.length) };
}

function reservedAt(rows: CountedRows, at: number): number {
  const { profile } = rows;
  if (profile.capture.layout === 'aggregated') return 0;
  let reserved = 0;
  for (const batch of profile.lifetimes(at, at)) {
    const { rows: length, born, died, bytes } = batch;
    for (let row = 0; row < length; row++) {
      if (born[row]! <= at && died[row]! > at && rows.isReserved(batch, row)) reserved += bytes[row]!;
    }
  }
  return reserved;
}
