/**
 * What is live at the end of the recording, site by site: how much, since when, how its live bytes went over time, and
 * a verdict with the rule that gave it. What was born during the warm-up does not count.
 *
 * A verdict is one of a place: the sites of all threads with the same stack and allocator, since threads that share a
 * cache or a leak take turns in filling it. One scan over the bulk table `lifetime` finds everything, in columns, so
 * that hundreds of thousands of sites are judged in a fraction of a second.
 */
import { NEVER } from '../tables.js';
import { findLeakPlaces, type LeakPlaces } from './leak-places.js';
import { halfStep, judgeLeak, LEAK_RULES, START_UP_PERCENT, traceCurve, type LeakClock } from './leak-verdict.js';
import { firstStepFrom, NO_GROUP, spreadOverTicks } from './live-over-time.js';
import { isExtraPiece } from './site-weights.js';
import type { Selection } from './selection.js';
import { ViewError } from './view-error.js';
import { readWindow } from './window.js';

/** Rows in the order of `site` first met; `order` has the heaviest first. */
export interface LeakTable {
  readonly length: number;
  /** Row of `SiteTable`; where threads are merged, the first one of the place. */
  readonly site: Uint32Array;
  readonly bytes: Float64Array;
  readonly count: Float64Array;
  /** Ticks in which the first and the last of what is still live were allocated. */
  readonly firstBornTick: Uint32Array;
  readonly lastBornTick: Uint32Array;
  /** Position in `LEAK_RULES`. */
  readonly rule: Uint8Array;
  /** Live bytes at the ends of `stepTicks`: `liveBytes[row * stepTicks.length + step]`. */
  readonly liveBytes: Float64Array;
  /** The last tick of each step of time; the last step ends with the recording. */
  readonly stepTicks: Uint32Array;
  /** First tick after the warm-up. */
  readonly fromTick: number;
  /** Rows, heaviest first. */
  readonly order: Uint32Array;
  /** Of all rows, and by rule. */
  readonly totalBytes: number;
  readonly totalCount: number;
  readonly byRule: readonly LeakTotal[];
}

/** What the rows of one verdict hold together. */
export interface LeakTotal {
  readonly rows: number;
  readonly bytes: number;
  readonly count: number;
}

/** Steps that verdicts and sparklines are made of. */
const STEPS = 24;

/** The first tick after a warm-up: a share of the recording or a time, as windows take them. Throws `ViewError`. */
export function endOfWarmUp(text: string, profile: Selection['profile']): number {
  try {
    if (!text.includes('..')) return readWindow(`${text}..`, profile).fromTick;
  } catch (error) {
    if (!(error instanceof ViewError) || error.code !== 'syntax') throw error;
  }
  throw new ViewError(
    'syntax',
    `${text.slice(0, 100)} is no warm-up: write a share (20%), a time (30s) or a tick (#100)`,
  );
}

/**
 * Leaks of the sites that a selection by `leaked`, without a window, gives weight to; `fromTick` is the first tick after
 * the warm-up. Throws `ViewError` with `cannotAnswer` for an aggregated capture.
 */
