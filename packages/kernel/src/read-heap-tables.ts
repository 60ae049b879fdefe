/**
 * The memory of the kernel's heap → its tables, copied out: what sites hold, held and own. Row layouts are those of the
 * structs in assembly/ (named at each reader).
 */
import type { RawHeld, RawOwnPeaks, RawTicks, RawUsages } from './raw-tables.js';
import { pick, roomFor, sumAt, wordOf } from './table-words.js';
import type { HeapExports } from './wasm.js';

const USAGE_WORDS = 8;
const LARGE_WORDS = 16;
/** Of an owner, see assembly/heap/usage.ts. */
const LARGE = 0xffff;

/** Owned: bytes i64, peak bytes i64, peak tick u32, unused u32. */
export function readOwnPeaks(heap: HeapExports, owners: number): RawOwnPeaks {
  const words = new Uint32Array(heap.memory.buffer, heap.ownedTable() >>> 0, owners * 6);
  return {
    bytes: pick(Float64Array, owners, (row) => sumAt(words, row * 6 + 2)),
    tick: pick(Uint32Array, owners, (row) => words[row * 6 + 4]!),
  };
}

/** Of each site. */
interface UsageWords {
  readonly words: Int32Array;
  /** Word of the row of a site. */
  readonly rowOf: (site: number) => number;
  /** Word of its large numbers, -1 where it has none; of a row. */
  readonly largeOf: (row: number) => number;
}

/**
 * Usage: pending bytes, peak bytes i32, total bytes u32, bytes since the rise i32, peak number, number of the rise u32, total
 * count u16, pending count, peak count i16, owner u16. Where the owner is `LARGE`, the first word is the row of its large
 * numbers: pending, peak, total bytes, total count, bytes since the rise (64 bits each), pending count, peak count, peak
 * number, number of the rise, owner, unused (32 bits). What is pending belongs to the peak when it was noted before the last
 * one.
 */
function usageWords(heap: HeapExports): UsageWords {
  const words = new Int32Array(heap.memory.buffer);
  const directory = heap.usageTable() >>> 0;
  const larges = heap.largeUsageTable() >>> 0;
  return {
    words,
    rowOf: (site) => wordOf(words, directory, site, USAGE_WORDS),
    largeOf: (row) => (words[row + 7]! >>> 16 === LARGE ? wordOf(words, larges, words[row]!, LARGE_WORDS) : -1),
  };
}

/** What a site comes to in all. */
class SiteUsage {
  totalBytes = 0;
  totalCount = 0;
  peakBytes = 0;
  peakCount = 0;
  leakedBytes = 0;
  leakedCount = 0;
  readonly #usage: UsageWords;
  readonly #lastPeak: number;

  constructor(heap: HeapExports) {
    this.#usage = usageWords(heap);
    this.#lastPeak = heap.peakNumber() | 0;
  }

  load(site: number): void {
    const { words, rowOf, largeOf } = this.#usage;
    const row = rowOf(site);
    const large = largeOf(row);
    if (large < 0) {
      const isPeak = words[row + 4] === this.#lastPeak;
      const count = (words[row + 7]! << 16) >> 16;
      this.totalBytes = words[row + 2]! >>> 0;
      this.totalCount = words[row + 6]! & 0xffff;
      this.leakedBytes = words[row + 1]! + words[row]!;
      this.leakedCount = count + (words[row + 6]! >> 16);
      this.peakBytes = isPeak ? words[row + 1]! : this.leakedBytes;
      this.peakCount = isPeak ? count : this.leakedCount;
    } else {
      const isPeak = words[large + 12] === this.#lastPeak;
      const bytes = longAt(words, large + 2);
      const count = words[large + 11]!;
      this.totalBytes = longAt(words, large + 4);
      this.totalCount = longAt(words, large + 6);
      this.leakedBytes = bytes + longAt(words, large);
      this.leakedCount = count + words[large + 10]!;
      this.peakBytes = isPeak ? bytes : this.leakedBytes;
      this.peakCount = isPeak ? count : this.leakedCount;
    }
  }
}

const USAGE_NAMES = ['totalBytes', 'totalCount', 'peakBytes', 'peakCount', 'leakedBytes', 'leakedCount'] as const;

