/**
 * What a build with assertions adds to the arena (a build without them has nothing of it): 64 bytes of a pattern on
 * either side of each block, where nobody may write, and the same pattern in blocks that were given back, where nobody
 * may write, either, and whose reader gets nothing that makes sense. A check traps where it finds anything else.
 *
 *   0  bytes  u32   as they were asked for
 *   4  shift  u32   of the block
 *   8  used   u32   0 = given back
 *  12               the pattern
 *  64  the block, and behind its bytes the pattern again
 */

/** Bytes of a zone. */
export const ZONE: usize = 64;

const PATTERN: u64 = 0xa5a5a5a5a5a5a5a5;
const PATTERN_BYTE: u8 = 0xa5;
const HEAD: usize = 16;

/** A block with `bytes` bytes in use is given out. */
export function closeBlock(block: usize, bytes: u32, shift: u32): void {
  const head = block - ZONE;
  memory.fill(head, PATTERN_BYTE, ZONE);
  store<u32>(head, bytes);
  store<u32>(head, shift, 4);
  store<u32>(head, 1, 8);
  memory.fill(block + bytes, PATTERN_BYTE, ZONE);
}

/** It is given back, by whoever knows its size. */
export function freeBlock(block: usize, bytes: u32): void {
  checkBlock(block);
  const head = block - ZONE;
  assert(load<u32>(head, 8) == 1 && load<u32>(head) == bytes);
  store<u32>(head, 0, 8);
  memory.fill(block, PATTERN_BYTE, (<usize>1 << load<u32>(head, 4)) + ZONE);
}

/** A block that was given back is used again: nobody has written to it since, but for the link at its start. */
export function checkFree(block: usize, shift: u32): void {
  assert(load<u32>(block - ZONE, 8) == 0);
  checkPattern(block + 8, (<usize>1 << shift) - 8 + ZONE);
}

/** All blocks from the first one up to `top`. */
export function checkBlocks(first: usize, top: usize): void {
  for (let head = first; head < top; head += 2 * ZONE + (<usize>1 << load<u32>(head, 4))) checkBlock(head + ZONE);
}

function checkBlock(block: usize): void {
  const head = block - ZONE;
  checkPattern(head + HEAD, ZONE - HEAD);
  if (load<u32>(head, 8)) checkPattern(block + load<u32>(head), ZONE);
}

function checkPattern(from: usize, bytes: usize): void {
  for (const past = from + bytes; from < past; from += 8) assert(load<u64>(from) == PATTERN);
}
