/**
 * The bulk table `lifetime`: what was allocated at which site, when it was born and when it died. What dies within the
 * tick of its birth without having been part of a peak leaves no row.
 *
 * A death waits until its tick's peak is known, then becomes a row of a batch (lifetime-batches.ts).
 */
import { allocate, enlarge } from '../shared/arena';
import { appendLifetime } from './lifetime-batches';
import { epoch, momentOf, tick } from './ticks';

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
