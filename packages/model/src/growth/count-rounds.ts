/**
 * Sites → how often the work below a function was done. What is allocated once a round, or a few times, is counted alike
 * in several places; the count that most places agree on is the number of rounds.
 */
import { ALLOCATOR_NAMES } from '../tables.js';
import type { SiteKeys, SiteWeights } from '../profile.js';
import { SITE, type CountedRows } from './counted-rows.js';
import { areInStep } from './in-step.js';

const LEAST_COUNT = 5;
const LEAST_ROUNDS = 10;
const LEAST_PLACES = 3;
const MOST_MULTIPLE = 8;
/** What is kept once a round says more than what comes and goes twice. */
const KEPT_WEIGHT = 1.25;
/** Of so many different counts the most frequent are looked at. */
const MOST_COUNTS = 200;

/**
 * Of sites whose node is marked; `total` is all that sites ever allocated. `kept` are counts of what is kept there, with
 * which rounds must be in step; none where nothing is counted. Null where places do not agree.
 */
export function countRounds(
  isBelow: Uint8Array,
  { role, tree }: CountedRows,
  { pythonStack, allocator }: SiteKeys,
  total: SiteWeights,
  kept: readonly number[],
): number | null {
  // Threads do the same work.
  const countOfPlace = new Map<number, number>();
  for (let site = 0; site < role.length; site++) {
    if (role[site] === SITE.imports || isBelow[tree.nodeOfSite[site]!] === 0) continue;
    const place = pythonStack[site]! * ALLOCATOR_NAMES.length + allocator[site]!;
    countOfPlace.set(place, (countOfPlace.get(place) ?? 0) + total.count[site]!);
  }
  const placesOfCount = new Map<number, number>();
  for (const count of countOfPlace.values()) {
    if (count >= LEAST_COUNT) placesOfCount.set(count, (placesOfCount.get(count) ?? 0) + 1);
  }
  const counts = [...placesOfCount].sort((a, b) => b[1] - a[1] || b[0] - a[0]).slice(0, MOST_COUNTS);
  let best = { rounds: 0, score: 0 };
  for (const [rounds, places] of counts) {
    const isKept = kept.some((count) => Math.abs(count - rounds) <= 1);
    if ((places < 2 && !isKept) || rounds < LEAST_ROUNDS || (kept.length > 0 && !areInStep([rounds], kept))) continue;
    let agreeing = 0;
    for (const [count, others] of counts) {
      if (count % rounds === 0 && count / rounds <= MOST_MULTIPLE) agreeing += others;
    }
    const score = agreeing * Math.log(rounds) * (isKept ? KEPT_WEIGHT : 1);
    if (agreeing >= LEAST_PLACES && score > best.score) best = { rounds, score };
  }
  return best.rounds > 0 ? best.rounds : null;
}
