/**
 * Rows of the bulk table `lifetime` → batches for the host, a full one at a time, merged with an equal row of the same
 * batch. Rows come in the order of their deaths. Where there are many, those that lived about as long as each other, against
 * the time until then, stand together: the births of a batch are then as near to each other as its deaths, so that who
 * asks about a moment finds what was born or died there in few batches, however many long-lived rows lie between.
 */
import { allocate, allocateZeroed } from '../shared/arena';
import { mix2 } from '../shared/hash';
import { measureDeaths, measureDoubles, measureIntegers } from './lifetime-ranges';

// @ts-ignore: decorator
@external('host', 'lifetimesReady')
declare function lifetimesReady(rows: u32): void;

export const NEVER: u32 = 0xffffffff;

const BATCH_ROWS: u32 = 1 << 16;
const SLOTS: u32 = BATCH_ROWS << 1;

/** Columns stand one behind the other: site u32, born u32, died u32, count f64, bytes f64. */
const BORN: usize = BATCH_ROWS << 2;
const DIED: usize = BORN << 1;
const COUNT: usize = BORN + DIED;
const BYTES: usize = COUNT + (BATCH_ROWS << 3);
const COLUMNS_SIZE: u32 = <u32>BYTES + (BATCH_ROWS << 3);

@unmanaged
class Batch {
  columns: usize;
  /** Row + 1 by hash, 0 = free. */
  slots: usize;
  rows: u32;
  /** Rows that found an equal one in this batch, and batches that are still to be filled without looking. */
  merged: u32;
  unmerged: u32;
}

/** Where fewer than one row in 32 finds an equal one, looking is not worth its time for that many batches. */
const RARE_MERGE: u32 = BATCH_ROWS >> 5;
const UNMERGED_BATCHES: u32 = 15;

/** Up to a 64th of the time until the death, a 16th, a quarter, and more. */
const youngest = newBatch();
let young: Batch = youngest;
let old: Batch = youngest;
let oldest: Batch = youngest;

/** Batches before rows are told apart: nobody gains by it where there are few. */
const MIXED_BATCHES: u32 = 8;
let handedOver: u32 = 0;

/** What the host reads. */
let ready: Batch = youngest;

function newBatch(): Batch {
  const batch = changetype<Batch>(allocateZeroed(offsetof<Batch>()));
  batch.columns = allocate(COLUMNS_SIZE);
  batch.slots = allocateZeroed(SLOTS << 2);
  return batch;
}

@inline
function batchFor(born: u32, died: u32): Batch {
  if (died == NEVER) return oldest;
  // Moments are below 2^21.
  const age = died - born;
  if (age << 6 <= died) return youngest;
  if (age << 4 <= died) return young;
  return age << 2 <= died ? old : oldest;
}

/** Appends a row, or adds to an equal one. Rows without bytes stay apart: they are extra counts of split mappings. */
export function appendLifetime(site: u32, born: u32, died: u32, count: u32, bytes: u64): void {
  const batch = batchFor(born, died);
  if (batch.unmerged == 0 && mergeLifetime(batch, site, born, died, count, bytes)) return;
  const i = <usize>batch.rows;
  const words = batch.columns + (i << 2);
  const doubles = batch.columns + (i << 3);
  store<u32>(words, site);
  store<u32>(words, born, BORN);
  store<u32>(words, died, DIED);
  store<f64>(doubles, <f64>count, COUNT);
  store<f64>(doubles, <f64>bytes, BYTES);
  if (++batch.rows == BATCH_ROWS) flush(batch);
}

/** True when an equal row was there; else remembers where the row that follows will stand. */
function mergeLifetime(batch: Batch, site: u32, born: u32, died: u32, count: u32, bytes: u64): bool {
  const columns = batch.columns;
  const slots = batch.slots;
  let slot = mix2((<u64>site << 32) | born, <u64>died) & (SLOTS - 1);
  while (true) {
    const row = load<u32>(slots + (<usize>slot << 2));
    if (row == 0) break;
    const words = columns + (<usize>(row - 1) << 2);
    const doubles = columns + (<usize>(row - 1) << 3);
    if (
      load<u32>(words) == site &&
      load<u32>(words, BORN) == born &&
      load<u32>(words, DIED) == died &&
      (load<f64>(doubles, BYTES) == 0) == (bytes == 0)
    ) {
      store<f64>(doubles, load<f64>(doubles, COUNT) + <f64>count, COUNT);
      store<f64>(doubles, load<f64>(doubles, BYTES) + <f64>bytes, BYTES);
      batch.merged++;
      return true;
    }
    slot = (slot + 1) & (SLOTS - 1);
  }
  store<u32>(slots + (<usize>slot << 2), batch.rows + 1);
  return false;
}

/** Hands all batches to the host. */
export function flushLifetimes(): void {
  flush(youngest);
  flush(young);
  flush(old);
  flush(oldest);
}

function flush(batch: Batch): void {
  const rows = batch.rows;
  if (rows == 0) return;
  ready = batch;
  measure(batch);
  lifetimesReady(rows);
  if (batch.unmerged) {
    batch.unmerged--;
  } else {
    if (rows == BATCH_ROWS && batch.merged < RARE_MERGE) batch.unmerged = UNMERGED_BATCHES;
    memory.fill(batch.slots, 0, SLOTS << 2);
  }
  batch.rows = 0;
  batch.merged = 0;
  if (++handedOver == MIXED_BATCHES) tellApart();
}

function tellApart(): void {
  young = newBatch();
  old = newBatch();
  oldest = newBatch();
}

function measure(batch: Batch): void {
  const columns = batch.columns;
  const rows = batch.rows;
  // Whole vectors, filled up with the first row, which changes no range. A full batch is a multiple of them.
  for (let i = <usize>rows; i & 3; i++) {
    store<u32>(columns + (i << 2), load<u32>(columns));
    store<u32>(columns + (i << 2), load<u32>(columns, BORN), BORN);
    store<f64>(columns + (i << 3), load<f64>(columns, COUNT), COUNT);
    store<f64>(columns + (i << 3), load<f64>(columns, BYTES), BYTES);
  }
  measureIntegers(0, columns, rows);
  measureIntegers(1, columns + BORN, rows);
  measureDeaths(2, columns + DIED, rows);
  measureDoubles(3, columns + COUNT, rows);
  measureDoubles(4, columns + BYTES, rows);
}

/** Start of column `index` (site, born, died, count, bytes) of the batch. */
export function lifetimeColumn(index: u32): usize {
  const columns = ready.columns;
  if (index == 0) return columns;
  if (index == 1) return columns + BORN;
  if (index == 2) return columns + DIED;
  return columns + (index == 3 ? COUNT : BYTES);
}
