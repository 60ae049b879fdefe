/**
 * The heap over time → from when on it is level: from then on it keeps no more than it did, however much comes and goes.
 * Judged before the end of the program gives memory back, over the same work as growth is.
 */
import { mayGoOn } from '../analysis/arenas.js';
import type { Reservation } from '../analysis/peak/reservations.js';
import { NEVER } from '../lifetimes.js';
import type { TickTable } from '../tables.js';
import { beginOfLevel } from './begin-of-level.js';
import { KEPT_SHARE, TOOTH_BINS } from './curve-growth.js';
import { beginOfRise } from './find-onset.js';
import { BINS, type WorkClock } from './work-clock.js';

/** Level for less than this share of the work is too short to tell. */
const LEAST_SPAN = 0.2;
/** Of what comes and goes: the heap is high above, and has fallen back below. */
const HIGH_SHARE = 0.5;
const LOW_SHARE = 0.25;
/** Objects that need more than so many arenas are seen to grow by these. */
const SEEN_ARENAS = 2;
/** A rise in so much of the work at the end, of which no more is left than this share, was given back. */
const LONGEST_SPIKE = 0.1;
const LEFT_OF_SPIKE = 0.1;
/** Of a small heap what does not matter is more than all: it is level where no more than this share is missing. */
const MOST_MISSING = 0.1;
/** It is level from the start of the recording on within this share of its time. */
const START_SHARE = 0.05;
/** So late in the work, what it last came up to is no level where it rose and fell by so much of that before and since. */
const LATE_LEVEL = 0.6;
const WAVE_SHARE = 0.25;
/** A rise began where this share of it is there. */
const NO_RISE_SHARE = 0.02;

export interface HeapLevel {
  /** What it always falls back to. */
  readonly bytes: number;
  /** In milliseconds since the start; null = from the start on. */
  readonly fromMs: number | null;
  /** What it keeps more, in the end, than when it began to be level. */
  readonly restBytes: number;
  /** The most that was live since. */
  readonly highestBytes: number;
  /** How often it came near to that and fell back, and what it held in the end, before the program gave memory back. */
  readonly falls: number;
  readonly lastBytes: number;
  /** Of that, live at the end of the recording. */
  readonly leftBytes: number;
  /** Where what comes and goes comes to more and more, from the first tenth of the time to the last; else null. */
  readonly higher: { readonly fromBytes: number; readonly toBytes: number } | null;
  /** Whether all that comes and goes is one rise at the very end, which was given back. */
  readonly isSpike: boolean;
  /** Between how much it goes up and down, where it does so from the start on and what it ends at is no level; else null. */
  readonly wave: { readonly lowestBytes: number; readonly highestBytes: number } | null;
  /** What it keeps more since it was level before, since when, and in which share of the work; null where it is level. */
  readonly rise: { readonly bytes: number; readonly sinceMs: number; readonly share: number } | null;
  /** Whether arenas hold objects of the work that the recording does not have one by one. */
  readonly hidesObjects: boolean;
  /** Before it was level it rose in so few arenas that it may rise in step with the work; null where that is unlikely. */
  readonly fewArenas: { readonly arenas: number; readonly bytes: number; readonly lastMs: number } | null;
}

/** Live in arenas at the end of each bin, as `LiveCurves` has it, and how large one is. */
export interface ArenaCurve {
  readonly byPoint: Float64Array;
  readonly bytesOfOne: number;
}

