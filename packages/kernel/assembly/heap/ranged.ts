/**
 * mmap and munmap. An unmapping cuts its range out of every mapping it overlaps: a piece wholly inside is freed, one
 * cut at an end shrinks, one cut in the middle becomes two pieces that count one each. A mapping of no bytes is never
 * live, and none reaches beyond 2^64 (see decode/account.ts). Source: the format notes, "What the numbers mean"; memray's interval tree.
 */
import { afterNothing, afterRecord, beforeFall, changeHeap, peakNumber } from './live';
import { appendLifetime, NEVER } from './lifetime-batches';
import { bury, restartedEpoch } from './lifetimes';
import * as mappings from './mappings';
import * as ticks from './ticks';
import { changeSinceRise, changeUsage, countAllocation } from './usage';

/** More pieces, or more cuts, than the records can explain are an attack on our memory or time, not a capture. */
const SPARE_PIECES: u64 = 1 << 20;
const PIECES_PER_RECORD: u64 = 16;
const SPARE_CUTS: u64 = 1 << 24;
const CUTS_PER_RECORD: u64 = 256;

let records: u64 = 0;
let cuts: u64 = 0;

export function map(address: u64, size: u64, site: u32): void {
  records++;
  changeHeap(<i64>size);
  afterRecord();
  countAllocation(site, size);
  if (size == 0) return;
  changeUsage(site, 1, size, peakNumber);
  changeSinceRise(site, size);
  const mapping = mappings.newMapping(site, ticks.tick, ticks.epoch);
  mappings.addRange(mapping, address, address + size);
}

/** Traps when the capture cuts more pieces than can be true. */
export function unmap(address: u64, size: u64): void {
  records++;
  const end = address + size;
  const count = size ? mappings.takeOverlapping(address, end) : 0;
  if (count == 0) {
    afterNothing();
    return;
  }
  beforeFall();
  for (let i: u32 = 0; i < count; i++) cutSite(mappings.cutRange(i), address, end);
  afterRecord();
  for (let i: u32 = 0; i < count; i++) cutPiece(mappings.cutRange(i), address, end);
  cuts += count;
  if (cuts > SPARE_CUTS + CUTS_PER_RECORD * records) unreachable();
  if (<u64>mappings.rangeCount > SPARE_PIECES + PIECES_PER_RECORD * records) unreachable();
}

/** What the cut means for the heap and the site. */
function cutSite(row: u32, address: u64, end: u64): void {
  const range = mappings.rangeAt(row);
  const bytes = <i64>(min(range.end, end) - max(range.start, address));
  const kept = <i32>(range.start < address) + <i32>(range.end > end);
  changeHeap(-bytes);
  changeUsage(mappings.mappingAt(range.mapping).site, kept - 1, -bytes, peakNumber);
}

/** What it means for pieces and lifetimes; the record has been observed. */
function cutPiece(row: u32, address: u64, end: u64): void {
  const range = mappings.rangeAt(row);
  const mapping = range.mapping;
  const owner = mappings.mappingAt(mapping);
  const start = range.start;
  const last = range.end;
  const bytes = min(last, end) - max(start, address);
  const left = start < address;
  const right = last > end;
  mappings.freeRange(row);
  owner.pieces--;
  const gone = !left && !right;
  changeSinceRise(owner.site, -(<i64>bytes));
  bury(owner.site, owner.bornTick, owner.bornEpoch, <u32>(gone && owner.pieces == 0), bytes);
  if (gone && owner.pieces == 0) {
    mappings.freeMapping(mapping);
    return;
  }
  if (gone) {
    const extra = mappings.extraAt(owner.extra);
    bury(owner.site, extra.bornTick, extra.bornEpoch, 1, 0);
    mappings.dropExtra(mapping);
  }
  if (left && right) mappings.pushExtra(mapping, ticks.tick, ticks.epoch);
  if (left) mappings.addRange(mapping, start, address);
  if (right) mappings.addRange(mapping, end, last);
}

/** Renumbers births after ticks were merged. */
export function remapRanges(moments: usize): void {
  for (let row = mappings.firstRange(); row; row = mappings.nextRange()) {
    const mapping = mappings.mappingAt(mappings.rangeAt(row).mapping);
    if (mapping.seen) continue;
    mapping.seen = 1;
    const born = ticks.mergedMomentOf(moments, mapping.bornTick, mapping.bornEpoch);
    mapping.bornTick = born >> 1;
    mapping.bornEpoch = ticks.epochOfMoment(born);
    for (let at = mapping.extra; at; at = mappings.extraAt(at).next) {
      const extra = mappings.extraAt(at);
      const extraBorn = ticks.mergedMomentOf(moments, extra.bornTick, extra.bornEpoch);
      extra.bornTick = extraBorn >> 1;
      extra.bornEpoch = ticks.epochOfMoment(extraBorn);
    }
  }
  forgetSeen();
}

/** See `restartEpochs` in ticks.ts: renumbers births in the tick under way. */
export function restartRanges(last: u32): void {
  for (let row = mappings.firstRange(); row; row = mappings.nextRange()) {
    const mapping = mappings.mappingAt(mappings.rangeAt(row).mapping);
    if (mapping.seen) continue;
    mapping.seen = 1;
    if (mapping.bornTick == ticks.tick) mapping.bornEpoch = restartedEpoch(mapping.bornEpoch, last);
    for (let at = mapping.extra; at; at = mappings.extraAt(at).next) {
      const extra = mappings.extraAt(at);
      if (extra.bornTick == ticks.tick) extra.bornEpoch = restartedEpoch(extra.bornEpoch, last);
    }
  }
  forgetSeen();
}

function forgetSeen(): void {
  for (let row = mappings.firstRange(); row; row = mappings.nextRange()) {
    mappings.mappingAt(mappings.rangeAt(row).mapping).seen = 0;
  }
}

/** Rows of `lifetime` for mappings that were never (wholly) unmapped. */
export function appendMapped(): void {
  for (let row = mappings.firstRange(); row; row = mappings.nextRange()) {
    const range = mappings.rangeAt(row);
    const mapping = mappings.mappingAt(range.mapping);
    const born = ticks.momentOf(mapping.bornTick, mapping.bornEpoch);
    appendLifetime(mapping.site, born, NEVER, mapping.seen ? 0 : 1, range.end - range.start);
    if (mapping.seen) continue;
    mapping.seen = 1;
    for (let at = mapping.extra; at; at = mappings.extraAt(at).next) {
      const extra = mappings.extraAt(at);
      appendLifetime(mapping.site, ticks.momentOf(extra.bornTick, extra.bornEpoch), NEVER, 1, 0);
    }
  }
  forgetSeen();
}
