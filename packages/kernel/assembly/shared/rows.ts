/**
 * Tables that grow by segments of equally many rows, which never move: growing takes no more memory than what is added,
 * and copies nothing. A directory says where each segment stands; `src/table-words.ts` reads rows by it.
 */
import { allocateZeroed } from './arena';

/** Rows of a segment, as a power of two; also in src/table-words.ts. */
export const SEGMENT_SHIFT: u32 = 13;
const SEGMENT_MASK: u32 = (1 << SEGMENT_SHIFT) - 1;
/** Segments of more rows than fit 4 GiB. */
const MOST_SEGMENTS: u32 = 1 << 14;

/** A directory without segments. */
export function newDirectory(): usize {
  return allocateZeroed(MOST_SEGMENTS << 2);
}

/** Where a row of `size` bytes stands. */
@inline
export function rowAt(directory: usize, row: u32, size: u32): usize {
  const segment = load<u32>(directory + ((<usize>row >> SEGMENT_SHIFT) << 2));
  assert(segment != 0);
  return <usize>segment + (row & SEGMENT_MASK) * size;
}

/** Makes room for all rows below `rows`; new ones are zeros. Traps when there are too many. */
export function reserveRows(directory: usize, rows: u32, size: u32): void {
  const segments = (<u64>rows + SEGMENT_MASK) >> SEGMENT_SHIFT;
  if (segments > MOST_SEGMENTS) unreachable();
  for (let segment = <u32>segments; segment > 0; segment--) {
    const place = directory + (<usize>(segment - 1) << 2);
    if (load<u32>(place) != 0) return;
    store<u32>(place, <u32>allocateZeroed(size << SEGMENT_SHIFT));
  }
}
