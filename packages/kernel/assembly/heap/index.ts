/**
 * The heap: operations in the order of the records in; what each site holds at the peak and at the end, ticks and
 * lifetimes out. The host copies a block of operations to `blockStart` and calls `apply`; after the last one it calls
 * `close`. A trap means that memory (4 GiB) has run out.
 */
import { allocate, checkArena, release } from '../shared/arena';
import * as kinds from '../shared/operations';
import { Operation } from '../shared/operations';
import { flushLifetimes } from './lifetime-batches';
import { restartDeaths, settleTick } from './lifetimes';
import * as live from './live';
import { remapOwned, reserveOwned } from './owned';
import { appendMapped, map, remapRanges, restartRanges, unmap } from './ranged';
import * as ticks from './ticks';
import { assignOwner, reserveUsages, restartRise } from './usage';

// @ts-ignore: decorator
@external('host', 'momentsMerged')
declare function momentsMerged(moments: usize, length: u32): void;

// @ts-ignore: decorator
@external('host', 'tickEnded')
declare function tickEnded(tick: u32): void;

const block = allocate(kinds.BLOCK_LENGTH * kinds.ENTRY_SIZE);

/** Owners of the sites that are new with a block; each of its entries, and what did not fit in, brings one at most, an
 * arena (of two entries) two. */
const newOwners = allocate((kinds.BLOCK_LENGTH + 2) << 2);
let knownSites: u32 = 0;

let aggregated: bool = false;
/** Entries so far, with all of the block under way: about as many as records. */
let entries: u64 = 0;
/** Entries that have taken effect. */
let applied: u64 = 0;

/** `durationMs` and `records` are the header's, 0 where it does not know them. */
export function begin(version: u32, aggregatedLayout: bool, durationMs: u64, records: u64, maxTicks: u32): void {
  aggregated = aggregatedLayout;
  live.configureHeap(version);
  ticks.configureTicks(maxTicks, durationMs, records);
}

/** Where the host writes operations. */
export function blockStart(): usize {
  return block;
}

/** Where the host writes the owners of new sites. */
export function newOwnersStart(): usize {
  return newOwners;
}

/** Applies the first `length` entries of the block; `sites` is the number of sites so far, whose owners are known. */
export function apply(length: u32, sites: u32): void {
  reserveUsages(sites);
  if (!aggregated) takeOwners(sites);
  entries += length;
  const past = block + length * kinds.ENTRY_SIZE;
  let at = block;
  while (at < past) {
    if (ticks.epochsRunOut()) restartEpochs();
    const run = live.applyRun(at, past);
    at += run * kinds.ENTRY_SIZE;
    applied += run;
    if (run == 0) {
      applyLong(changetype<Operation>(at));
      at += 2 * kinds.ENTRY_SIZE;
      applied += 2;
    }
  }
  checkArena();
}

/** Entries that have taken effect; what follows them did not fit when a step has trapped. */
export function appliedEntries(): u64 {
  return applied;
}

function takeOwners(sites: u32): void {
  if (sites - knownSites > kinds.BLOCK_LENGTH + 2) unreachable();
  for (let at = newOwners; knownSites < sites; at += 4) assignOwner(knownSites++, load<u32>(at));
}

function applyLong(operation: Operation): void {
  const kind = kinds.kindOf(operation);
  if (kind == kinds.MAP) map(operation.a, operation.size, kinds.siteOf(operation));
  else if (kind == kinds.UNMAP) unmap(operation.a, operation.size);
  else if (kind == kinds.LARGE) live.allocateLarge(operation.a, operation.size, kinds.siteOf(operation));
  else if (kind == kinds.MEMORY) noteMemory(operation.time, operation.size, live.heapBytes);
  else if (kind == kinds.SNAPSHOT) noteMemory(operation.time, operation.size, <i64>operation.a);
}

function noteMemory(time: i64, rss: u64, heap: i64): void {
  if (!ticks.noteMemoryRecord(time, rss)) return;
  ticks.sealTick(heap);
  settleTick(ticks.tickAt(ticks.tick).peakEpoch);
  tickEnded(ticks.tick);
  if (ticks.beginTick(heap, entries)) mergeTicks();
}

function restartEpochs(): void {
  const last = ticks.epoch;
  restartDeaths(last);
  live.restartSlots(last);
  restartRanges(last);
  ticks.restartEpochs();
  restartRise(last, ticks.epoch);
}

function mergeTicks(): void {
  flushLifetimes();
  const length = ticks.tick << 1;
  const moments = allocate(length << 2);
  ticks.mergeTicks(moments);
  live.remapSlots(moments);
  remapRanges(moments);
  remapOwned(moments);
  momentsMerged(moments, length);
  release(moments, length << 2);
}

/**
 * After the last operation: settles the last tick, the peak, and the lifetimes of what was never freed. There are `sites`
 * sites and `owners` owners, some of which may have had no operation.
 */
export function close(sites: u32, owners: u32): void {
  reserveUsages(sites);
  reserveOwned(owners);
  if (aggregated) return;
  live.closePeak();
  ticks.sealTick(live.heapBytes);
  live.appendSurvivors();
  appendMapped();
  flushLifetimes();
  checkArena();
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
/** See ticks.ts: how the clock was set while it recorded. */
export function clockShift(): i64 {
  return ticks.clockShift;
}
export function stepsBack(): u32 {
  return ticks.stepsBack;
}
export function stepsForward(): u32 {
  return ticks.stepsForward;
}
export function backMs(): i64 {
  return ticks.backMs;
}
export function forwardMs(): i64 {
  return ticks.forwardMs;
}
export { lifetimeColumn } from './lifetime-batches';
export { lifetimeRanges } from './lifetime-ranges';
export { tickTable } from './ticks';
export { ownedTable } from './owned';
export { largeUsageTable, lastRise, usageTable } from './usage';
