/**
 * Memory for the kernel's tables: blocks of powers of two out of linear memory. A table that has outgrown its block
 * moves to one of twice the size and leaves the old block to the next table of that size, so that at most half of the
 * memory in use is slack. Blocks are aligned to cache lines and never returned to the host. Memory that was never used
 * takes no pages of the machine.
 */

import { checkBlocks, checkFree, closeBlock, freeBlock, ZONE } from './red-zones';

/** Smallest block: one cache line. */
const MIN_SHIFT: u32 = 6;

// Heads of the lists of freed blocks, one per power of two; a freed block's first word links to the next.
const freed: usize = memory.data(33 * 4, 8);

const first: usize = (__heap_base + 63) & ~63;
let top: usize = first;

@inline
function shiftOf(bytes: u32): u32 {
  return bytes <= 64 ? MIN_SHIFT : 32 - clz<u32>(bytes - 1);
}

/** 1 MiB. */
const LEAST_GROWTH: i32 = 16;

/**
 * By more than what is wanted, where there is more: each time memory grows, V8 may collect all garbage of the process,
 * which takes longer than to fill what is added. What is never used takes no memory of the machine.
 */
function growMemory(wanted: i32, pages: i32): bool {
  const more = max(LEAST_GROWTH, pages >> 2);
  return (wanted < more && memory.grow(more) >= 0) || memory.grow(wanted) >= 0;
}

/** A block of at least `bytes` bytes with undefined contents. Traps when 4 GiB are used up. */
export function allocate(bytes: u32): usize {
  const shift = shiftOf(bytes);
  const reused = takeFreed(shift);
  const block = reused != 0 ? reused : takeFresh(shift);
  if (!ASC_NO_ASSERT) closeBlock(block, bytes, shift);
  return block;
}

/** The block that was freed last, 0 where there is none. */
function takeFreed(shift: u32): usize {
  const list = freed + (<usize>shift << 2);
  const block = load<u32>(list);
  if (block != 0) {
    store<u32>(list, load<u32>(block));
    if (!ASC_NO_ASSERT) checkFree(block, shift);
  }
  return block;
}

function takeFresh(shift: u32): usize {
  const zone = ASC_NO_ASSERT ? 0 : ZONE;
  const block = top + zone;
  const past = <u64>block + (<u64>1 << shift) + zone;
  const pages = <u64>memory.size();
  if (past > pages << 16) {
    const wanted = ((past + 0xffff) >> 16) - pages;
    if (past >= <u64>0xffff0000 || !growMemory(<i32>wanted, <i32>pages)) unreachable();
  }
  top = <usize>past;
  return block;
}

/**
 * The same, filled with zeros. Fresh memory is zero as it is, but a page that is read before it is written is mapped twice,
 * the second time at the cost of interrupting other cores.
 */
export function allocateZeroed(bytes: u32): usize {
  const block = allocate(bytes);
  memory.fill(block, 0, bytes);
  return block;
}

/** Gives a block of `bytes` bytes (as it was asked for) back. */
export function release(block: usize, bytes: u32): void {
  const list = freed + (<usize>shiftOf(bytes) << 2);
  if (!ASC_NO_ASSERT) freeBlock(block, bytes);
  store<u32>(block, load<u32>(list));
  store<u32>(list, <u32>block);
}

/**
 * Moves a block of `bytes` bytes into one of `more` bytes; what follows the old contents is undefined. Traps when `more`
 * has overflowed 32 bits.
 */
export function enlarge(block: usize, bytes: u32, more: u32): usize {
  if (more < bytes) unreachable();
  const shift = shiftOf(more);
  if (shiftOf(bytes) == shift) {
    if (!ASC_NO_ASSERT) closeBlock(block, more, shift);
    return block;
  }
  const moved = allocate(more);
  memory.copy(moved, block, bytes);
  release(block, bytes);
  return moved;
}

/** In a build with assertions, traps where anybody has written beyond a block, or to one that was given back. */
@inline
export function checkArena(): void {
  if (!ASC_NO_ASSERT) checkBlocks(first, top);
}
