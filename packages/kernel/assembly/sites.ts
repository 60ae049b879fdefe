/**
 * Allocation sites: thread + allocator + Python stack + native stack, with what each has allocated in all and what it
 * held at the high-water mark.
 *
 * The composition of the peak is kept without snapshots, as memray does: whenever the heap falls from a height it had
 * not fallen from before, the peak number goes up; a site notes its changes since the last peak number it knows, and
 * adds them to its peak when it sees a newer one. A site is one cache line.
 */
import { allocate, allocateZeroed, enlarge, release } from './arena';
import { ABSENT, mix2 } from './hash';
import { Node } from './stacks';

@unmanaged
export class Site {
  /** Changes since peak number `peakNumber`; may be negative. */
  pendingBytes: i64;
  pendingCount: i64;
  peakBytes: i64;
  peakCount: i64;
  totalBytes: u64;
  totalCount: u64;
  peakNumber: u32;
  /** Thread row << 4 | allocator. */
  tag: u32;
  pythonStack: u32;
  nativeStack: u32;
}

export const SITE_SHIFT: usize = 6;

export let sites: usize = allocate(64 << 10);
/** Two words a site: bytes and count of its temporary allocations. */
let temporaries: usize = allocateZeroed(16 << 10);
let capacity: u32 = 1 << 10;
let count: u32 = 0;
let slots: usize = allocateZeroed(4 << 12);
let slotsMask: u32 = (1 << 12) - 1;

@inline
export function siteAt(row: u32): Site {
  return changetype<Site>(sites + (<usize>row << SITE_SHIFT));
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

export function findSite(tag: u32, pythonStack: u32, nativeStack: u32): u32 {
  let slot = hashOf(tag, pythonStack, nativeStack) & slotsMask;
  while (true) {
    const row = load<u32>(slots + (<usize>slot << 2));
    if (row == 0) break;
    const site = siteAt(row - 1);
    if (site.pythonStack == pythonStack && site.nativeStack == nativeStack && site.tag == tag) return row - 1;
    slot = (slot + 1) & slotsMask;
  }
  if (count == capacity) growSites();
  const site = siteAt(count);
  memory.fill(changetype<usize>(site), 0, 64);
  site.tag = tag;
  site.pythonStack = pythonStack;
  site.nativeStack = nativeStack;
  store<u32>(slots + (<usize>slot << 2), ++count);
  if (count * 2 > slotsMask) growSlots();
  return count - 1;
}

function growSites(): void {
  sites = enlarge(sites, capacity << 6, capacity << 7);
  temporaries = enlarge(temporaries, capacity << 4, capacity << 5);
  memory.fill(temporaries + ((<usize>capacity) << 4), 0, capacity << 4);
  capacity <<= 1;
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

/** One more temporary allocation of `bytes` bytes. */
@inline
export function countTemporary(row: u32, bytes: u64): void {
  const cell = temporaries + (<usize>row << 4);
  store<u64>(cell, load<u64>(cell) + bytes);
  store<u64>(cell, load<u64>(cell, 8) + 1, 8);
}

/** A change of what the site holds, after peak number `peakNumber`. */
@inline
export function changeSite(row: u32, count: i64, bytes: i64, peakNumber: u32): void {
  const site = siteAt(row);
  if (site.peakNumber != peakNumber) {
    site.peakBytes += site.pendingBytes;
    site.peakCount += site.pendingCount;
    site.pendingBytes = bytes;
    site.pendingCount = count;
    site.peakNumber = peakNumber;
  } else {
    site.pendingBytes += bytes;
    site.pendingCount += count;
  }
}

export function siteTable(): usize {
  return sites;
}
export function temporaryTable(): usize {
  return temporaries;
}
export function siteLength(): u32 {
  return count;
}
