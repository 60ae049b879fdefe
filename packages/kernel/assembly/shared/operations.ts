/**
 * What the decoder tells the heap, in the order of the records: an array of entries, 16 bytes each. Nearly all
 * operations are one entry; what a large number belongs to takes a second one.
 *
 *             ALLOCATE  FREE     LARGE    MAP      UNMAP    MEMORY   SNAPSHOT
 *   0  a u64  address   address  address  address  address  –        live heap
 *   8  b u32  size      –        –        –        –        –        –
 *  12  c u32  site      –        site     site     –        –        –         in the lower 28 bits; above them the kind
 *  16    u64                     size     size     size     RSS      RSS
 *  24    i64                     –        –        –        milliseconds since the start by the clock
 *
 * LARGE is an allocation of 4 GiB and more.
 */
@unmanaged
export class Operation {
  a: u64;
  b: u32;
  c: u32;
  /** Of the second entry. */
  size: u64;
  time: i64;
}

/** Bytes of an entry. */
export const ENTRY_SIZE: u32 = 16;

/** Entries that are handed over at a time. */
export const BLOCK_LENGTH: u32 = 1 << 14;

/** Fewer sites than that fill 4 GiB. */
export const SITE_BITS: u32 = 28;

export const ALLOCATE: u32 = 0;
export const FREE: u32 = 1;
/** From here on, an operation takes two entries. */
export const LARGE: u32 = 2;
export const MAP: u32 = 3;
export const UNMAP: u32 = 4;
export const MEMORY: u32 = 5;
export const SNAPSHOT: u32 = 6;

@inline
export function kindOf(operation: Operation): u32 {
  return operation.c >> SITE_BITS;
}

@inline
export function siteOf(operation: Operation): u32 {
  return operation.c & ((1 << SITE_BITS) - 1);
}
