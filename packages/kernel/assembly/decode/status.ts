/** How a step of the reader ended, and what was wrong when it was. Kept in sync with src/status.ts. */

export const MORE: u32 = 0;
export const HEADER: u32 = 1;
export const DONE: u32 = 2;
export const CORRUPT: u32 = 3;

// Reasons of CORRUPT.
export const BAD_TOKEN: u32 = 1;
export const BAD_VARINT: u32 = 2;
export const BAD_ALLOCATOR: u32 = 3;
export const BAD_SIZE: u32 = 4;
export const BAD_POP: u32 = 5;
export const BAD_LENGTH: u32 = 6;
export const BAD_SEGMENT: u32 = 7;
export const BAD_OFFSET: u32 = 9;
export const BAD_TIME: u32 = 10;
/** Not corrupt: reading was to stop here. */
export const STOPPED: u32 = 30;
export const BAD_LZ4_BLOCK: u32 = 20;
export const BAD_LZ4_HEADER: u32 = 21;
export const BAD_LZ4_CHECKSUM: u32 = 22;
export const BAD_LZ4_SIZE: u32 = 23;
export const BAD_LZ4_MAGIC: u32 = 24;
export const LZ4_DICTIONARY: u32 = 25;

export let reason: u32 = 0;

/** Remembers why, and gives CORRUPT. */
export function corrupt(why: u32): u32 {
  reason = why;
  return CORRUPT;
}
