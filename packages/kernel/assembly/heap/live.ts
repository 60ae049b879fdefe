/**
 * The live heap of simple allocations, by address; the running heap and its high-water mark.
 *
 * Operations are worked off up to 256 at a time: first all hashes and a touch of each slot, so that cache misses
 * overlap, then the work. A live slot is half a cache line:
 *
 *   0  address    u64
 *   8  size       u64
 *  16  site + 1   u32   0 = free slot
 *  20  born tick  u32
 *  24  born epoch u32
 *  28  unused
 *
 * Rules where memray's own matter (its snapshot.cpp, 1.20): a second allocation at a live address replaces the first
 * in what sites hold, but the running heap keeps both; freeing an unknown address does nothing; of equal peaks the last
 * counts, where versions before 10 look only after allocations and unmappings.
 */
import { allocate, allocateZeroed, release } from '../shared/arena';
import { mix } from '../shared/hash';
import { appendLifetime, bury, NEVER, restartDeathEpochs, restartedEpoch, settleTick } from './lifetimes';
import { FREE, LAST_SIMPLE, Operation, OPERATION_SIZE } from '../shared/operations';
import * as ticks from './ticks';
import { changeUsage } from './usage';

@unmanaged
class Slot {
  address: u64;
  size: u64;
  sitePlusOne: u32;
  bornTick: u32;
  bornEpoch: u32;
}

const SLOT_SHIFT: usize = 5;
const RUN_LENGTH: u32 = 256;
const EPOCH_LIMIT: u32 = 0xfffffff0;

let slots: usize = allocateZeroed(32 << 12);
let slotsMask: u32 = (1 << 12) - 1;
let liveCount: u32 = 0;

/** First slot of each operation of a run. */
const homes = allocate(RUN_LENGTH << 2);
let touched: u32 = 0;

export let heapBytes: i64 = 0;
export let peakBytes: i64 = 0;
export let peakNumber: u32 = 0;
export let replacedCount: u64 = 0;
export let replacedBytes: u64 = 0;

/** Versions before 10 look for the peak only after allocations and unmappings. */
let looksAtFrees: bool = true;
/** True while what sites hold has changed, without a change of the heap, since the peak was looked for. */
let unseen: bool = false;

export function configureHeap(version: u32): void {
  looksAtFrees = version >= 10;
}

@inline
function slotAt(index: u32): Slot {
  return changetype<Slot>(slots + (<usize>index << SLOT_SHIFT));
}

@inline
function slotOf(address: u64): u32 {
  return mix(address >> 3) & slotsMask;
}

/** A record is about to lower the heap: if it stood at a new height, that was a peak. */
@inline
export function beforeFall(): void {
  if (heapBytes >= peakBytes && !unseen) {
    peakNumber++;
    peakBytes = heapBytes;
  }
}

@inline
export function changeHeap(bytes: i64): void {
  heapBytes += bytes;
}

/** A record that changed nothing: versions that look after every record look at it, too. */
export function afterNothing(): void {
  if (looksAtFrees) ticks.observeHeap(heapBytes);
}

/** Closes an allocation or an unmapping for the search for peaks. */
@inline
export function afterRecord(): void {
  unseen = false;
  ticks.observeHeap(heapBytes);
}

/** Works off simple operations from `from` on, up to the first other one, `past` or the length of a run; how many. */
export function applyRun(from: usize, past: usize): u32 {
  const length = min(<u32>(past - from) / OPERATION_SIZE, RUN_LENGTH);
  while ((liveCount + length) * 2 > slotsMask) growSlots();
  if (ticks.epoch > EPOCH_LIMIT - RUN_LENGTH * 2) restartEpochs();
  let run: u32 = 0;
  let sum: u32 = 0;
  for (let at = from; run < length; at += OPERATION_SIZE, run++) {
    const operation = changetype<Operation>(at);
    if (operation.kind > LAST_SIMPLE) break;
    const home = slotOf(operation.a);
    store<u32>(homes + (<usize>run << 2), home);
    // A probe or a removal often goes on into the next cache line.
    sum += slotAt(home).sitePlusOne + slotAt((home + 2) & slotsMask).sitePlusOne;
  }
  touched = sum;
  let at = from;
  for (let i: u32 = 0; i < run; i++, at += OPERATION_SIZE) {
    const operation = changetype<Operation>(at);
    const address = operation.a;
    let index = load<u32>(homes + (<usize>i << 2));
    let slot = slotAt(index);
    while (slot.address != address && slot.sitePlusOne != 0) {
      index = (index + 1) & slotsMask;
      slot = slotAt(index);
    }
    if (operation.kind != FREE) allocateAt(slot, address, operation.b, operation.c);
    else if (slot.sitePlusOne != 0) free(slot, index);
    else if (looksAtFrees) ticks.observeHeap(heapBytes);
  }
  return run;
}

