/**
 * The memory of the kernel's decoder → its tables, copied out. Row layouts are those of the structs in assembly/ (named at
 * each reader).
 */
import type { CaptureHeader } from './header.js';
import type {
  RawFrames,
  RawNativeStacks,
  RawOwners,
  RawSegments,
  RawSites,
  RawSizes,
  RawStacks,
  RawThreads,
} from './raw-tables.js';
import { eachRow, pick, pickBig, roomFor, sumAt, wordOf } from './table-words.js';
import type { DecodeExports } from './wasm.js';

export function readStrings(decode: DecodeExports): string[] {
  const count = decode.stringCount();
  const ends = new Uint32Array(decode.memory.buffer, decode.stringEnds() >>> 0, count);
  const bytes = new Uint8Array(decode.memory.buffer, decode.stringBytes() >>> 0, ends[count - 1] ?? 0);
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const strings: string[] = [''];
  for (let row = 1; row < count; row++) strings.push(decoder.decode(bytes.subarray(ends[row - 1], ends[row])));
  return strings;
}

/** Frame: function u32, file u32, line i32, entry u32, owner u32. */
export function readFrames(decode: DecodeExports): RawFrames {
  const length = decode.frameLength();
  const words = new Uint32Array(decode.memory.buffer, decode.frameTable() >>> 0, length * 5);
  return {
    length,
    functionName: pick(Uint32Array, length, (row) => words[row * 5]!),
    file: pick(Uint32Array, length, (row) => words[row * 5 + 1]!),
    line: pick(Int32Array, length, (row) => words[row * 5 + 2]! | 0),
    entry: pick(Uint8Array, length, (row) => words[row * 5 + 3]!),
  };
}

/** Node: 40 bytes, parent at 12, frame at 24. */
export function readStacks(decode: DecodeExports): RawStacks {
  const length = decode.stackLength.value as number;
  const words = new Uint32Array(decode.memory.buffer, (decode.stackTable.value as number) >>> 0, length * 10);
  const parent = new Uint32Array(length);
  const frame = new Uint32Array(length);
  for (let row = 0, at = 0; row < length; row++, at += 10) {
    parent[row] = words[at + 3]!;
    frame[row] = words[at + 6]!;
  }
  return { length, parent, frame };
}

/** NativeNode: ip u64, parent u32, generation u32. */
export function readNativeStacks(decode: DecodeExports): RawNativeStacks {
  const length = decode.nativeLength();
  const words = new Uint32Array(decode.memory.buffer, decode.nativeTable() >>> 0, length * 4);
  const ip = new BigUint64Array(length);
  const halves = new Uint32Array(ip.buffer);
  const parent = new Uint32Array(length);
  const generation = new Uint32Array(length);
  for (let row = 0, at = 0; row < length; row++, at += 4) {
    halves[2 * row] = words[at]!;
    halves[2 * row + 1] = words[at + 1]!;
    parent[row] = words[at + 2]!;
    generation[row] = words[at + 3]!;
  }
  return { length, ip, parent, generation };
}

