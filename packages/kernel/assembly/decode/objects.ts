/**
 * Python objects whose lifetimes were tracked (version 13): which of those that were created while recording are alive.
 * An object is its address. Many that are destroyed were there before the recording began: they have no creation in the
 * capture, and must not be taken off those that have.
 *
 * A set of addresses: open addressing, linear probing, at most half full; 0 = free, so that the address 0 counts apart.
 */
import { allocateZeroed, release } from '../shared/arena';
import { mix } from '../shared/hash';

export let objectsCreated: u64 = 0;
export let objectsDestroyed: u64 = 0;
/** Destroyed ones whose creation is not in the capture. */
export let objectsFromBefore: u64 = 0;

let entries: usize = allocateZeroed(8 << 4);
let mask: u32 = (1 << 4) - 1;
let length: u32 = 0;
let zeroLives: bool = false;

@inline
function entryAt(slot: u32): usize {
  return entries + (<usize>slot << 3);
}

/** Where an address stands, or the free slot where it would. */
function slotOf(address: u64): u32 {
  let slot = mix(address >> 3) & mask;
  while (true) {
    const there = load<u64>(entryAt(slot));
    if (there == 0 || there == address) return slot;
    slot = (slot + 1) & mask;
  }
}

export function createObject(address: u64): void {
  objectsCreated++;
  if (address == 0) {
    zeroLives = true;
    return;
  }
  if (length * 2 >= mask) grow();
  const entry = entryAt(slotOf(address));
  if (load<u64>(entry) == 0) length++;
  store<u64>(entry, address);
}

export function destroyObject(address: u64): void {
  objectsDestroyed++;
  if (address == 0) {
    if (!zeroLives) objectsFromBefore++;
    zeroLives = false;
    return;
  }
  const slot = slotOf(address);
  if (load<u64>(entryAt(slot)) == 0) {
    objectsFromBefore++;
    return;
  }
  length--;
  closeGap(slot);
}

/** Moves up what a search would no longer find behind a free slot. */
function closeGap(freed: u32): void {
  let gap = freed;
  let slot = (gap + 1) & mask;
  while (true) {
    const address = load<u64>(entryAt(slot));
    if (address == 0) break;
    const home = mix(address >> 3) & mask;
    if (((slot - home) & mask) >= ((slot - gap) & mask)) {
      store<u64>(entryAt(gap), address);
      gap = slot;
    }
    slot = (slot + 1) & mask;
  }
  store<u64>(entryAt(gap), 0);
}

function grow(): void {
  const old = entries;
  const capacity = mask + 1;
  if (capacity >= 1 << 28) unreachable();
  entries = allocateZeroed(capacity << 4);
  mask = (mask << 1) | 1;
  for (let slot: u32 = 0; slot < capacity; slot++) {
    const address = load<u64>(old + (<usize>slot << 3));
    if (address) store<u64>(entryAt(slotOf(address)), address);
  }
  release(old, capacity << 3);
}

/** Created and not destroyed. */
export function livingObjects(): u64 {
  return <u64>length + <u64>zeroLives;
}