@inline
function allocateAt(slot: Slot, address: u64, size: u64, site: u32): void {
  if (slot.sitePlusOne != 0) {
    changeUsage(slot.sitePlusOne - 1, -1, -(<i64>slot.size), peakNumber);
    replacedCount++;
    replacedBytes += slot.size;
    heapBytes += <i64>size;
    afterRecord();
    bury(slot.sitePlusOne - 1, slot.bornTick, slot.bornEpoch, 1, slot.size);
  } else {
    liveCount++;
    heapBytes += <i64>size;
    afterRecord();
  }
  changeUsage(site, 1, size, peakNumber);
  slot.address = address;
  slot.size = size;
  slot.sitePlusOne = site + 1;
  slot.bornTick = ticks.tick;
  slot.bornEpoch = ticks.epoch;
}

@inline
function free(slot: Slot, index: u32): void {
  const size = slot.size;
  const site = slot.sitePlusOne - 1;
  if (size != 0) beforeFall();
  else if (!looksAtFrees) passOver();
  heapBytes -= <i64>size;
  changeUsage(site, -1, -(<i64>size), peakNumber);
  if (looksAtFrees) ticks.observeHeap(heapBytes);
  else ticks.passHeap();
  bury(site, slot.bornTick, slot.bornEpoch, 1, size);
  liveCount--;
  remove(index);
}

/** A zero-size free that is not looked at: the peak before it stands. */
function passOver(): void {
  beforeFall();
  unseen = true;
}

/** Closes the gap at `index`, so that no probe runs into it. */
@inline
function remove(index: u32): void {
  let gap = index;
  let next = index;
  while (true) {
    next = (next + 1) & slotsMask;
    const slot = slotAt(next);
    if (slot.sitePlusOne == 0) break;
    const home = slotOf(slot.address);
    if (((next - home) & slotsMask) >= ((next - gap) & slotsMask)) {
      const target = slotAt(gap);
      target.address = slot.address;
      target.size = slot.size;
      target.sitePlusOne = slot.sitePlusOne;
      target.bornTick = slot.bornTick;
      target.bornEpoch = slot.bornEpoch;
      gap = next;
    }
  }
  slotAt(gap).sitePlusOne = 0;
  slotAt(gap).address = 0;
}

function growSlots(): void {
  const old = slots;
  const length = slotsMask + 1;
  slots = allocateZeroed(length << 6);
  slotsMask = (length << 1) - 1;
  for (let i: u32 = 0; i < length; i++) {
    const from = old + (<usize>i << SLOT_SHIFT);
    const slot = changetype<Slot>(from);
    if (slot.sitePlusOne == 0) continue;
    let index = slotOf(slot.address);
    while (slotAt(index).sitePlusOne != 0) index = (index + 1) & slotsMask;
    memory.copy(slots + (<usize>index << SLOT_SHIFT), from, 32);
  }
  release(old, length << 5);
}

function restartEpochs(): void {
  const last = ticks.epoch;
  restartDeathEpochs(last);
  for (let i: u32 = 0; i <= slotsMask; i++) {
    const slot = slotAt(i);
    if (slot.sitePlusOne != 0 && slot.bornTick == ticks.tick) slot.bornEpoch = restartedEpoch(slot.bornEpoch, last);
  }
  ticks.restartEpochs();
}

/** Renumbers births after ticks were merged; `moments` as `mergeTicks` fills it. */
export function remapSlots(moments: usize): void {
  for (let i: u32 = 0; i <= slotsMask; i++) {
    const slot = slotAt(i);
    if (slot.sitePlusOne == 0) continue;
    const born = ticks.mergedMomentOf(moments, slot.bornTick, slot.bornEpoch);
    slot.bornTick = born >> 1;
    slot.bornEpoch = ticks.epochOfMoment(born);
  }
}

/** Rows of `lifetime` for what was never freed. The last tick must be sealed. */
export function appendSurvivors(): void {
  settleTick(ticks.tickAt(ticks.tick).peakEpoch);
  for (let i: u32 = 0; i <= slotsMask; i++) {
    const slot = slotAt(i);
    if (slot.sitePlusOne == 0) continue;
    appendLifetime(slot.sitePlusOne - 1, ticks.momentOf(slot.bornTick, slot.bornEpoch), NEVER, 1, slot.size);
  }
}

/** The peak, counting a height that the heap never fell from; sites then hold it with `finalPeakNumber`. */
export function closePeak(): void {
  beforeFall();
}
