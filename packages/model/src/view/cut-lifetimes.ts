/**
 * Some places in time → batches that add up to what the bulk table `lifetime` does, as far as only those places tell
 * moments apart: of whole periods sums (cohorts.ts), and of the periods that are cut the lifetimes that are born or die in
 * them. Batches that hold none of these are not read.
 */
import { NEVER, type Cohorts, type CohortTable, type LifetimeBatch } from '../lifetimes.js';
import type { Profile } from '../profile.js';
import { beginsOf } from './cohort-rows.js';
import { CombinedLifetimes } from './combined-lifetimes.js';

/** Where more are cut, all is read as soon. */
const MOST_CUT = 12;
/** So many rows of sums are read in the time that a batch takes. */
const ROWS_PER_BATCH = 1 << 15;

export interface CutQuestion {
  /** Moments: what is before each is told from what is not. */
  readonly places: readonly number[];
  /** Rows that are born before this moment, which is one of the places or 0, or after `last` do not count. */
  readonly bornFrom: number;
  /** Nor do rows that die before `first`. */
  readonly first: number;
  readonly last: number;
  /** Whether rows count that live at none of the places, as some bytes without a count. */
  readonly isFreedCounted: boolean;
}

export interface CutBatch extends LifetimeBatch {
  /** Where a row stands for several, moment of the last birth; `born` is the first one. */
  readonly lastBorn?: Uint32Array;
}

/** In any order; rows that do not count may be among them. */
export function* lifetimesCutAt(profile: Profile, question: CutQuestion): Generator<CutBatch> {
  const cohorts = profile.cohorts();
  const cut = cohorts === null ? null : cutPeriods(cohorts, question.places);
  if (cohorts === null || cut === null) {
    yield* profile.lifetimes(question.first, question.last);
    return;
  }
  const periodAt = periodsByMoment(cohorts.periodEnds);
  const wanted = batchesWith(cohorts, cut, periodAt[question.bornFrom]!);
  const spared = batchesBetween(cohorts, periodAt[question.first]!, periodAt[question.last] ?? NEVER) - sum(wanted);
  if (spared * ROWS_PER_BATCH < cohorts.rows) {
    yield* profile.lifetimes(question.first, question.last);
    return;
  }
  const isCut = periodAt.map((period) => cut[period]!);
  if (question.isFreedCounted) yield rowsWithin(cohorts, cut, question);
  yield* rowsOfCut(profile, cohorts.crossing(), {
    isCut,
    wanted,
    segmentAt: segmentsByMoment(cohorts.periodEnds, question.places),
    bornFrom: question.bornFrom,
    last: question.last,
  });
}

/** So many rows of each kind are kept for who asks next: 128 MB at the most. */
const MOST_KEPT = 1 << 21;

interface Cut {
  /** By moment: 1 in the periods that are cut. */
  readonly isCut: Uint8Array;
  /** By batch. */
  readonly wanted: Uint8Array;
  /** By moment: periods, and the parts that the places cut them into, in their order. */
  readonly segmentAt: Uint16Array;
  /** Moments of the first and the last birth that count. */
  readonly bornFrom: number;
  readonly last: number;
}

/** Of a profile what was read last: one answer about a window asks several times. */
const kept = new WeakMap<Profile, { readonly cut: Cut; readonly batches: readonly CutBatch[] }>();

/** Of whole periods, then of those that are cut. */
function* rowsOfCut(profile: Profile, crossing: CohortTable, cut: Cut): Generator<CutBatch> {
  const known = kept.get(profile);
  if (known !== undefined && isSameCut(known.cut, cut)) {
    yield* known.batches;
    return;
  }
  kept.delete(profile);
  const whole = rowsOfWhole(crossing, cut);
  yield whole;
  const combined = new CombinedLifetimes(cut.segmentAt, cut.bornFrom, profile.siteKeys().length);
  let areAll = true;
  // What is born before does not count, whenever it dies.
  for (const batch of profile.markedLifetimes(cut.isCut.slice().fill(0, 0, cut.bornFrom), cut.wanted)) {
    combined.add(batch);
    if (combined.rows <= MOST_KEPT) continue;
    yield combined.take();
    areAll = false;
  }
  const rest = combined.take();
  if (areAll && whole.rows <= MOST_KEPT) kept.set(profile, { cut, batches: [whole, rest] });
  yield rest;
}

function isSameCut(a: Cut, b: Cut): boolean {
  if (a.bornFrom !== b.bornFrom || a.last !== b.last || !areEqual(a.wanted, b.wanted)) return false;
  return areEqual(a.isCut, b.isCut) && areEqual(a.segmentAt, b.segmentAt);
}

function areEqual(a: Uint8Array | Uint16Array, b: Uint8Array | Uint16Array): boolean {
  return a.length === b.length && a.every((each, at) => each === b[at]);
}

function sum(flags: Uint8Array): number {
  return flags.reduce((all, each) => all + each, 0);
}

