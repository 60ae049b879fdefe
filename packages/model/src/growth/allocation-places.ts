/**
 * Sites → how many blocks each place below some nodes made and keeps. A place is a stack with an allocator, threads
 * together; where native stacks are recorded, each of them is one, since a line of Python leads to many.
 */
import type { NarrowWeights } from '../number-column.js';
import type { SiteKeys } from '../profile.js';
import { ALLOCATOR_NAMES } from '../tables.js';
import { SITE, type CountedRows } from './counted-rows.js';
import type { KeptAllocations } from './kept-allocations.js';

export interface AllocationPlace {
  /** A site of it. */
  readonly site: number;
  /** Blocks that it ever made. */
  readonly made: number;
  /** Blocks, and their bytes, that it keeps of what grows; arenas are none of its own. */
  readonly kept: number;
  readonly keptBytes: number;
}

/** Of sites whose node is marked, what imports make left out; marked in `grows`: what grows. `total` is all that sites ever allocated. */
export function placesBelow(
  isBelow: Uint8Array,
  grows: Uint8Array,
  { role, tree, profile }: CountedRows,
  { pythonStack, nativeStack, allocator }: SiteKeys,
  total: NarrowWeights,
  kept: KeptAllocations,
): AllocationPlace[] {
  const places = new Map<number, { site: number; made: number; kept: number; keptBytes: number }>();
  const stride = ALLOCATOR_NAMES.length * (nativeStack === null ? 1 : profile.stackTables().stacks.length);
  for (let site = 0; site < role.length; site++) {
    if (role[site] === SITE.leftOut || isBelow[tree.nodeOfSite[site]!] === 0) continue;
    const native = nativeStack === null ? 0 : nativeStack[site]! * ALLOCATOR_NAMES.length;
    const key = pythonStack[site]! * stride + native + allocator[site]!;
    let place = places.get(key);
    if (place === undefined) places.set(key, (place = { site, made: 0, kept: 0, keptBytes: 0 }));
    place.made += total.count[site]!;
    if (role[site] !== SITE.counted || grows[tree.nodeOfSite[site]!] === 0) continue;
    place.kept += kept.count[site]!;
    place.keptBytes += kept.bytes[site]!;
  }
  return [...places.values()];
}