export function listLeaks(selection: Selection, fromTick: number): LeakTable {
  const { profile, sites, passes } = selection;
  if (profile.capture.layout === 'aggregated') {
    throw new ViewError(
      'cannotAnswer',
      'an aggregated capture does not say when what leaked was allocated, nor how it grew: ' +
        '`memscope table --measure leaked` lists what it knows',
    );
  }
  const ticks = profile.ticks().length;
  const stepTicks = spreadOverTicks(fromTick, ticks, STEPS);
  const steps = stepTicks.length;
  const stepAt = firstStepFrom(stepTicks.map((tick) => 2 * tick + 1));
  const halfMoment = 2 * stepTicks[halfStep(steps)]! + 1;
  const { rowOfSite, placeOfRow, siteOfRow, places } = findLeakPlaces(selection);

  const length = siteOfRow.length;
  const bytes = new Float64Array(length);
  const count = new Float64Array(length);
  const firstBornTick = new Uint32Array(length).fill(NEVER);
  const lastBornTick = new Uint32Array(length);
  const liveBytes = new Float64Array(length * steps);
  const keptBytes = new Float64Array(places);
  const freedBytes = new Float64Array(places);
  const firstMoment = 2 * fromTick;
  for (const batch of profile.lifetimes(firstMoment)) {
    const { rows, site, born, died, bytes: bornBytes, count: bornCount } = batch;
    for (let at = 0; at < rows; at++) {
      const row = rowOfSite[site[at]!]!;
      const from = born[at]!;
      if (row === NO_GROUP || from < firstMoment) continue;
      const to = died[at]!;
      if (passes !== null && !passes(site[at]!, from, to)) continue;
      const some = bornBytes[at]!;
      liveBytes[row * steps + stepAt[from]!]! += some;
      if (to !== NEVER) {
        liveBytes[row * steps + stepAt[to]!]! -= some;
        if (to > halfMoment) freedBytes[placeOfRow[row]!]! += some;
        continue;
      }
      if (from <= halfMoment) keptBytes[placeOfRow[row]!]! += some;
      bytes[row]! += some;
      count[row]! += bornCount[at]!;
      if (isExtraPiece(batch, at, sites.allocator)) continue;
      const tick = from >> 1;
      if (tick < firstBornTick[row]!) firstBornTick[row] = tick;
      if (tick > lastBornTick[row]!) lastBornTick[row] = tick;
    }
  }
  for (let start = 0; start < liveBytes.length; start += steps) {
    for (let step = 1; step < steps; step++) liveBytes[start + step]! += liveBytes[start + step - 1]!;
  }
  for (let row = 0; row < length; row++) {
    // Only pieces of a mapping that was itself born before.
    if (firstBornTick[row] === NEVER) firstBornTick[row] = lastBornTick[row] = fromTick;
  }

  const startedTick = readWindow(`${START_UP_PERCENT}..`, profile).fromTick;
  const ruleOfPlace = judgePlaces(
    { placeOfRow, places, bytes, count, firstBornTick, lastBornTick, liveBytes, keptBytes, freedBytes, steps },
    { ticks, fromTick, startedTick },
  );
  const rule = Uint8Array.from(placeOfRow, (place) => ruleOfPlace[place]!);
  const order = Uint32Array.from(placeOfRow.keys())
    .filter((row) => bytes[row] !== 0 || count[row] !== 0)
    .sort((a, b) => bytes[b]! - bytes[a]! || count[b]! - count[a]! || a - b);
  const byRule = LEAK_RULES.map(() => ({ rows: 0, bytes: 0, count: 0 }));
  const all = { rows: 0, bytes: 0, count: 0 };
  for (const row of order) {
    for (const total of [byRule[rule[row]!]!, all]) {
      total.rows++;
      total.bytes += bytes[row]!;
      total.count += count[row]!;
    }
  }
  return {
    length,
    site: siteOfRow,
    bytes,
    count,
    firstBornTick,
    lastBornTick,
    rule,
    liveBytes,
    stepTicks,
    fromTick,
    order,
    totalBytes: all.bytes,
    totalCount: all.count,
    byRule,
  };
}

type JudgedColumns = Pick<LeakTable, 'bytes' | 'count' | 'firstBornTick' | 'lastBornTick' | 'liveBytes'> &
  Pick<LeakPlaces, 'placeOfRow' | 'places'> & {
    /** By place. */
    readonly keptBytes: Float64Array;
    readonly freedBytes: Float64Array;
    readonly steps: number;
  };

/** Position in `LEAK_RULES`, by place. */
function judgePlaces(columns: JudgedColumns, clock: LeakClock): Uint8Array {
  const { placeOfRow, places, bytes, count, liveBytes, keptBytes, freedBytes, steps } = columns;
  const live = new Float64Array(places * steps);
  const first = new Uint32Array(places).fill(NEVER);
  const last = new Uint32Array(places);
  for (let row = 0; row < placeOfRow.length; row++) {
    const place = placeOfRow[row]!;
    for (let step = 0; step < steps; step++) live[place * steps + step]! += liveBytes[row * steps + step]!;
    if (bytes[row] === 0 && count[row] === 0) continue;
    first[place] = Math.min(first[place]!, columns.firstBornTick[row]!);
    last[place] = Math.max(last[place]!, columns.lastBornTick[row]!);
  }
  const rules = new Uint8Array(places);
  for (let place = 0; place < places; place++) {
    // Of places that leak nothing after the warm-up no row is listed.
    if (first[place] === NEVER) continue;
    const { half, threeQuarters, end, least, most } = traceCurve(live, place * steps, steps);
    rules[place] = judgeLeak(
      {
        half,
        threeQuarters,
        end,
        least,
        most,
        firstBornTick: first[place]!,
        lastBornTick: last[place]!,
        keptBytes: keptBytes[place]!,
        freedBytes: freedBytes[place]!,
      },
      clock,
    );
  }
  return rules;
}