/** How many batches have something to do with these periods, as far as can be told without reading them. */
function batchesBetween({ periodEnds, bornIn, diedIn }: Cohorts, from: number, to: number): number {
  const periods = periodEnds.length;
  let count = 0;
  for (let at = 0; at < bornIn.length; at += periods) {
    const first = bornIn.subarray(at, at + periods).indexOf(1);
    const last = diedIn.subarray(at, at + periods).lastIndexOf(1);
    if (first <= to && last >= from) count++;
  }
  return count;
}

/** By period: 1 where a place lies within it; null where there are too many of these. */
function cutPeriods({ periodEnds }: Cohorts, places: readonly number[]): Uint8Array | null {
  const begins = beginsOf(periodEnds);
  const cut = new Uint8Array(periodEnds.length);
  for (const place of places) {
    const period = begins.findLastIndex((begin) => begin <= place);
    if (begins[period] !== place && place <= 2 * periodEnds[period]! + 1) cut[period] = 1;
  }
  return sum(cut) > MOST_CUT ? null : cut;
}

function periodsByMoment(periodEnds: Uint32Array): Uint8Array {
  const periodAt = new Uint8Array(2 * periodEnds.at(-1)! + 2);
  for (const [period, begin] of beginsOf(periodEnds).entries()) periodAt.fill(period, begin);
  return periodAt;
}

/** By batch: 1 where it has a row that is born or dies in a period that is cut, and counts. */
function batchesWith({ periodEnds, bornIn, diedIn }: Cohorts, cut: Uint8Array, firstPeriod: number): Uint8Array {
  const periods = periodEnds.length;
  return Uint8Array.from({ length: bornIn.length / periods }, (_, batch) => {
    for (let period = firstPeriod; period < periods; period++) {
      if (cut[period] === 0) continue;
      if (bornIn[batch * periods + period] === 1) return 1;
      // What counts and dies in the first one is born there, unless all births count.
      if ((period > firstPeriod || firstPeriod === 0) && diedIn[batch * periods + period] === 1) return 1;
    }
    return 0;
  });
}

function segmentsByMoment(periodEnds: Uint32Array, places: readonly number[]): Uint16Array {
  const begins = new Uint8Array(2 * periodEnds.at(-1)! + 2);
  for (const begin of [...beginsOf(periodEnds), ...places]) if (begin > 0 && begin < begins.length) begins[begin] = 1;
  let segment = 0;
  return Uint16Array.from(begins, (begin) => (segment += begin));
}

function rowsOfWhole(cohorts: CohortTable, { isCut, bornFrom, last }: Cut): CutBatch {
  const { rows, born, lastBorn, died } = cohorts;
  const found = new Uint32Array(rows);
  let length = 0;
  for (let row = 0; row < rows; row++) {
    const [from, to] = [born[row]!, died[row]!];
    if (from < bornFrom || from > last || isCut[from] === 1) continue;
    if (to === NEVER || isCut[to] === 0) found[length++] = row;
  }
  const places = found.subarray(0, length);
  return { ...rowsAt(cohorts, places), lastBorn: wordsAt(lastBorn, places) };
}

function rowsWithin(cohorts: Cohorts, cut: Uint8Array, { bornFrom, last }: CutQuestion): CutBatch {
  const { periodEnds } = cohorts;
  const bytes = cohorts.within();
  const sites = bytes.length / periodEnds.length;
  const begins = beginsOf(periodEnds);
  const isCounted = begins.map((begin, period) => (begin >= bornFrom && begin <= last && cut[period] === 0 ? 1 : 0));
  const found = new Uint32Array(bytes.length);
  let length = 0;
  for (const [period, counts] of isCounted.entries()) {
    if (counts === 0) continue;
    for (let at = period * sites; at < (period + 1) * sites; at++) if (bytes[at] !== 0) found[length++] = at;
  }
  const places = found.subarray(0, length);
  const born = places.map((at) => begins[Math.floor(at / sites)]!);
  return {
    rows: length,
    site: places.map((at) => at % sites),
    born,
    died: born,
    count: new Float64Array(length),
    bytes: doublesAt(bytes, places),
  };
}

/** Rows that are born or die at a moment that is marked with 1. */
export function markedRows(batch: LifetimeBatch, marked: Uint8Array): LifetimeBatch {
  const { rows, born, died } = batch;
  const found = new Uint32Array(rows);
  let length = 0;
  for (let row = 0; row < rows; row++) if (marked[born[row]!] === 1 || marked[died[row]!] === 1) found[length++] = row;
  return rowsAt(batch, found.subarray(0, length));
}

function rowsAt(batch: LifetimeBatch, places: Uint32Array): LifetimeBatch {
  return {
    rows: places.length,
    site: wordsAt(batch.site, places),
    born: wordsAt(batch.born, places),
    died: wordsAt(batch.died, places),
    count: doublesAt(batch.count, places),
    bytes: doublesAt(batch.bytes, places),
  };
}

function wordsAt(column: Uint32Array, places: Uint32Array): Uint32Array {
  const picked = new Uint32Array(places.length);
  for (let at = 0; at < places.length; at++) picked[at] = column[places[at]!]!;
  return picked;
}

function doublesAt(column: Float64Array, places: Uint32Array): Float64Array {
  const picked = new Float64Array(places.length);
  for (let at = 0; at < places.length; at++) picked[at] = column[places[at]!]!;
  return picked;
}
