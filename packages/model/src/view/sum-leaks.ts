/**
 * One scan over the bulk table `lifetime` → for each row of leaks what verdicts and curves are made of, without what is
 * only reserved.
 */
import type { Reservation } from '../analysis/peak/reservations.js';
import { NEVER, type SiteChanges, type SiteLifetimes } from '../lifetimes.js';
import { lifetimesCutAt, type CutBatch } from './cut-lifetimes.js';
import { halfStep } from './leak-verdict.js';
import { endsOfPeriods, halfOfLeaks } from './live-changes.js';
import { firstStepFrom, NO_GROUP } from './live-over-time.js';
import { reservedWithin } from './reserved-leaks.js';
import { isExtraPiece } from './site-weights.js';
import type { PassingRows } from './site-weights.js';
import type { Profile } from '../profile.js';

/** Columns by row, of what was born from the first tick on. */
export interface LeakSums {
  /** Live at the end. */
  readonly bytes: Float64Array;
  readonly count: Float64Array;
  /** Ticks in which the first and the last of what is still live were allocated. */
  readonly firstBornTick: Uint32Array;
  readonly lastBornTick: Uint32Array;
  /** Live at the end of each step: `liveBytes[row * steps + step]`. */
  readonly liveBytes: Float64Array;
  /** Live half-way and at the end. */
  readonly keptBytes: Float64Array;
  /** Freed after half-way. */
  readonly freedBytes: Float64Array;
  /** Live at the end, but only reserved: in none of the others. */
  readonly reservedBytes: Float64Array;
}

/** A run, with its own sites. */
export interface LeakingRun {
  readonly profile: Profile;
  readonly passes: PassingRows | null;
  readonly allocator: Uint8Array;
}

/**
 * `rowOfSite` holds rows below `rows`, or `NO_GROUP`; `stepTicks` are the last ticks of the steps, ascending: the end is
 * that of the last one.
 */
export function sumLeaks(
  { profile, allocator, passes }: LeakingRun,
  fromTick: number,
  rowOfSite: Int32Array,
  rows: number,
  stepTicks: Uint32Array,
): LeakSums {
  const steps = stepTicks.length;
  const sums: LeakSums = {
    bytes: new Float64Array(rows),
    count: new Float64Array(rows),
    firstBornTick: new Uint32Array(rows).fill(NEVER),
    lastBornTick: new Uint32Array(rows),
    liveBytes: new Float64Array(rows * steps),
    keptBytes: new Float64Array(rows),
    freedBytes: new Float64Array(rows),
    reservedBytes: new Float64Array(rows),
  };
  const clock: ScanClock = {
    stepAt: firstStepFrom(stepTicks.map((tick) => 2 * tick + 1)),
    halfMoment: 2 * stepTicks[halfStep(steps)]! + 1,
    firstMoment: 2 * fromTick,
    lastMoment: 2 * stepTicks[steps - 1]! + 1,
  };
  // By step, then by row: what is read together was often born in the same step.
  const changes = new Float64Array(rows * steps);
  const summed = summedFor(profile, stepTicks, clock, passes);
  if (summed !== null) addSummed(sums, changes, summed, profile, clock, rowOfSite, passes);
  else {
    for (const batch of lifetimesOfWindow(profile, stepTicks, clock, passes)) {
      addBatch(sums, changes, batch, clock, rowOfSite, allocator, passes);
    }
  }
  takeReserved(
    sums,
    changes,
    reservedWithin({ profile, passes }, clock.firstMoment, clock.lastMoment),
    clock,
    rowOfSite,
  );
  const { firstBornTick, lastBornTick, liveBytes } = sums;
  for (let row = 0; row < rows; row++) {
    let live = 0;
    for (let step = 0; step < steps; step++) {
      live += changes[step * rows + row]!;
      liveBytes[row * steps + step] = live;
    }
    // Only pieces of a mapping that was itself born before.
    if (firstBornTick[row] === NEVER) firstBornTick[row] = lastBornTick[row] = fromTick;
  }
  return sums;
}

interface ScanClock {
  /** By moment. */
  readonly stepAt: Uint32Array;
  readonly halfMoment: number;
  readonly firstMoment: number;
  readonly lastMoment: number;
}

type SummedLifetimes = Pick<SiteChanges, 'length' | 'site' | 'moment' | 'bytes'> & { readonly bySite: SiteLifetimes };

/** Null where single lifetimes have to be looked at: of a part of the recording, and of how long they were. */
function summedFor(
  profile: Profile,
  stepTicks: Uint32Array,
  { firstMoment, lastMoment, halfMoment }: ScanClock,
  passes: PassingRows | null,
): SummedLifetimes | null {
  const ticks = profile.ticks().length;
  if (firstMoment !== 0 || lastMoment !== 2 * ticks + 1 || passes?.bySite === false) return null;
  const exact = profile.liveChanges();
  if (exact !== null) return halfMoment === halfOfLeaks(ticks) ? exact : null;
  const coarse = profile.coarseChanges();
  if (coarse === null || coarse.bySite === null) return null;
  const ends = endsOfPeriods(coarse, ticks);
  const areEnds = stepTicks.every((tick) => ends.includes(tick));
  return areEnds && halfMoment === halfOfLeaks(ticks, ends) ? { ...coarse, bySite: coarse.bySite } : null;
}

