/**
 * Allocation sites: thread + allocator + Python stack + native stack, the memory of pymalloc's arenas apart (arenas.ts),
 * with who owns it (owners.ts) and what of each was temporary. What a site has
 * allocated in all and holds at a time is the heap's business (heap/usage.ts), by the same row numbers.
 */
import { allocateZeroed, release } from '../shared/arena';
import { mix2 } from '../shared/hash';
import { newDirectory, reserveRows, rowAt } from '../shared/rows';
import { ownerOf } from './owners';
import { Node } from './stacks';

@unmanaged
export class Site {
  temporaryBytes: u64;
  temporaryCount: u64;
  /** Made by `siteTag`. */
  tag: u32;
  pythonStack: u32;
  nativeStack: u32;
  /** Row of `owners`. */
  owner: u32;
}

/** What an aggregated capture says itself that a site held. */
@unmanaged
export class Held {
  peakBytes: u64;
  peakCount: u64;
  leakedBytes: u64;
  leakedCount: u64;
}

const SITE_SIZE: u32 = offsetof<Site>();
const HELD_SIZE: u32 = offsetof<Held>();

const sites: usize = newDirectory();
const held: usize = newDirectory();
let count: u32 = 0;
let slots: usize = allocateZeroed(4 << 12);
let slotsMask: u32 = (1 << 12) - 1;

/** In a tag: what was allocated there belongs to an arena. */
export const OF_ARENA: u32 = 1 << 4;
const THREAD_SHIFT: u32 = 5;

@inline
export function siteTag(thread: u32, allocator: u32): u32 {
  return (thread << THREAD_SHIFT) | allocator;
}

@inline
export function siteAt(row: u32): Site {
  return changetype<Site>(rowAt(sites, row, SITE_SIZE));
}

/** By the site's row; only in an aggregated capture. */
export function heldAt(row: u32): Held {
  reserveRows(held, row + 1, HELD_SIZE);
  return changetype<Held>(rowAt(held, row, HELD_SIZE));
}

@inline
function hashOf(tag: u32, pythonStack: u32, nativeStack: u32): u32 {
  return mix2(((<u64>pythonStack) << 32) | nativeStack, tag);
}

/** The site's row; also remembered by the stack's node. */
export function siteOf(node: Node, pythonStack: u32, tag: u32, nativeStack: u32): u32 {
  const row = findSite(tag, pythonStack, nativeStack);
  node.site = row;
  node.siteTag = tag;
  node.siteNative = nativeStack;
  return row;
}

/** The site's row; a new one when it has not been seen. */
export function findSite(tag: u32, pythonStack: u32, nativeStack: u32): u32 {
  let slot = hashOf(tag, pythonStack, nativeStack) & slotsMask;
  while (true) {
    const row = load<u32>(slots + (<usize>slot << 2));
    if (row == 0) break;
    const site = siteAt(row - 1);
    if (site.pythonStack == pythonStack && site.nativeStack == nativeStack && site.tag == tag) return row - 1;
    slot = (slot + 1) & slotsMask;
  }
  reserveRows(sites, count + 1, SITE_SIZE);
  const site = siteAt(count);
  site.tag = tag;
  site.pythonStack = pythonStack;
  site.nativeStack = nativeStack;
  site.owner = ownerOf(pythonStack, nativeStack, (tag & OF_ARENA) != 0);
  store<u32>(slots + (<usize>slot << 2), ++count);
  if (count * 2 > slotsMask) growSlots();
  return count - 1;
}

function growSlots(): void {
  release(slots, (slotsMask + 1) << 2);
  slotsMask = (slotsMask << 1) | 1;
  slots = allocateZeroed((slotsMask + 1) << 2);
  for (let row: u32 = 0; row < count; row++) {
    const site = siteAt(row);
    let slot = hashOf(site.tag, site.pythonStack, site.nativeStack) & slotsMask;
    while (load<u32>(slots + (<usize>slot << 2)) != 0) slot = (slot + 1) & slotsMask;
    store<u32>(slots + (<usize>slot << 2), row + 1);
  }
}

let largeTemporary: u64 = 0;

/** False when temporary allocations of 4 GiB and more come to more than 64 bits hold: one can be freed any number of times. */
function hasRoomForLarge(bytes: u64): bool {
  if (largeTemporary >= (<u64>1) << 62) return false;
  largeTemporary += bytes;
  return true;
}

/** One more temporary allocation of `bytes` bytes. */
@inline
export function countTemporary(row: u32, bytes: u64): void {
  if (bytes >> 32 && !hasRoomForLarge(bytes)) return;
  const site = siteAt(row);
  site.temporaryBytes += bytes;
  site.temporaryCount++;
}

export function siteTable(): usize {
  return sites;
}
/** With the segments of all sites. */
export function heldTable(): usize {
  reserveRows(held, count, HELD_SIZE);
  return held;
}
export function siteLength(): u32 {
  return count;
}
