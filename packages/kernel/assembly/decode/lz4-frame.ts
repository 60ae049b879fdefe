/**
 * LZ4 frames: header, blocks, checksums, several frames one behind the other, skippable frames. Source: the LZ4 frame
 * format description, 1.6.4. A step takes one header, one block or one checksum from the input once all its bytes are
 * there, so that memory is bounded by the largest block (4 MiB).
 *
 *   0  magic        u32   04 22 4D 18
 *   4  FLG          u8    version 01 | independent | block checksums | content size | content checksum | 0 | dictionary
 *   5  BD           u8    0 | block size 4..7 (64 KiB, 256 KiB, 1 MiB, 4 MiB) | 0
 *   6  content size u64   if told; dictionary id u32 if told
 *      checksum     u8    second byte of the xxh32 of FLG to here
 *   then blocks: size u32 (high bit = not compressed; 0 = end), bytes, checksum u32 if told; content checksum if told
 */
import { BAD_BLOCK, inflateBlock, reached } from './lz4-block';
import * as status from './status';
import { digestXxh32, newXxh32, resetXxh32, updateXxh32, xxh32 } from './xxh32';

export const LZ4_MAGIC: u32 = 0x184d2204;
const SKIPPABLE: u32 = 0x184d2a50;
const SKIPPABLE_MASK: u32 = 0xfffffff0;

/** How far back a match may reach. */
export const WINDOW: u32 = 1 << 16;

/** What a step came to. */
export const STEP_MORE: u32 = 0;
export const STEP_TOOK: u32 = 1;
export const STEP_BLOCK: u32 = 2;
export const STEP_CORRUPT: u32 = 3;

const AT_FRAME: u32 = 0;
const AT_BLOCK: u32 = 1;
const AT_CHECKSUM: u32 = 2;

let state: u32 = AT_FRAME;
let toSkip: u32 = 0;
let independent: bool = false;
let blockChecksums: bool = false;
let contentChecksum: bool = false;
let contentSizeTold: bool = false;
let contentSize: u64 = 0;
let written: u64 = 0;
let frames: u32 = 0;
const contentHash = newXxh32();

/** The most bytes that a block of this frame can hold. */
export let blockLimit: u32 = 0;
/** Input bytes that the last step took, and bytes it wrote: of a block that is not valid those before it is not. */
export let taken: u32 = 0;
export let produced: u32 = 0;

/** Is this the start of an LZ4 frame? */
export function startsFrame(magic: u32): bool {
  return magic == LZ4_MAGIC || (magic & SKIPPABLE_MASK) == SKIPPABLE;
}

/** True between frames: the input may end here. */
export function betweenFrames(): bool {
  return state == AT_FRAME && toSkip == 0 && frames > 0;
}

/**
 * Takes the next piece of the input. A block is written to `target`, which has room for `blockLimit` bytes; what was
 * written before it, back to `history`, is still there.
 */
export function step(source: usize, available: u32, target: usize, history: usize): u32 {
  taken = 0;
  produced = 0;
  if (toSkip) {
    taken = min(toSkip, available);
    toSkip -= taken;
    return taken ? STEP_TOOK : STEP_MORE;
  }
  if (available < 4) return STEP_MORE;
  if (state == AT_FRAME) return frameHeader(source, available);
  if (state == AT_CHECKSUM) return endFrame(source);
  return block(source, available, target, history);
}

function fail(why: u32): u32 {
  status.corrupt(why);
  return STEP_CORRUPT;
}

function frameHeader(source: usize, available: u32): u32 {
  const magic = load<u32>(source);
  if ((magic & SKIPPABLE_MASK) == SKIPPABLE) {
    if (available < 8) return STEP_MORE;
    toSkip = load<u32>(source, 4);
    taken = 8;
    frames++;
    return STEP_TOOK;
  }
  if (magic != LZ4_MAGIC) return fail(status.BAD_LZ4_MAGIC);
  if (available < 7) return STEP_MORE;
  const flags: u32 = load<u8>(source, 4);
  const descriptor: u32 = load<u8>(source, 5);
  const sizeCode = descriptor >> 4;
  if (flags >> 6 != 1 || flags & 2 || descriptor & 0x8f || sizeCode < 4) return fail(status.BAD_LZ4_HEADER);
  if (flags & 1) return fail(status.LZ4_DICTIONARY);
  contentSizeTold = (flags & 8) != 0;
  const length: u32 = contentSizeTold ? 15 : 7;
  if (available < length) return STEP_MORE;
  if (((xxh32(source + 4, length - 5) >> 8) & 255) != load<u8>(source + length - 1)) return fail(status.BAD_LZ4_HEADER);
  independent = (flags & 32) != 0;
  blockChecksums = (flags & 16) != 0;
  contentChecksum = (flags & 4) != 0;
  contentSize = contentSizeTold ? load<u64>(source, 6) : 0;
  blockLimit = 1 << (8 + 2 * sizeCode);
  written = 0;
  resetXxh32(contentHash);
  state = AT_BLOCK;
  frames++;
  taken = length;
  return STEP_TOOK;
}

function block(source: usize, available: u32, target: usize, history: usize): u32 {
  const word = load<u32>(source);
  if (word == 0) {
    if (contentSizeTold && written != contentSize) return fail(status.BAD_LZ4_SIZE);
    state = contentChecksum ? AT_CHECKSUM : AT_FRAME;
    taken = 4;
    return STEP_TOOK;
  }
  const length = word & 0x7fffffff;
  if (length > blockLimit) return fail(status.BAD_LZ4_BLOCK);
  const whole: u32 = 4 + length + (blockChecksums ? 4 : 0);
  if (available < whole) return STEP_MORE;
  if (blockChecksums && xxh32(source + 4, length) != load<u32>(source + 4 + length)) {
    return fail(status.BAD_LZ4_CHECKSUM);
  }
  produced = inflate(word, source + 4, length, target, history);
  if (produced == BAD_BLOCK) {
    produced = reached;
    return fail(status.BAD_LZ4_BLOCK);
  }
  written += produced;
  if (contentChecksum) updateXxh32(contentHash, target, produced);
  taken = whole;
  return STEP_BLOCK;
}

/** Writes `length` bytes of a block whose size word is `word`. */
function inflate(word: u32, source: usize, length: u32, target: usize, history: usize): u32 {
  if (word & 0x80000000) {
    memory.copy(target, source, length);
    return length;
  }
  // Matches never reach back into another frame, and not out of an independent block.
  const reach = independent ? 0 : <u32>min(written, WINDOW);
  return inflateBlock(source, length, target, blockLimit, max(history, target - min<usize>(reach, target)));
}

/** The file ends within a block: writes what its first `available` bytes say, and returns how much that is. */
export function salvage(source: usize, available: u32, target: usize, history: usize): u32 {
  if (state != AT_BLOCK || toSkip || available <= 4) return 0;
  const word = load<u32>(source);
  const length = min(word & 0x7fffffff, available - 4);
  if (length == 0 || length > blockLimit) return 0;
  const whole = inflate(word, source + 4, length, target, history);
  return whole == BAD_BLOCK ? reached : whole;
}

function endFrame(source: usize): u32 {
  if (digestXxh32(contentHash) != load<u32>(source)) return fail(status.BAD_LZ4_CHECKSUM);
  state = AT_FRAME;
  taken = 4;
  return STEP_TOOK;
}
