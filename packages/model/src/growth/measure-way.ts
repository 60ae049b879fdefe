/**
 * A way → its exact numbers: the moment they are of, how many bytes are kept there, since when, and in which sites. The
 * moment is the end of the recording, or the last one before the end of the program gave the memory back.
 */
import { NEVER } from '../lifetimes.js';
import type { CountedRows } from './counted-rows.js';
import { IN_FLIGHT_SHARE, KEPT_SHARE, TOOTH_BINS } from './curve-growth.js';
import type { CurveJudgement } from './judge-curve.js';
import { keptAllocations, type KeptAllocations } from './kept-allocations.js';
import { BINS, type WorkClock } from './work-clock.js';

/** What lived before the growth began is left out where it is more than this share. */
const LEAST_BASE_SHARE = 0.1;
/** What began after so much of the work began late; from 0.1 to 0.25 only who has loaded first changes sides. */
const LATE_START = 0.15;
/** Before a teardown, the least of the last so much of the work: two copies may live for a moment. */
const LAST_WORK_SHARE = 1 / 25;
const LEAST_LAST_MOMENTS = 3;

export interface WaySpan {
  /** Bytes are of what was born after this moment, -1 = whenever. */
  readonly after: number;
  readonly at: number;
  readonly bytes: number;
  /** The first moment, since the growth began, at which it held more than before; null where that is not known. */
  readonly risesAt: number | null;
}

/** Whether what grows began to long after the work did; of n arenas the first comes after an n-th by chance. */
export function isLate(
  { since, steps, arenaGrowth, growth }: CurveJudgement,
  { workUpTo }: Pick<WorkClock, 'workUpTo'>,
): boolean {
  const chance = arenaGrowth > growth / 2 ? 2 / steps : 0;
  return Math.min(since / BINS, workUpTo[since]!) >= LATE_START + chance;
}

/** `exact` is what the way held at every moment. */
export function spanOfWay(exact: Float64Array, judgement: CurveJudgement, clock: WorkClock): WaySpan {
  const { since } = judgement;
  const { binOf, warmUntil } = clock;
  const at = momentOfBytes(exact, clock);
  const after = since === 0 ? warmUntil : binOf.findLastIndex((bin) => bin <= since);
  const whole = { after: -1, at, bytes: exact[at]!, risesAt: firstAbove(0, exact, 0) };
  if (after < 0 || after >= at) return whole;
  let base = exact[at]!;
  for (let moment = after; moment < at; moment++) base = Math.min(base, exact[moment]!);
  // Of what began late, or after a warm-up, nothing counts that was there before; of other growth all does, unless that is much.
  const least = isLate(judgement, clock) || warmUntil >= 0 ? 0 : LEAST_BASE_SHARE * exact[at]!;
  const risesAt = firstAbove(base, exact, after);
  return base > least ? { after, at, bytes: exact[at]! - base, risesAt } : { ...whole, risesAt };
}

function firstAbove(base: number, exact: Float64Array, from: number): number | null {
  const moment = exact.findIndex((bytes, at) => at >= from && bytes > base);
  return moment < 0 ? null : moment;
}

function momentOfBytes(exact: Float64Array, { binOf, isAtWork }: WorkClock): number {
  const last = exact.length - 1;
  let most = 0;
  for (const bytes of exact) most = Math.max(most, bytes);
  let at = last;
  while (at > 0 && exact[at]! < KEPT_SHARE * most) at--;
  at = beforeCopies(exact, at, isAtWork);
  // What came and went beside it made the most: nothing of what stays was given back.
  let stayed = exact[at]!;
  for (let moment = at; moment >= 0 && binOf[moment]! >= binOf[at]! - TOOTH_BINS; moment--) {
    stayed = Math.min(stayed, exact[moment]!);
  }
  return exact[last]! >= KEPT_SHARE * stayed && exact[last]! * KEPT_SHARE <= exact[at]! ? last : at;
}

function beforeCopies(exact: Float64Array, at: number, isAtWork: Uint8Array): number {
  const working: number[] = [];
  for (let moment = 0; moment <= at; moment++) if (isAtWork[moment] === 1) working.push(moment);
  const count = Math.max(LEAST_LAST_MOMENTS, Math.floor(working.length * LAST_WORK_SHARE));
  let least = at;
  for (const moment of working.slice(-count)) if (exact[moment]! < exact[least]!) least = moment;
  // What only rises has its least first; copies fall back to it.
  const fellBack = working.some((moment) => moment < least && exact[moment]! > exact[least]!);
  const share = at === exact.length - 1 ? IN_FLIGHT_SHARE : KEPT_SHARE;
  return fellBack && exact[least]! < share * exact[at]! ? least : at;
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
