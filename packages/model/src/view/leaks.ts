/**
 * What is live at the end of the recording, site by site: how much, since when, how its live bytes went over time, and
 * a verdict with the rule that gave it. What was born during the warm-up does not count.
 *
 * A verdict is one of a place: the sites of all threads with the same stack and allocator, since threads that share a
 * cache or a leak take turns in filling it. One scan over the bulk table `lifetime` finds everything, in columns, so
 * that hundreds of thousands of sites are judged in a fraction of a second.
 */
import { canAnswer } from '../answers.js';
import { NEVER } from '../tables.js';
import { findLeakPlaces } from './leak-places.js';
import { judgeLeak, LEAK_RULES, START_UP_PERCENT, traceCurve, type LeakClock } from './leak-verdict.js';
import { spreadOverTicks } from './live-over-time.js';
import type { Selection } from './selection.js';
import { sumLeaks, type LeakSums } from './sum-leaks.js';
import { ViewError } from './view-error.js';
import { readWindow } from './window.js';

/** Columns, in the order of sites; `order` lists the rows that leak something. */
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
  /** Rows: those that are still growing first, then the others; heaviest first in each. */
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
  const { profile } = selection;
  if (!canAnswer(profile.capture, 'lifetimes')) {
    throw new ViewError(
      'cannotAnswer',
      'an aggregated capture does not say when what leaked was allocated, nor how it grew: ' +
        '`memscope table --measure leaked` lists what it knows',
    );
  }
  const ticks = profile.ticks().length;
  const stepTicks = spreadOverTicks(fromTick, ticks, STEPS);
  const steps = stepTicks.length;
  const { rowOfSite, placeOfRow, siteOfRow, places } = findLeakPlaces(selection);

  const length = siteOfRow.length;
  const sums = sumLeaks(selection, fromTick, rowOfSite, length, stepTicks);
  const { bytes, count, firstBornTick, lastBornTick, liveBytes } = sums;
  const startedTick = readWindow(`${START_UP_PERCENT}..`, profile).fromTick;
  const ruleOfPlace = judgePlaces(sums, placeOfRow, places, steps, { ticks, fromTick, startedTick });
  const rule = Uint8Array.from(placeOfRow, (place) => ruleOfPlace[place]!);
  const grows = rule.map((at) => (LEAK_RULES[at]!.name === 'growing' ? 1 : 0));
  const order = Uint32Array.from(placeOfRow.keys())
    .filter((row) => bytes[row] !== 0 || count[row] !== 0)
    .sort((a, b) => grows[b]! - grows[a]! || bytes[b]! - bytes[a]! || count[b]! - count[a]! || a - b);
  const byRule = LEAK_RULES.map(() => ({ rows: 0, bytes: 0, count: 0 }));
  for (const row of order) {
    const total = byRule[rule[row]!]!;
    total.rows++;
    total.bytes += bytes[row]!;
    total.count += count[row]!;
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
    totalBytes: byRule.reduce((sum, total) => sum + total.bytes, 0),
    totalCount: byRule.reduce((sum, total) => sum + total.count, 0),
    byRule,
  };
}

/** Position in `LEAK_RULES`, by place. */
function judgePlaces(
  sums: LeakSums,
  placeOfRow: Uint32Array,
  places: number,
  steps: number,
  clock: LeakClock,
): Uint8Array {
  const live = new Float64Array(places * steps);
  const first = new Uint32Array(places).fill(NEVER);
  const last = new Uint32Array(places);
  const kept = new Float64Array(places);
  const freed = new Float64Array(places);
  for (let row = 0; row < placeOfRow.length; row++) {
    const place = placeOfRow[row]!;
    for (let step = 0; step < steps; step++) live[place * steps + step]! += sums.liveBytes[row * steps + step]!;
    kept[place]! += sums.keptBytes[row]!;
    freed[place]! += sums.freedBytes[row]!;
    if (sums.bytes[row] === 0 && sums.count[row] === 0) continue;
    first[place] = Math.min(first[place]!, sums.firstBornTick[row]!);
    last[place] = Math.max(last[place]!, sums.lastBornTick[row]!);
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
        keptBytes: kept[place]!,
        freedBytes: freed[place]!,
      },
      clock,
    );
  }
  return rules;
}
