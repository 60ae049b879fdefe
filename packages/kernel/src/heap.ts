/** From operations to what each site holds at the peak and at the end, ticks, and the bulk table `lifetime`. */
import { MOST_NEW_SITES, type OperationBlock } from './decoder.js';
import type { CaptureHeader } from './header.js';
import type { RawHeld, RawOwnPeaks, RawTicks, RawUsages } from './raw-tables.js';
import { readHeld, readHeldAtPeak, readOwnPeaks, readTicks, readUsages } from './read-heap-tables.js';
import type { StopPoint } from './stop-point.js';
import { guard, instantiateHeap, type HeapExports } from './wasm.js';

/** A batch of the bulk table `lifetime`. The columns are views into the heap, valid only during the call. */
export interface RawLifetimes {
  readonly rows: number;
  readonly site: Uint32Array;
  readonly born: Uint32Array;
  /** 0xffffffff = never. */
  readonly died: Uint32Array;
  readonly count: Float64Array;
  readonly bytes: Float64Array;
  readonly ranges: RawLifetimeRanges;
}

export interface RawRange {
  readonly least: number;
  readonly greatest: number;
}

export interface RawLifetimeRanges {
  readonly site: RawRange;
  readonly born: RawRange;
  /** Rows that never die. */
  readonly never: number;
  /** Greatest moment of death of the others, 0 when there are none. */
  readonly lastDeath: number;
  readonly count: RawRange;
  readonly bytes: RawRange;
}

/** What the heap has to know of a capture. */
export interface HeapConfig {
  readonly version: number;
  readonly layout: 'all' | 'aggregated';
  /** By the header; 0 = unknown. */
  readonly durationMs: number;
  /** By the header, deallocations included; 0 = unknown. */
  readonly records: number;
  /** Beyond this many ticks, time is merged into equal bins. */
  readonly maxTicks: number;
}

export interface HeapOptions {
  onLifetimes?(batch: RawLifetimes): void;
  /** Moments of all batches so far have been renumbered: m has become `moments[m]`. A view like the batches'. */
  onMomentsMerged?(moments: Uint32Array): void;
  /** A tick has ended; `held` is what sites hold, of which `sites` are known. */
  onTickEnded?(tick: number, sites: number, held: () => RawHeld): void;
  /** The same, and once more for what follows the last tick; `held` are bytes at the greatest heap of the tick. */
  onTickPeak?(tick: number, sites: number, held: () => Float64Array): void;
}

/** How the machine's clock was set while it recorded: steps of a second and more, and milliseconds in all. */
export interface RawClock {
  readonly stepsBack: number;
  readonly backMs: number;
  /** By more than a year at a time: what is less may be a pause. */
  readonly stepsForward: number;
  readonly forwardMs: number;
  /** To be added to a time by the clock at the end, so that it counts on from those of the ticks. */
  readonly shiftMs: number;
}

export interface HeapTables {
  readonly usages: RawUsages;
  /** Meaningless in an aggregated capture. */
  readonly ownPeaks: RawOwnPeaks;
  readonly ticks: RawTicks;
  readonly peakBytes: number;
  /** Row of `ticks` (its length = after the last one). */
  readonly peakTick: number;
  /** Live at the end, and the highest after the last tick. */
  readonly heapBytes: number;
  readonly tailPeakBytes: number;
  readonly memoryRecords: number;
  readonly rssPeakBytes: number;
  /** Milliseconds since the start. */
  readonly rssPeakMs: number;
  readonly clock: RawClock;
  /** Allocations at an address that was still live, and the bytes of what they replaced. */
  readonly replacedCount: number;
  readonly replacedBytes: number;
}

/** How many the decoder has found. */
export interface HeapLengths {
  readonly sites: number;
  readonly owners: number;
}

export const DEFAULT_MAX_TICKS = 1000;
/** Keeps moments within 32 bits and the tick table within memory. */
const GREATEST_MAX_TICKS = 1_000_000;

export function heapConfig(header: CaptureHeader, maxTicks: number = DEFAULT_MAX_TICKS): HeapConfig {
  return {
    version: header.version,
    layout: header.layout,
    durationMs: durationOf(header),
    records: header.records,
    maxTicks: Math.min(Math.max(maxTicks, 2), GREATEST_MAX_TICKS),
  };
}

/** Nobody has recorded for ten years: a clock that says so was set meanwhile. */
const LONGEST_MS = 10 * 365 * 86_400_000;

