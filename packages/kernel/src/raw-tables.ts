/**
 * The kernel's tables as typed arrays of their own, copied out of its memory: they stay valid when the kernel is gone.
 * Row layouts are those of the structs in assembly/ (named at each reader).
 */
import type { KernelExports } from './wasm.js';

export interface RawFrames {
  readonly length: number;
  /** Rows of `strings`. */
  readonly functionName: Uint32Array;
  readonly file: Uint32Array;
  readonly line: Int32Array;
  /** 1 = entry frame; always 0 without native traces, which alone need it. */
  readonly entry: Uint8Array;
}

/** Call tree of Python stacks; row 0 is the empty stack, parents come first. */
export interface RawStacks {
  readonly length: number;
  readonly parent: Uint32Array;
  readonly frame: Uint32Array;
}

/** Native nodes; row 0 is the empty stack, parents come first. */
export interface RawNativeStacks {
  readonly length: number;
  readonly ip: BigUint64Array;
  readonly parent: Uint32Array;
  /** Generation of memory maps in force, 0 = none yet. */
  readonly generation: Uint32Array;
}

/** Mapped segments of files, by generation. */
export interface RawSegments {
  readonly length: number;
  readonly file: Uint32Array;
  readonly generation: Uint32Array;
  readonly loadAddress: BigUint64Array;
  readonly virtualAddress: BigUint64Array;
  readonly size: BigUint64Array;
}

export interface RawThreads {
  readonly length: number;
  readonly tid: BigUint64Array;
  /** Row of `strings`, -1 = never named. */
  readonly name: Int32Array;
}

export interface RawSites {
  readonly length: number;
  readonly thread: Uint32Array;
  readonly allocator: Uint8Array;
  readonly pythonStack: Uint32Array;
  readonly nativeStack: Uint32Array;
  readonly totalBytes: Float64Array;
  readonly totalCount: Float64Array;
  readonly peakBytes: Float64Array;
  readonly peakCount: Float64Array;
  readonly leakedBytes: Float64Array;
  readonly leakedCount: Float64Array;
  readonly temporaryBytes: Float64Array;
  readonly temporaryCount: Float64Array;
}

export interface RawTicks {
  readonly length: number;
  /** Milliseconds since the capture's start. */
  readonly timeMs: Float64Array;
  readonly rssBytes: Float64Array;
  readonly heapBytes: Float64Array;
  readonly peakBytes: Float64Array;
}

export interface RawSizes {
  readonly length: number;
  readonly bytes: Float64Array;
  readonly count: Float64Array;
  readonly exact: boolean;
}

export function readStrings(kernel: KernelExports): string[] {
  const count = kernel.stringCount();
  const ends = new Uint32Array(kernel.memory.buffer, kernel.stringEnds(), count);
  const bytes = new Uint8Array(kernel.memory.buffer, kernel.stringBytes(), ends[count - 1] ?? 0);
  const decoder = new TextDecoder();
  const strings: string[] = [''];
  for (let row = 1; row < count; row++) strings.push(decoder.decode(bytes.subarray(ends[row - 1], ends[row])));
  return strings;
}

/** Frame: function u32, file u32, line i32, entry u32. */
export function readFrames(kernel: KernelExports): RawFrames {
  const length = kernel.frameLength();
  const words = new Uint32Array(kernel.memory.buffer, kernel.frameTable(), length * 4);
  return {
    length,
    functionName: pick(Uint32Array, length, (row) => words[row * 4]!),
    file: pick(Uint32Array, length, (row) => words[row * 4 + 1]!),
    line: pick(Int32Array, length, (row) => words[row * 4 + 2]! | 0),
    entry: pick(Uint8Array, length, (row) => words[row * 4 + 3]!),
  };
}

/** Node: 32 bytes, parent at 12, frame at 16. */
export function readStacks(kernel: KernelExports): RawStacks {
  const length = kernel.stackLength.value as number;
  const words = new Uint32Array(kernel.memory.buffer, kernel.stackTable.value as number, length * 8);
  return {
    length,
    parent: pick(Uint32Array, length, (row) => words[row * 8 + 3]!),
    frame: pick(Uint32Array, length, (row) => words[row * 8 + 4]!),
  };
}

/** NativeNode: ip u64, parent u32, generation u32. */
export function readNativeStacks(kernel: KernelExports): RawNativeStacks {
  const length = kernel.nativeLength();
  const words = new Uint32Array(kernel.memory.buffer, kernel.nativeTable(), length * 4);
  const longs = new BigUint64Array(kernel.memory.buffer, kernel.nativeTable(), length * 2);
  return {
    length,
    ip: pickBig(length, (row) => longs[row * 2]!),
    parent: pick(Uint32Array, length, (row) => words[row * 4 + 2]!),
    generation: pick(Uint32Array, length, (row) => words[row * 4 + 3]!),
  };
}

/** Segment: load address u64, virtual address u64, size u64, file u32, generation u32. */
export function readSegments(kernel: KernelExports): RawSegments {
  const length = kernel.segmentLength();
  const words = new Uint32Array(kernel.memory.buffer, kernel.segmentTable(), length * 8);
  const longs = new BigUint64Array(kernel.memory.buffer, kernel.segmentTable(), length * 4);
  return {
    length,
    file: pick(Uint32Array, length, (row) => words[row * 8 + 6]!),
    generation: pick(Uint32Array, length, (row) => words[row * 8 + 7]!),
    loadAddress: pickBig(length, (row) => longs[row * 4]!),
    virtualAddress: pickBig(length, (row) => longs[row * 4 + 1]!),
    size: pickBig(length, (row) => longs[row * 4 + 2]!),
  };
}

