/**
 * Sites → how often the work below a function was done. What is allocated once a call, or a few times, is counted alike
 * in several places; the count that most places agree on is the number of calls.
 */
import { ALLOCATOR_NAMES } from '../tables.js';
import type { SiteKeys, SiteWeights } from '../profile.js';
import { SITE, type CountedRows } from './counted-rows.js';
import { areInStep } from './in-step.js';

const LEAST_COUNT = 5;
const LEAST_CALLS = 10;
const LEAST_PLACES = 3;
const MOST_MULTIPLE = 8;
/** What is kept once a call says more than what comes and goes twice. */
const KEPT_WEIGHT = 1.25;
/** Of so many different counts the most frequent are looked at. */
const MOST_COUNTS = 200;

/**
 * Of sites whose node is marked; `total` is all that sites ever allocated. `kept` are counts of what is kept there, with
 * which calls must be in step; none where nothing is counted. Null where places do not agree.
 */
export function countCalls(
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
  let best = { calls: 0, score: 0 };
  for (const [calls, places] of counts) {
    const isKept = kept.some((count) => Math.abs(count - calls) <= 1);
    if ((places < 2 && !isKept) || calls < LEAST_CALLS || (kept.length > 0 && !areInStep([calls], kept))) continue;
    let agreeing = 0;
    for (const [count, others] of counts) {
      if (count % calls === 0 && count / calls <= MOST_MULTIPLE) agreeing += others;
    }
    const score = agreeing * Math.log(calls) * (isKept ? KEPT_WEIGHT : 1);
    if (agreeing >= LEAST_PLACES && score > best.score) best = { calls, score };
  }
  return best.calls > 0 ? best.calls : null;
}
