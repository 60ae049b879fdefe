/**
 * Whether several things that grow are one: what is kept once a request, or a few times a request, is counted alike.
 */
import { ALLOCATOR_NAMES } from '../tables.js';
import { SITE, type CountedRows } from './counted-rows.js';
import type { KeptAllocations } from './kept-allocations.js';

const HEAVIEST_PLACES = 4;
const LEAST_COUNT = 10;
const MOST_MULTIPLE = 16;

/** How many blocks the places keep that hold most bytes, of nodes that are marked; threads together. */
export function heaviestCounts(
  isBelow: Uint8Array,
  { count, bytes }: KeptAllocations,
  { profile, tree, role }: CountedRows,
): number[] {
  const { pythonStack, allocator } = profile.siteKeys();
  const places = new Map<number, { count: number; bytes: number }>();
  for (let site = 0; site < role.length; site++) {
    if (role[site] !== SITE.counted || count[site] === 0 || isBelow[tree.nodeOfSite[site]!] === 0) continue;
    const key = pythonStack[site]! * ALLOCATOR_NAMES.length + allocator[site]!;
    const place = places.get(key) ?? { count: 0, bytes: 0 };
    places.set(key, { count: place.count + count[site]!, bytes: place.bytes + bytes[site]! });
  }
  return [...places.values()]
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, HEAVIEST_PLACES)
    .map((place) => place.count)
    .filter((each) => each >= LEAST_COUNT);
}

/** One count is a small multiple of another, but for one in the making. */
export function areInStep(some: readonly number[], others: readonly number[]): boolean {
  return some.some((a) =>
    others.some((b) => {
      const multiple = Math.round(Math.max(a, b) / Math.min(a, b));
      return multiple <= MOST_MULTIPLE && Math.abs(Math.max(a, b) - multiple * Math.min(a, b)) <= multiple + 1;
    }),
  );
}
