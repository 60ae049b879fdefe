/**
 * A way → its exact numbers: the moment they are of, how many bytes are kept there, since when, and in which sites. The
 * moment is the end of the recording, or the last one before the end of the program gave the memory back.
 */
import { NEVER } from '../lifetimes.js';
import type { CountedRows } from './counted-rows.js';
import { KEPT_SHARE, type CurveJudgement } from './judge-curve.js';
import { keptAllocations, type KeptAllocations } from './kept-allocations.js';
import type { WorkClock } from './work-clock.js';

/** What lived before the growth began is left out where it is more than this share. */
const LEAST_BASE_SHARE = 0.1;
/** Before a teardown, the least of the last so much of the work: two copies may live for a moment. */
const LAST_WORK_SHARE = 1 / 25;
const LEAST_LAST_MOMENTS = 3;

export interface WaySpan {
  /** Bytes are of what was born after this moment, -1 = whenever. */
  readonly after: number;
  readonly at: number;
  readonly bytes: number;
}

/** `exact` is what the way held at every moment. */
export function spanOfWay(exact: Float64Array, { start }: CurveJudgement, { binOf, isAtWork }: WorkClock): WaySpan {
  const last = exact.length - 1;
  let most = 0;
  for (const bytes of exact) most = Math.max(most, bytes);
  let at = last;
  while (at > 0 && exact[at]! < KEPT_SHARE * most) at--;
  if (at < last) at = beforeCopies(exact, at, isAtWork);
  // What came and went beside it made the most: nothing of what stays was given back.
  if (exact[last]! >= KEPT_SHARE * exact[at]!) at = last;
  let after = -1;
  if (start > 0) {
    while (after + 1 < last && binOf[after + 1]! < start) after++;
    let least = Number.POSITIVE_INFINITY;
    for (let moment = 0; moment <= after; moment++) least = Math.min(least, exact[moment]!);
    if (after >= at || least <= LEAST_BASE_SHARE * exact[at]!) after = -1;
  }
  let base = 0;
  if (after >= 0) {
    base = exact[at]!;
    for (let moment = after; moment < at; moment++) base = Math.min(base, exact[moment]!);
  }
  return { after, at, bytes: exact[at]! - base };
}

function beforeCopies(exact: Float64Array, at: number, isAtWork: Uint8Array): number {
  const working: number[] = [];
  for (let moment = 0; moment <= at; moment++) if (isAtWork[moment] === 1) working.push(moment);
  const count = Math.max(LEAST_LAST_MOMENTS, Math.floor(working.length * LAST_WORK_SHARE));
  let least = at;
  for (const moment of working.slice(-count)) if (exact[moment]! < exact[least]!) least = moment;
  // What only rises has its least first; copies fall back to it.
  const fellBack = working.some((moment) => moment < least && exact[moment]! > exact[least]!);
  return fellBack && exact[least]! < KEPT_SHARE * exact[at]! ? least : at;
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
