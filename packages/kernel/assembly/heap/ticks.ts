/**
 * Time. A tick ends at each memory record. Within a tick, epochs tell its rises apart: the epoch becomes the next even
 * number with each record that brings the heap to a new greatest of the tick (of equal ones the last counts), and the
 * next odd number with the first record after it. When the tick ends, its last even epoch is its peak, and epochs
 * become moments: 2k up to the peak of tick k, 2k + 1 after it.
 *
 * The order of records is the order of time. The clock of a machine may be set while it records: where it runs
 * backwards, or leaps further than any process sleeps, the record takes the time of the one before it, and what follows
 * counts on from there.
 *
 * Beyond `maxTicks` ticks, time is cut into equal bins, and a tick ends at the first memory record of a later bin.
 */
import { allocate } from '../shared/arena';

@unmanaged
export class Tick {
  timeMs: f64;
  rssBytes: f64;
  heapBytes: f64;
  peakBytes: f64;
  peakEpoch: u32;
  unused: u32;
}

const TICK_SIZE: u32 = offsetof<Tick>();

/** Row of the tick that is under way, and where it stands. */
export let tick: u32 = 0;
export let epoch: u32 = 0;
export let tickPeak: i64 = 0;

/** The greatest heap of all ticks, and the last tick that reached it. */
export let highestBytes: i64 = 0;
export let highestTick: u32 = 0;

/** A step of the heap takes at most 256 records, each of them at most two epochs. */
const EPOCH_LIMIT: u32 = 0xffffff00 - 2 * 256;

/** After so many ticks it is foreseen whether there will be too many: the fewer rows there are, the less is renumbered. */
const FORESIGHT: u32 = 64;
/** Foreseen are rather too few of them than too many. */
const CAUTION: f64 = 2;

let maxTicks: u32 = 0;
let ticks: usize = 0;
/** Peak epochs as they were before the last merge. */
let formerPeaks: usize = 0;
/** Milliseconds from start to end by the header; 0 = unknown. */
let duration: u64 = 0;
/** Records of the capture by the header, deallocations included; 0 = unknown. */
let expected: u64 = 0;

/** Width of a bin in milliseconds, 0 while every memory record ends a tick; and the time from which the next one does. */
let width: u64 = 0;
let boundary: u64 = 0;
let lastTime: u64 = 0;

/** A year in milliseconds: no process pauses for longer. */
const GREATEST_PAUSE: i64 = 365 * 86_400_000;
/** Smaller steps back are how clocks are kept right, and no step that anybody has to know of. */
const LEAST_STEP: i64 = 1000;

/** What makes a time by the clock one that never ran backwards, in milliseconds. */
export let clockShift: i64 = 0;
/** How often the clock was set, and by how much in all. */
export let stepsBack: u32 = 0;
export let stepsForward: u32 = 0;
export let backMs: i64 = 0;
export let forwardMs: i64 = 0;

export let memoryRecords: u64 = 0;
export let rssPeak: u64 = 0;
export let rssPeakTime: u64 = 0;

export function configureTicks(limit: u32, durationMs: u64, records: u64): void {
  maxTicks = limit;
  duration = durationMs;
  expected = records;
  // One more for the tick that tips it over, one for what follows the last memory record.
  ticks = allocate((limit + 2) * TICK_SIZE);
  formerPeaks = allocate((limit + 2) << 2);
}

@inline
export function tickAt(row: u32): Tick {
  return changetype<Tick>(ticks + row * TICK_SIZE);
}

/** The heap after a record. */
@inline
export function observeHeap(heap: i64): void {
  if (heap >= tickPeak) {
    tickPeak = heap;
    epoch = (epoch + 2) & ~1;
  } else {
    epoch |= 1;
  }
}

/** The same for a record that is not looked at: what it leaves is not the peak. */
@inline
export function passHeap(): void {
  epoch |= 1;
}

@inline
function isStep(ms: i64): bool {
  return ms < 0 || ms > GREATEST_PAUSE;
}

/** The time of a record by the clock as one that never runs backwards. */
function timeOf(told: i64): u64 {
  const last = <i64>lastTime;
  // A clock that was set back and shows later than what was counted on is right again; so is one that is set to that.
  if ((clockShift > 0 || isStep(told + clockShift - last)) && !isStep(told - last)) clockShift = 0;
  const step = told + clockShift - last;
  if (!isStep(step)) return <u64>(last + step);
  clockShift -= step;
  if (step <= -LEAST_STEP) {
    stepsBack++;
    backMs -= step;
  } else if (step > 0) {
    stepsForward++;
    forwardMs += step;
  }
  return lastTime;
}

