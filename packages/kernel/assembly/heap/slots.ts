/**
 * The table of live simple allocations, by address. What is known of an allocation stands in a slot; slots stand close
 * together, in segments that never move, so that growing takes no more memory than what is added; the one that was freed
 * last is taken first, so that they stay in the cache. A slot is told by where it stands. Groups of twelve find them:
 * a group is one cache line, whose control bytes tell, all at once, which of its places may hold an address. Freeing
 * moves nothing. Source of the idea: Meta's "F14" hash tables (folly, F14.md).
 *
 *   0  control  u8 × 12   0 = free, else 128 | seven bits of the hash
 *  12  passed   u32       addresses that belong here, but found all places taken and stand in a later group
 *  16  slot     u32 × 12 where it stands
 *
 * A look-up goes from group to group and ends at one that none has passed.
 */
import { allocate, allocateZeroed, release } from '../shared/arena';
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
const MOST_GROUPS: u32 = 1 << 25;
/** No slot. */
export const NOT_FOUND: usize = 0;
/** `place` of a free slot; its `address` then is where the next free one stands. */
const FREE_PLACE: u32 = 0xffffffff;

let groupMask: u32 = (1 << 8) - 1;
let groups: usize = allocateZeroed(64 << 8);

/** Where each segment begins and ends: each is as large as all before it, up to the greatest size. */
const segments = allocate(8 << 12);
let segmentCount: u32 = 0;
let capacity: u32 = 0;
const FIRST_SEGMENT: u32 = 1 << 11;
const GREATEST_SEGMENT: u32 = 1 << 16;

/** The first slot of the newest segment that was never used, and the end of that segment. */
let fresh: usize = 0;
let freshEnd: usize = 0;
/** The slot that was freed last. */
let freed: usize = NOT_FOUND;
let live: u32 = 0;

/** What `likelySlot` names where it has nothing to name. */
const nobody = allocateZeroed(1 << SLOT_SHIFT);
slotAt(nobody).place = FREE_PLACE;

@inline
export function slotAt(where: usize): Slot {
  return changetype<Slot>(where);
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
export function touchSlot(where: usize): u32 {
  return slotAt(where).site;
}

/** The slot that a look-up will most likely come to; nobody's when none looks like it. */
@inline
export function likelySlot(hash: u32): usize {
  const group = groupAt(groupOf(hash));
  const likely = matches(group, hash);
  return likely ? load<u32>(rowAt(group, ctz(likely))) : nobody;
}

/** Is that the slot of a live address? */
@inline
export function holds(where: usize, address: u64): bool {
  const slot = slotAt(where);
  return slot.address == address && slot.place != FREE_PLACE;
}

/** The slot of a live address, or NOT_FOUND. */
@inline
export function find(address: u64, hash: u32): usize {
  let at = groupOf(hash);
  while (true) {
    const group = groupAt(at);
    let candidates = matches(group, hash);
    while (candidates) {
      const where = <usize>load<u32>(rowAt(group, ctz(candidates)));
      if (slotAt(where).address == address) return where;
      candidates &= candidates - 1;
    }
    if (load<u32>(group, PASSED) == 0) return NOT_FOUND;
    at = (at + 1) & groupMask;
  }
}

/** A slot for an address that is not live; its `address` is up to the caller. */
@inline
export function occupy(hash: u32): usize {
  let where = freed;
  if (where != NOT_FOUND) {
    freed = <usize>slotAt(where).address;
  } else {
    if (fresh == freshEnd) addSegment();
    where = fresh;
    fresh += 1 << SLOT_SHIFT;
  }
  live++;
  place(where, hash);
  return where;
}

@inline
function place(where: usize, hash: u32): void {
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
  store<u32>(rowAt(group, place), <u32>where);
  slotAt(where).place = (at << 4) | place;
}

@inline
export function vacate(where: usize): void {
  const slot = slotAt(where);
  const at = slot.place >> 4;
  store<u8>(groupAt(at) + (slot.place & 15), 0);
  for (let passed = groupOf(hashOf(slot.address)); passed != at; passed = (passed + 1) & groupMask) {
    const group = groupAt(passed);
    store<u32>(group, load<u32>(group, PASSED) - 1, PASSED);
  }
  slot.place = FREE_PLACE;
  slot.address = <u64>freed;
  freed = where;
  live--;
}

/** Makes room for `more` addresses, fewer than there is room for at first. */
export function reserveSlots(more: u32): void {
  if (live + more > (groupMask + 1) * MOST_PER_GROUP) growGroups();
}

function addSegment(): void {
  const size = min(max(capacity, FIRST_SEGMENT), GREATEST_SEGMENT);
  fresh = allocate(size << SLOT_SHIFT);
  freshEnd = fresh + ((<usize>size) << SLOT_SHIFT);
  store<u32>(segments + ((<usize>segmentCount) << 3), <u32>fresh);
  store<u32>(segments + ((<usize>segmentCount) << 3), <u32>freshEnd, 4);
  segmentCount++;
  capacity += size;
}

function growGroups(): void {
  if (groupMask + 1 >= MOST_GROUPS) unreachable();
  release(groups, (groupMask + 1) << GROUP_SHIFT);
  groupMask = (groupMask << 1) | 1;
  groups = allocateZeroed((groupMask + 1) << GROUP_SHIFT);
  for (let where = firstLive(); where != NOT_FOUND; where = nextLive(where)) place(where, hashOf(slotAt(where).address));
}

/** Segment of a walk over all live slots. */
let walked: u32 = 0;

/** Starts a walk over all live slots, during which none comes or goes; NOT_FOUND at its end. */
export function firstLive(): usize {
  walked = 0;
  return segmentCount ? liveFrom(load<u32>(segments)) : NOT_FOUND;
}

export function nextLive(where: usize): usize {
  return liveFrom(where + (1 << SLOT_SHIFT));
}

function liveFrom(from: usize): usize {
  let at = from;
  while (true) {
    const last = walked + 1 == segmentCount;
    const end = last ? fresh : <usize>load<u32>(segments + ((<usize>walked) << 3), 4);
    for (; at < end; at += 1 << SLOT_SHIFT) if (slotAt(at).place != FREE_PLACE) return at;
    if (last) return NOT_FOUND;
    at = load<u32>(segments + ((<usize>++walked) << 3));
  }
}
