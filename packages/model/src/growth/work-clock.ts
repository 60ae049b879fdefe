/**
 * Lifetimes → a clock of work. Growth is judged against what the program did, not against the time that passed: an idle
 * stretch is no sign that a cache is full, a long import none that nothing happens. A moment counts as work where the
 * application allocated or freed something outside of imports, and counts for more where more came and went; what is
 * kept must not drive the clock, or a cache that filled would stop it and look like a leak. The sum of all work is cut
 * into `BINS` equal bins.
 */
import type { LifetimeBatch, SiteChanges } from '../lifetimes.js';
import { passingOf } from '../view/held-by-period.js';
import { MOST_PASSING } from '../view/live-changes.js';
import { SITE, type CountedRows } from './counted-rows.js';

export const BINS = 64;
/** With fewer moments of work nothing can be told. */
const LEAST_MOMENTS = 8;

export interface WorkClock {
  /** The last moment of the warm-up, -1 = none: work begins after it. */
  readonly warmUntil: number;
  /** By moment: 0 = before the work, then 1 to `BINS`; `BINS + 1` behind the last moment, for what was never freed. */
  readonly binOf: Uint8Array;
  /** By moment: 1 where work was done. */
  readonly isAtWork: Uint8Array;
  readonly momentsOfWork: number;
  /** By bin: the share of the ticks with work up to its end. */
  readonly workUpTo: Float64Array;
  /** By moment: rows that were born or died at sites of the application, outside of imports. */
  readonly ownActivity: Float64Array;
  /** By moment: 1 where anything at all was allocated or freed; null in a capture that does not know. */
  readonly isActive: Uint8Array | null;
}

/** What one scan finds out. */
export interface Activity {
  /** Null where there was too little work to tell. */
  readonly clock: WorkClock | null;
  /** By node of the tree: no more than this was ever live at once, without what lies below it. */
  readonly mostBytes: Float64Array;
}

/** Work counts from a tick on. */
export function readActivity(rows: CountedRows, fromTick = 0): Activity {
  const { profile, changes: summed, moments, tree } = rows;
  const work: Work = {
    size: moments + 2,
    counted: new Float64Array(PARTS * (moments + 2)),
    passing: new Float64Array(PARTS * (moments + 2)),
    mostBytes: new Float64Array(tree.length),
    partOf: partsOf(rows),
    nodeOfSite: tree.nodeOfSite,
  };
  if (summed !== null) addSummed(summed, work);
  else for (const batch of profile.lifetimes()) addWork(batch, work, moments);
  const part = (column: Float64Array, index: number): Float64Array =>
    column.subarray(index * (moments + 2), index * (moments + 2) + moments + 1);
  const [others, own, imports] = [part(work.counted, OTHERS), part(work.counted, OWN), part(work.counted, IMPORTS)];
  const isActive = findActive(others, own, imports, rows);
  const isOwn = own.some((count) => count > 0);
  const passing = part(work.passing, isOwn ? OWN : OTHERS);
  const wound = windClock(isOwn ? own : others, passing, imports, isActive, rows, 2 * fromTick - 1);
  const clock = wound && { ...wound, ownActivity: own.subarray(0, moments) };
  return { clock, mostBytes: work.mostBytes };
}

/** What is counted by moment stands in parts: of others' sites, of the application's, births of imports, and the rest. */
const [OTHERS, OWN, IMPORTS, UNREAD, PARTS] = [0, 1, 2, 3, 4];

interface Work {
  /** Of a part: moments, and one for what was never freed. */
  readonly size: number;
  /** Rows that were born or died, by part and moment; behind the last moment, what was never freed. */
  readonly counted: Float64Array;
  /** Allocations that came and went, the same. */
  readonly passing: Float64Array;
  /** By node. */
  readonly mostBytes: Float64Array;
  readonly nodeOfSite: Uint32Array;
  /** By site: the part that its births are counted in, and its deaths but for those of imports. */
  readonly partOf: Uint8Array;
}

function partsOf({ tree: { throughApplication, nodeOfSite }, role }: CountedRows): Uint8Array {
  const partOf = new Uint8Array(role.length);
  for (let at = 0; at < role.length; at++) {
    if (role[at] === SITE.leftOut) partOf[at] = IMPORTS;
    else partOf[at] = throughApplication[nodeOfSite[at]!] === 1 ? OWN : OTHERS;
  }
  return partOf;
}

function addSummed(
  { length, site, moment, bytes, births, deaths, passing: passed }: SiteChanges,
  { size, counted, passing, mostBytes, nodeOfSite, partOf }: Work,
): void {
  const live = new Float64Array(partOf.length);
  const most = new Float64Array(partOf.length);
  for (let row = 0; row < length; row++) {
    const at = site[row]!;
    const when = moment[row]!;
    const born = births[row]!;
    const part = partOf[at]!;
    const cell = size * part + when;
    if (part === IMPORTS) {
      counted[cell]! += born;
      continue;
    }
    // Only deaths of imports are counted apart from births.
    const died = deaths[row]!;
    counted[cell]! += born + died;
    passing[cell]! += passed === null ? passingOf(born, died) : passed[row]!;
    live[at]! += bytes[row]!;
    if (live[at]! <= most[at]!) continue;
    mostBytes[nodeOfSite[at]!]! += live[at]! - most[at]!;
    most[at] = live[at]!;
  }
}

// Loops over millions of rows: whatever their order, the engine has seen each line of them when it compiles them.

