/**
 * What each site has allocated in all, holds now and held at the high-water mark, by the decoder's row numbers; and what
 * each owner of sites held at most.
 *
 * The composition of the peak is kept without snapshots, as memray does: whenever the heap falls from a height it had
 * not fallen from before, the peak number goes up; a site notes its changes since the last peak number it knows, and
 * adds them to its peak when it sees a newer one.
 */
import { allocateZeroed, release } from '../shared/arena';
import { newDirectory, reserveRows, rowAt } from '../shared/rows';
import { epoch, tick } from './ticks';

/** A cache line. Counts of what is live fit 32 bits: each takes a slot of 32 bytes (slots.ts). */
@unmanaged
export class Usage {
  /** Changes since peak number `peakNumber`; may be negative. */
  pendingBytes: i64;
  peakBytes: i64;
  totalBytes: u64;
  totalCount: u64;
  /** Changes since the greatest heap of a tick so far, that of number `riseNumber`; may be negative. */
  sinceRise: i64;
  pendingCount: i32;
  peakCount: i32;
  peakNumber: u32;
  /** Row of `owned`. */
  owner: u32;
  riseNumber: u32;
  spare: u32;
}

@unmanaged
export class Owned {
  bytes: i64;
  peakBytes: i64;
  /** The last tick in which the owner held that. */
  peakTick: u32;
  unused: u32;
}

const USAGE_SIZE: u32 = offsetof<Usage>();
const OWNED_SIZE: u32 = offsetof<Owned>();

const usages: usize = newDirectory();

let owned: usize = allocateZeroed(OWNED_SIZE << 8);
let ownedCapacity: u32 = 1 << 8;

/** Makes room for `sites` sites. */
export function reserveUsages(sites: u32): void {
  reserveRows(usages, sites, USAGE_SIZE);
}

@inline
function usageAt(site: u32): Usage {
  return changetype<Usage>(rowAt(usages, site, USAGE_SIZE));
}

/** Says who owns a site, before anything happens there. */
export function assignOwner(site: u32, owner: u32): void {
  usageAt(site).owner = owner;
  reserveOwned(owner + 1);
}

/** Makes room for `owners` owners. */
export function reserveOwned(owners: u32): void {
  if (owners <= ownedCapacity) return;
  let more = ownedCapacity;
  while (more < owners) more <<= 1;
  const larger = allocateZeroed(more * OWNED_SIZE);
  memory.copy(larger, owned, ownedCapacity * OWNED_SIZE);
  release(owned, ownedCapacity * OWNED_SIZE);
  owned = larger;
  ownedCapacity = more;
}

/** Renumbers the ticks of the owners' peaks after ticks were merged; `moments` as `mergeTicks` fills it. */
export function remapOwned(moments: usize): void {
  for (let row: u32 = 0; row < ownedCapacity; row++) {
    const owner = changetype<Owned>(owned + row * OWNED_SIZE);
    owner.peakTick = load<u32>(moments + (<usize>owner.peakTick << 3)) >> 1;
  }
}

/** Counts the times that the heap has fallen from a greatest one of its tick; the tick, and the odd epoch, after the last. */
let riseNumber: u32 = 0;
let riseTick: u32 = 0;
let riseEpoch: u32 = 0;

/**
 * The same change when its record was observed: at the end of a tick it is known from it what each site held at the
 * tick's greatest heap. What belongs to the rise is no change since.
 */
@inline
export function changeSinceRise(site: u32, bytes: i64): void {
  if ((epoch & 1) == 0) return;
  if (epoch != riseEpoch || tick != riseTick) {
    riseEpoch = epoch;
    riseTick = tick;
    riseNumber++;
  }
  const usage = usageAt(site);
  if (usage.riseNumber != riseNumber) {
    usage.sinceRise = bytes;
    usage.riseNumber = riseNumber;
  } else {
    usage.sinceRise += bytes;
  }
}

/** See `restartEpochs` in ticks.ts: renumbers the epoch after the last rise. */
export function restartRise(last: u32, restarted: u32): void {
  if (riseTick == tick && riseEpoch == last) riseEpoch = restarted;
}

/** That of the tick which has just ended: what has changed since; 0 where nothing has. */
export function lastRise(): u32 {
  return epoch & 1 && epoch == riseEpoch && tick == riseTick ? riseNumber : 0;
}

/** A change of what a site holds, after peak number `peakNumber`. */
@inline
export function changeUsage(site: u32, count: i32, bytes: i64, peakNumber: u32): void {
  const usage = usageAt(site);
  if (usage.peakNumber != peakNumber) {
    usage.peakBytes += usage.pendingBytes;
    usage.peakCount += usage.pendingCount;
    usage.pendingBytes = bytes;
    usage.pendingCount = count;
    usage.peakNumber = peakNumber;
  } else {
    usage.pendingBytes += bytes;
    usage.pendingCount += count;
  }
  const owner = changetype<Owned>(owned + usage.owner * OWNED_SIZE);
  const held = owner.bytes + bytes;
  owner.bytes = held;
  if (count > 0 && held >= owner.peakBytes) {
    owner.peakBytes = held;
    owner.peakTick = tick;
  }
}

/** An allocation counts in all, whatever becomes of it. */
@inline
export function countAllocation(site: u32, bytes: u64): void {
  const usage = usageAt(site);
  usage.totalBytes += bytes;
  usage.totalCount++;
}

export function usageTable(): usize {
  return usages;
}
export function ownedTable(): usize {
  return owned;
}