/** Segment: load address u64, virtual address u64, size u64, file u32, generation u32. */
export function readSegments(decode: DecodeExports): RawSegments {
  const length = decode.segmentLength();
  const words = new Uint32Array(decode.memory.buffer, decode.segmentTable() >>> 0, length * 8);
  const longs = new BigUint64Array(decode.memory.buffer, decode.segmentTable() >>> 0, length * 4);
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
export function readThreads(decode: DecodeExports): RawThreads {
  const length = decode.threadLength();
  const words = new Uint32Array(decode.memory.buffer, decode.threadTable() >>> 0, length * THREAD_WORDS);
  const tid = (row: number): bigint =>
    (BigInt(words[row * THREAD_WORDS + 1]!) << 32n) | BigInt(words[row * THREAD_WORDS]!);
  return {
    length,
    tid: pickBig(length, tid),
    name: pick(Int32Array, length, (row) => words[row * THREAD_WORDS + 2]! - 1),
  };
}

const THREAD_WORDS = 12;
const SITE_WORDS = 5;
const TEMPORARY_WORDS = 2;
const LARGE_TEMPORARY_WORDS = 4;
/** In place of a count. */
const LARGE = 0xffffffff;
const HELD_WORDS = 8;
const OBJECT_WORDS = 2;
/** Site: tag, Python stack, native stack, owner, next u32. Held: four sums u64. */
export function readSites(
  decode: DecodeExports,
  { layout, trackObjects }: Pick<CaptureHeader, 'layout' | 'trackObjects'>,
): RawSites {
  const aggregated = layout === 'aggregated';
  const length = decode.siteLength();
  const heldLength = aggregated ? length : 0;
  const sites = {
    length,
    thread: new Uint32Array(length),
    allocator: readAllocators(decode, length),
    pythonStack: new Uint32Array(length),
    nativeStack: new Uint32Array(length),
    owner: new Uint32Array(length),
    ...readTemporaries(decode, length),
    peakBytes: new Float64Array(heldLength),
    peakCount: new Float64Array(heldLength),
    leakedBytes: new Float64Array(heldLength),
    leakedCount: new Float64Array(heldLength),
    objectCount: trackObjects && !aggregated ? new Float64Array(length) : null,
  };
  eachRow(decode.memory, decode.siteTable() >>> 0, SITE_WORDS, [0, length], (words, at, row) => {
    sites.thread[row] = words[at]! >>> 5;
    sites.pythonStack[row] = words[at + 1]!;
    sites.nativeStack[row] = words[at + 2]!;
    sites.owner[row] = words[at + 3]!;
  });
  // Asking makes room, which may move the memory.
  const held = aggregated ? decode.heldTable() >>> 0 : 0;
  eachRow(decode.memory, held, HELD_WORDS, [0, heldLength], (words, at, row) => {
    sites.peakBytes[row] = sumAt(words, at);
    sites.peakCount[row] = sumAt(words, at + 2);
    sites.leakedBytes[row] = sumAt(words, at + 4);
    sites.leakedCount[row] = sumAt(words, at + 6);
  });
  const { objectCount } = sites;
  if (objectCount !== null) {
    eachRow(decode.memory, decode.objectTable() >>> 0, OBJECT_WORDS, [0, length], (words, at, row) => {
      objectCount[row] = sumAt(words, at);
    });
  }
  return sites;
}

/**
 * Temporary: bytes, count u32; where the count is `LARGE`, the bytes are the row of a large one, whose bytes and count are
 * u64.
 */
function readTemporaries(decode: DecodeExports, length: number): Pick<RawSites, 'temporaryBytes' | 'temporaryCount'> {
  const table = decode.temporaryTable() >>> 0;
  const larges = decode.largeTemporaryTable() >>> 0;
  const range = [0, length] as const;
  let [mostBytes, mostCount] = [0, 0];
  eachRow(decode.memory, table, TEMPORARY_WORDS, range, (words, at) => {
    if (words[at + 1] === LARGE) mostBytes = mostCount = Infinity;
    else {
      if (words[at]! > mostBytes) mostBytes = words[at]!;
      if (words[at + 1]! > mostCount) mostCount = words[at + 1]!;
    }
  });
  const [temporaryBytes, temporaryCount] = [roomFor(length, mostBytes), roomFor(length, mostCount)];
  eachRow(decode.memory, table, TEMPORARY_WORDS, range, (words, at, row) => {
    if (words[at + 1] === LARGE) {
      const large = wordOf(words, larges, words[at]!, LARGE_TEMPORARY_WORDS);
      temporaryBytes[row] = sumAt(words, large);
      temporaryCount[row] = sumAt(words, large + 2);
    } else {
      temporaryBytes[row] = words[at]!;
      temporaryCount[row] = words[at + 1]!;
    }
  });
  return { temporaryBytes, temporaryCount };
}

/** Owner: kind, function, file u32. */
export function readOwners(decode: DecodeExports): RawOwners {
  const length = decode.ownerLength();
  const words = new Uint32Array(decode.memory.buffer, decode.ownerTable() >>> 0, length * 3);
  return {
    length,
    kind: pick(Uint8Array, length, (row) => words[row * 3]!),
    functionName: pick(Uint32Array, length, (row) => words[row * 3 + 1]!),
    file: pick(Uint32Array, length, (row) => words[row * 3 + 2]!),
  };
}

/** Of the first `length` sites. */
export function readAllocators(decode: DecodeExports, length: number): Uint8Array {
  const allocator = new Uint8Array(length);
  eachRow(decode.memory, decode.siteTable() >>> 0, SITE_WORDS, [0, length], (words, at, row) => {
    allocator[row] = words[at]! & 15;
  });
  return allocator;
}

/** The owners of the sites from `from` to before `to`. */
export function readSiteOwners(decode: DecodeExports, from: number, to: number): Uint32Array {
  const owners = new Uint32Array(to - from);
  eachRow(decode.memory, decode.siteTable() >>> 0, SITE_WORDS, [from, to], (words, at, row) => {
    owners[row - from] = words[at + 3]!;
  });
  return owners;
}

/** See assembly/decode/sizes.ts. */
const SMALL_SIZES = 4096;

/** Small sizes: a count u64 for each size below 4096; large ones: size u64, count u64 in no order. */
export function readSizes(decode: DecodeExports): RawSizes {
  const small = new Uint32Array(decode.memory.buffer, decode.smallSizes() >>> 0, 2 * SMALL_SIZES);
  const large = new BigUint64Array(decode.memory.buffer, decode.largeSizes() >>> 0, decode.largeSizeLength() * 2);
  const rows: [number, number][] = [];
  for (let size = 0; size < SMALL_SIZES; size++) {
    const count = small[2 * size]! + small[2 * size + 1]! * 0x100000000;
    if (count) rows.push([size, count]);
  }
  for (let at = 0; at < large.length; at += 2) rows.push([Number(large[at]), Number(large[at + 1])]);
  rows.sort((a, b) => a[0] - b[0]);
  return {
    length: rows.length,
    bytes: pick(Float64Array, rows.length, (row) => rows[row]![0]),
    count: pick(Float64Array, rows.length, (row) => rows[row]![1]),
    exact: decode.sizesAreExact() !== 0,
  };
}

/** Sixteen u64 by allocator. */
export function readAllocatorSums(decode: DecodeExports, address: number): number[] {
  return Array.from(new BigUint64Array(decode.memory.buffer, address, 16), Number);
}
