/**
 * Two moments → how much of what is live at the later one only comes and goes: at places that held nothing at the earlier
 * one, and freed before what they had made; and the second copy of a block, or of the few of a table, while it is replaced. A table that was
 * replaced by a larger one between them is none: its place held the smaller one.
 */
import type { NarrowWeights } from '../number-column.js';
import { ALLOCATOR_NAMES } from '../tables.js';
import type { CountedRows } from './counted-rows.js';
import type { KeptAllocations } from './kept-allocations.js';

/** One block or few, which replaced at least so many. */
export const MOST_REPLACED = 3;
export const LEAST_REPLACING = 20;
/** Blocks that are copied together at most, as the columns of a table are: each replaced about as many. */
const MOST_COPIED = 30;

/** Of sites whose node is marked, threads together; `total` is all that sites ever allocated; nothing is told without it. */
export function passingBytes(
  isBelow: Uint8Array,
  before: KeptAllocations,
  after: KeptAllocations,
  total: NarrowWeights | null,
  { profile, tree, role }: CountedRows,
): number {
  if (total === null) return 0;
  const { pythonStack, allocator } = profile.siteKeys();
  const places = new Map<number, { held: number; heldCount: number; bytes: number; count: number; made: number }>();
  for (let site = 0; site < role.length; site++) {
    if (isBelow[tree.nodeOfSite[site]!] === 0) continue;
    const key = pythonStack[site]! * ALLOCATOR_NAMES.length + allocator[site]!;
    const place = places.get(key) ?? { held: 0, heldCount: 0, bytes: 0, count: 0, made: 0 };
    place.held += before.bytes[site]!;
    place.heldCount += before.count[site]!;
    place.bytes += after.bytes[site]!;
    place.count += after.count[site]!;
    place.made += total.count[site]!;
    places.set(key, place);
  }
  let passing = 0;
  for (const { held, heldCount, bytes, count, made } of places.values()) {
    const isMany = made >= LEAST_REPLACING * Math.max(1, heldCount / MOST_REPLACED);
    const isCopied = heldCount <= MOST_COPIED && count > heldCount && isMany;
    if ((held === 0 && made > count) || isCopied) passing += bytes - held;
  }
  return passing;
}
