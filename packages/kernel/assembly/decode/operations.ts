/** Collects operations for the heap and hands them to the host, a block at a time. */
import { allocate } from '../shared/arena';
import { ALLOCATE, BLOCK_LENGTH, ENTRY_SIZE, FREE, kindOf, LARGE, Operation, SITE_BITS } from '../shared/operations';

// @ts-ignore: decorator
@external('host', 'operationsReady')
declare function operationsReady(block: usize, length: u32): void;

const block = allocate(BLOCK_LENGTH * ENTRY_SIZE);
const past = block + BLOCK_LENGTH * ENTRY_SIZE;
let next = block;

/** Bytes of entries that were handed over, and where the last operation of two entries ends in the block. */
let flushed: u64 = 0;
let longEnd: usize = 0;

@inline
function append(a: u64, b: u32, c: u32): void {
  if (next == past) flushOperations();
  const operation = changetype<Operation>(next);
  operation.a = a;
  operation.b = b;
  operation.c = c;
  next += ENTRY_SIZE;
}

/** An operation of two entries, which stay in one block. */
function appendLong(kind: u32, a: u64, site: u32, size: u64, time: i64): void {
  if (next + 2 * ENTRY_SIZE > past) flushOperations();
  const operation = changetype<Operation>(next);
  operation.a = a;
  operation.b = 0;
  operation.c = (kind << SITE_BITS) | site;
  operation.size = size;
  operation.time = time;
  next += 2 * ENTRY_SIZE;
  longEnd = next;
}

/** The entry that was appended last, where it is an operation by itself; else 0. */
export function previousOperation(): usize {
  return next == block || next == longEnd ? 0 : next - ENTRY_SIZE;
}

/** Gives an operation another site. */
export function changeSite(at: usize, site: u32): void {
  const operation = changetype<Operation>(at);
  operation.c = (kindOf(operation) << SITE_BITS) | site;
}

/** Bytes of entries so far: tells whether one directly follows another. */
export function operationsEnd(): u64 {
  return flushed + <u64>(next - block);
}

@inline
export function allocateAt(address: u64, size: u64, site: u32): void {
  if (size >> 32) appendLong(LARGE, address, site, size, 0);
  else append(address, <u32>size, (ALLOCATE << SITE_BITS) | site);
}

@inline
export function freeAt(address: u64): void {
  append(address, 0, FREE << SITE_BITS);
}

/** MAP or UNMAP. */
export function changeRange(kind: u32, address: u64, size: u64, site: u32): void {
  appendLong(kind, address, site, size, 0);
}

/** MEMORY or SNAPSHOT; `time` in milliseconds since the start by the clock. */
export function noteTime(kind: u32, time: i64, rss: u64, heap: u64): void {
  appendLong(kind, heap, 0, rss, time);
}

/** Entries so far. */
export function entriesMade(): u64 {
  return (flushed + <u64>(next - block)) / ENTRY_SIZE;
}

export function flushOperations(): void {
  if (next == block) return;
  operationsReady(block, (<u32>(next - block)) / ENTRY_SIZE);
  flushed += <u64>(next - block);
  next = block;
  longEnd = 0;
}
