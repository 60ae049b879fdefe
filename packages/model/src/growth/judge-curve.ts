/**
 * A curve of live bytes over work → whether it grows. What counts is the least that was live from each point on: caches
 * that replace their entries, sawteeth and buffers that are copied as they grow come out right without telling one
 * block from another. From where a tenth of the growth is there, or else from the end of a flat stretch on, its three
 * greatest rises are cut and its time is divided in five: it grows where the last fifths rise as well, for at least three
 * tenths of the work. Behind each threshold stands how far it moves before the answer on one of 280 recordings flips.
 */
import { capRises, endOfGrowth, growthUpTo, leastOfThree, ratesOfFifths } from './curve-growth.js';
import { doublesAsItFills } from './doubling.js';
import { beginOfRise, endsOfFlat } from './find-onset.js';
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
  /** Point at which it began to rise, however little at first. */
  readonly since: number;
  /** Rises, or arenas where those are most of it. */
  readonly steps: number;
  /** Rate of growth in each fifth of its time, of the mean rate. */
  readonly rates: readonly number[];
  /** Whether it grows in few jumps, each about twice the one before. */
  readonly doubles: boolean;
  /** Point at which nine tenths were there. */
  readonly levelAt: number;
}

/** Growth below this many bytes, or this share of the peak, is none. */
export function leastGrowth(peakBytes: number): number {
  return Math.max(512 * KIB, 0.02 * peakBytes);
}

/** Where no growth is told, so much is told as little. */
export function littleGrowth(peakBytes: number): number {
  return leastGrowth(peakBytes) / 4;
}

/** Giving back may take so much of the work: the program ends. Free to 0.15. */
const TEARDOWN_SHARE = 0.1;
/**
 * The same of what grew from the start on and only falls then, as its threads end one by one: it rises by no more than
 * this share of the growth.
 */
const LONG_TEARDOWN_SHARE = 0.125;
const MOST_RISE_SHARE = 0.05;
const FIRST_BINS = 6;
/** Growth begins where this share of it is there. Free from 0.02 to 0.15. */
const START_SHARE = 0.1;
/** Of all growth so much must be left where the greatest rises are cut (0.30 to 0.40), in so many steps (3 to 4). */
const LEAST_UNCAPPED_SHARE = 0.35;
const LEAST_STEPS = 4;
const STEP_SHARE = 0.002;
/**
 * Rates, of the mean: of the last two fifths (0.25 to 0.45) and the last one (up to 0.30); below `EMPTY_RATE` (0.05 to
 * 0.40) a fifth is empty; none is above the greatest (2.6 to 3.2).
 */
const LEAST_LATE_RATE = 0.35;
const LEAST_LAST_RATE = 0.12;
const EMPTY_RATE = 0.25;
const GREATEST_RATE = 3;
/** What gets slower from fifth to fifth, down to this share of the first, is a cache whose last entries are rare. */
const SLOWED_SHARE = 0.25;
/** In fewer steps it may seem to by chance. */
const LEAST_SLOWING = 8;
/** Flat for so much of the time that was worked, however little of the work that was: another phase of the program. */
const FLAT_TIME = 0.2;
const ALL_SHARE = 0.98;
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
  /** By point: the share of the ticks with work up to it. */
  readonly workUpTo: Float64Array;
}

