/**
 * A way → its exact numbers: the moment they are of, how many bytes are kept there, since when, and in which sites. The
 * moment is the end of the recording, or the last one before the end of the program gave the memory back.
 */
import { NEVER } from '../lifetimes.js';
import type { CountedRows } from './counted-rows.js';
import { KEPT_SHARE } from './curve-growth.js';
import type { CurveJudgement } from './judge-curve.js';
import { keptAllocations, type KeptAllocations } from './kept-allocations.js';
import { BINS, type WorkClock } from './work-clock.js';

/** What lived before the growth began is left out where it is more than this share. */
const LEAST_BASE_SHARE = 0.1;
/** Between two bursts of what grows lie less bins. */
const BURST_BINS = 7;
/** What began after so much of the work began late; from 0.1 to 0.25 only who has loaded first changes sides. */
const LATE_START = 0.15;
/** Before a teardown, the least of the last so much of the work: two copies may live for a moment. */
const LAST_WORK_SHARE = 1 / 25;
const LEAST_LAST_MOMENTS = 3;
/** Of what lives within a tick, at the end of the one before. */
const NEARLY_ALL_SHARE = 0.98;

export interface WaySpan {
  /** Bytes are of what was born after this moment, -1 = whenever. */
  readonly after: number;
  readonly at: number;
  readonly bytes: number;
  /** The first moment, since the growth began, at which it held more than before; null where that is not known. */
  readonly risesAt: number | null;
  /** Whether it began to grow long after the work did. */
  readonly isLate: boolean;
  /** Whether it grew in few jumps, each about twice the one before. */
  readonly doubles: boolean;
}

/** What stood before a growth in few steps is the first of them where it is so much of one. */
const LIKE_A_STEP = [0.5, 1.5] as const;
const MOST_STEPPING = 0.5;

/** Whether what grows began to long after the work did; of n arenas the first comes after an n-th by chance. */
function isLate(
  { since, steps, arenaGrowth, growth }: CurveJudgement,
  { workUpTo }: Pick<WorkClock, 'workUpTo'>,
): boolean {
  const chance = arenaGrowth > growth / 2 ? 2 / steps : 0;
  return Math.min(since / BINS, workUpTo[since]!) >= LATE_START + chance;
}

/** `exact` is what the way held at every moment; `passing` as `passingBytes` gives it for two of them. */
export function spanOfWay(
  exact: Float64Array,
  judgement: CurveJudgement,
  clock: WorkClock,
  passing: (before: number, after: number) => number,
): WaySpan {
  const { since, doubles } = judgement;
  const { binOf, warmUntil } = clock;
  const at = endOfTick(exact, momentOfBytes(exact, judgement, clock, passing));
  const risen = since === 0 ? warmUntil : binOf.findLastIndex((bin) => bin <= since);
  const whole = { after: -1, at, bytes: exact[at]!, risesAt: firstAbove(0, exact, 0), isLate: false, doubles };
  if (risen < 0 || risen >= at) return whole;
  const late = isLate(judgement, clock);
  const after = late ? beforeFirst(exact, risen, at, clock) : risen;
  let base = exact[at]!;
  for (let moment = after; moment < at; moment++) base = Math.min(base, exact[moment]!);
  if (late && isFirstStep(base, exact[at]! - base, judgement)) return whole;
  // Of what began late, or after a warm-up, nothing counts that was there before; of other growth all does, unless that is much.
  const least = late || warmUntil >= 0 ? 0 : LEAST_BASE_SHARE * exact[at]!;
  const risesAt = firstAbove(base, exact, after);
  return base > least
    ? { after, at, bytes: exact[at]! - base, risesAt, isLate: late, doubles }
    : { ...whole, risesAt, isLate: late };
}

/** Between steps nothing rises; one that came long before the others is one of them. */
function isFirstStep(base: number, growth: number, { start, end, steps }: CurveJudgement): boolean {
  const each = growth / steps;
  const [least, most] = LIKE_A_STEP;
  return steps <= MOST_STEPPING * (end - start) && base >= least * each && base <= most * each;
}

/** What grows late in bursts began with the first of them, where nothing of it was there long before. */
function beforeFirst(exact: Float64Array, risen: number, at: number, { binOf, warmUntil }: WorkClock): number {
  const begin = binOf.findIndex((bin, moment) => moment > warmUntil && bin > binOf[risen]! - BURST_BINS);
  const before = Math.max(0, begin - 1);
  const isFirst = exact[risen]! - exact[before]! <= LEAST_BASE_SHARE * (exact[at]! - exact[before]!);
  const rises = exact.findIndex((bytes, moment) => moment > before && bytes > exact[before]!);
  const isFlat = exact.subarray(warmUntil + 1, before).every((bytes) => bytes === exact[before]);
  return isFirst && isFlat && rises > before && rises <= risen ? rises - 1 : risen;
}

