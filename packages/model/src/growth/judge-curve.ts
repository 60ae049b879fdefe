/**
 * A curve of live bytes over work → whether it grows. What counts is the least that was live from each point on: caches
 * that replace their entries, sawteeth and buffers that are copied as they grow come out right without telling one
 * block from another.
 */
import { BINS } from './work-clock.js';

const KIB = 1024;
const MIB = 1024 * KIB;

export type CurveVerdict =
  /** Too little, or nothing that stays. */
  | 'none'
  /** Given back before the end, and not by the end. */
  | 'freed'
  /** A few jumps: one-offs, a table that doubles. */
  | 'steps'
  /** It grows for as long as there is work. */
  | 'grows'
  /** It began to grow too late to tell. */
  | 'late'
  /** It grew, and is flat since. */
  | 'levelled'
  | 'undecided';

export interface CurveJudgement {
  readonly verdict: CurveVerdict;
  /** Point at which it held the most, before the end gave it back. */
  readonly end: number;
  /** Point at which growth began. */
  readonly start: number;
  readonly growth: number;
  /** Of it, in arenas. */
  readonly arenaGrowth: number;
  readonly isTornDown: boolean;
  /** Rises, or arenas where those are most of it. */
  readonly steps: number;
  /** Rate of growth in each fifth of its time, of the mean rate. */
  readonly rates: readonly number[];
  /** Point at which nine tenths were there. */
  readonly levelAt: number;
}

/** Growth below this many bytes, or this share of the peak, is none. */
export function leastGrowth(peakBytes: number): number {
  return Math.max(512 * KIB, 0.02 * peakBytes);
}

/** Live at the end, of the greatest: nothing was given back. */
export const KEPT_SHARE = 0.92;
/** Giving back may take so much of the work: the program ends. */
const TEARDOWN_SHARE = 0.1;
/** Growth begins where this share of it is there. */
const START_SHARE = 0.1;
/** So many of the greatest rises count as much as the next one; of all growth so much must be left. */
const CAPPED_STEPS = 3;
const LEAST_UNCAPPED_SHARE = 0.35;
const LEAST_STEPS = 4;
const STEP_SHARE = 0.002;
/** Rates, of the mean: of the last two fifths and the last one; below `EMPTY_RATE` a fifth is empty. */
const LEAST_LATE_RATE = 0.35;
const LEAST_LAST_RATE = 0.12;
const EMPTY_RATE = 0.25;
const GREATEST_RATE = 3;
/** Of so few arenas chance may leave fifths without one. */
const FEW_ARENAS = 15;
/** Growth within the last so much of the work, or in so few moments: too late to tell. */
const LEAST_SPAN = 0.3;
const LEAST_MOMENTS = 4;
const LEVEL_SHARE = 0.9;
const LEVEL_BY = 0.8;
/** What stood for three bins only may be judged so where it rises very steadily. */
const STEADY_RATE = 0.6;

export interface JudgeContext {
  /** As `leastGrowth` gives it. */
  readonly least: number;
  readonly momentsOfWork: number;
}

const NONE: CurveJudgement = {
  verdict: 'none',
  end: BINS,
  start: 0,
  growth: 0,
  arenaGrowth: 0,
  isTornDown: false,
  steps: 0,
  rates: [0, 0, 0, 0, 0],
  levelAt: 0,
};

/** `live` and `arenas` are curves of `POINTS` points. */
export function judgeCurve(live: Float64Array, arenas: Float64Array, context: JudgeContext): CurveJudgement {
  const judgement = judgeOnce(live, arenas, context);
  if (judgement.verdict !== 'freed') return judgement;
  // Two copies for a moment are no peak: np.append, torch.cat.
  const again = judgeOnce(leastOfThree(live), arenas, context);
  const isSteady = again.verdict === 'grows' && Math.min(...again.rates) >= STEADY_RATE;
  return isSteady && again.arenaGrowth < again.growth / 2 ? again : judgement;
}

/** The least of each point and its neighbours. */
export function leastOfThree(curve: Float64Array): Float64Array {
  const last = curve.length - 1;
  return curve.map((value, at) => Math.min(value, curve[Math.max(0, at - 1)]!, curve[Math.min(last, at + 1)]!));
}

