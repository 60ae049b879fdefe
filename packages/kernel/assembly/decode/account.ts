/**
 * What every layout of records has in common: an allocation or deallocation of the current thread, whatever bytes said
 * so, becomes totals, a site, perhaps a temporary, and an operation on the heap.
 */
import { MAP, MEMORY, UNMAP } from '../shared/operations';
import { isOfArena, LEAST_TOLD } from './arenas';
import { allocateAt, changeRange, freeAt, noteTime } from './operations';
import { countSize } from './sizes';
import { OF_ARENA, siteOf, siteTag } from './sites';
import { nodeAt } from './stacks';
import { noteAllocation, noteDeallocation, noteUnmapping } from './temporaries';
import { Thread } from './threads';

// Allocators, in the numbering of version 13; the kinds are memray's.
export const PYMALLOC_FREE: u32 = 1;
export const FREE: u32 = 5;
export const MMAP: u32 = 14;
export const MUNMAP: u32 = 15;

/** Sizes from here on are looked at twice; all others together stay far from overflowing 64 bits. */
export const LARGE_SIZE: u64 = 1 << 32;
/** More than any address space holds, and more than any process has allocated. */
export const MAX_SIZE: u64 = 1 << 57;
export const MAX_TOTAL: u64 = 1 << 62;

let largeTotal: u64 = 0;

/** Whether a size of LARGE_SIZE or more cannot be true, by itself or with those before it. */
export function isTooLarge(size: u64): bool {
  if (size >= MAX_SIZE) return true;
  largeTotal += size;
  return largeTotal >= MAX_TOTAL;
}

const recordCounts = memory.data(16 * 8, 8);
const byteCounts = memory.data(16 * 8, 8);

@inline
export function isFree(allocator: u32): bool {
  return allocator == FREE || allocator == PYMALLOC_FREE;
}

@inline
function countRecord(allocator: u32, size: u64): void {
  const at = <usize>allocator << 3;
  store<u64>(recordCounts + at, load<u64>(recordCounts + at) + 1);
  store<u64>(byteCounts + at, load<u64>(byteCounts + at) + size);
}

/** Of a mapping what lies below 2^64: whatever is beyond is no memory, and can never be unmapped. */
@inline
function withinAddresses(address: u64, size: u64): u64 {
  return address + size < address ? ~address : size;
}

/** An allocation by `thread` (row `row`) with the Python stack `stack`. `allocator` is neither a free nor munmap. */
@inline
export function recordAllocation(
  thread: Thread,
  row: u32,
  stack: u32,
  allocator: u32,
  address: u64,
  told: u64,
  native: u32,
): void {
  const size = allocator == MMAP ? withinAddresses(address, told) : told;
  let tag = siteTag(row, allocator);
  if (size >= LEAST_TOLD && isOfArena(thread, siteTag(row, 0), allocator, size, stack)) tag |= OF_ARENA;
  const node = nodeAt(stack);
  const remembered = node.siteTag == tag && node.siteNative == native && <i32>node.site >= 0;
  const index = remembered ? node.site : siteOf(node, stack, tag, native);
  countRecord(allocator, size);
  countSize(size);
  noteAllocation(thread, index, address, size);
  if (allocator != MMAP) allocateAt(address, size, index);
  else changeRange(MAP, address, size, index);
}

@inline
export function recordFree(thread: Thread, allocator: u32, address: u64): void {
  countRecord(allocator, 0);
  noteDeallocation(thread, address);
  freeAt(address);
}

export function recordUnmapping(thread: Thread, address: u64, told: u64): void {
  const size = withinAddresses(address, told);
  countRecord(MUNMAP, size);
  noteUnmapping(thread, address, size);
  changeRange(UNMAP, address, size, 0);
}

/** A memory record, `time` milliseconds after the start by the clock. */
export function recordMemory(time: i64, rss: u64): void {
  noteTime(MEMORY, time, rss, 0);
}

export function recordCountTable(): usize {
  return recordCounts;
}
export function byteCountTable(): usize {
  return byteCounts;
}