/** Thread: 48 bytes, tid u64, name + 1 u32. */
export function readThreads(kernel: KernelExports): RawThreads {
  const length = kernel.threadLength();
  const words = new Uint32Array(kernel.memory.buffer, kernel.threadTable(), length * THREAD_WORDS);
  const tid = (row: number): bigint =>
    (BigInt(words[row * THREAD_WORDS + 1]!) << 32n) | BigInt(words[row * THREAD_WORDS]!);
  return {
    length,
    tid: pickBig(length, tid),
    name: pick(Int32Array, length, (row) => words[row * THREAD_WORDS + 2]! - 1),
  };
}

const THREAD_WORDS = 12;
/** Site: 64 bytes; its sums are i64, the rest u32. */
const SITE_LONGS = 8;

/**
 * Site: pending bytes, pending count, peak bytes, peak count, total bytes, total count (i64), peak number, tag, Python
 * stack, native stack (u32). What is pending belongs to the peak when it was noted before the last one.
 */
export function readSites(kernel: KernelExports): RawSites {
  const length = kernel.siteLength();
  const words = new Uint32Array(kernel.memory.buffer, kernel.siteTable(), length * SITE_LONGS * 2);
  const temporary = new BigUint64Array(kernel.memory.buffer, kernel.temporaryTable(), length * 2);
  const sum = (row: number, field: number): number =>
    words[row * 16 + field * 2]! + (words[row * 16 + field * 2 + 1]! | 0) * 0x100000000;
  const word = (row: number, field: number): number => words[row * 16 + 12 + field]!;
  const lastPeak = kernel.peakNumber();
  const peak = (row: number, field: number): number =>
    sum(row, 2 + field) + (word(row, 0) === lastPeak ? 0 : sum(row, field));
  return {
    length,
    thread: pick(Uint32Array, length, (row) => word(row, 1) >>> 4),
    allocator: pick(Uint8Array, length, (row) => word(row, 1) & 15),
    pythonStack: pick(Uint32Array, length, (row) => word(row, 2)),
    nativeStack: pick(Uint32Array, length, (row) => word(row, 3)),
    totalBytes: pick(Float64Array, length, (row) => sum(row, 4)),
    totalCount: pick(Float64Array, length, (row) => sum(row, 5)),
    peakBytes: pick(Float64Array, length, (row) => peak(row, 0)),
    peakCount: pick(Float64Array, length, (row) => peak(row, 1)),
    leakedBytes: pick(Float64Array, length, (row) => sum(row, 2) + sum(row, 0)),
    leakedCount: pick(Float64Array, length, (row) => sum(row, 3) + sum(row, 1)),
    temporaryBytes: pick(Float64Array, length, (row) => Number(temporary[row * 2]!)),
    temporaryCount: pick(Float64Array, length, (row) => Number(temporary[row * 2 + 1]!)),
  };
}

/** Tick: time f64, RSS f64, heap f64, peak f64, 8 bytes of the kernel's own. */
export function readTicks(kernel: KernelExports): RawTicks {
  const length = kernel.tickLength();
  const cells = new Float64Array(kernel.memory.buffer, kernel.tickTable(), length * 5);
  const column = (index: number): Float64Array => pick(Float64Array, length, (row) => cells[row * 5 + index]!);
  return { length, timeMs: column(0), rssBytes: column(1), heapBytes: column(2), peakBytes: column(3) };
}

/** Small sizes: a count u64 for each size below 4096; large ones: size u64, count u64 in no order. */
export function readSizes(kernel: KernelExports): RawSizes {
  const small = new BigUint64Array(kernel.memory.buffer, kernel.smallSizes(), 4096);
  const large = new BigUint64Array(kernel.memory.buffer, kernel.largeSizes(), kernel.largeSizeLength() * 2);
  const rows: [number, number][] = [];
  for (let size = 0; size < small.length; size++) if (small[size]) rows.push([size, Number(small[size])]);
  for (let at = 0; at < large.length; at += 2) rows.push([Number(large[at]), Number(large[at + 1])]);
  rows.sort((a, b) => a[0] - b[0]);
  return {
    length: rows.length,
    bytes: pick(Float64Array, rows.length, (row) => rows[row]![0]),
    count: pick(Float64Array, rows.length, (row) => rows[row]![1]),
    exact: kernel.sizesAreExact() !== 0,
  };
}

/** Sixteen u64 by allocator. */
export function readAllocatorSums(kernel: KernelExports, address: number): number[] {
  return Array.from(new BigUint64Array(kernel.memory.buffer, address, 16), Number);
}

interface Column {
  [row: number]: number;
}

function pick<T extends Column>(Type: new (length: number) => T, length: number, cell: (row: number) => number): T {
  const column = new Type(length);
  for (let row = 0; row < length; row++) column[row] = cell(row);
  return column;
}

function pickBig(length: number, cell: (row: number) => bigint): BigUint64Array {
  const column = new BigUint64Array(length);
  for (let row = 0; row < length; row++) column[row] = cell(row);
  return column;
}