function addWork(
  { rows, site, born, died, count, bytes }: LifetimeBatch,
  { size, counted, passing, mostBytes, nodeOfSite, partOf }: Work,
  moments: number,
): void {
  for (let row = 0; row < rows; row++) {
    const at = site[row]!;
    const isFreed = died[row]! <= moments;
    const passed = isFreed ? Math.min(count[row]!, MOST_PASSING) : 0;
    const part = partOf[at]!;
    const from = size * part + born[row]!;
    const to = size * (part === IMPORTS ? UNREAD : part) + (isFreed ? died[row]! : moments + 1);
    if (part !== IMPORTS) mostBytes[nodeOfSite[at]!]! += bytes[row]!;
    counted[from]!++;
    counted[to]!++;
    passing[from]! += passed;
    passing[to]! += passed;
  }
}

function findActive(
  others: Float64Array,
  own: Float64Array,
  imports: Float64Array,
  { profile, moments }: CountedRows,
): Uint8Array | null {
  const ticks = profile.ticks();
  if (ticks.peakBytes === null) return null;
  const isActive = new Uint8Array(moments);
  for (let moment = 0; moment < moments; moment++) {
    if (others[moment]! + own[moment]! + imports[moment]! > 0) isActive[moment] = 1;
  }
  addBusyTicks(isActive, 0, imports, ticks);
  return isActive;
}

function windClock(
  rows: Float64Array,
  passing: Float64Array,
  imports: Float64Array,
  isActive: Uint8Array | null,
  { profile, moments }: CountedRows,
  warmUntil: number,
): Omit<WorkClock, 'ownActivity'> | null {
  const isAtWork = new Uint8Array(moments);
  let first = -1;
  for (let moment = warmUntil + 1; moment < moments; moment++) {
    // Where more was imported than done, nothing was done.
    const done = rows[moment]!;
    if (done === 0 || done < imports[moment]!) continue;
    isAtWork[moment] = 1;
    if (first < 0) first = moment;
  }
  addBusyTicks(isAtWork, Math.max(warmUntil + 1, first), imports, profile.ticks());
  const weights = Float64Array.from(isAtWork, (at, moment) => at * Math.log2(2 + Math.max(0, passing[moment]!)));
  const momentsOfWork = isAtWork.reduce((sum, at) => sum + at, 0);
  if (momentsOfWork < LEAST_MOMENTS) return null;
  const binOf = cutIntoBins(weights);
  return { warmUntil, binOf, isAtWork, momentsOfWork, workUpTo: workUpTo(binOf, isAtWork), isActive };
}

/** Counted by tick: what only comes leaves one moment in a tick, what comes and goes two. */
function workUpTo(binOf: Uint8Array, isAtWork: Uint8Array): Float64Array {
  const share = new Float64Array(BINS + 1);
  let ticks = 0;
  for (let moment = 0; moment < isAtWork.length; moment += 2) {
    if (isAtWork[moment] !== 1 && isAtWork[moment + 1] !== 1) continue;
    share[binOf[moment]!]!++;
    ticks++;
  }
  for (let bin = 1; bin <= BINS; bin++) share[bin]! += share[bin - 1]!;
  return share.map((count) => count / ticks);
}

/** A tick that held more for a moment than before and after it did something that left no row. */
function addBusyTicks(
  isAtWork: Uint8Array,
  first: number,
  imports: Float64Array,
  ticks: ReturnType<CountedRows['profile']['ticks']>,
): void {
  const { length, heapBytes, peakBytes } = ticks;
  if (peakBytes === null) return;
  for (let tick = 0; tick < length; tick++) {
    if (2 * tick < first || imports[2 * tick]! + imports[2 * tick + 1]! > 0) continue;
    const before = tick === 0 ? 0 : heapBytes[tick - 1]!;
    if (peakBytes[tick]! <= Math.max(heapBytes[tick]!, before)) continue;
    isAtWork[2 * tick] = 1;
    isAtWork[2 * tick + 1] = 1;
  }
}

/** Work in which nothing goes is work as well: a leak that takes the place of what was freed is not to be a moment. */
const LEAST_WEIGHT = 0.5;

/** Half of all weight lies in moments of less than the middle one, which count by their weight; the others count alike. */
function cutIntoBins(weights: Float64Array): Uint8Array {
  const sorted = weights.filter((weight) => weight > 0).sort();
  const half = sorted.reduce((sum, weight) => sum + weight, 0) / 2;
  let middle = 0;
  for (let sum = 0; middle < sorted.length - 1; middle++) {
    sum += sorted[middle]!;
    if (sum >= half) break;
  }
  const clock = new Float64Array(weights.length);
  for (let moment = 0, time = 0; moment < weights.length; moment++) {
    if (weights[moment]! > 0) time += Math.max(LEAST_WEIGHT, Math.min(1, weights[moment]! / sorted[middle]!));
    clock[moment] = time;
  }
  const total = clock[clock.length - 1]!;
  const binOf = new Uint8Array(weights.length + 1);
  for (let moment = 0; moment < weights.length; moment++) {
    // A bin ends with a tick: at the greatest heap within one a program whose requests get bigger would grow.
    const time = clock[moment | 1]!;
    binOf[moment] = Math.min(BINS, Math.ceil((time * BINS) / total - 1e-9));
  }
  binOf[weights.length] = BINS + 1;
  return binOf;
}
