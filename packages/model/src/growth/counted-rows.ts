/**
 * Which rows of the bulk table `lifetime` count as memory that the program holds, and which of those are arenas: what
 * only imports hold is left out, and so is address space that was set aside and never touched.
 */
import { NO_ARENA } from '../analysis/arenas.js';
import type { Profile } from '../profile.js';
import { ALLOCATOR_NAMES, NEVER, type LifetimeBatch, type TickTable } from '../tables.js';
import type { GrowthTree } from './growth-tree.js';

const MIB = 1024 * 1024;
/** A mapping of so much, of which RSS never showed this share while it lived, was set aside. */
const LEAST_RESERVATION = 32 * MIB;
const LEAST_TOUCHED = 0.5;
const MMAP = ALLOCATOR_NAMES.indexOf('mmap');

/** How a site takes part, in a column by site. */
export const SITE = { imports: 0, counted: 1, arena: 2 } as const;

export interface CountedRows {
  readonly profile: Profile;
  readonly tree: GrowthTree;
  /** By site, as `SITE` says. */
  readonly role: Uint8Array;
  /** Moments of the recording; a death at or after this one never happened. */
  readonly moments: number;
  /** Whether a row is address space that nothing touched. */
  readonly isReserved: (batch: LifetimeBatch, row: number) => boolean;
}

/** `arenas` as `findArenas` gives it. */
export function countRows(profile: Profile, tree: GrowthTree, arenas: Uint8Array | null): CountedRows {
  const { allocator, length } = profile.siteKeys();
  const role = new Uint8Array(length);
  for (let site = 0; site < length; site++) {
    if (tree.isImport[tree.nodeOfSite[site]!] === 1) continue;
    role[site] = arenas !== null && arenas[site] !== NO_ARENA ? SITE.arena : SITE.counted;
  }
  const ticks = profile.ticks();
  return {
    profile,
    tree,
    role,
    moments: 2 * ticks.length + 2,
    isReserved: ({ site, born, died, bytes, count }, row) =>
      bytes[row]! >= LEAST_RESERVATION &&
      allocator[site[row]!] === MMAP &&
      isUntouched(bytes[row]! / Math.max(1, count[row]!), born[row]!, died[row]!, ticks),
  };
}

/** RSS is known at ticks only: the greatest one during a mapping's life, against the one before it. */
function isUntouched(bytes: number, born: number, died: number, { length, rssBytes }: TickTable): boolean {
  if (bytes < LEAST_RESERVATION) return false;
  const first = born >> 1;
  if (first >= length) return false;
  const last = died === NEVER ? length - 1 : Math.min(length - 1, died >> 1);
  let most = 0;
  for (let tick = first; tick <= last; tick++) most = Math.max(most, rssBytes[tick]!);
  return most - rssBytes[Math.max(0, first - 1)]! < LEAST_TOUCHED * bytes;
}
