/**
 * What the decoder tells the heap, in the order of the records: an array of operations, 24 bytes each.
 *
 *             ALLOCATE  FREE     MAP      UNMAP    MEMORY    SNAPSHOT
 *   0  a u64  address   address  address  address  heap: –   live heap
 *   8  b u64  size      –        size     size     RSS       RSS
 *  16  c u32  site      –        site     –        time, low 32 bits of the milliseconds since the start
 *  20  kind u8 and, for MEMORY and SNAPSHOT, time >> 32 in the upper 24 bits
 */
@unmanaged
export class Operation {
  a: u64;
  b: u64;
  c: u32;
  kind: u32;
}

export const OPERATION_SIZE: u32 = 24;

/** Operations that are handed over at a time. */
export const BLOCK_LENGTH: u32 = 1 << 14;

export const ALLOCATE: u32 = 0;
export const FREE: u32 = 1;
/** Up to here, an operation concerns one address. */
export const LAST_SIMPLE: u32 = FREE;
export const MAP: u32 = 2;
export const UNMAP: u32 = 3;
export const MEMORY: u32 = 4;
export const SNAPSHOT: u32 = 5;
