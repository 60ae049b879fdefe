/**
 * What each site has allocated in all, holds now and held at the high-water mark, by the decoder's row numbers; what their
 * owners held at most stands in owned.ts.
 *
 * The composition of the peak is kept without snapshots, as memray does: whenever the heap falls from a height it had
 * not fallen from before, the peak number goes up; a site notes its changes since the last peak number it knows, and
 * adds them to its peak when it sees a newer one.
 *
 * With native stacks there are millions of sites, most of which allocate once: what a site comes to is kept in small
 * numbers, and moves to a row of large ones when one of them does not fit any more.
 */
import { newDirectory, reserveRows, rowAt } from '../shared/rows';
import { changeOwned, reserveOwned } from './owned';
import { epoch, tick } from './ticks';

/** Half a cache line. */
@unmanaged
export class Usage {
  /** Changes since peak number `peakNumber`; may be negative. Of a site that has grown large, its row of `larges`. */
  pendingBytes: i32;
  peakBytes: i32;
  totalBytes: u32;
  /** Changes since the greatest heap of a tick so far, that of number `riseNumber`; may be negative. */
  sinceRise: i32;
  peakNumber: u32;
  riseNumber: u32;
  totalCount: u16;
  pendingCount: i16;
  peakCount: i16;
  /** Row of `owned`, or LARGE. */
  owner: u16;
}

/** The same in numbers that nothing outgrows. Counts of what is live fit 32 bits: each takes a slot of 32 bytes (slots.ts). */
@unmanaged
export class LargeUsage {
  pendingBytes: i64;
  peakBytes: i64;
  totalBytes: u64;
  totalCount: u64;
  sinceRise: i64;
  pendingCount: i32;
  peakCount: i32;
  peakNumber: u32;
  riseNumber: u32;
  owner: u32;
  unused: u32;
}

const USAGE_SIZE: u32 = offsetof<Usage>();
const LARGE_SIZE: u32 = offsetof<LargeUsage>();
/** In place of an owner: the site has a row of large numbers. */
const LARGE: u32 = 0xffff;

const usages: usize = newDirectory();
const larges: usize = newDirectory();
let largeCount: u32 = 0;

/** Makes room for `sites` sites. */
export function reserveUsages(sites: u32): void {
  reserveRows(usages, sites, USAGE_SIZE);
}

@inline
function usageAt(site: u32): Usage {
  return changetype<Usage>(rowAt(usages, site, USAGE_SIZE));
}

/** The large numbers of a site, which has them from now on. */
function largeOf(usage: Usage): LargeUsage {
  if (usage.owner == LARGE) return changetype<LargeUsage>(rowAt(larges, usage.pendingBytes, LARGE_SIZE));
  reserveRows(larges, largeCount + 1, LARGE_SIZE);
  const large = changetype<LargeUsage>(rowAt(larges, largeCount, LARGE_SIZE));
  large.pendingBytes = usage.pendingBytes;
  large.peakBytes = usage.peakBytes;
  large.totalBytes = usage.totalBytes;
  large.totalCount = usage.totalCount;
  large.sinceRise = usage.sinceRise;
  large.pendingCount = usage.pendingCount;
  large.peakCount = usage.peakCount;
  large.peakNumber = usage.peakNumber;
  large.riseNumber = usage.riseNumber;
  large.owner = usage.owner;
  usage.owner = <u16>LARGE;
  usage.pendingBytes = largeCount++;
  return large;
}

@inline
function fits32(bytes: i64): bool {
  return <i64>(<i32>bytes) == bytes;
}

@inline
function fits16(count: i32): bool {
  return <i32>(<i16>count) == count;
}

/** Says who owns a site, before anything happens there. */
export function assignOwner(site: u32, owner: u32): void {
  const usage = usageAt(site);
  if (owner < LARGE) usage.owner = <u16>owner;
  else largeOf(usage).owner = owner;
  reserveOwned(owner + 1);
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
  if (usage.owner != LARGE) {
    const since = bytes + (usage.riseNumber == riseNumber ? <i64>usage.sinceRise : 0);
    if (fits32(since)) {
      usage.sinceRise = <i32>since;
      usage.riseNumber = riseNumber;
      return;
    }
  }
  const large = largeOf(usage);
  large.sinceRise = bytes + (large.riseNumber == riseNumber ? large.sinceRise : 0);
  large.riseNumber = riseNumber;
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
  let owner: u32 = usage.owner;
  if (owner == LARGE || !changeSmall(usage, count, bytes, peakNumber)) {
    const large = largeOf(usage);
    changeLarge(large, count, bytes, peakNumber);
    owner = large.owner;
  }
  changeOwned(owner, count > 0, bytes);
}

/** False, and nothing has changed, where a number would not fit. */
@inline
function changeSmall(usage: Usage, count: i32, bytes: i64, peakNumber: u32): bool {
  const pendingBytes = <i64>usage.pendingBytes;
  const pendingCount = <i32>usage.pendingCount;
  if (usage.peakNumber != peakNumber) {
    const peakBytes = <i64>usage.peakBytes + pendingBytes;
    const peakCount = <i32>usage.peakCount + pendingCount;
    if (!fits32(peakBytes) || !fits16(peakCount) || !fits32(bytes) || !fits16(count)) return false;
    usage.peakBytes = <i32>peakBytes;
    usage.peakCount = <i16>peakCount;
    usage.pendingBytes = <i32>bytes;
    usage.pendingCount = <i16>count;
    usage.peakNumber = peakNumber;
    return true;
  }
  if (!fits32(pendingBytes + bytes) || !fits16(pendingCount + count)) return false;
  usage.pendingBytes = <i32>(pendingBytes + bytes);
  usage.pendingCount = <i16>(pendingCount + count);
  return true;
}

function changeLarge(large: LargeUsage, count: i32, bytes: i64, peakNumber: u32): void {
  if (large.peakNumber != peakNumber) {
    large.peakBytes += large.pendingBytes;
    large.peakCount += large.pendingCount;
    large.pendingBytes = bytes;
    large.pendingCount = count;
    large.peakNumber = peakNumber;
  } else {
    large.pendingBytes += bytes;
    large.pendingCount += count;
  }
}

/** An allocation counts in all, whatever becomes of it. */
@inline
export function countAllocation(site: u32, bytes: u64): void {
  const usage = usageAt(site);
  if (usage.owner != LARGE) {
    const total = <u64>usage.totalBytes + bytes;
    if (total >> 32 == 0 && usage.totalCount != 0xffff) {
      usage.totalBytes = <u32>total;
      usage.totalCount++;
      return;
    }
  }
  const large = largeOf(usage);
  large.totalBytes += bytes;
  large.totalCount++;
}

export function usageTable(): usize {
  return usages;
}
export function largeUsageTable(): usize {
  return larges;
}
