/**
 * Which rows of the bulk table `lifetime` count as memory that the program holds, and which of those are arenas: what
 * only imports hold is left out, and so is address space that was set aside and never touched.
 */
import { NO_ARENA } from '../analysis/arenas.js';
import { isReservation } from '../analysis/peak/reservations.js';
import type { NarrowWeights } from '../number-column.js';
import type { Profile } from '../profile.js';
import type { LifetimeBatch, SiteChanges } from '../lifetimes.js';
import { ALLOCATOR_NAMES } from '../tables.js';
import { LEAST_RESERVED_BYTES } from '../view/live-changes.js';
import type { GrowthTree } from './growth-tree.js';

const MMAP = ALLOCATOR_NAMES.indexOf('mmap');

/** How a site takes part, in a column by site; left out is what only imports hold, or what no filter lets pass. */
export const SITE = { leftOut: 0, counted: 1, arena: 2 } as const;

export interface CountedRows {
  readonly profile: Profile;
  readonly tree: GrowthTree;
  /** By site, as `SITE` says. */
  readonly role: Uint8Array;
  /** By site: 1 where it maps so much that some of it may be reserved. */
  readonly isMapped: Uint8Array;
  /** Moments of the recording; a death at or after this one never happened. */
  readonly moments: number;
  /** The same summed; null where there are so few rows that all of them are read. */
  readonly changes: SiteChanges | null;
  /** Where sums are coarse, the last moment up to which nothing changes by them: they are exact there. Else the moment. */
  readonly settled: (moment: number) => number;
  /** Whether a row is address space that nothing touched. */
  readonly isReserved: (batch: LifetimeBatch, row: number) => boolean;
}

/** Rows that are reserved, with less than nothing: added to sums of all rows they take them away. */
export function reservedAway(rows: CountedRows, { largeMappings }: SiteChanges): LifetimeBatch {
  const reserved = [...largeMappings.site.keys()].filter((row) => rows.isReserved(largeMappings, row));
  const { site, born, died, count, bytes } = largeMappings;
  return {
    rows: reserved.length,
    site: Uint32Array.from(reserved, (row) => site[row]!),
    born: Uint32Array.from(reserved, (row) => born[row]!),
    died: Uint32Array.from(reserved, (row) => died[row]!),
    count: Float64Array.from(reserved, (row) => count[row]!),
    bytes: Float64Array.from(reserved, (row) => -bytes[row]!),
  };
}

/** `arenas` as `findArenas` gives it; `total` is all that sites ever allocated. */
export function countRows(
  profile: Profile,
  tree: GrowthTree,
  arenas: Uint8Array | null,
  total: NarrowWeights | null,
): CountedRows {
  const { allocator, length } = profile.siteKeys();
  const role = new Uint8Array(length);
  for (let site = 0; site < length; site++) {
    if (tree.isImport[tree.nodeOfSite[site]!] === 1) continue;
    role[site] = arenas !== null && arenas[site] !== NO_ARENA ? SITE.arena : SITE.counted;
  }
  const ticks = profile.ticks();
  const moments = 2 * ticks.length + 2;
  const exact = profile.liveChanges();
  const changes = exact ?? profile.coarseChanges();
  const isMapped = new Uint8Array(length);
  for (let site = 0; site < length; site++) {
    if (allocator[site] !== MMAP) continue;
    isMapped[site] = total === null || total.bytes[site]! >= LEAST_RESERVED_BYTES ? 1 : 0;
  }
  return {
    profile,
    tree,
    role,
    isMapped,
    moments,
    changes,
    settled: exact === null && changes !== null ? endsOfPeriods(changes, moments) : (moment) => moment,
    isReserved: (batch, row) =>
      isMapped[batch.site[row]!] === 1 &&
      isReservation(batch.bytes[row]!, batch.count[row]!, batch.born[row]!, batch.died[row]!, ticks),
  };
}

function endsOfPeriods({ length, moment }: SiteChanges, moments: number): (moment: number) => number {
  // Asked for only where something grows.
  let begins: Uint8Array | null = null;
  return (at) => {
    begins ??= beginnings(moment.subarray(0, length), moments);
    let end = at;
    while (end + 1 < moments && begins[end + 1] === 0) end++;
    return end;
  };
}

/** 1 at the moments that are in the column. */
function beginnings(column: Uint32Array, moments: number): Uint8Array {
  const begins = new Uint8Array(moments);
  for (let row = 0; row < column.length; row++) begins[column[row]!] = 1;
  return begins;
}
