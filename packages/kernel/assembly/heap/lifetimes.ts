/**
 * The bulk table `lifetime`: what was allocated at which site, when it was born and when it died. What dies within the
 * tick of its birth without having been part of a peak leaves no row.
 *
 * A death waits until its tick's peak is known, then becomes a row of the current batch, merged with an equal one; a
 * full batch goes to the host. Batch columns stand one behind the other: site u32, born u32, died u32, count f64,
 * bytes f64.
 */
import { allocate, allocateZeroed, enlarge } from '../shared/arena';
import { mix2 } from '../shared/hash';
import { measureDeaths, measureDoubles, measureIntegers } from './lifetime-ranges';
import { epoch, momentOf, tick } from './ticks';

// @ts-ignore: decorator
@external('host', 'lifetimesReady')
declare function lifetimesReady(rows: u32): void;

export const NEVER: u32 = 0xffffffff;

@unmanaged
class Death {
  bytes: u64;
  site: u32;
  bornTick: u32;
  bornEpoch: u32;
  diedEpoch: u32;
  count: u32;
  unused: u32;
}

let deaths: usize = allocate(32 << 14);
let deathCapacity: u32 = 1 << 14;
let deathCount: u32 = 0;

const BATCH_ROWS: u32 = 1 << 16;
const SLOTS: u32 = BATCH_ROWS << 1;

const siteColumn = allocate(BATCH_ROWS << 2);
const bornColumn = allocate(BATCH_ROWS << 2);
const diedColumn = allocate(BATCH_ROWS << 2);
const countColumn = allocate(BATCH_ROWS << 3);
const bytesColumn = allocate(BATCH_ROWS << 3);
const slots = allocateZeroed(SLOTS << 2);
let rows: u32 = 0;

/** Rows that found an equal one in this batch, and batches that are still to be filled without looking. */
let merged: u32 = 0;
let unmerged: u32 = 0;
/** Where fewer than one row in 32 finds an equal one, looking is not worth its time for that many batches. */
const RARE_MERGE: u32 = BATCH_ROWS >> 5;
const UNMERGED_BATCHES: u32 = 15;

/** Something born at (bornTick, bornEpoch) dies with the record that has just been observed. */
@inline
export function bury(site: u32, bornTick: u32, bornEpoch: u32, count: u32, bytes: u64): void {
  if (bornTick == tick && ((bornEpoch + 1) & ~1) >= epoch) return;
  if (deathCount == deathCapacity) makeRoom();
  const death = changetype<Death>(deaths + (deathCount++ << 5));
  death.bytes = bytes;
  death.site = site;
  death.bornTick = bornTick;
  death.bornEpoch = bornEpoch;
  death.diedEpoch = epoch;
  death.count = count;
}

/** Settles what a later peak of this tick can't change any more, and grows when most must wait. */
function makeRoom(): void {
  settle(epoch & ~1, false);
  if (deathCount * 2 > deathCapacity) {
    deaths = enlarge(deaths, deathCapacity << 5, deathCapacity << 6);
    deathCapacity <<= 1;
  }
}

/** Turns the deaths of the tick that ends into rows; its peak is `peakEpoch`. */
export function settleTick(peakEpoch: u32): void {
  settle(peakEpoch, true);
}

function settle(peakEpoch: u32, ended: bool): void {
  let waiting: u32 = 0;
  for (let i: u32 = 0; i < deathCount; i++) {
    const death = changetype<Death>(deaths + ((<usize>i) << 5));
    const beforePeak = death.diedEpoch <= peakEpoch;
    if (!ended && !beforePeak) {
      memory.copy(deaths + (waiting++ << 5), changetype<usize>(death), 32);
      continue;
    }
    const born =
      death.bornTick == tick
        ? (tick << 1) | <u32>(death.bornEpoch > peakEpoch)
        : momentOf(death.bornTick, death.bornEpoch);
    const died = (tick << 1) | <u32>!beforePeak;
    if (born != died) appendLifetime(death.site, born, died, death.count, death.bytes);
  }
  deathCount = waiting;
}