/** Notes a memory record, `told` ms after the start by the clock; true when it ends the tick under way. */
export function noteMemoryRecord(told: i64, rss: u64): bool {
  memoryRecords++;
  const time = timeOf(told);
  lastTime = time;
  if (rss > rssPeak) {
    rssPeak = rss;
    rssPeakTime = time;
  }
  if (time < boundary) return false;
  if (width) boundary = (time / width + 1) * width;
  const row = tickAt(tick);
  row.timeMs = <f64>time;
  row.rssBytes = <f64>rss;
  return true;
}

/** Fixes the peak of the tick under way. */
export function sealTick(heap: i64): void {
  const row = tickAt(tick);
  row.heapBytes = <f64>heap;
  row.peakBytes = <f64>tickPeak;
  row.peakEpoch = epoch & ~1;
  if (row.peakEpoch && tickPeak >= highestBytes) {
    highestBytes = tickPeak;
    highestTick = tick;
  }
}

/** Begins the next tick after `records` records; true when there are now too many, or surely will be. */
export function beginTick(heap: i64, records: u64): bool {
  tick++;
  epoch = 0;
  tickPeak = heap;
  return tick > maxTicks || (tick == FORESIGHT && width == 0 && foreseesTooMany(records));
}

/** By the time and by the records that are left: a process that slept has few of them for its time. */
function foreseesTooMany(records: u64): bool {
  const byTime = <f64>duration / <f64>lastTime;
  const byRecords = <f64>expected / <f64>records;
  return <f64>FORESIGHT * min(byTime, byRecords) > CAUTION * <f64>maxTicks;
}

/** True when the next few hundred records might need more epochs than there are numbers. */
@inline
export function epochsRunOut(): bool {
  return epoch > EPOCH_LIMIT;
}

/** Only for a tick of billions of records: keeps the epochs' order with the smallest numbers. */
export function restartEpochs(): void {
  epoch = epoch & 1 ? 3 : 2;
}

/** The moment of (tick, epoch) once the tick has ended. */
@inline
export function momentOf(bornTick: u32, bornEpoch: u32): u32 {
  return (bornTick << 1) | <u32>(bornEpoch > tickAt(bornTick).peakEpoch);
}

/** What (tick, epoch) has become in the last merge, which filled `moments`. */
export function mergedMomentOf(moments: usize, bornTick: u32, bornEpoch: u32): u32 {
  const after = <u32>(bornEpoch > load<u32>(formerPeaks + (<usize>bornTick << 2)));
  return load<u32>(moments + (<usize>((bornTick << 1) | after) << 2));
}

/** Of an even moment up to the peak, of an odd one behind it: for ticks that `mergeTicks` has made. */
@inline
export function epochOfMoment(moment: u32): u32 {
  return moment & 1 ? 0xffffffff : 0;
}

/**
 * Merges the ended ticks into bins; the tick under way has to be empty. Fills `moments` (2 u32 a tick) with what each
 * moment has become: order is kept, so that rows can be renumbered afterwards.
 */
export function mergeTicks(moments: usize): void {
  const bins = maxTicks > 2 ? maxTicks - 1 : 1;
  const wanted = duration > lastTime ? duration : lastTime * 2;
  const needed = wanted / bins + 1;
  width = needed > width ? needed : width * 2;
  for (let row: u32 = 0; row < tick; row++) store<u32>(formerPeaks + (<usize>row << 2), tickAt(row).peakEpoch);
  let merged: u32 = 0;
  let first: u32 = 0;
  let limit: u64 = 0;
  for (let row: u32 = 0; row < tick; row++) {
    const time = <u64>tickAt(row).timeMs;
    if (time < limit && row + 1 < tick) continue;
    limit = (time / width + 1) * width;
    mergeRange(first, row, merged, moments);
    first = row + 1;
    merged++;
  }
  boundary = limit;
  tick = merged;
}

function mergeRange(first: u32, last: u32, target: u32, moments: usize): void {
  let peakRow = first;
  for (let row = first + 1; row <= last; row++) {
    if (tickAt(row).peakBytes >= tickAt(peakRow).peakBytes) peakRow = row;
  }
  const peak = tickAt(peakRow).peakBytes;
  for (let moment = first << 1; moment <= ((last << 1) | 1); moment++) {
    store<u32>(moments + (<usize>moment << 2), (target << 1) | <u32>(moment > peakRow << 1));
  }
  if (highestTick >= first && highestTick <= last) highestTick = target;
  const row = tickAt(target);
  const end = tickAt(last);
  row.timeMs = end.timeMs;
  row.rssBytes = end.rssBytes;
  row.heapBytes = end.heapBytes;
  row.peakBytes = peak;
  row.peakEpoch = 0;
}

export function tickTable(): usize {
  return ticks;
}
