/**
 * The table of live simple allocations, by address: a hash table whose control bytes tell, sixteen at a time, which
 * slots of a group may hold a key, so that a look-up touches one line of control bytes and one slot. Freeing moves
 * nothing. Source of the idea: Abseil's "Swiss table" notes.
 *
 * A control byte is EMPTY, DELETED, or seven bits of the hash. A probe goes from group to group and ends at one with an
 * EMPTY byte; so a freed slot becomes EMPTY where its group has one already, else DELETED.
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
  unused: u32;
}

const SLOT_SHIFT: usize = 5;
/** More of them do not fit 32 bits of bytes. */
const MAX_SLOTS: u32 = 1 << 26;
const GROUP: u32 = 16;
const EMPTY: u8 = 0x80;
const DELETED: u8 = 0xfe;
export const NOT_FOUND: u32 = 0xffffffff;

let groupMask: u32 = (1 << 8) - 1;
let control: usize = allocate(1 << 12);
let slots: usize = allocateZeroed(32 << 12);
/** Slots that are not EMPTY, and those of them that are live. */
let used: u32 = 0;
let live: u32 = 0;

memory.fill(control, EMPTY, 1 << 12);

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
function controlOf(group: u32): v128 {
  return v128.load(control + (<usize>group << 4));
}

@inline
function matches(group: v128, byte: u8): u32 {
  return i8x16.bitmask(i8x16.eq(group, i8x16.splat(<i8>byte)));
}

/** Loads what a look-up will need, for its effect on the cache. */
@inline
export function touch(hash: u32): u32 {
  const group = groupOf(hash);
  const bytes = controlOf(group);
  // The likely slot of the address, or else the one that it would get.
  const likely = matches(bytes, <u8>(hash & 127));
  const free = i8x16.bitmask(bytes);
  return slotAt(group * GROUP + (ctz(likely ? likely : free) & (GROUP - 1))).site;
}

/** The slot of a live address, or NOT_FOUND. */
@inline
export function find(address: u64, hash: u32): u32 {
  let group = groupOf(hash);
  while (true) {
    const bytes = controlOf(group);
    let candidates = matches(bytes, <u8>(hash & 127));
    while (candidates) {
      const index = group * GROUP + ctz(candidates);
      if (slotAt(index).address == address) return index;
      candidates &= candidates - 1;
    }
    if (matches(bytes, EMPTY)) return NOT_FOUND;
    group = (group + 1) & groupMask;
  }
}

/** A slot for an address that is not live. */
@inline
export function occupy(hash: u32): u32 {
  let group = groupOf(hash);
  let free = i8x16.bitmask(controlOf(group));
  while (free == 0) {
    group = (group + 1) & groupMask;
    free = i8x16.bitmask(controlOf(group));
  }
  const index = group * GROUP + ctz(free);
  used += <u32>(load<u8>(control + index) == EMPTY);
  live++;
  store<u8>(control + index, <u8>(hash & 127));
  return index;
}

@inline
export function vacate(index: u32): void {
  const empty = matches(controlOf(index / GROUP), EMPTY) != 0;
  store<u8>(control + index, empty ? EMPTY : DELETED);
  used -= <u32>empty;
  live--;
}

/** Makes room for `more` addresses. */
export function reserveSlots(more: u32): void {
  const capacity = (groupMask + 1) * GROUP;
  if (used + more <= capacity - (capacity >> 2)) return;
  let larger = capacity;
  while (live + more > larger >> 1) larger <<= 1;
  if (larger > MAX_SLOTS) unreachable();
  const oldControl = control;
  const oldSlots = slots;
  groupMask = larger / GROUP - 1;
  control = allocate(larger);
  slots = allocateZeroed(larger << 5);
  memory.fill(control, EMPTY, larger);
  used = 0;
  live = 0;
  for (let i: u32 = 0; i < capacity; i++) {
    if (load<u8>(oldControl + i) >= EMPTY) continue;
    const slot = oldSlots + (<usize>i << SLOT_SHIFT);
    memory.copy(changetype<usize>(slotAt(occupy(hashOf(changetype<Slot>(slot).address)))), slot, 32);
  }
  release(oldControl, capacity);
  release(oldSlots, capacity << 5);
}

/** The first live slot from `index` on, or NOT_FOUND. */
export function nextLive(index: u32): u32 {
  const capacity = (groupMask + 1) * GROUP;
  for (let i = index; i < capacity; i++) if (load<u8>(control + i) < EMPTY) return i;
  return NOT_FOUND;
}
