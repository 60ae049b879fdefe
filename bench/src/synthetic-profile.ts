/**
 * A seed and a number of sites to the tables of a large profile, and to batches of lifetimes, shaped like those of a
 * service that ran for a while: twenty frames deep, a few lines per function, half of the sites empty at the peak.
 */
import { randomBelow, seedRandom, type RandomBits } from '@memscope/fixtures';
import {
  ALLOCATOR_NAMES,
  answersBut,
  NEVER,
  OWNER_KINDS,
  type CaptureTables,
  type LifetimeBatch,
  type StackTable,
} from '@memscope/model';

import { sum } from './statistics.js';

const FRAMES_PER_SITE = 1 / 5;
const DEPTH = 20;
const THREADS = 8;
const OWNERS = 3000;
const START_MS = 1_700_000_000_000;
const SIZE_CLASSES = 500;
/** Allocators of `ALLOCATOR_NAMES` that give memory. */
const GIVING = [2, 3, 4, 6, 7, 8, 9, 14];
const DEALLOCATIONS = 0;

export interface SyntheticShape {
  readonly sites: number;
  readonly stacksPerSite: number;
  readonly ticks: number;
  /**
   * Few stacks near the root and ever more above them, some callers with many more callees than others, so that a flame
   * graph has something to show; else layers of equal size, of whose frames none is a pixel wide.
   */
  readonly growing?: boolean;
}

export function makeSyntheticTables(
  seed: number,
  { sites: siteLength, stacksPerSite, ticks: tickLength, growing = false }: SyntheticShape,
): CaptureTables {
  const random = seedRandom(seed);
  const frameLength = Math.max(1, Math.round(siteLength * FRAMES_PER_SITE));
  const make = growing ? makeGrowingStacks : makeStacks;
  const stacks = make(random, siteLength * stacksPerSite, frameLength);
  const column = (share: number, below: number): Float64Array =>
    Float64Array.from({ length: siteLength }, () => (random() % 100 < share * 100 ? randomBelow(random, below) : 0));
  const pythonStack = Uint32Array.from({ length: siteLength }, () => randomBelow(random, stacks.length));
  const sites = {
    length: siteLength,
    thread: Uint32Array.from({ length: siteLength }, () => randomBelow(random, THREADS)),
    allocator: Uint8Array.from({ length: siteLength }, () => GIVING[randomBelow(random, GIVING.length)]!),
    pythonStack,
    nativeStack: null,
    owner: Uint32Array.from({ length: siteLength }, () => randomBelow(random, OWNERS)),
    totalBytes: column(1, 1e8),
    totalCount: column(1, 1e5),
    peakBytes: column(0.5, 1e6),
    peakCount: column(0.5, 1e3),
    leakedBytes: column(0.2, 1e5),
    leakedCount: column(0.2, 1e2),
    temporaryBytes: column(0.3, 1e7),
    temporaryCount: column(0.3, 1e4),
  };
  const tickColumn = (): Float64Array =>
    Float64Array.from({ length: tickLength }, (_, tick) => 1e9 + tick * 1e5 + randomBelow(random, 1e6));
  return {
    capture: {
      id: 1,
      path: '/srv/service/capture.bin',
      format: 'memray',
      formatVersion: 13,
      answers: answersBut({ nativeStacks: 'none' }),
      samplingBytes: null,
      layout: 'all',
      compression: 'lz4',
      nativeTraces: false,
      pythonVersion: '3.13.5',
      pythonAllocator: 'pymalloc',
      tracePythonAllocators: false,
      commandLine: 'service.py',
      pid: 1,
      mainThreadId: 1,
      startMs: START_MS,
      endMs: START_MS + tickLength * 10,
      complete: true,
      readBytes: 1e9,
      totalBytes: 1e9,
      allocations: sum(sites.totalCount),
      deallocations: DEALLOCATIONS,
      bytesAllocated: sum(sites.totalBytes),
      peakBytes: sum(sites.peakBytes),
      peakTick: tickLength - 1,
      leakedBytes: sum(sites.leakedBytes),
      leakedCount: sum(sites.leakedCount),
      temporaryBytes: sum(sites.temporaryBytes),
      temporaryCount: sum(sites.temporaryCount),
    },
    threads: {
      length: THREADS,
      tid: BigUint64Array.from({ length: THREADS }, (_, row) => BigInt(row + 1)),
      name: Array.from({ length: THREADS }, (_, row) => (row === 0 ? 'MainThread' : `worker-${row}`)),
    },
    modules: { length: 0, path: [], name: [], buildId: [], category: [] },
    frames: {
      length: frameLength,
      kind: new Uint8Array(frameLength),
      functionName: Array.from({ length: frameLength }, (_, row) => `function_${row >> 2}`),
      file: Array.from(
        { length: frameLength },
        (_, row) => `/usr/lib/python3/site-packages/package/file_${row >> 6}.py`,
      ),
      line: Int32Array.from({ length: frameLength }, (_, row) => 1 + row * 3),
      module: new Int32Array(frameLength).fill(-1),
      ip: new BigUint64Array(frameLength),
      source: new Uint8Array(frameLength),
    },
    stacks,
    sites,
    owners: {
      length: OWNERS,
      kind: new Uint8Array(OWNERS).fill(OWNER_KINDS.indexOf('function')),
      functionName: Array.from({ length: OWNERS }, (_, row) => `function_${row}`),
      file: Array.from({ length: OWNERS }, (_, row) => `/usr/lib/python3/site-packages/package/file_${row >> 4}.py`),
      peakBytes: Float64Array.from({ length: OWNERS }, () => randomBelow(random, 1e8)),
      peakTick: Uint32Array.from({ length: OWNERS }, () => randomBelow(random, tickLength)),
    },
    ticks: {
      length: tickLength,
      timeMs: Float64Array.from({ length: tickLength }, (_, tick) => START_MS + tick * 10),
      rssBytes: tickColumn(),
      heapBytes: tickColumn(),
      peakBytes: tickColumn(),
    },
    sizeClasses: {
      length: SIZE_CLASSES,
      bytes: Float64Array.from({ length: SIZE_CLASSES }, (_, row) => row * 16),
      count: Float64Array.from({ length: SIZE_CLASSES }, () => randomBelow(random, 1e6)),
    },
    notes: {
      recordsByAllocator: ALLOCATOR_NAMES.map((_, allocator) => allocator * 1000),
      bytesByAllocator: ALLOCATOR_NAMES.map((_, allocator) => allocator * 1e6),
      temporaryThreshold: 1,
      memoryRecords: tickLength,
      rssPeakBytes: 2e9,
      rssPeakMs: START_MS,
      tailPeakBytes: 1e9,
      tailHeapBytes: 1e9,
      sizesExact: true,
      objects: null,
      replacedCount: 0,
      replacedBytes: 0,
      damage: null,
      symbols: null,
      join: null,
    },
  };
}

