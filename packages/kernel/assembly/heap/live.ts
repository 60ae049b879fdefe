/**
 * The live heap of simple allocations, by address; the running heap and its high-water mark.
 *
 * Allocations and deallocations are worked off up to 128 at a time (what they need then fits the first cache): first all hashes and a touch
 * of each group, then a touch of each slot, so that cache misses overlap, then the work.
 *
 * Rules where memray's own matter (its snapshot.cpp, 1.20): a second allocation at a live address replaces the first
 * in what sites hold, but the running heap keeps both; freeing an unknown address does nothing; of equal peaks the last
 * counts, where versions before 10 look only after allocations and unmappings.
 */
import { allocateZeroed } from '../shared/arena';
import { appendLifetime, NEVER } from './lifetime-batches';
import { bury, restartedEpoch, settleTick } from './lifetimes';
import { ENTRY_SIZE, FREE, kindOf, LARGE, Operation, siteOf } from '../shared/operations';
import * as slots from './slots';
import * as ticks from './ticks';
import { changeSinceRise, changeUsage, countAllocation } from './usage';

const RUN_LENGTH: u32 = 128;

/** Hash of each operation's address of a run, and the slot where it most likely stands. */
const hashes = allocateZeroed(RUN_LENGTH << 2);
const likely = allocateZeroed(RUN_LENGTH << 2);
/** Takes up what was loaded only for the cache. */
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
  const length = min(<u32>(past - from) / ENTRY_SIZE, RUN_LENGTH);
  slots.reserveSlots(length);
  let run: u32 = 0;
  for (let at = from; run < length; at += ENTRY_SIZE, run++) {
    const operation = changetype<Operation>(at);
    if (kindOf(operation) >= LARGE) break;
    store<u32>(hashes + (<usize>run << 2), slots.hashOf(operation.a));
  }
  touchGroups(run);
  for (let i: u32 = 0; i < run; i++) {
    store<u32>(likely + (<usize>i << 2), <u32>slots.likelySlot(load<u32>(hashes + (<usize>i << 2))));
  }
  touchSlots(run);
  let at = from;
  for (let i: u32 = 0; i < run; i++, at += ENTRY_SIZE) {
    const operation = changetype<Operation>(at);
    const hash = load<u32>(hashes + (<usize>i << 2));
    let index: usize = load<u32>(likely + (<usize>i << 2));
    if (!slots.holds(index, operation.a)) index = slots.find(operation.a, hash);
    if (kindOf(operation) != FREE) allocateAt(index, hash, operation.a, operation.b, siteOf(operation));
    else if (index != slots.NOT_FOUND) free(index);
    else if (looksAtFrees) ticks.observeHeap(heapBytes);
  }
  return run;
}

/** An allocation that does not fit an entry. */
export function allocateLarge(address: u64, size: u64, site: u32): void {
  slots.reserveSlots(1);
  const hash = slots.hashOf(address);
  allocateAt(slots.find(address, hash), hash, address, size, site);
}

// Nothing but loads, four at a time: the less there is between them, the more of them are under way at once. What is
// left over of the last four are numbers of an earlier run, which do no harm.

@inline
function touchGroups(run: u32): void {
  let sum: u32 = 0;
  for (let at = hashes, past = hashes + (<usize>run << 2); at < past; at += 16) {
    sum += slots.touchGroup(load<u32>(at)) + slots.touchGroup(load<u32>(at, 4));
    sum += slots.touchGroup(load<u32>(at, 8)) + slots.touchGroup(load<u32>(at, 12));
  }
  touched = sum;
}

@inline
function touchSlots(run: u32): void {
  let sum: u32 = 0;
  for (let at = likely, past = likely + (<usize>run << 2); at < past; at += 16) {
    sum += slots.touchSlot(load<u32>(at)) + slots.touchSlot(load<u32>(at, 4));
    sum += slots.touchSlot(load<u32>(at, 8)) + slots.touchSlot(load<u32>(at, 12));
  }
  touched = sum;
}

@inline
function allocateAt(found: usize, hash: u32, address: u64, size: u64, site: u32): void {
  heapBytes += <i64>size;
  afterRecord();
  let index = found;
  if (index != slots.NOT_FOUND) replace(slots.slotAt(index));
  else index = slots.occupy(hash);
  countAllocation(site, size);
  changeUsage(site, 1, size, peakNumber);
  changeSinceRise(site, size);
  const slot = slots.slotAt(index);
  slot.address = address;
  slot.size = size;
  slot.site = site;
  slot.bornTick = ticks.tick;
  slot.bornEpoch = ticks.epoch;
}

/** The allocation at a live address takes the place of what stands there. */
function replace(slot: slots.Slot): void {
  changeUsage(slot.site, -1, -(<i64>slot.size), peakNumber);
  changeSinceRise(slot.site, -(<i64>slot.size));
  replacedCount++;
  replacedBytes += slot.size;
  bury(slot.site, slot.bornTick, slot.bornEpoch, 1, slot.size);
}

@inline
function free(index: usize): void {
  const slot = slots.slotAt(index);
  const size = slot.size;
  const site = slot.site;
  if (size != 0) beforeFall();
  else if (!looksAtFrees) passOver();
  heapBytes -= <i64>size;
  changeUsage(site, -1, -(<i64>size), peakNumber);
  if (looksAtFrees) ticks.observeHeap(heapBytes);
  else ticks.passHeap();
  changeSinceRise(site, -(<i64>size));
  bury(site, slot.bornTick, slot.bornEpoch, 1, size);
  slots.vacate(index);
}

/** A zero-size free that is not looked at: the peak before it stands. */
function passOver(): void {
  beforeFall();
  unseen = true;
}

/** See `restartEpochs` in ticks.ts: renumbers births in the tick under way. */
export function restartSlots(last: u32): void {
  for (let i = slots.firstLive(); i != slots.NOT_FOUND; i = slots.nextLive(i)) {
    const slot = slots.slotAt(i);
    if (slot.bornTick == ticks.tick) slot.bornEpoch = restartedEpoch(slot.bornEpoch, last);
  }
}

/** Renumbers births after ticks were merged; `moments` as `mergeTicks` fills it. */
export function remapSlots(moments: usize): void {
  for (let i = slots.firstLive(); i != slots.NOT_FOUND; i = slots.nextLive(i)) {
    const slot = slots.slotAt(i);
    const born = ticks.mergedMomentOf(moments, slot.bornTick, slot.bornEpoch);
    slot.bornTick = born >> 1;
    slot.bornEpoch = ticks.epochOfMoment(born);
  }
}

/** Rows of `lifetime` for what was never freed. The last tick must be sealed. */
export function appendSurvivors(): void {
  settleTick(ticks.tickAt(ticks.tick).peakEpoch);
  for (let i = slots.firstLive(); i != slots.NOT_FOUND; i = slots.nextLive(i)) {
    const slot = slots.slotAt(i);
    appendLifetime(slot.site, ticks.momentOf(slot.bornTick, slot.bornEpoch), NEVER, 1, slot.size);
  }
}

/** The peak, counting a height that the heap never fell from; sites then hold it with `finalPeakNumber`. */
export function closePeak(): void {
  beforeFall();
}