function durationOf({ startMs, endMs }: CaptureHeader): number {
  const durationMs = endMs - startMs;
  return durationMs > 0 && durationMs < LONGEST_MS ? durationMs : 0;
}

export class Heap {
  readonly #heap: HeapExports;
  readonly #options: HeapOptions;
  #sites = 0;

  constructor(config: HeapConfig, options: HeapOptions = {}) {
    const heap = instantiateHeap({
      lifetimesReady: (rows) => options.onLifetimes?.(batchOf(heap, rows)),
      momentsMerged: (moments, length) =>
        options.onMomentsMerged?.(new Uint32Array(heap.memory.buffer, moments >>> 0, length)),
      tickEnded: (tick) => {
        this.#tellPeak(tick);
        options.onTickEnded?.(tick, this.#sites, () => readHeld(heap, this.#sites));
      },
    });
    this.#heap = heap;
    this.#options = options;
    const { version, layout, durationMs, records, maxTicks } = config;
    heap.begin(version, layout === 'aggregated' ? 1 : 0, BigInt(durationMs), BigInt(records), maxTicks);
  }

  readonly #soundUpTo = (): StopPoint => ({ entries: Number(this.#heap.appliedEntries()) });

  /** Bytes of the heap's memory. */
  get memoryBytes(): number {
    return this.#heap.memory.buffer.byteLength;
  }

  /** Applies a decoder's block; its bytes are copied. */
  apply(block: OperationBlock): void {
    if (block.newOwners.length > MOST_NEW_SITES) throw new RangeError('more new sites than a block brings');
    const heap = this.#heap;
    new Uint8Array(heap.memory.buffer, heap.blockStart() >>> 0, block.bytes.length).set(block.bytes);
    new Uint32Array(heap.memory.buffer, heap.newOwnersStart() >>> 0, block.newOwners.length).set(block.newOwners);
    this.#sites = block.sites;
    guard(() => heap.apply(block.length, block.sites), this.#soundUpTo);
  }

  #tellPeak(tick: number): void {
    this.#options.onTickPeak?.(tick, this.#sites, () => readHeldAtPeak(this.#heap, this.#sites));
  }

  /** After the last block: the last lifetimes go out, and the tables of `sites` sites and `owners` owners are copied. */
  finish({ sites, owners }: HeapLengths): HeapTables {
    const heap = this.#heap;
    guard(() => heap.close(sites, owners), this.#soundUpTo);
    this.#tellPeak(heap.tickLength());
    return {
      usages: readUsages(heap, sites),
      ownPeaks: readOwnPeaks(heap, owners),
      ticks: readTicks(heap),
      peakBytes: Number(heap.peakBytes()),
      peakTick: heap.highestTick(),
      heapBytes: Number(heap.heapBytes()),
      tailPeakBytes: Number(heap.tailPeakBytes()),
      memoryRecords: Number(heap.memoryRecords()),
      rssPeakBytes: Number(heap.rssPeak()),
      rssPeakMs: Number(heap.rssPeakTime()),
      clock: {
        stepsBack: heap.stepsBack(),
        backMs: Number(heap.backMs()),
        stepsForward: heap.stepsForward(),
        forwardMs: Number(heap.forwardMs()),
        shiftMs: Number(heap.clockShift()),
      },
      replacedCount: Number(heap.replacedCount()),
      replacedBytes: Number(heap.replacedBytes()),
    };
  }
}

function batchOf(heap: HeapExports, rows: number): RawLifetimes {
  const { buffer } = heap.memory;
  const address = (column: number): number => heap.lifetimeColumn(column) >>> 0;
  return {
    rows,
    site: new Uint32Array(buffer, address(0), rows),
    born: new Uint32Array(buffer, address(1), rows),
    died: new Uint32Array(buffer, address(2), rows),
    count: new Float64Array(buffer, address(3), rows),
    bytes: new Float64Array(buffer, address(4), rows),
    ranges: rangesOf(new Float64Array(buffer, heap.lifetimeRanges() >>> 0, 10)),
  };
}

/** Two numbers a column; see assembly/heap/lifetime-ranges.ts. */
function rangesOf(numbers: Float64Array): RawLifetimeRanges {
  const range = (column: number): RawRange => ({ least: numbers[2 * column]!, greatest: numbers[2 * column + 1]! });
  return {
    site: range(0),
    born: range(1),
    never: numbers[4]!,
    lastDeath: numbers[5]!,
    count: range(3),
    bytes: range(4),
  };
}