/** `tailHeapBytes` are live after the last tick. A rise of less than `least` bytes is none. `timeOf` a moment. Null without ticks after the warm-up. */
export function findHeapLevel(
  ticks: TickTable,
  reservations: readonly Reservation[],
  tailHeapBytes: number | null,
  { binOf, workUpTo, warmUntil }: WorkClock,
  arenas: ArenaCurve,
  least: number,
  timeOf: (moment: number) => number,
): HeapLevel | null {
  const { length } = ticks;
  if (2 * length <= warmUntil + 1) return null;
  const { heapBytes, peakBytes } = withoutReserved(ticks, reservations);
  const binOfTick = (tick: number): number => Math.min(BINS, binOf[2 * tick + 1]!);
  const end = lastBeforeTeardown(heapBytes, binOfTick);
  const kept = heapBytes.slice(0, end + 1);
  for (let tick = end - 1; tick >= 0; tick--) kept[tick] = Math.min(kept[tick]!, kept[tick + 1]!);
  const first = (warmUntil + 1) / 2;
  const levelFrom = (bytes: number, missing = least): number =>
    kept.findIndex((each, tick) => tick >= first && each >= bytes - missing);
  const isEarly = (tick: number): boolean =>
    binOfTick(tick) <= (1 - LEAST_SPAN) * BINS || workUpTo[binOfTick(tick)]! <= 1 - LEAST_SPAN;
  let from = levelFrom(kept[end]!);
  let before = from;
  while (before > first && !isEarly(before)) before--;
  if (before < from) before = beforeRise(kept, before, first, binOfTick);
  // As high as it had been before it fell back: it comes and goes.
  const cameBack = before < from && heapBytes.subarray(0, before).some((bytes) => bytes >= KEPT_SHARE * kept[end]!);
  // What the end of the program frees comes after the last tick.
  const reserved = reservations.reduce((sum, { died, bytes }) => sum + (died === NEVER ? bytes : 0), 0);
  const left = Math.min(heapBytes[length - 1]!, tailHeapBytes === null ? Infinity : tailHeapBytes - reserved);
  const share = 1 - workUpTo[binOfTick(before)]!;
  const isGivenBack =
    before < from && share <= LONGEST_SPIKE && left - kept[before]! < LEFT_OF_SPIKE * (kept[end]! - kept[before]!);
  const rise =
    before === from || cameBack || isGivenBack
      ? null
      : {
          bytes: kept[end]! - kept[before]!,
          sinceMs: timeOf(2 * before + 1),
          share,
        };
  const levelEnd = cameBack || isGivenBack ? before : end;
  const bytes = kept[levelEnd]!;
  from = beginOfLevel(kept, first, levelFrom(bytes, Math.min(least, MOST_MISSING * bytes)), levelEnd);
  if (!isEarly(from)) from = beginOfLevel(kept, first, levelFrom(bytes), levelEnd);
  const highestBytes = heapBytes.reduce(
    (most, held, tick) => (tick < from || tick > end ? most : Math.max(most, held, tick > from ? peakBytes[tick]! : 0)),
    bytes,
  );
  const fromMs = timeOf(2 * from + 1);
  const isFromStart = binOfTick(from) <= 1 && warmUntil < 0;
  let started = from;
  while (started < levelEnd && binOfTick(started + 1) <= 1) started++;
  const wasHigh = heapBytes.some(
    (held, tick) =>
      tick > from && tick <= before && Math.max(held, peakBytes[tick]!) - bytes >= HIGH_SHARE * (highestBytes - bytes),
  );
  return {
    bytes,
    fromMs: isFromStart && fromMs <= START_SHARE * timeOf(2 * length - 1) ? null : fromMs,
    restBytes: bytes - kept[isFromStart ? Math.max(from, started) : from]!,
    highestBytes,
    falls: countFalls(heapBytes.subarray(from, end + 1), bytes, highestBytes),
    higher: findHigher(peakBytes.subarray(from + 1, end + 1)),
    lastBytes: heapBytes[end]!,
    leftBytes: Math.min(heapBytes[end]!, left),
    wave: workUpTo[binOfTick(from)]! >= LATE_LEVEL ? findWave(heapBytes, kept, first, bytes, highestBytes) : null,
    isSpike: isGivenBack && !wasHigh,
    rise,
    hidesObjects: least < SEEN_ARENAS * arenas.bytesOfOne && arenas.byPoint.some((bytes) => bytes > 0),
    fewArenas: tellFew(
      arenas,
      kept[from]! - kept[first]!,
      binOfTick(from),
      binOfTick(end),
      least,
      timeOf(2 * from + 1),
    ),
  };
}

const TENTHS = 10;
/** The last is so many times as high as the first. */
const LEAST_HIGHER = 2;

/** Of the highest in each tick, and of each tenth of them: each is as high as the one before, but for one that is not. */
function findHigher(peaks: Float64Array): HeapLevel['higher'] {
  if (peaks.length < 2 * TENTHS) return null;
  const highest = Array.from({ length: TENTHS }, (_, part) => {
    const within = peaks.subarray((part * peaks.length) / TENTHS, ((part + 1) * peaks.length) / TENTHS);
    return within.reduce((most, each) => Math.max(most, each), 0);
  });
  const [fromBytes, toBytes] = [highest[0]!, highest.at(-1)!];
  const falls = highest.filter((bytes, part) => part > 0 && bytes < highest[part - 1]!).length;
  return toBytes >= LEAST_HIGHER * fromBytes && falls <= 1 ? { fromBytes, toBytes } : null;
}

