/**
 * Allocation sites: thread + allocator + Python stack + native stack, the memory of pymalloc's arenas apart (arenas.ts),
 * with who owns it (owners.ts) and what of each was temporary. What a site has
 * allocated in all and holds at a time is the heap's business (heap/usage.ts), by the same row numbers.
 *
 * With native stacks most sites are of Python stacks that have few, and were seen just before: those of a stack are a
 * chain, which is walked, and still in the cache. Only the sites of stacks that have many are hashed.
 */
import { allocateZeroed, release } from '../shared/arena';
import { ABSENT, mix2 } from '../shared/hash';
import { newDirectory, reserveRows, rowAt } from '../shared/rows';
import { ownerOf } from './owners';
import { Node, nodeAt } from './stacks';

@unmanaged
export class Site {
  /** Made by `siteTag`. */
  tag: u32;
  pythonStack: u32;
  nativeStack: u32;
  /** Row of `owners`. */
  owner: u32;
  /** Another site of the same Python stack, ABSENT = none, or HASHED like all of that stack. */
  next: u32;
}

/** Nearly all sites have few; of the others `count` is ABSENT, and `bytes` their row of `largeTemporaries`. */
@unmanaged
class Temporary {
  bytes: u32;
  count: u32;
}

@unmanaged
class LargeTemporary {
  bytes: u64;
  count: u64;
}

@unmanaged
export class Held {
  peakBytes: u64;
  peakCount: u64;
  leakedBytes: u64;
  leakedCount: u64;
}

const SITE_SIZE: u32 = offsetof<Site>();
const TEMPORARY_SIZE: u32 = offsetof<Temporary>();
const LARGE_TEMPORARY_SIZE: u32 = offsetof<LargeTemporary>();
const HELD_SIZE: u32 = offsetof<Held>();

const sites: usize = newDirectory();
const temporaries: usize = newDirectory();
const largeTemporaries: usize = newDirectory();
let largeTemporaryCount: u32 = 0;
const held: usize = newDirectory();
let count: u32 = 0;

/**
 * Open addressing, linear probing, at most three quarters full. A slot says what the site's whole hash is, so that only
 * sites that are very likely the right ones are looked at, and growing looks at none:
 *
 *   0  row + 1  u32  0 = free
 *   4  hash     u32
 */
let slots: usize = allocateZeroed(8 << 12);
let slotsMask: u32 = (1 << 12) - 1;
let hashed: u32 = 0;

const HASHED: u32 = 0xfffffffe;
/** A Python stack with more sites than these has them hashed. */
const MOST_CHAINED: u32 = 8;

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

/** The site's row, a new one when it has not been seen. The stack's node remembers it. */
export function siteOf(node: Node, pythonStack: u32, tag: u32, nativeStack: u32): u32 {
  let row = node.site;
  if (row == ABSENT) row = appendSite(tag, pythonStack, nativeStack, ABSENT);
  else if (siteAt(row).next == HASHED) row = hashedSite(tag, pythonStack, nativeStack);
  else row = chainedSite(row, tag, pythonStack, nativeStack);
  node.site = row;
  node.siteTag = tag;
  node.siteNative = nativeStack;
  return row;
}

export function findSite(tag: u32, pythonStack: u32, nativeStack: u32): u32 {
  return siteOf(nodeAt(pythonStack), pythonStack, tag, nativeStack);
}

/** The one that is found goes to the front. */
function chainedSite(first: u32, tag: u32, pythonStack: u32, nativeStack: u32): u32 {
  let before = ABSENT;
  let row = first;
  let walked: u32 = 0;
  for (; row != ABSENT; row = siteAt(row).next, walked++) {
    const site = siteAt(row);
    if (site.nativeStack == nativeStack && site.tag == tag) {
      if (before == ABSENT) return row;
      siteAt(before).next = site.next;
      site.next = first;
      return row;
    }
    before = row;
  }
  if (walked < MOST_CHAINED) return appendSite(tag, pythonStack, nativeStack, first);
  for (row = first; row != ABSENT;) {
    const site = siteAt(row);
    hashSite(hashOf(site.tag, pythonStack, site.nativeStack), row);
    row = site.next;
    site.next = HASHED;
  }
  return hashedSite(tag, pythonStack, nativeStack);
}

