/** Collects operations for the heap and hands them to the host, a block at a time. */
import { allocate } from '../shared/arena';
import { ALLOCATE, BLOCK_LENGTH, FREE, Operation, OPERATION_SIZE } from '../shared/operations';

// @ts-ignore: decorator
@external('host', 'operationsReady')
declare function operationsReady(block: usize, length: u32): void;

const block = allocate(BLOCK_LENGTH * OPERATION_SIZE);
const past = block + BLOCK_LENGTH * OPERATION_SIZE;
let next = block;

@inline
function append(a: u64, b: u64, c: u32, kind: u32): void {
  const operation = changetype<Operation>(next);
  operation.a = a;
  operation.b = b;
  operation.c = c;
  operation.kind = kind;
  next += OPERATION_SIZE;
  if (next == past) flushOperations();
}

@inline
export function allocateAt(address: u64, size: u64, site: u32): void {
  append(address, size, site, ALLOCATE);
}

@inline
export function freeAt(address: u64): void {
  append(address, 0, 0, FREE);
}

export function changeRange(kind: u32, address: u64, size: u64, site: u32): void {
  append(address, size, site, kind);
}

/** MEMORY or SNAPSHOT; `time` in milliseconds since the start, below 2^56. */
export function noteTime(kind: u32, time: u64, rss: u64, heap: u64): void {
  append(heap, rss, <u32>time, kind | <u32>((time >> 32) << 8));
}

export function flushOperations(): void {
  if (next == block) return;
  operationsReady(block, (<u32>(next - block)) / OPERATION_SIZE);
  next = block;
}
