/**
 * The memory of the kernel's heap → its tables, copied out: what sites hold, held and own. Row layouts are those of the
 * structs in assembly/ (named at each reader).
 */
import type { RawHeld, RawOwnPeaks, RawTicks, RawUsages } from './raw-tables.js';
import { pick, SEGMENT_MASK, SEGMENT_SHIFT, sumAt } from './table-words.js';
import type { HeapExports } from './wasm.js';

const USAGE_WORDS = 16;

/** Owned: bytes i64, peak bytes i64, peak tick u32, unused u32. */
export function readOwnPeaks(heap: HeapExports, owners: number): RawOwnPeaks {
  const words = new Uint32Array(heap.memory.buffer, heap.ownedTable() >>> 0, owners * 6);
  return {
    bytes: pick(Float64Array, owners, (row) => sumAt(words, row * 6 + 2)),
    tick: pick(Uint32Array, owners, (row) => words[row * 6 + 4]!),
  };
}

/**
 * Usage: pending bytes, peak bytes, total bytes, total count, bytes since the rise (i64), pending count, peak count (i32),
 * peak number, owner, number of the rise u32, 4 bytes unused. What is pending belongs to the peak when it was noted before
 * the last one.
 */
export function readUsages(heap: HeapExports, sites: number): RawUsages {
  const lastPeak = heap.peakNumber() >>> 0;
  const usages = {
    totalBytes: new Float64Array(sites),
    totalCount: new Float64Array(sites),
    peakBytes: new Float64Array(sites),
    peakCount: new Float64Array(sites),
    leakedBytes: new Float64Array(sites),
    leakedCount: new Float64Array(sites),
  };
  const words = new Uint32Array(heap.memory.buffer);
  const directory = heap.usageTable() >>> 2;
  const { totalBytes, totalCount, peakBytes, peakCount, leakedBytes, leakedCount } = usages;
  // A loop of its own, as below: there are millions of sites.
  for (let row = 0; row < sites; row++) {
    const at = (words[directory + (row >>> SEGMENT_SHIFT)]! >>> 2) + (row & SEGMENT_MASK) * USAGE_WORDS;
    const pending = words[at]! + (words[at + 1]! | 0) * 0x100000000;
    const peak = words[at + 2]! + (words[at + 3]! | 0) * 0x100000000;
    const isPeak = words[at + 12] === lastPeak;
    totalBytes[row] = words[at + 4]! + (words[at + 5]! | 0) * 0x100000000;
    totalCount[row] = words[at + 6]! + (words[at + 7]! | 0) * 0x100000000;
    peakBytes[row] = isPeak ? peak : peak + pending;
    leakedBytes[row] = peak + pending;
    const count = words[at + 11]! | 0;
    peakCount[row] = isPeak ? count : count + (words[at + 10]! | 0);
    leakedCount[row] = count + (words[at + 10]! | 0);
  }
  return usages;
}

/** What each of `sites` sites holds now. */
export function readHeld(heap: HeapExports, sites: number): RawHeld {
  const [bytes, count, allocated] = [new Float64Array(sites), new Uint32Array(sites), new Uint32Array(sites)];
  const words = new Uint32Array(heap.memory.buffer);
  const directory = heap.usageTable() >>> 2;
  // A loop of its own: it runs at the end of many ticks.
  for (let row = 0; row < sites; row++) {
    const at = (words[directory + (row >>> SEGMENT_SHIFT)]! >>> 2) + (row & SEGMENT_MASK) * USAGE_WORDS;
    bytes[row] = words[at]! + words[at + 2]! + ((words[at + 1]! + words[at + 3]!) | 0) * 0x100000000;
    count[row] = words[at + 10]! + words[at + 11]!;
    allocated[row] = words[at + 6]!;
  }
  return { bytes, count, allocated };
}

/** The bytes that each of `sites` sites held at the greatest heap of the tick that has just ended. */
export function readHeldAtPeak(heap: HeapExports, sites: number): Float64Array {
  const bytes = new Float64Array(sites);
  const words = new Uint32Array(heap.memory.buffer);
  const directory = heap.usageTable() >>> 2;
  const rise = heap.lastRise() >>> 0;
  for (let row = 0; row < sites; row++) {
    const at = (words[directory + (row >>> SEGMENT_SHIFT)]! >>> 2) + (row & SEGMENT_MASK) * USAGE_WORDS;
    bytes[row] = words[at]! + words[at + 2]! + ((words[at + 1]! + words[at + 3]!) | 0) * 0x100000000;
    if (rise !== 0 && words[at + 14] === rise) bytes[row]! -= words[at + 8]! + (words[at + 9]! | 0) * 0x100000000;
  }
  return bytes;
}

/** Tick: time f64, RSS f64, heap f64, peak f64, 8 bytes of the kernel's own. */
export function readTicks(heap: HeapExports): RawTicks {
  const length = heap.tickLength();
  const cells = new Float64Array(heap.memory.buffer, heap.tickTable() >>> 0, length * 5);
  const column = (index: number): Float64Array => pick(Float64Array, length, (row) => cells[row * 5 + index]!);
  return { length, timeMs: column(0), rssBytes: column(1), heapBytes: column(2), peakBytes: column(3) };
}