function hashedSite(tag: u32, pythonStack: u32, nativeStack: u32): u32 {
  const hash = hashOf(tag, pythonStack, nativeStack);
  let slot = hash & slotsMask;
  while (true) {
    const entry = load<u64>(slotAt(slot));
    const row = <u32>entry;
    if (row == 0) break;
    if (<u32>(entry >> 32) == hash) {
      const site = siteAt(row - 1);
      if (site.pythonStack == pythonStack && site.nativeStack == nativeStack && site.tag == tag) return row - 1;
    }
    slot = (slot + 1) & slotsMask;
  }
  const row = appendSite(tag, pythonStack, nativeStack, HASHED);
  hashSite(hash, row);
  return row;
}

function appendSite(tag: u32, pythonStack: u32, nativeStack: u32, next: u32): u32 {
  reserveRows(sites, count + 1, SITE_SIZE);
  reserveRows(temporaries, count + 1, TEMPORARY_SIZE);
  const site = siteAt(count);
  site.tag = tag;
  site.pythonStack = pythonStack;
  site.nativeStack = nativeStack;
  site.owner = ownerOf(pythonStack, nativeStack, (tag & OF_ARENA) != 0);
  site.next = next;
  return count++;
}

/** A site that is not hashed yet. */
function hashSite(hash: u32, row: u32): void {
  if (hashed++ > slotsMask - (slotsMask >> 2)) growSlots();
  let slot = hash & slotsMask;
  while (<u32>load<u64>(slotAt(slot)) != 0) slot = (slot + 1) & slotsMask;
  store<u64>(slotAt(slot), (<u64>hash << 32) | (row + 1));
}

@inline
function slotAt(slot: u32): usize {
  return slots + (<usize>slot << 3);
}

/** Slots in their order go to two places that move on in order, too. */
function growSlots(): void {
  const before = slots;
  const length = slotsMask + 1;
  slots = allocateZeroed(length << 4);
  slotsMask = (length << 1) - 1;
  for (let at = before, past = before + (<usize>length << 3); at < past; at += 8) {
    const entry = load<u64>(at);
    if (<u32>entry == 0) continue;
    let slot = <u32>(entry >> 32) & slotsMask;
    while (<u32>load<u64>(slotAt(slot)) != 0) slot = (slot + 1) & slotsMask;
    store<u64>(slotAt(slot), entry);
  }
  release(before, length << 3);
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
  const temporary = changetype<Temporary>(rowAt(temporaries, row, TEMPORARY_SIZE));
  const sum = <u64>temporary.bytes + bytes;
  if (sum >> 32 == 0 && temporary.count < ABSENT - 1) {
    temporary.bytes = <u32>sum;
    temporary.count++;
    return;
  }
  const large = largeTemporaryOf(temporary);
  large.bytes += bytes;
  large.count++;
}

/** The large numbers of a site's temporary allocations, which it has from now on. */
function largeTemporaryOf(temporary: Temporary): LargeTemporary {
  if (temporary.count == ABSENT) {
    return changetype<LargeTemporary>(rowAt(largeTemporaries, temporary.bytes, LARGE_TEMPORARY_SIZE));
  }
  const row = largeTemporaryCount++;
  reserveRows(largeTemporaries, row + 1, LARGE_TEMPORARY_SIZE);
  const large = changetype<LargeTemporary>(rowAt(largeTemporaries, row, LARGE_TEMPORARY_SIZE));
  large.bytes = temporary.bytes;
  large.count = temporary.count;
  temporary.bytes = row;
  temporary.count = ABSENT;
  return large;
}

export function siteTable(): usize {
  return sites;
}
export function temporaryTable(): usize {
  return temporaries;
}
export function largeTemporaryTable(): usize {
  return largeTemporaries;
}
/** With the segments of all sites. */
export function heldTable(): usize {
  reserveRows(held, count, HELD_SIZE);
  return held;
}
export function siteLength(): u32 {
  return count;
}