/** Of what lived from the first to the last moment. */
function lifetimesOfWindow(
  profile: Profile,
  stepTicks: Uint32Array,
  { firstMoment, lastMoment }: ScanClock,
  passes: PassingRows | null,
): Iterable<CutBatch> {
  if (passes?.bySite === false) return profile.lifetimes(firstMoment, lastMoment);
  const places = [firstMoment, ...Array.from(stepTicks, (tick) => 2 * tick + 2)];
  return lifetimesCutAt(profile, {
    places,
    bornFrom: firstMoment,
    first: firstMoment,
    last: lastMoment,
    isFreedCounted: true,
  });
}

function addSummed(
  { bytes, count, firstBornTick, lastBornTick, keptBytes, freedBytes }: LeakSums,
  changes: Float64Array,
  { length, site, moment, bytes: changed, bySite }: SummedLifetimes,
  profile: Profile,
  { stepAt }: ScanClock,
  rowOfSite: Int32Array,
  passes: PassingRows | null,
): void {
  const leaks = bytes.length;
  const rowOf = rowOfSite.map((row, at) => (passes?.(at, 0, 0) === false ? NO_GROUP : row));
  for (let at = 0; at < length; at++) {
    const row = rowOf[site[at]!]!;
    if (row !== NO_GROUP) changes[stepAt[moment[at]!]! * leaks + row]! += changed[at]!;
  }
  const leaked = profile.narrowWeights('leaked')!;
  for (let at = 0; at < rowOf.length; at++) {
    const row = rowOf[at]!;
    if (row === NO_GROUP) continue;
    bytes[row]! += leaked.bytes[at]!;
    count[row]! += leaked.count[at]!;
    keptBytes[row]! += bySite.keptBytes[at]!;
    freedBytes[row]! += bySite.freedBytes[at]!;
    firstBornTick[row] = Math.min(firstBornTick[row]!, bySite.firstKeptTick[at]!);
    lastBornTick[row] = Math.max(lastBornTick[row]!, bySite.lastKeptTick[at]!);
  }
}

/** Adding them is undone: whether a lifetime is one is known only of all that its site mapped. */
function takeReserved(
  { bytes, count, keptBytes, freedBytes, reservedBytes }: LeakSums,
  changes: Float64Array,
  reservations: readonly Reservation[],
  { stepAt, halfMoment, lastMoment }: ScanClock,
  rowOfSite: Int32Array,
): void {
  const leaks = bytes.length;
  for (const { site, born, died, bytes: some, count: many } of reservations) {
    const row = rowOfSite[site]!;
    if (row === NO_GROUP) continue;
    changes[stepAt[born]! * leaks + row]! -= some;
    if (died <= lastMoment) {
      changes[stepAt[died]! * leaks + row]! += some;
      if (died > halfMoment) freedBytes[row]! -= some;
      continue;
    }
    if (born <= halfMoment) keptBytes[row]! -= some;
    bytes[row]! -= some;
    count[row]! -= many;
    reservedBytes[row]! += some;
  }
}

/** A function of its own, called for each batch: the engine compiles it well after a few of them. */
function addBatch(
  { bytes, count, firstBornTick, lastBornTick, keptBytes, freedBytes }: LeakSums,
  changes: Float64Array,
  batch: CutBatch,
  { stepAt, halfMoment, firstMoment, lastMoment }: ScanClock,
  rowOfSite: Int32Array,
  allocator: Uint8Array,
  passes: PassingRows | null,
): void {
  const { rows, site, born, lastBorn = born, died, bytes: bornBytes, count: bornCount } = batch;
  const leaks = bytes.length;
  for (let at = 0; at < rows; at++) {
    const row = rowOfSite[site[at]!]!;
    const from = born[at]!;
    if (row === NO_GROUP || from < firstMoment || from > lastMoment) continue;
    const to = died[at]!;
    if (passes !== null && !passes(site[at]!, from, to)) continue;
    const some = bornBytes[at]!;
    changes[stepAt[from]! * leaks + row]! += some;
    if (to <= lastMoment) {
      changes[stepAt[to]! * leaks + row]! -= some;
      if (to > halfMoment) freedBytes[row]! += some;
      continue;
    }
    if (from <= halfMoment) keptBytes[row]! += some;
    bytes[row]! += some;
    count[row]! += bornCount[at]!;
    if (isExtraPiece(batch, at, allocator)) continue;
    const tick = from >> 1;
    if (tick < firstBornTick[row]!) firstBornTick[row] = tick;
    const lastTick = lastBorn[at]! >> 1;
    if (lastTick > lastBornTick[row]!) lastBornTick[row] = lastTick;
  }
}
