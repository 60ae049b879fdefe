/**
 * Python objects whose lifetimes were tracked (version 13): which of those that were created while recording are alive,
 * and where they were created. An object is its address. Many that are destroyed were there before the recording began:
 * they have no creation in the capture, and must not be taken off those that have.
 *
 * A set by address: open addressing, linear probing, at most half full. Keys are addresses (multiples of 8) + 1, so that
 * 0 = free.
 */
import { allocateZeroed, release } from '../shared/arena';
import { mix } from '../shared/hash';
import { newDirectory, reserveRows, rowAt } from '../shared/rows';
import { findSite, siteLength, siteTag } from './sites';

export let objectsCreated: u64 = 0;
export let objectsDestroyed: u64 = 0;
/** Destroyed ones whose creation is not in the capture. */
export let objectsFromBefore: u64 = 0;

@unmanaged
class LivingObject {
  key: u64;
  thread: u32;
  pythonStack: u32;
  nativeStack: u32;
}

const ENTRY_SIZE: u32 = offsetof<LivingObject>();

/** By site: the living objects that were created there, once they are placed. */
const living: usize = newDirectory();
const LIVING_SIZE: u32 = 8;
let placed: bool = false;

let entries: usize = allocateZeroed(ENTRY_SIZE << 4);
let mask: u32 = (1 << 4) - 1;
let length: u32 = 0;

@inline
function entryAt(slot: u32): LivingObject {
  return changetype<LivingObject>(entries + <usize>slot * ENTRY_SIZE);
}

@inline
function homeOf(key: u64): u32 {
  return mix(key >> 3) & mask;
}

/** Where a key stands, or the free slot where it would. */
function slotOf(key: u64): u32 {
  let slot = homeOf(key);
  while (true) {
    const there = entryAt(slot).key;
    if (there == 0 || there == key) return slot;
    slot = (slot + 1) & mask;
  }
}

export function createObject(address: u64, thread: u32, pythonStack: u32, nativeStack: u32): void {
  objectsCreated++;
  if (length * 2 >= mask) grow();
  const entry = entryAt(slotOf(address | 1));
  if (entry.key == 0) length++;
  entry.key = address | 1;
  entry.thread = thread;
  entry.pythonStack = pythonStack;
  entry.nativeStack = nativeStack;
}

export function destroyObject(address: u64): void {
  objectsDestroyed++;
  const slot = slotOf(address | 1);
  if (entryAt(slot).key == 0) {
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
    const entry = entryAt(slot);
    if (entry.key == 0) break;
    if (((slot - homeOf(entry.key)) & mask) >= ((slot - gap) & mask)) {
      copy(changetype<usize>(entryAt(gap)), changetype<usize>(entry));
      gap = slot;
    }
    slot = (slot + 1) & mask;
  }
  entryAt(gap).key = 0;
}

@inline
function copy(to: usize, from: usize): void {
  memory.copy(to, from, ENTRY_SIZE);
}

function grow(): void {
  const old = entries;
  const capacity = mask + 1;
  if (capacity >= 1 << 26) unreachable();
  entries = allocateZeroed(capacity * 2 * ENTRY_SIZE);
  mask = (mask << 1) | 1;
  for (let slot: u32 = 0; slot < capacity; slot++) {
    const from = old + <usize>slot * ENTRY_SIZE;
    const key = changetype<LivingObject>(from).key;
    if (key) copy(changetype<usize>(entryAt(slotOf(key))), from);
  }
  release(old, capacity * ENTRY_SIZE);
}

/** Created and not destroyed. */
export function livingObjects(): u64 {
  return length;
}

/** Gives each living object its site, whose allocator is none (0). To be called once, behind the last record. */
export function placeObjects(): void {
  if (placed) return;
  placed = true;
  for (let slot: u32 = 0; slot <= mask; slot++) {
    const object = entryAt(slot);
    if (object.key == 0) continue;
    const site = findSite(siteTag(object.thread, 0), object.pythonStack, object.nativeStack);
    reserveRows(living, site + 1, LIVING_SIZE);
    const count = rowAt(living, site, LIVING_SIZE);
    store<u64>(count, load<u64>(count) + 1);
  }
}

/** u64 by site. */
export function objectTable(): usize {
  reserveRows(living, siteLength(), LIVING_SIZE);
  return living;
}
