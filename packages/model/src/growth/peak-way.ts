/**
 * A profile → the call below which most of its peak lies: from the root down as long as one child holds most of it. What
 * imports hold is told elsewhere, and address space that nothing touched is no memory.
 */
import type { UsedPeak } from '../analysis/peak/used-peak.js';
import type { NumberColumn } from '../number-column.js';
import type { Profile } from '../profile.js';
import { describeWay } from './describe-way.js';
import type { DescribedWay } from './growth.js';
import { growthSubject } from './growth-subject.js';
import type { KeptAllocations } from './kept-allocations.js';
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
export function findPeakWay(profile: Profile, peak: UsedPeak, files: Uint8Array): PeakWay | null {
  let way = known.get(profile);
  if (way === undefined) known.set(profile, (way = searchPeakWay(profile, peak, files)));
  return way;
}

function searchPeakWay(profile: Profile, peak: UsedPeak, files: Uint8Array): PeakWay | null {
  const subject = growthSubject(profile);
  const { rows } = subject;
  const { tree } = rows;
  const at = 2 * (peak.tick ?? 0);
  const kept = keptAtPeak(rows, peak, files);
  const sites = sitesOf(kept.bytes);
  const below = sumBelow(sites, kept.bytes, tree);
  const peakBytes = peak.bytes;
  const least = LEAST_PEAK_SHARE * peakBytes;
  let node = 0;
  for (;;) {
    node = followHeaviest(node, WAY_SHARE, below, tree);
    const [heaviest] = heaviestChildren(node, below, tree);
    if (heaviest === undefined || heaviest.bytes < least) break;
    node = heaviest.node;
  }
  if (node === 0 || below[node]! < least) return null;
  const way = describeWay(
    { node, holder: node, branches: null },
    { after: -1, at, bytes: below[node]!, risesAt: null, isLate: false, doubles: false },
    kept,
    {
      ...subject,
      containers: () => [],
    },
  );
  return { ...way, peakBytes };
}

/** Those that hold anything. */
function sitesOf(bytes: NumberColumn): Uint32Array {
  const sites = new Uint32Array(bytes.length);
  let length = 0;
  for (let site = 0; site < bytes.length; site++) if (bytes[site]! > 0) sites[length++] = site;
  return sites.subarray(0, length);
}

/** What the program's work holds then: not what imports do, nor files that are mapped (1 by site). */
function keptAtPeak({ role }: CountedRows, { weights }: UsedPeak, files: Uint8Array): KeptAllocations {
  const unknown = new Uint32Array(role.length);
  const kept = { bytes: weights.bytes.slice(), count: weights.count.slice(), firstBorn: unknown, lastBorn: unknown };
  for (let site = 0; site < role.length; site++) {
    if (role[site] === SITE.leftOut || files[site] === 1) kept.bytes[site] = kept.count[site] = 0;
  }
  return kept;
}