/** See `restartEpochs`: renumbers the epochs of the tick under way; `last` is its last epoch so far. */
export function restartDeaths(last: u32): void {
  settle(last & ~1, false);
  for (let i: u32 = 0; i < deathCount; i++) {
    const death = changetype<Death>(deaths + ((<usize>i) << 5));
    if (death.bornTick == tick) death.bornEpoch = restartedEpoch(death.bornEpoch, last);
    death.diedEpoch = restartedEpoch(death.diedEpoch, last);
  }
}

@inline
export function restartedEpoch(old: u32, last: u32): u32 {
  return old <= (last & ~1) ? 2 : 3;
}

/** Appends a row, or adds to an equal one. Rows without bytes stay apart: they are extra counts of split mappings. */
export function appendLifetime(site: u32, born: u32, died: u32, count: u32, bytes: u64): void {
  if (unmerged == 0 && mergeLifetime(site, born, died, count, bytes)) return;
  const i = <usize>rows;
  store<u32>(siteColumn + (i << 2), site);
  store<u32>(bornColumn + (i << 2), born);
  store<u32>(diedColumn + (i << 2), died);
  store<f64>(countColumn + (i << 3), <f64>count);
  store<f64>(bytesColumn + (i << 3), <f64>bytes);
  if (++rows == BATCH_ROWS) flushLifetimes();
}

/** True when an equal row was there; else remembers where the row that follows will stand. */
function mergeLifetime(site: u32, born: u32, died: u32, count: u32, bytes: u64): bool {
  let slot = mix2((<u64>site << 32) | born, <u64>died) & (SLOTS - 1);
  while (true) {
    const row = load<u32>(slots + (<usize>slot << 2));
    if (row == 0) break;
    const i = <usize>(row - 1);
    if (
      load<u32>(siteColumn + (i << 2)) == site &&
      load<u32>(bornColumn + (i << 2)) == born &&
      load<u32>(diedColumn + (i << 2)) == died &&
      (load<f64>(bytesColumn + (i << 3)) == 0) == (bytes == 0)
    ) {
      store<f64>(countColumn + (i << 3), load<f64>(countColumn + (i << 3)) + <f64>count);
      store<f64>(bytesColumn + (i << 3), load<f64>(bytesColumn + (i << 3)) + <f64>bytes);
      merged++;
      return true;
    }
    slot = (slot + 1) & (SLOTS - 1);
  }
  store<u32>(slots + (<usize>slot << 2), rows + 1);
  return false;
}

/** Hands the current batch to the host. */
export function flushLifetimes(): void {
  if (rows == 0) return;
  measure();
  lifetimesReady(rows);
  if (unmerged) {
    unmerged--;
  } else {
    if (rows == BATCH_ROWS && merged < RARE_MERGE) unmerged = UNMERGED_BATCHES;
    memory.fill(slots, 0, SLOTS << 2);
  }
  rows = 0;
  merged = 0;
}

function measure(): void {
  // Whole vectors, filled up with the first row, which changes no range. A full batch is a multiple of them.
  for (let i = <usize>rows; i & 3; i++) {
    store<u32>(siteColumn + (i << 2), load<u32>(siteColumn));
    store<u32>(bornColumn + (i << 2), load<u32>(bornColumn));
    store<f64>(countColumn + (i << 3), load<f64>(countColumn));
    store<f64>(bytesColumn + (i << 3), load<f64>(bytesColumn));
  }
  measureIntegers(0, siteColumn, rows);
  measureIntegers(1, bornColumn, rows);
  measureDeaths(2, diedColumn, rows);
  measureDoubles(3, countColumn, rows);
  measureDoubles(4, bytesColumn, rows);
}

/** Start of column `index` (site, born, died, count, bytes) of the batch. */
export function lifetimeColumn(index: u32): usize {
  if (index == 0) return siteColumn;
  if (index == 1) return bornColumn;
  if (index == 2) return diedColumn;
  return index == 3 ? countColumn : bytesColumn;
}
