/**
 * A profile → the moment at which the heap held most, address space that nothing touched left out, and what held it
 * then. Without such reservations it is the capture's own peak; with them the most that was really used may lie far
 * from it. Exact at the greatest heap of every tick.
 */
import { narrowWeights, type NarrowWeights } from '../../number-column.js';
import type { Profile, SiteWeights } from '../../profile.js';
import { weighSites } from '../../view/site-weights.js';
import { windowOfTick } from '../../view/window.js';
import { findReservations, type Reservation } from './reservations.js';

export interface UsedPeak {
  /** Null where the capture does not say. */
  readonly tick: number | null;
  /** When that tick ends, in milliseconds since the epoch. */
  readonly timeMs: number | null;
  /** Live then, without reservations. */
  readonly bytes: number;
  /** By site, the same. */
  readonly weights: NarrowWeights;
  /** Heaviest first, whenever they were live. */
  readonly reservations: readonly Reservation[];
  /** Reserved at the capture's own peak. */
  readonly reservedAtPeak: number;
  /** The greatest heap of each tick, and of what follows the last one, without reservations; null where there are none, or no ticks. */
  readonly byTick: Float64Array | null;
}

/** The `bytes` of `findUsedPeak`, mostly without looking at any site. */
export function usedPeakBytes(profile: Profile): number {
  return findReservations(profile).length === 0 ? profile.capture.peakBytes : findUsedPeak(profile).bytes;
}

export function findUsedPeak(profile: Profile): UsedPeak {
  const { capture, notes } = profile;
  const reservations = findReservations(profile);
  const ownTick = capture.peakTick;
  const timeOf = (tick: number | null): number | null => (tick === null ? null : windowOfTick(tick, profile).peakMs);
  if (reservations.length === 0) {
    return {
      tick: ownTick,
      timeMs: timeOf(ownTick),
      bytes: capture.peakBytes,
      weights: profile.narrowWeights('peak')!,
      reservations,
      reservedAtPeak: 0,
      byTick: null,
    };
  }
  if (ownTick === null) {
    const weights = profile.siteWeights('peak')!;
    const all = takeAway(reservations, weights);
    const bytes = capture.peakBytes - all;
    return {
      tick: null,
      timeMs: null,
      bytes,
      weights: narrowWeights(weights),
      reservations,
      reservedAtPeak: all,
      byTick: null,
    };
  }
  const ticks = profile.ticks();
  const reserved = reservedByTick(reservations, ticks.length + 1);
  const byTick = new Float64Array(ticks.length + 1);
  let tick = ownTick;
  let bytes = -1;
  for (let each = 0; each <= ticks.length; each++) {
    const heap = each < ticks.length ? ticks.peakBytes![each]! : (notes.tailPeakBytes ?? 0);
    const used = heap - reserved[each]!;
    byTick[each] = Math.max(0, used);
    if (used < bytes) continue;
    bytes = used;
    tick = each;
  }
  const weights = weighSites(profile, 'peak', windowOfTick(tick, profile))!;
  takeAway(
    reservations.filter(({ born, died }) => born <= 2 * tick && died > 2 * tick),
    weights,
  );
  return {
    tick,
    timeMs: timeOf(tick),
    bytes,
    weights: narrowWeights(weights),
    reservations,
    reservedAtPeak: reserved[ownTick]!,
    byTick,
  };
}

/** Changes `weights`; gives how many bytes went. */
function takeAway(reservations: readonly Reservation[], weights: SiteWeights): number {
  let all = 0;
  for (const { site, bytes, count } of reservations) {
    weights.bytes[site]! -= bytes;
    weights.count[site]! -= count;
    all += bytes;
  }
  return all;
}

/** Live at the greatest heap of each tick. */
function reservedByTick(reservations: readonly Reservation[], length: number): Float64Array {
  const reserved = new Float64Array(length + 1);
  for (const { born, died, bytes } of reservations) {
    const from = (born + 1) >> 1;
    const end = Math.min(length, Math.ceil(died / 2));
    if (from >= end) continue;
    reserved[from]! += bytes;
    reserved[end]! -= bytes;
  }
  for (let tick = 1; tick < length; tick++) reserved[tick]! += reserved[tick - 1]!;
  return reserved;
}