/** One batch as the kernel gives them: ordered by nothing, deaths after births. */
export function makeLifetimeBatch(
  seed: number,
  rows: number,
  { sites, ticks }: Pick<SyntheticShape, 'sites' | 'ticks'>,
): LifetimeBatch {
  const random = seedRandom(seed);
  const born = Uint32Array.from({ length: rows }, () => randomBelow(random, ticks * 2));
  return {
    rows,
    site: Uint32Array.from({ length: rows }, () => randomBelow(random, sites)),
    born,
    died: born.map((moment) => (randomBelow(random, 10) === 0 ? NEVER : moment + 1 + randomBelow(random, 100))),
    count: Float64Array.from({ length: rows }, () => 1 + randomBelow(random, 3)),
    bytes: Float64Array.from({ length: rows }, () => 16 + randomBelow(random, 100_000)),
  };
}

/** Layers of equal size; each stack continues one of the layer above. */
function makeStacks(random: RandomBits, length: number, frames: number): StackTable {
  const width = Math.max(1, Math.ceil((length - 1) / DEPTH));
  const parent = new Uint32Array(length);
  for (let row = 1; row < length; row++) {
    const layer = Math.floor((row - 1) / width);
    parent[row] = layer === 0 ? 0 : 1 + (layer - 1) * width + randomBelow(random, width);
  }
  return { length, parent, frame: Uint32Array.from({ length }, () => randomBelow(random, frames)) };
}

/** Each layer is larger than the one before by the same factor; the first callers of a layer get the most callees. */
function makeGrowingStacks(random: RandomBits, length: number, frames: number): StackTable {
  const parent = new Uint32Array(length);
  const factor = (length * 0.48) ** (1 / DEPTH);
  let [start, end] = [0, 1];
  for (let layer = 1; end < length; layer++) {
    const next = layer >= DEPTH ? length : Math.min(length, end + Math.ceil(factor ** layer));
    for (let row = end; row < next; row++) parent[row] = start + Math.floor(skewedShare(random) * (end - start));
    [start, end] = [end, next];
  }
  return { length, parent, frame: Uint32Array.from({ length }, () => randomBelow(random, frames)) };
}

/** From 0 to 1, more often near 0. */
function skewedShare(random: RandomBits): number {
  return (randomBelow(random, 1_000_000) / 1_000_000) ** 2;
}