/** What is live at the end of a tick leaks show, with how it grew; what lives at the greatest heap within one they do not. */
function endOfTick(exact: Float64Array, at: number): number {
  return at % 2 === 0 && at > 0 && exact[at - 1]! >= NEARLY_ALL_SHARE * exact[at]! ? at - 1 : at;
}

function firstAbove(base: number, exact: Float64Array, from: number): number | null {
  const moment = exact.findIndex((bytes, at) => at >= from && bytes > base);
  return moment < 0 ? null : moment;
}

/**
 * The end of the recording, or the last moment before the end of the program gave back what stood until then. Where it
 * held so much more there than shortly before, that counts unless it is what comes and goes: a table that was replaced
 * by a larger one goes on to be held.
 */
function momentOfBytes(
  exact: Float64Array,
  { end }: CurveJudgement,
  clock: WorkClock,
  passing: (before: number, after: number) => number,
): number {
  const last = exact.length - 1;
  const stood =
    exact[
      Math.min(
        last,
        clock.binOf.findLastIndex((bin) => bin <= end),
      )
    ]!;
  const at = exact[last]! >= KEPT_SHARE * stood ? last : exact.findLastIndex((bytes) => bytes >= stood);
  const least = lastWorking(at, clock).reduce((low, each) => (exact[each]! < exact[low]! ? each : low), at);
  if (exact[least]! >= KEPT_SHARE * exact[at]!) return at;
  const passed = passing(least, at);
  if (passed < (exact[at]! - exact[least]!) / 2) return at;
  // The last moment without it.
  return exact.subarray(0, at).findLastIndex((bytes) => bytes <= exact[at]! - passed / 2);
}

/** Of the last moments of work up to one, as many as a twenty-fifth of all; the latest first. */
function lastWorking(at: number, { isAtWork, momentsOfWork }: WorkClock): number[] {
  const count = Math.max(LEAST_LAST_MOMENTS, Math.floor(momentsOfWork * LAST_WORK_SHARE));
  const moments: number[] = [];
  for (let moment = at; moment >= 0 && moments.length < count; moment--)
    if (isAtWork[moment] === 1) moments.push(moment);
  return moments;
}

/** Less than this share of the bytes is no measure of what stays: only the end gave so much back. */
const LEAST_STAYING_SHARE = 0.5;

/**
 * Of a span's bytes, what is there for good: without what the work used for a moment and gave back, as it did before in the
 * later half of the growth. What fell by more than ever before only at the end was there until then.
 */
export function stayingBytes(exact: Float64Array, { after, at, bytes, risesAt }: WaySpan): number {
  const begin = risesAt ?? Math.max(0, after);
  let [highest, fell] = [0, 0];
  for (const live of exact.subarray((begin + at) >> 1, at + 1)) {
    highest = Math.max(highest, live);
    fell = Math.max(fell, highest - live);
  }
  const staying = Math.max(Math.min(bytes, exact.at(-1)!), bytes - fell);
  return staying < LEAST_STAYING_SHARE * bytes ? bytes : staying;
}

/** One scan for each time that is asked for; ways of one recording mostly share theirs. */
export class KeptByTime {
  readonly #rows: CountedRows;
  readonly #known = new Map<string, KeptAllocations>();

  constructor(rows: CountedRows) {
    this.#rows = rows;
  }

  of(after: number, at: number): KeptAllocations {
    const key = `${after} ${at}`;
    let kept = this.#known.get(key);
    if (kept === undefined) this.#known.set(key, (kept = keptAllocations(this.#rows, after, at)));
    return kept;
  }
}

/** Sites of nodes where 1 is marked that keep something. */
export function sitesThatKeep({ bytes }: KeptAllocations, isBelow: Uint8Array, rows: CountedRows): Uint32Array {
  const sites: number[] = [];
  for (let site = 0; site < bytes.length; site++) {
    if (bytes[site]! > 0 && isBelow[rows.tree.nodeOfSite[site]!] === 1) sites.push(site);
  }
  return Uint32Array.from(sites);
}

export function firstBirth(sites: Uint32Array, { firstBorn }: KeptAllocations): number {
  return sites.reduce((first, site) => Math.min(first, firstBorn[site]!), NEVER);
}

export function lastBirth(sites: Uint32Array, { lastBorn }: KeptAllocations): number {
  return sites.reduce((last, site) => Math.max(last, lastBorn[site]!), 0);
}
