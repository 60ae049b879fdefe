/**
 * Lifetimes → a clock of work. Growth is judged against what the program did, not against the time that passed: an idle
 * stretch is no sign that a cache is full, a long import none that nothing happens. A moment counts as work where the
 * application allocated or freed something outside of imports, and counts for more where more came and went; what is
 * kept must not drive the clock, or a cache that filled would stop it and look like a leak. The sum of all work is cut
 * into `BINS` equal bins.
 */
import { NEVER, type LifetimeBatch } from '../tables.js';
import { SITE, type CountedRows } from './counted-rows.js';

export const BINS = 64;
/** With fewer moments of work nothing can be told. */
const LEAST_MOMENTS = 8;
/** Of allocations that one row stands for, so that one row is not all of the clock. */
const MOST_COUNT = 1 << 20;

export interface WorkClock {
  /** By moment: 0 = before the work, then 1 to `BINS`; `BINS + 1` behind the last moment, for what was never freed. */
  readonly binOf: Uint8Array;
  /** By moment: 1 where work was done. */
  readonly isAtWork: Uint8Array;
  readonly momentsOfWork: number;
}

/** What one scan finds out. */
export interface Activity {
  /** Null where there was too little work to tell. */
  readonly clock: WorkClock | null;
  /** By site: no more than this was ever live at once. */
  readonly mostBytes: Float64Array;
}

export function readActivity(rows: CountedRows): Activity {
  const { profile, tree, role, moments } = rows;
  const sites = role.length;
  const all = newTally(moments);
  const ofApplication = newTally(moments);
  const imports = new Float64Array(moments + 1);
  const mostBytes = new Float64Array(sites);
  const isOwn = Uint8Array.from(tree.nodeOfSite, (node) => tree.throughApplication[node]!);
  for (const batch of profile.lifetimes()) {
    for (const [tally, wanted] of [
      [ofApplication, 1],
      [all, 0],
    ] as const) {
      addWork(batch, tally, role, isOwn, wanted);
    }
    addRest(batch, imports, mostBytes, role);
  }
  for (let moment = 0; moment <= moments; moment++) {
    all.rows[moment]! += ofApplication.rows[moment]!;
    all.passing[moment]! += ofApplication.passing[moment]!;
  }
  const tally = ofApplication.rows.some((count) => count > 0) ? ofApplication : all;
  return { clock: windClock(tally, imports, rows), mostBytes };
}

interface Tally {
  /** Rows that were born or died. */
  readonly rows: Float64Array;
  /** Allocations that came and went. */
  readonly passing: Float64Array;
}

function newTally(moments: number): Tally {
  return { rows: new Float64Array(moments + 1), passing: new Float64Array(moments + 1) };
}

/** Of sites that are the application's (`wanted` = 1), or are not. */
function addWork(
  { rows, site, born, died, count }: LifetimeBatch,
  { rows: counted, passing }: Tally,
  role: Uint8Array,
  isOwn: Uint8Array,
  wanted: number,
): void {
  for (let row = 0; row < rows; row++) {
    const at = site[row]!;
    if (role[at] === SITE.imports || isOwn[at] !== wanted) continue;
    const from = born[row]!;
    const to = died[row]!;
    counted[from]!++;
    if (to === NEVER) continue;
    counted[to]!++;
    const some = Math.min(count[row]!, MOST_COUNT);
    passing[from]! += some;
    passing[to]! += some;
  }
}

function addRest(
  { rows, site, born, bytes }: LifetimeBatch,
  imports: Float64Array,
  mostBytes: Float64Array,
  role: Uint8Array,
): void {
  for (let row = 0; row < rows; row++) {
    const at = site[row]!;
    if (role[at] === SITE.imports) imports[born[row]!]!++;
    else mostBytes[at]! += bytes[row]!;
  }
}

function windClock(
  { rows, passing }: Tally,
  imports: Float64Array,
  { profile, moments }: CountedRows,
): WorkClock | null {
  const isAtWork = new Uint8Array(moments);
  let first = -1;
  for (let moment = 0; moment < moments; moment++) {
    // Where more was imported than done, nothing was done.
    const done = rows[moment]!;
    if (done === 0 || done < imports[moment]!) continue;
    isAtWork[moment] = 1;
    if (first < 0) first = moment;
  }
  addBusyTicks(isAtWork, Math.max(0, first), imports, profile.ticks());
  const weights = Float64Array.from(isAtWork, (at, moment) => at * Math.log2(2 + Math.max(0, passing[moment]!)));
  const momentsOfWork = isAtWork.reduce((sum, at) => sum + at, 0);
  if (momentsOfWork < LEAST_MOMENTS) return null;
  return { binOf: cutIntoBins(weights), isAtWork, momentsOfWork };
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
    time += Math.min(1, weights[moment]! / sorted[middle]!);
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