function tellFew(
  { byPoint, bytesOfOne }: ArenaCurve,
  risen: number,
  from: number,
  end: number,
  least: number,
  lastMs: number,
): HeapLevel['fewArenas'] {
  const arenas = Math.round((byPoint[from]! - byPoint[0]!) / bytesOfOne);
  const isOfArenas = risen >= least && arenas * bytesOfOne >= risen / 2;
  return isOfArenas && mayGoOn(arenas, from / end) ? { arenas, bytes: risen, lastMs } : null;
}

/** It had been as high before, and fell; it is as much higher since. */
function findWave(
  heapBytes: Float64Array,
  kept: Float64Array,
  first: number,
  bytes: number,
  highestBytes: number,
): HeapLevel['wave'] {
  const high = heapBytes.findIndex((held, tick) => tick >= first && held >= bytes);
  const lowestBytes = kept[high] ?? bytes;
  if (Math.min(bytes - lowestBytes, highestBytes - bytes) < WAVE_SHARE * bytes) return null;
  return {
    lowestBytes,
    highestBytes: heapBytes.subarray(high).reduce((most, held) => Math.max(most, held), highestBytes),
  };
}

/** How often it was nearer to the highest than to the lowest, and came down again for good or for a while. */
function countFalls(heapBytes: Float64Array, lowest: number, highest: number): number {
  let falls = 0;
  let isHigh = false;
  for (const bytes of heapBytes) {
    const share = (bytes - lowest) / Math.max(1, highest - lowest);
    if (share >= HIGH_SHARE) isHigh = true;
    else if (isHigh && share <= LOW_SHARE) {
      falls++;
      isHigh = false;
    }
  }
  return falls;
}

/** The last tick before what rises at `at`, or later, began to. */
function beforeRise(kept: Float64Array, at: number, first: number, binOfTick: (tick: number) => number): number {
  const end = kept.length - 1;
  const growthAt = new Float64Array(binOfTick(end) + 1);
  let last = first;
  for (let tick = first; tick <= end; tick++) {
    growthAt.fill(kept[tick]! - kept[first]!, binOfTick(tick));
  }
  const begin = beginOfRise(growthAt, binOfTick(at));
  for (let tick = first; tick <= at; tick++) if (binOfTick(tick) <= begin) last = tick;
  return kept.findLastIndex((each) => each <= kept[last]! + NO_RISE_SHARE * (kept[end]! - kept[last]!));
}

/** Live at the end of each tick and, of those whose peak is known, at most; address space that nothing touched is none. */
function withoutReserved(
  { length, heapBytes, peakBytes }: TickTable,
  reservations: readonly Reservation[],
): { readonly heapBytes: Float64Array; readonly peakBytes: Float64Array } {
  const reserved = new Float64Array(length);
  for (const { born, died, bytes } of reservations) {
    // A moment 2k + 1 is the end of tick k.
    const to = died === NEVER ? length : Math.min(length, died >> 1);
    for (let tick = born >> 1; tick < to; tick++) reserved[tick]! += bytes;
  }
  return {
    heapBytes: heapBytes.map((bytes, tick) => bytes - reserved[tick]!),
    peakBytes: (peakBytes ?? heapBytes).map((bytes, tick) => bytes - reserved[tick]!),
  };
}

/** The last tick at which no less was live than always was in the work before it; the last of all after a longer fall. */
function lastBeforeTeardown(heapBytes: Float64Array, binOfTick: (tick: number) => number): number {
  const last = heapBytes.length - 1;
  for (let end = last; end > 0 && binOfTick(end) >= BINS - TOOTH_BINS; end--) {
    let stayed = Number.POSITIVE_INFINITY;
    for (let tick = end - 1; tick >= 0 && binOfTick(tick) >= binOfTick(end) - TOOTH_BINS; tick--) {
      stayed = Math.min(stayed, heapBytes[tick]!);
    }
    if (stayed === Number.POSITIVE_INFINITY || heapBytes[end]! >= KEPT_SHARE * stayed) return end;
  }
  return last;
}