export function readUsages(heap: HeapExports, sites: number): RawUsages {
  const usage = new SiteUsage(heap);
  const [least, greatest] = [new Float64Array(6), new Float64Array(6)];
  for (let site = 0; site < sites; site++) {
    usage.load(site);
    if (usage.totalBytes > greatest[0]!) greatest[0] = usage.totalBytes;
    if (usage.totalCount > greatest[1]!) greatest[1] = usage.totalCount;
    if (usage.peakBytes > greatest[2]!) greatest[2] = usage.peakBytes;
    if (usage.peakBytes < least[2]!) least[2] = usage.peakBytes;
    if (usage.peakCount > greatest[3]!) greatest[3] = usage.peakCount;
    if (usage.peakCount < least[3]!) least[3] = usage.peakCount;
    if (usage.leakedBytes > greatest[4]!) greatest[4] = usage.leakedBytes;
    if (usage.leakedBytes < least[4]!) least[4] = usage.leakedBytes;
    if (usage.leakedCount > greatest[5]!) greatest[5] = usage.leakedCount;
    if (usage.leakedCount < least[5]!) least[5] = usage.leakedCount;
  }
  const columns = USAGE_NAMES.map((name, column) => [name, roomFor(sites, greatest[column]!, least[column])] as const);
  const usages = Object.fromEntries(columns) as unknown as RawUsages;
  const { totalBytes, totalCount, peakBytes, peakCount, leakedBytes, leakedCount } = usages;
  for (let site = 0; site < sites; site++) {
    usage.load(site);
    totalBytes[site] = usage.totalBytes;
    totalCount[site] = usage.totalCount;
    peakBytes[site] = usage.peakBytes;
    peakCount[site] = usage.peakCount;
    leakedBytes[site] = usage.leakedBytes;
    leakedCount[site] = usage.leakedCount;
  }
  return usages;
}

/** What each of `sites` sites holds now. */
export function readHeld(heap: HeapExports, sites: number): RawHeld {
  const [bytes, count, allocated] = [new Float64Array(sites), new Uint32Array(sites), new Uint32Array(sites)];
  const { words, rowOf, largeOf } = usageWords(heap);
  for (let site = 0; site < sites; site++) {
    const row = rowOf(site);
    const large = largeOf(row);
    bytes[site] = large < 0 ? words[row]! + words[row + 1]! : longAt(words, large) + longAt(words, large + 2);
    count[site] =
      large < 0 ? (words[row + 6]! >> 16) + ((words[row + 7]! << 16) >> 16) : words[large + 10]! + words[large + 11]!;
    allocated[site] = large < 0 ? words[row + 6]! & 0xffff : words[large + 6]!;
  }
  return { bytes, count, allocated };
}

/** The bytes that each of `sites` sites held at the greatest heap of the tick that has just ended. */
export function readHeldAtPeak(heap: HeapExports, sites: number): Float64Array {
  const bytes = new Float64Array(sites);
  const { words, rowOf, largeOf } = usageWords(heap);
  const rise = heap.lastRise() | 0;
  for (let site = 0; site < sites; site++) {
    const row = rowOf(site);
    const large = largeOf(row);
    if (large < 0) {
      bytes[site] = words[row]! + words[row + 1]!;
      if (rise !== 0 && words[row + 5] === rise) bytes[site]! -= words[row + 3]!;
    } else {
      bytes[site] = longAt(words, large) + longAt(words, large + 2);
      if (rise !== 0 && words[large + 13] === rise) bytes[site]! -= longAt(words, large + 8);
    }
  }
  return bytes;
}

/** An i64, the lower half first. */
function longAt(words: Int32Array, at: number): number {
  return (words[at]! >>> 0) + words[at + 1]! * 0x100000000;
}

/** Tick: time f64, RSS f64, heap f64, peak f64, 8 bytes of the kernel's own. */
export function readTicks(heap: HeapExports): RawTicks {
  const length = heap.tickLength();
  const cells = new Float64Array(heap.memory.buffer, heap.tickTable() >>> 0, length * 5);
  const column = (index: number): Float64Array => pick(Float64Array, length, (row) => cells[row * 5 + index]!);
  return { length, timeMs: column(0), rssBytes: column(1), heapBytes: column(2), peakBytes: column(3) };
}
