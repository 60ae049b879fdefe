/**
 * Places that allocate → how often the work there was done. What is allocated once a round, or a few times, is counted
 * alike in several places; the count that most places agree on is the number of rounds, or the greatest that divides
 * the counts of all that is kept.
 */
import type { AllocationPlace } from './allocation-places.js';

const LEAST_COUNT = 5;
const LEAST_ROUNDS = 10;
const LEAST_PLACES = 3;
const MOST_MULTIPLE = 8;
/** What is kept once a round says more than what comes and goes twice. */
const KEPT_WEIGHT = 1.25;
/** Of so many different counts the most frequent are looked at. */
const MOST_COUNTS = 200;
const MOST_PAIRED = 12;
/** So many places that keep most are asked whether they keep in step. */
const HEAVIEST_PLACES = 4;
const LEAST_KEPT = 0.002;
/** The first rounds make a few more, as caches fill, and one is in the making. */
const NEARLY = 0.005;
/** Where the end gave it back, the moment that is told lies a little before it. */
const NEARLY_TORN_DOWN = 0.02;
const MOST_NEAR_MULTIPLE = 16;
/** Two counts have so large a divisor by chance once in as many times. */
const LEAST_DIVISOR = 100;

/** So many blocks that one place keeps of each round are in step with any count. */
const MANY_KEPT = 50;
const LEAST_PLACES_OF_MANY = 4;

/**
 * Null where places do not agree, or what is kept, of these bytes, is not in step with them; `isTornDown`: the end gave it
 * back. `ofMany`: of each round many blocks may be kept, as those of a parsed document, where more places agree.
 */
export function countRounds(
  places: readonly AllocationPlace[],
  {
    bytes,
    isTornDown,
    ofMany = false,
  }: { readonly bytes: number; readonly isTornDown: boolean; readonly ofMany?: boolean },
): number | null {
  const placesOfCount = new Map<number, number>();
  for (const { made } of places) {
    if (made >= LEAST_COUNT) placesOfCount.set(made, (placesOfCount.get(made) ?? 0) + 1);
  }
  const counts = [...placesOfCount].sort((a, b) => b[1] - a[1] || b[0] - a[0]).slice(0, MOST_COUNTS);
  const heaviest = places
    .filter(({ kept, keptBytes }) => kept >= LEAST_ROUNDS && keptBytes >= LEAST_KEPT * bytes)
    .sort((a, b) => b.keptBytes - a.keptBytes)
    .slice(0, HEAVIEST_PLACES);
  const isMany = (rounds: number): boolean =>
    ofMany && heaviest.length > 0 && heaviest.every(({ kept }) => kept >= MANY_KEPT * rounds);
  const isKeptInStep = (rounds: number): boolean =>
    heaviest.length === 0 || isMany(rounds) || heaviest.some(({ kept }) => isInStep(kept, rounds, isTornDown));
  // Columns: all are compared with all.
  const madeOf = Float64Array.from(counts, ([count]) => count);
  const alikeOf = Float64Array.from(counts, ([, others]) => others);
  const told: Candidate[] = [];
  for (const rounds of candidates(counts)) {
    if (!isKeptInStep(rounds)) continue;
    const isKept = heaviest.some(({ kept }) => Math.abs(kept - rounds) <= 1);
    let [alike, near] = [0, 0];
    for (let at = 0; at < madeOf.length; at++) {
      const count = madeOf[at]!;
      // Most are far from any multiple that counts.
      if (2 * count < rounds || count > (MOST_MULTIPLE + 1) * rounds) continue;
      if (count % rounds === 0 && count / rounds <= MOST_MULTIPLE) alike += alikeOf[at]!;
      else if (isMultiple(count, rounds, NEARLY, MOST_MULTIPLE)) near += alikeOf[at]!;
    }
    const keptOthers = heaviest.filter(({ kept, made }) => kept !== made && isInStep(kept, rounds, isTornDown)).length;
    const score = alike * Math.log(rounds) * (isKept ? KEPT_WEIGHT : 1);
    const places = alike + near + keptOthers;
    const least = isMany(rounds) ? LEAST_PLACES_OF_MANY : LEAST_PLACES;
    if ((isKept || alike >= 2) && places >= least) told.push({ rounds, score, places });
  }
  if (told.length === 0) return commonDivisor(counts, heaviest, isKeptInStep);
  const best = told.reduce((most, each) => (each.score > most.score ? each : most));
  // Nothing that is kept says which of them it is: the work that grows, or what was done before it.
  const isDisputed =
    (heaviest.length === 0 || isMany(best.rounds)) &&
    told.some((each) => each.places >= best.places && !isAkin(each, best));
  return isDisputed ? null : best.rounds;
}

interface Candidate {
  readonly rounds: number;
  readonly score: number;
  /** How many agree. */
  readonly places: number;
}

/** One is about a multiple of the other: they count the same work. */
function isAkin({ rounds: a }: Candidate, { rounds: b }: Candidate): boolean {
  return isMultiple(Math.max(a, b), Math.min(a, b), NEARLY, Infinity);
}

/** Counts themselves, and what two of them have in common: a place that made a list, too, counts one more. */
function candidates(counts: readonly (readonly [number, number])[]): Set<number> {
  const found = new Set(counts.map(([count]) => count).filter((count) => count >= LEAST_ROUNDS));
  const first = counts.slice(0, MOST_PAIRED).map(([count]) => count);
  for (const [at, one] of first.entries()) {
    for (const other of first.slice(at + 1)) {
      const divisor = greatestDivisor(one, other);
      if (divisor >= LEAST_DIVISOR) found.add(divisor);
    }
  }
  return found;
}

/** A multiple, but for one in the making. */
function isInStep(kept: number, rounds: number, isTornDown: boolean): boolean {
  if (kept % rounds === 0) return true;
  const multiple = Math.round(kept / rounds);
  const isNext = Math.abs(kept - multiple * rounds) <= Math.max(1, Math.min(multiple + 1, NEARLY_TORN_DOWN * rounds));
  if (multiple >= 1 && multiple <= MOST_NEAR_MULTIPLE && isNext) return true;
  return isMultiple(kept, rounds, isTornDown ? NEARLY_TORN_DOWN : NEARLY, MOST_MULTIPLE);
}

function isMultiple(count: number, rounds: number, nearly: number, most: number): boolean {
  const multiple = Math.round(count / rounds);
  return multiple >= 1 && multiple <= most && Math.abs(count - multiple * rounds) <= nearly * rounds * multiple;
}

/** Of all that is kept, or, where that is unseen in arenas, of all that is made: different counts of it. */
function commonDivisor(
  counts: readonly (readonly [number, number])[],
  heaviest: readonly AllocationPlace[],
  isKeptInStep: (rounds: number) => boolean,
): number | null {
  const told = new Set(
    heaviest.length > 0
      ? heaviest.flatMap(({ kept, made }) => [kept, made])
      : counts.filter(([count]) => count >= LEAST_DIVISOR).map(([count]) => count),
  );
  if (told.size < 2) return null;
  const rounds = [...told].reduce(greatestDivisor);
  return rounds >= LEAST_DIVISOR && isKeptInStep(rounds) ? rounds : null;
}

function greatestDivisor(a: number, b: number): number {
  let [greater, less] = [a, b];
  while (less > 0) [greater, less] = [less, greater % less];
  return greater;
}