function judgeOnce(live: Float64Array, arenas: Float64Array, { least, momentsOfWork }: JudgeContext): CurveJudgement {
  let most = 0;
  for (const bytes of live) most = Math.max(most, bytes);
  if (most <= 0) return NONE;
  let end = BINS;
  while (live[end]! < KEPT_SHARE * most) end--;
  const growthAt = growthUpTo(live, end);
  const growth = growthAt[end]!;
  const arenaGrowth = Math.max(0, arenas[end]! - arenas[0]!);
  const found = { ...NONE, end, growth, arenaGrowth, isTornDown: end < BINS };
  if (growth < least) return found;
  if (BINS - end > TEARDOWN_SHARE * BINS) return { ...found, verdict: 'freed' };

  let start = growthAt.findIndex((bytes) => bytes > START_SHARE * growth);
  start = Math.max(0, start - 1);
  const ofArenas = arenaGrowth > growth / 2;
  const { rises, uncapped } = capRises(growthAt.subarray(start));
  const steps = ofArenas ? growth / MIB : rises.filter((rise) => rise > STEP_SHARE * growth).length;
  const rates = ratesOfFifths(uncapped);
  const judged = { ...found, start, steps, rates };
  const left = uncapped.reduce((sum, rise) => sum + rise, 0);
  if (steps < LEAST_STEPS || left < LEAST_UNCAPPED_SHARE * growth) return { ...judged, verdict: 'steps' };

  const isFew = ofArenas && steps < FEW_ARENAS;
  const empty = rates.filter((rate) => rate < EMPTY_RATE).length;
  const goesOn =
    (rates[3]! + rates[4]!) / 2 >= LEAST_LATE_RATE &&
    (rates[4]! >= LEAST_LAST_RATE || isFew) &&
    empty <= (isFew ? 2 : 1) &&
    Math.max(...rates) <= GREATEST_RATE;
  if (goesOn) {
    const span = (end - start) / BINS;
    const isLate = span < LEAST_SPAN || span * momentsOfWork < LEAST_MOMENTS;
    return { ...judged, verdict: isLate ? 'late' : 'grows' };
  }
  const levelAt = growthAt.findIndex((bytes, point) => point >= start && bytes >= LEVEL_SHARE * growth);
  const isLevel = levelAt <= start + LEVEL_BY * (BINS - start) && end === BINS;
  return { ...judged, levelAt, verdict: isLevel ? 'levelled' : 'undecided' };
}

/** At each point up to `end`: the least that was live from there to `end`, less what that was at the first point. */
function growthUpTo(live: Float64Array, end: number): Float64Array {
  const least = live.slice(0, end + 1);
  for (let point = end - 1; point >= 0; point--) least[point] = Math.min(least[point]!, least[point + 1]!);
  const base = least[0]!;
  return least.map((bytes) => bytes - base);
}

/** What a curve gains from `from` to `end` for good. */
export function gainBetween(live: Float64Array, from: number, end: number): number {
  let least = live[end]!;
  for (let point = from; point < end; point++) least = Math.min(least, live[point]!);
  return live[end]! - least;
}

function capRises(growthAt: Float64Array): { rises: Float64Array; uncapped: Float64Array } {
  const rises = new Float64Array(Math.max(0, growthAt.length - 1));
  for (let point = 0; point < rises.length; point++)
    rises[point] = Math.max(0, growthAt[point + 1]! - growthAt[point]!);
  const sorted = rises.slice().sort().reverse();
  const cap = sorted[Math.min(CAPPED_STEPS, rises.length - 1)] ?? 0;
  return { rises, uncapped: rises.map((rise) => Math.min(rise, cap)) };
}

/** By fifth of the rises' time, of the mean rate; a bin that two fifths share is shared between them. */
function ratesOfFifths(rises: Float64Array): number[] {
  const total = rises.reduce((sum, rise) => sum + rise, 0);
  if (total <= 0) return [0, 0, 0, 0, 0];
  const sums = new Float64Array(rises.length + 1);
  for (let at = 0; at < rises.length; at++) sums[at + 1] = sums[at]! + rises[at]!;
  const sumAt = (place: number): number => {
    const at = Math.min(rises.length - 1, Math.floor(place));
    return sums[at]! + (place - at) * rises[at]!;
  };
  return [0, 1, 2, 3, 4].map((fifth) => {
    const [from, to] = [(fifth / 5) * rises.length, ((fifth + 1) / 5) * rises.length];
    return (5 * (sumAt(to) - sumAt(from))) / total;
  });
}

/** What must hold of a part of something that does not grow itself: what rises in one branch while another falls is none. */
export function growsStrictly({ verdict, arenaGrowth, growth, steps, rates }: CurveJudgement): boolean {
  if (verdict !== 'grows') return false;
  const ofArenas = arenaGrowth > growth / 2;
  if (ofArenas && steps < LEAST_STRICT_ARENAS) return false;
  const empty = rates.filter((rate) => rate < EMPTY_RATE).length;
  return (rates[3]! + rates[4]!) / 2 >= STRICT_LATE_RATE && empty <= (ofArenas ? 1 : 0);
}

const LEAST_STRICT_ARENAS = 8;
const STRICT_LATE_RATE = 0.6;