const NONE: CurveJudgement = {
  verdict: 'none',
  end: BINS,
  start: 0,
  growth: 0,
  arenaGrowth: 0,
  since: 0,
  steps: 0,
  rates: [0, 0, 0, 0, 0],
  doubles: false,
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

function judgeOnce(live: Float64Array, arenas: Float64Array, context: JudgeContext): CurveJudgement {
  const end = endOfGrowth(live);
  if (end === null) return NONE;
  const growthAt = growthUpTo(live, end);
  const growth = growthAt[end]!;
  const arenaGrowth = Math.max(0, arenas[end]! - arenas[0]!);
  const found = { ...NONE, end, growth, arenaGrowth };
  if (growth < context.least) return found;
  // The threads that end one by one free much in few ticks.
  const tornDown = Math.min((BINS - end) / BINS, context.workUpTo[BINS]! - context.workUpTo[end]!);
  const isLong = tornDown > TEARDOWN_SHARE;
  const freed = { ...found, verdict: 'freed' } as const;
  if (isLong && (tornDown > LONG_TEARDOWN_SHARE || !onlyFalls(live.subarray(end), growth))) return freed;
  const start = Math.max(0, growthAt.findIndex((bytes) => bytes > START_SHARE * growth) - 1);
  const judged = judgeFrom(start, { growthAt, base: 0, arenaGrowth }, context);
  if (isLong) return judged.since <= FIRST_BINS && growsStrictly(judged) ? judged : freed;
  if (judged.verdict === 'grows' || judged.verdict === 'late') return judged;
  for (const onset of endsOfFlat(growthAt)) {
    const base = growthAt[onset]!;
    if (growth - base < context.least) continue;
    const ofArenas = Math.max(0, arenas[end]! - arenas[onset]!);
    const later = judgeFrom(onset, { growthAt, base, arenaGrowth: ofArenas }, context);
    if (growsStrictly(later)) return later;
  }
  return judged;
}

/** For how much of the work it grew, by the clock or by ticks: where less comes and goes, the clock is slower. */
export function spanOfGrowth({ start, end }: CurveJudgement, { workUpTo }: JudgeContext): number {
  return Math.max((end - start) / BINS, workUpTo[end]! - workUpTo[start]!);
}

interface Rise {
  /** What is there for good at each point, the last of which is the end. */
  readonly growthAt: Float64Array;
  /** Of that, what was there before. */
  readonly base: number;
  readonly arenaGrowth: number;
}

function judgeFrom(start: number, { growthAt, base, arenaGrowth }: Rise, context: JudgeContext): CurveJudgement {
  const end = growthAt.length - 1;
  const growth = growthAt[end]! - base;
  const ofArenas = arenaGrowth > growth / 2;
  const { rises, uncapped } = capRises(growthAt.subarray(start));
  const steps = ofArenas ? growth / MIB : rises.filter((rise) => rise > STEP_SHARE * growth).length;
  const rates = ratesOfFifths(uncapped);
  const since = beginOfRise(growthAt, start);
  const judged = { ...NONE, end, growth, arenaGrowth, start, since, steps, rates };
  const left = uncapped.reduce((sum, rise) => sum + rise, 0);
  if (steps < LEAST_STEPS || left < LEAST_UNCAPPED_SHARE * growth) {
    const doubles = !ofArenas && doublesAsItFills(growthAt);
    return { ...judged, doubles, verdict: doubles ? 'grows' : 'steps' };
  }

  const isFew = ofArenas && steps < FEW_ARENAS;
  const empty = rates.filter((rate) => rate < EMPTY_RATE).length;
  const goesOn =
    (rates[3]! + rates[4]!) / 2 >= LEAST_LATE_RATE &&
    (rates[4]! >= LEAST_LAST_RATE || isFew) &&
    empty <= (isFew ? 2 : 1) &&
    Math.max(...rates) <= GREATEST_RATE &&
    !(steps >= LEAST_SLOWING && slowsDown(rates)) &&
    (ofArenas || !isFlatAtLast(growthAt, context));
  if (goesOn) {
    const span = spanOfGrowth(judged, context);
    const isLate = span < LEAST_SPAN || span * context.momentsOfWork < LEAST_MOMENTS;
    return { ...judged, verdict: isLate ? 'late' : 'grows' };
  }
  const levelAt = growthAt.findIndex((bytes, point) => point >= start && bytes - base >= LEVEL_SHARE * growth);
  const isLevel = levelAt <= start + LEVEL_BY * (BINS - start) && end === BINS;
  return { ...judged, levelAt, verdict: isLevel ? 'levelled' : 'undecided' };
}

function onlyFalls(live: Float64Array, growth: number): boolean {
  const risen = live.reduce((sum, bytes, point) => sum + Math.max(0, point === 0 ? 0 : bytes - live[point - 1]!), 0);
  return risen <= MOST_RISE_SHARE * growth;
}

function isFlatAtLast(growthAt: Float64Array, { workUpTo }: JudgeContext): boolean {
  const end = growthAt.length - 1;
  const last = growthAt.findIndex((bytes) => bytes >= ALL_SHARE * growthAt[end]!);
  return workUpTo[end]! - workUpTo[last]! >= FLAT_TIME;
}

function slowsDown(rates: readonly number[]): boolean {
  const isSlower = rates.every((rate, fifth) => fifth === 0 || rate < rates[fifth - 1]!);
  return isSlower && rates[4]! < SLOWED_SHARE * rates[0]!;
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

/** From here on growth is weighed: a cache that filled early beside a slow leak drops out; arenas are too few to halve. */
export function decisivePoint({ verdict, arenaGrowth, growth, start, end }: CurveJudgement): number {
  return verdict === 'grows' && arenaGrowth < growth / 2 ? start + Math.floor((end - start) / 2) : start;
}
