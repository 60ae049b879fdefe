/**
 * The two compiled modules of the kernel and the shapes of their exports; see assembly/decode/index.ts and
 * assembly/heap/index.ts. Addresses, rows and lengths are u32 (negative when above 2^31: take `>>> 0`), sums u64 or i64.
 */
import { readFileSync } from 'node:fs';
import { KernelError } from './error.js';
import type { StopPoint } from './stop-point.js';

export interface DecodeExports {
  readonly memory: WebAssembly.Memory;
  reserve(length: number): number;
  run(length: number): number;
  stopAt(offset: bigint, entries: bigint): void;
  readonly soundOffset: WebAssembly.Global;
  finish(): number;
  begin(
    headerLength: number,
    version: number,
    fileFormat: number,
    nativeTraces: number,
    pythonVersion: number,
    mainTid: bigint,
    skippedFrames: number,
    startMs: bigint,
    temporaryThreshold: number,
    arenaBytes: number,
  ): void;
  flushOperations(): void;
  failure(): number;
  streamStart(): number;
  streamLeft(): number;
  streamOffset(): bigint;
  takenOffset(): bigint;
  heldZeros(): bigint;
  isCompressed(): number;
  recordsEnded(): number;
  atFrameEnd(): number;
  frameTable(): number;
  frameLength(): number;
  readonly stackTable: WebAssembly.Global;
  readonly stackLength: WebAssembly.Global;
  ownerTable(): number;
  ownerLength(): number;
  siteTable(): number;
  temporaryTable(): number;
  largeTemporaryTable(): number;
  heldTable(): number;
  siteLength(): number;
  threadTable(): number;
  threadLength(): number;
  nativeTable(): number;
  nativeLength(): number;
  segmentTable(): number;
  segmentLength(): number;
  stringBytes(): number;
  stringCount(): number;
  stringEnds(): number;
  recordCountTable(): number;
  byteCountTable(): number;
  smallSizes(): number;
  largeSizes(): number;
  largeSizeLength(): number;
  sizesAreExact(): number;
  readonly objectsCreated: WebAssembly.Global;
  readonly objectsDestroyed: WebAssembly.Global;
  readonly objectsFromBefore: WebAssembly.Global;
  livingObjects(): bigint;
  placeObjects(): void;
  objectTable(): number;
  readonly cutNames: WebAssembly.Global;
  readonly survivingObjects: WebAssembly.Global;
}

export interface HeapExports {
  readonly memory: WebAssembly.Memory;
  begin(version: number, aggregated: number, durationMs: bigint, records: bigint, maxTicks: number): void;
  blockStart(): number;
  appliedEntries(): bigint;
  newOwnersStart(): number;
  apply(length: number, sites: number): void;
  close(sites: number, owners: number): void;
  peakNumber(): number;
  peakBytes(): bigint;
  heapBytes(): bigint;
  replacedCount(): bigint;
  replacedBytes(): bigint;
  tickTable(): number;
  tickLength(): number;
  highestTick(): number;
  tailPeakBytes(): bigint;
  memoryRecords(): bigint;
  rssPeak(): bigint;
  rssPeakTime(): bigint;
  clockShift(): bigint;
  stepsBack(): number;
  stepsForward(): number;
  backMs(): bigint;
  forwardMs(): bigint;
  usageTable(): number;
  largeUsageTable(): number;
  lastRise(): number;
  ownedTable(): number;
  lifetimeColumn(index: number): number;
  lifetimeRanges(): number;
}

/** What the decoder calls while it runs. */
export interface DecodeHost {
  /** `length` operations stand at `block`. */
  operationsReady(block: number, length: number): void;
}

/** What the heap calls while it runs. */
export interface HeapHost {
  /** A batch of `rows` rows stands in the lifetime columns. */
  lifetimesReady(rows: number): void;
  /** Moments were merged: `length` u32 at `moments` say what each has become. */
  momentsMerged(moments: number, length: number): void;
  /** A tick has ended, and the next one not begun. */
  tickEnded(tick: number): void;
}

export const OUT_OF_MEMORY =
  'its stacks, live allocations or mappings need more memory than there is (a WebAssembly module has at most 4 GiB), or ' +
  'more work than those of any program';

let decodeModule: WebAssembly.Module | undefined;
let heapModule: WebAssembly.Module | undefined;

/** Others than those that were built, for this thread: tests of the kernel have one with assertions. */
export function takeModules(decode: WebAssembly.Module | undefined, heap: WebAssembly.Module | undefined): void {
  decodeModule = decode;
  heapModule = heap;
}

/** A decoder with memory of its own; the module is compiled once a thread. Throws as `guard`. */
export function instantiateDecode(host: DecodeHost): DecodeExports {
  decodeModule ??= new WebAssembly.Module(readFileSync(new URL('../dist/decode.wasm', import.meta.url)));
  return instantiate(decodeModule, host) as DecodeExports;
}

/** A heap with memory of its own; the module is compiled once a thread. Throws as `guard`. */
export function instantiateHeap(host: HeapHost): HeapExports {
  heapModule ??= new WebAssembly.Module(readFileSync(new URL('../dist/heap.wasm', import.meta.url)));
  return instantiate(heapModule, host) as HeapExports;
}

/** Its first tables may have no room. */
function instantiate(module: WebAssembly.Module, host: DecodeHost | HeapHost): unknown {
  return guard(() => new WebAssembly.Instance(module, { host: { ...host } }).exports);
}

/**
 * Runs a step of a module.
 * @throws {KernelError} `limit` when it trapped: 4 GiB of memory, or what the machine has, or the engine's stack are
 * used up. `soundUpTo` then says where the module was well.
 */
export function guard<T>(step: () => T, soundUpTo?: () => StopPoint): T {
  try {
    return step();
  } catch (error) {
    const stackOverflow = error instanceof RangeError && error.message.includes('call stack');
    if (!stackOverflow && !(error instanceof WebAssembly.RuntimeError)) throw error;
    const stop = soundUpTo?.() ?? {};
    throw new KernelError('limit', OUT_OF_MEMORY, stop.recordOffset ?? 0, { cause: error, stop });
  }
}
