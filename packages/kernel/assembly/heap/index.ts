/**
 * The heap: operations in the order of the records in; what each site holds at the peak and at the end, ticks and
 * lifetimes out. The host copies a block of operations to `blockStart` and calls `apply`; after the last one it calls
 * `close`. A trap means that memory (4 GiB) has run out.
 */
import { allocate, release } from '../shared/arena';
import * as kinds from '../shared/operations';
import { Operation } from '../shared/operations';
import { flushLifetimes, restartDeaths, settleTick } from './lifetimes';
import * as live from './live';
import { appendMapped, map, remapRanges, restartRanges, unmap } from './ranged';
import * as ticks from './ticks';
import { reserveUsages } from './usage';

// @ts-ignore: decorator
@external('host', 'momentsMerged')
declare function momentsMerged(moments: usize, length: u32): void;

const block = allocate(kinds.BLOCK_LENGTH * kinds.OPERATION_SIZE);

let aggregated: bool = false;

export function begin(version: u32, aggregatedLayout: bool, durationMs: u64, maxTicks: u32): void {
  aggregated = aggregatedLayout;
  live.configureHeap(version);
  ticks.configureTicks(maxTicks, durationMs);
}

/** Where the host writes operations. */
export function blockStart(): usize {
  return block;
}

/** Applies the first `length` operations of the block; `sites` is the number of sites so far. */
export function apply(length: u32, sites: u32): void {
  reserveUsages(sites);
  const past = block + length * kinds.OPERATION_SIZE;
  let at = block;
  while (at < past) {
    if (ticks.epochsRunOut()) restartEpochs();
    const run = live.applyRun(at, past);
    at += run * kinds.OPERATION_SIZE;
    if (run == 0) {
      applyRare(changetype<Operation>(at));
      at += kinds.OPERATION_SIZE;
    }
  }
}

function applyRare(operation: Operation): void {
  const kind = operation.kind & 255;
  const time = ((<u64>(operation.kind >> 8)) << 32) | operation.c;
  if (kind == kinds.MAP) map(operation.a, operation.b, operation.c);
  else if (kind == kinds.UNMAP) unmap(operation.a, operation.b);
  else if (kind == kinds.MEMORY) noteMemory(time, operation.b, live.heapBytes);
  else if (kind == kinds.SNAPSHOT) noteMemory(time, operation.b, <i64>operation.a);
}

function noteMemory(time: u64, rss: u64, heap: i64): void {
  if (!ticks.noteMemoryRecord(time, rss)) return;
  ticks.sealTick(heap);
  settleTick(ticks.tickAt(ticks.tick).peakEpoch);
  if (ticks.beginTick(heap)) mergeTicks();
}

function restartEpochs(): void {
  const last = ticks.epoch;
  restartDeaths(last);
  live.restartSlots(last);
  restartRanges(last);
  ticks.restartEpochs();
}

function mergeTicks(): void {
  flushLifetimes();
  const length = ticks.tick << 1;
  const moments = allocate(length << 2);
  ticks.mergeTicks(moments);
  live.remapSlots(moments);
  remapRanges(moments);
  momentsMerged(moments, length);
  release(moments, length << 2);
}

/** After the last operation: settles the last tick, the peak, and the lifetimes of what was never freed. */
export function close(): void {
  if (aggregated) return;
  live.closePeak();
  ticks.sealTick(live.heapBytes);
  live.appendSurvivors();
  appendMapped();
  flushLifetimes();
}

export function peakNumber(): u32 {
  return live.peakNumber;
}
export function peakBytes(): i64 {
  return live.peakBytes;
}
export function heapBytes(): i64 {
  return live.heapBytes;
}
export function replacedCount(): u64 {
  return live.replacedCount;
}
export function replacedBytes(): u64 {
  return live.replacedBytes;
}
export function tickLength(): u32 {
  return ticks.tick;
}
export function highestTick(): u32 {
  return ticks.highestTick;
}
/** Highest heap after the last tick. */
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
export { lifetimeColumn } from './lifetimes';
export { tickTable } from './ticks';
export { usageTable } from './usage';
