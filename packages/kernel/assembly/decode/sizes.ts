/**
 * How many allocations asked for how many bytes: exact up to 131,072 distinct large sizes; from then on large sizes are
 * counted by their lower bound with four significant bits.
 */
import { allocate, allocateZeroed, enlarge } from '../shared/arena';
import { ABSENT, findRow, newRowMap, putRow } from '../shared/hash';

const SMALL: u64 = 4096;
const MAX_DISTINCT: u32 = 1 << 17;

const small = allocateZeroed(<u32>SMALL << 3);

// Rows of (size u64, count u64).
let large: usize = allocate(16 << 8);
let capacity: u32 = 1 << 8;
let length: u32 = 0;
let rows = newRowMap(1 << 9);
let exact: bool = true;

@inline
export function countSize(size: u64): void {
  if (size < SMALL) {
    const cell = small + (<usize>size << 3);
    store<u64>(cell, load<u64>(cell) + 1);
  } else {
    countLarge(exact ? size : lowerBound(size), 1);
  }
}

function lowerBound(size: u64): u64 {
  const shift = 60 - clz(size);
  return (size >> shift) << shift;
}

function countLarge(size: u64, times: u64): void {
  const row = findRow(rows, size);
  if (row != ABSENT) {
    const cell = large + (<usize>row << 4);
    store<u64>(cell, load<u64>(cell, 8) + times, 8);
    return;
  }
  if (length == MAX_DISTINCT && exact) {
    coarsen();
    countLarge(lowerBound(size), times);
    return;
  }
  if (length == capacity) {
    large = enlarge(large, capacity << 4, capacity << 5);
    capacity <<= 1;
  }
  const cell = large + (<usize>length << 4);
  store<u64>(cell, size);
  store<u64>(cell, times, 8);
  putRow(rows, size, length++);
}

function coarsen(): void {
  const old = large;
  const count = length;
  exact = false;
  large = allocate(capacity << 4);
  length = 0;
  rows = newRowMap(1 << 9);
  for (let i: u32 = 0; i < count; i++) {
    const cell = old + (<usize>i << 4);
    countLarge(lowerBound(load<u64>(cell)), load<u64>(cell, 8));
  }
}

export function smallSizes(): usize {
  return small;
}
export function largeSizes(): usize {
  return large;
}
export function largeSizeLength(): u32 {
  return length;
}
export function sizesAreExact(): bool {
  return exact;
}
