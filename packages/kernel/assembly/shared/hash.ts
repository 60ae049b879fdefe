/**
 * Hash tables from 64-bit keys to row numbers: open addressing, linear probing, at most half full. An entry is 16
 * bytes, so that a probe touches one cache line.
 *
 *   0  key    u64
 *   8  row+1  u32   0 = free
 *  12  unused
 */
import { allocateZeroed, release } from './arena';

/** Spreads a key over 32 bits. A multiplicative hash is weak in its low bits, so its high ones are folded down. */
@inline
export function mix(key: u64): u32 {
  const spread = (key ^ (key >> 32)) * 0x9e3779b97f4a7c15;
  return <u32>(spread >> 32) ^ <u32>(spread >> 47);
}

/** Mixes two words into one hash. */
@inline
export function mix2(a: u64, b: u64): u32 {
  return mix(a ^ (b * 0xc2b2ae3d27d4eb4f + ((b << 31) | (b >> 33))));
}

/** Entries that fit 32 bits of bytes. */
const MAX_CAPACITY: u32 = 1 << 27;

export const ABSENT: u32 = 0xffffffff;

@unmanaged
export class RowMap {
  entries: usize;
  mask: u32;
  length: u32;
}

export function newRowMap(capacity: u32): RowMap {
  const map = changetype<RowMap>(allocateZeroed(offsetof<RowMap>()));
  map.entries = allocateZeroed(capacity << 4);
  map.mask = capacity - 1;
  return map;
}

/** The row stored for `key`, or ABSENT. */
export function findRow(map: RowMap, key: u64): u32 {
  const mask = map.mask;
  let slot = mix(key) & mask;
  while (true) {
    const entry = map.entries + (<usize>slot << 4);
    const row = load<u32>(entry, 8);
    if (row == 0) return ABSENT;
    if (load<u64>(entry) == key) return row - 1;
    slot = (slot + 1) & mask;
  }
}

/** Stores a row for a key that is not there yet. */
export function putRow(map: RowMap, key: u64, row: u32): void {
  if (map.length * 2 >= map.mask) growMap(map);
  insert(map, key, row + 1);
  map.length++;
}

function insert(map: RowMap, key: u64, rowPlusOne: u32): void {
  const mask = map.mask;
  let slot = mix(key) & mask;
  while (load<u32>(map.entries + (<usize>slot << 4), 8) != 0) slot = (slot + 1) & mask;
  const entry = map.entries + (<usize>slot << 4);
  store<u64>(entry, key);
  store<u32>(entry, rowPlusOne, 8);
}

function growMap(map: RowMap): void {
  const old = map.entries;
  const capacity = map.mask + 1;
  if (capacity > MAX_CAPACITY >> 1) unreachable();
  map.entries = allocateZeroed(capacity << 5);
  map.mask = (capacity << 1) - 1;
  for (let i: u32 = 0; i < capacity; i++) {
    const entry = old + (<usize>i << 4);
    const row = load<u32>(entry, 8);
    if (row != 0) insert(map, load<u64>(entry), row);
  }
  release(old, capacity << 4);
}
