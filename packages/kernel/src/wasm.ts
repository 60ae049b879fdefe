/** The compiled kernel and the shape of its exports; see assembly/index.ts. */
import { readFileSync } from 'node:fs';

/** Exports of kernel.wasm. Addresses and rows are u32, byte sums i64. */
export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  reserve(length: number): number;
  run(length: number): number;
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
    durationMs: bigint,
    maxTicks: number,
    temporaryThreshold: number,
  ): void;
  close(): void;
  failure(): number;
  streamStart(): number;
  streamLeft(): number;
  streamOffset(): bigint;
  takenOffset(): bigint;
  inputOffset(): bigint;
  heldZeros(): bigint;
  isCompressed(): number;
  atFrameEnd(): number;
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
  frameTable(): number;
  frameLength(): number;
  readonly stackTable: WebAssembly.Global;
  readonly stackLength: WebAssembly.Global;
  siteTable(): number;
  siteLength(): number;
  temporaryTable(): number;
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
  lifetimeColumn(index: number): number;
  readonly objectsCreated: WebAssembly.Global;
  readonly objectsDestroyed: WebAssembly.Global;
  readonly survivingObjects: WebAssembly.Global;
}

/** What the kernel calls while it runs. */
export interface KernelHost {
  /** A batch of `rows` rows stands in the lifetime columns. */
  lifetimesReady(rows: number): void;
  /** Moments were merged: `length` u32 at `moments` say what each has become. */
  momentsMerged(moments: number, length: number): void;
}

let compiled: WebAssembly.Module | undefined;

/** A kernel with memory of its own; the module is compiled once a thread. */
export function instantiateKernel(host: KernelHost): KernelExports {
  compiled ??= new WebAssembly.Module(readFileSync(new URL('../dist/kernel.wasm', import.meta.url)));
  const instance = new WebAssembly.Instance(compiled, { host: { ...host } });
  return instance.exports as unknown as KernelExports;
}
