/**
 * The table of live simple allocations, by address. What is known of an allocation stands in a slot; slots stand close
 * together, and the one that was freed last is taken first, so that they stay in the cache. Groups of twelve find them:
 * a group is one cache line, whose control bytes tell, all at once, which of its places may hold an address. Freeing
 * moves nothing. Source of the idea: Meta's "F14" hash tables (folly, F14.md).
 *
 *   0  control  u8 × 12   0 = free, else 128 | seven bits of the hash
 *  12  passed   u32       addresses that belong here, but found all places taken and stand in a later group
 *  16  slot     u32 × 12
 *
 * A look-up goes from group to group and ends at one that none has passed.
 */
import { allocate, allocateZeroed, enlarge, release } from '../shared/arena';
import { mix } from '../shared/hash';

/** Half a cache line. */
@unmanaged
export class Slot {
  address: u64;
  size: u64;
  site: u32;
  bornTick: u32;
  bornEpoch: u32;
  /** Group << 4 | place within it, or NOT_FOUND when the slot is free. */
  place: u32;
}

const SLOT_SHIFT: u32 = 5;
const GROUP_SHIFT: u32 = 6;
const PLACES: u32 = 12;
const ALL_PLACES: u32 = (1 << PLACES) - 1;
const PASSED: usize = 12;
const ROWS: usize = 16;
/** Beyond so many live addresses a group, there are more groups. */
const MOST_PER_GROUP: u32 = 9;
/** More of them do not fit 32 bits of bytes. */
const MAX_SLOTS: u32 = 1 << 26;
export const NOT_FOUND: u32 = 0xffffffff;

let groupMask: u32 = (1 << 8) - 1;
let groups: usize = allocateZeroed(64 << 8);
let slots: usize = allocate(32 << 11);
let capacity: u32 = 1 << 11;
/** Slots that were ever used; the free ones of them, the last one freed on top. */
let used: u32 = 0;
let free: usize = allocate(4 << 11);
let freeCount: u32 = 0;

// `likelySlot` may name it before it was used.
slotAt(0).place = NOT_FOUND;

@inline
export function slotAt(index: u32): Slot {
  return changetype<Slot>(slots + (<usize>index << SLOT_SHIFT));
}

@inline
export function hashOf(address: u64): u32 {
  return mix(address >> 3);
}

@inline
function groupOf(hash: u32): u32 {
  return (hash >> 7) & groupMask;
}

@inline
function groupAt(group: u32): usize {
  return groups + (<usize>group << GROUP_SHIFT);
}

@inline
function matches(group: usize, hash: u32): u32 {
  return i8x16.bitmask(i8x16.eq(v128.load(group), i8x16.splat(<i8>(hash | 128)))) & ALL_PLACES;
}

@inline
function rowAt(group: usize, place: u32): usize {
  return group + ROWS + (<usize>place << 2);
}

/** Loads the group of a hash, for its effect on the cache. */
@inline
export function touchGroup(hash: u32): u32 {
  return load<u32>(groupAt(groupOf(hash)), PASSED);
}

/** Loads a slot, for its effect on the cache. */
@inline
export function touchSlot(index: u32): u32 {
  return slotAt(index).site;
}

/** The slot that a look-up will most likely come to; slot 0 when none looks like it. */
@inline
export function likelySlot(hash: u32): u32 {
  const group = groupAt(groupOf(hash));
  const likely = matches(group, hash);
  return likely ? load<u32>(rowAt(group, ctz(likely))) : 0;
}

/** Is that the slot of a live address? */
@inline
export function holds(index: u32, address: u64): bool {
  const slot = slotAt(index);
  return slot.address == address && slot.place != NOT_FOUND;
}

/** The slot of a live address, or NOT_FOUND. */
@inline
export function find(address: u64, hash: u32): u32 {
  let at = groupOf(hash);
  while (true) {
    const group = groupAt(at);
    let candidates = matches(group, hash);
    while (candidates) {
      const index = load<u32>(rowAt(group, ctz(candidates)));
      if (slotAt(index).address == address) return index;
      candidates &= candidates - 1;
    }
    if (load<u32>(group, PASSED) == 0) return NOT_FOUND;
    at = (at + 1) & groupMask;
  }
}

@inline
function popFree(): u32 {
  freeCount--;
  return load<u32>(free + ((<usize>freeCount) << 2));
}

/** A slot for an address that is not live; its `address` is up to the caller. */
@inline
export function occupy(hash: u32): u32 {
  const index = freeCount ? popFree() : used++;
  place(index, hash);
  return index;
}

@inline
function place(index: u32, hash: u32): void {
  let at = groupOf(hash);
  let group = groupAt(at);
  let taken = i8x16.bitmask(v128.load(group)) & ALL_PLACES;
  while (taken == ALL_PLACES) {
    store<u32>(group, load<u32>(group, PASSED) + 1, PASSED);
    at = (at + 1) & groupMask;
    group = groupAt(at);
    taken = i8x16.bitmask(v128.load(group)) & ALL_PLACES;
  }
  const place = ctz(~taken);
  store<u8>(group + place, <u8>(hash | 128));
  store<u32>(rowAt(group, place), index);
  slotAt(index).place = (at << 4) | place;
}

@inline
export function vacate(index: u32): void {
  const slot = slotAt(index);
  const at = slot.place >> 4;
  store<u8>(groupAt(at) + (slot.place & 15), 0);
  for (let passed = groupOf(hashOf(slot.address)); passed != at; passed = (passed + 1) & groupMask) {
    const group = groupAt(passed);
    store<u32>(group, load<u32>(group, PASSED) - 1, PASSED);
  }
  slot.place = NOT_FOUND;
  store<u32>(free + ((<usize>freeCount) << 2), index);
  freeCount++;
}

/** Makes room for `more` addresses, fewer than there is room for at first. */
export function reserveSlots(more: u32): void {
  const wanted = used - freeCount + more;
  if (wanted > capacity) growSlots();
  if (wanted > (groupMask + 1) * MOST_PER_GROUP) growGroups();
}

function growSlots(): void {
  const larger = capacity << 1;
  if (larger > MAX_SLOTS) unreachable();
  slots = enlarge(slots, capacity << SLOT_SHIFT, larger << SLOT_SHIFT);
  free = enlarge(free, capacity << 2, larger << 2);
  capacity = larger;
}

function growGroups(): void {
  release(groups, (groupMask + 1) << GROUP_SHIFT);
  groupMask = (groupMask << 1) | 1;
  groups = allocateZeroed((groupMask + 1) << GROUP_SHIFT);
  for (let i = nextLive(0); i != NOT_FOUND; i = nextLive(i + 1)) place(i, hashOf(slotAt(i).address));
}

/** The first live slot from `index` on, or NOT_FOUND. */
export function nextLive(index: u32): u32 {
  for (let i = index; i < used; i++) if (slotAt(i).place != NOT_FOUND) return i;
  return NOT_FOUND;
}
