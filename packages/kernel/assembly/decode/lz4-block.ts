/**
 * One LZ4 block. Source: the LZ4 block format description (lz4 1.10).
 *
 * A sequence is a token (high nibble literals, low nibble match length - 4), more length bytes while 255, the literals,
 * a two-byte offset back into what was already written, more match length bytes. The last sequence has only literals.
 * Both buffers have at least 32 bytes of slack behind their ends, so that short copies need no loop.
 */

/** The block is not valid. */
export const BAD_BLOCK: u32 = 0xffffffff;

const SLACK: usize = 32;

/** Bytes that were written before the block turned out not to be valid: all that precedes a cut. */
export let reached: u32 = 0;

function bad(written: usize): u32 {
  reached = <u32>written;
  return BAD_BLOCK;
}

/**
 * Writes the block at `source` to `target`; matches may reach back to `history`. The number of bytes written, or
 * BAD_BLOCK; never reads behind `source + length` + slack, never writes behind `target + room` + slack.
 */
export function inflateBlock(source: usize, length: u32, target: usize, room: u32, history: usize): u32 {
  const sourceEnd = source + length;
  const targetEnd = target + room;
  let from = source;
  let to = target;
  while (from < sourceEnd) {
    const token: u32 = load<u8>(from++);
    let literals: usize = token >> 4;
    if (literals == 15) {
      let byte: u32 = 255;
      while (byte == 255) {
        if (from >= sourceEnd) return bad(to - target);
        byte = load<u8>(from++);
        literals += byte;
      }
    }
    if (literals > <usize>(sourceEnd - from) || literals > <usize>(targetEnd - to)) {
      const left = min<usize>(sourceEnd - from, targetEnd - to);
      memory.copy(to, from, left);
      return bad(to + left - target);
    }
    if (literals <= 16) {
      v128.store(to, v128.load(from));
    } else {
      memory.copy(to, from, literals);
    }
    from += literals;
    to += literals;
    if (from == sourceEnd) return <u32>(to - target);
    if (from + 2 > sourceEnd) return bad(to - target);
    const offset: usize = load<u16>(from);
    from += 2;
    let match: usize = (token & 15) + 4;
    if (match == 19) {
      let byte: u32 = 255;
      while (byte == 255) {
        if (from >= sourceEnd) return bad(to - target);
        byte = load<u8>(from++);
        match += byte;
      }
    }
    if (offset == 0 || offset > <usize>(to - history) || match > <usize>(targetEnd - to)) {
      return bad(to - target);
    }
    let back = to - offset;
    const matchEnd = to + match;
    if (offset >= 16) {
      // Copies up to 15 bytes too many, which the next sequence overwrites.
      do {
        v128.store(to, v128.load(back));
        to += 16;
        back += 16;
      } while (to < matchEnd);
    } else if (offset >= 8) {
      do {
        store<u64>(to, load<u64>(back));
        to += 8;
        back += 8;
      } while (to < matchEnd);
    } else {
      do {
        store<u8>(to++, load<u8>(back++));
      } while (to < matchEnd);
    }
    to = matchEnd;
  }
  // An empty block is nothing; any other one ends with literals.
  return length == 0 ? 0 : bad(to - target);
}
