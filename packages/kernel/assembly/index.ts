/**
 * The kernel: a capture's bytes in, raw tables out. The host writes chunks to `reserve`d memory and calls `run`; when it
 * answers HEADER, the host parses the header in TypeScript and calls `begin`; after the last chunk it calls `finish` and
 * `close`, and reads the tables where the getters say they are. Nothing here throws: a trap means that memory (4 GiB)
 * has run out.
 */
import { configureVersion6 } from './records-v6';
import { configureVersion7 } from './records-v7';
import { configureVersion12 } from './records-v12';
import { configureAggregated } from './records-aggregated';
import { configureFrames } from './frames';
import { configureTemporaries } from './temporaries';
import { configureThreads } from './threads';
import { appendMapped } from './ranged';
import { flushLifetimes } from './lifetimes';
import { beginRecords } from './stream';
import * as heap from './heap';
import * as ticks from './ticks';

const AGGREGATED: u32 = 1;

let aggregated: bool = false;

/** What the header said, and what the user chose. */
export function begin(
  headerLength: u32,
  version: u32,
  fileFormat: u32,
  nativeTraces: bool,
  pythonVersion: u32,
  mainTid: u64,
  skippedFrames: u32,
  startMs: u64,
  durationMs: u64,
  maxTicks: u32,
  temporaryThreshold: u32,
): void {
  aggregated = fileFormat == AGGREGATED;
  configureVersion6(startMs);
  configureVersion7(version);
  configureVersion12(nativeTraces);
  configureAggregated(version, nativeTraces, startMs);
  configureFrames(pythonVersion, nativeTraces);
  configureThreads(mainTid, skippedFrames);
  configureTemporaries(temporaryThreshold);
  heap.configureHeap(version);
  ticks.configureTicks(maxTicks, durationMs);
  beginRecords(headerLength, version, fileFormat);
}

/** After the last record: settles the last tick, the peak, and the lifetimes of what was never freed. */
export function close(): void {
  if (aggregated) return;
  heap.flushQueue();
  heap.closePeak();
  ticks.sealTick(heap.heapBytes);
  heap.appendSurvivors();
  appendMapped();
  flushLifetimes();
}

export function peakNumber(): u32 {
  return heap.peakNumber;
}
export function peakBytes(): i64 {
  return heap.peakBytes;
}
export function heapBytes(): i64 {
  return heap.heapBytes;
}
export function replacedCount(): u64 {
  return heap.replacedCount;
}
export function replacedBytes(): u64 {
  return heap.replacedBytes;
}
export function tickLength(): u32 {
  return ticks.tick;
}
export function highestTick(): u32 {
  return ticks.highestTick;
}
export function tailPeakBytes(): i64 {
  return ticks.tickPeak;
}
export function memoryRecords(): u64 {
  return ticks.memoryRecords;
}
export function rssPeak(): u64 {
  return ticks.rssPeak;
}
export function rssPeakTime(): u64 {
  return ticks.rssPeakTime;
}
export function failure(): u32 {
  return status.reason;
}

import * as status from './status';
export {
  atFrameEnd,
  finish,
  heldZeros,
  inputOffset,
  isCompressed,
  reserve,
  run,
  streamLeft,
  streamOffset,
  streamStart,
  takenOffset,
} from './stream';
export { byteCountTable, recordCountTable } from './aggregate';
export { frameLength, frameTable } from './frames';
export { largeSizeLength, largeSizes, sizesAreExact, smallSizes } from './sizes';
export { lifetimeColumn } from './lifetimes';
export { nativeLength, nativeTable, segmentLength, segmentTable } from './native';
export { objectsCreated, objectsDestroyed } from './records-v12';
export { siteLength, siteTable, temporaryTable } from './sites';
export { stringBytes, stringCount, stringEnds } from './strings';
export { survivingObjects } from './records-aggregated';
export { threadLength, threadTable } from './threads';
export { tickTable } from './ticks';
export { nodeCount as stackLength, nodes as stackTable } from './stacks';
