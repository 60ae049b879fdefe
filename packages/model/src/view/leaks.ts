/**
 * What is live at the end of the recording or of a window, line by line of the application and over all threads: how
 * much, since when, how its live bytes went over time, and a verdict with the rule that gave it. What was born before
 * the warm-up or the window does not count, nor does what is only reserved.
 *
 * What grows is told by the same rule as everywhere (`findGrowth`): a line whose bytes belong to it grows, and none else
 * is said to. One scan over the bulk table `lifetime` finds the rest, in columns.
 *
 * Of several runs each is judged by itself, on its own clock; a line has the verdict of most of its bytes.
 */
import { canAnswer } from '../answers.js';
import { findGrowth } from '../growth/find-growth.js';
import type { Profile } from '../profile.js';
import type { FrameRow, RowColumn, SignedRowColumn, SiteRow } from '../rows.js';
import { judgeRows, partsOfGrowth } from './judge-leak-rows.js';
import { findLeakPlaces, type LeakPlaces } from './leak-places.js';
import { joinLeaks, type FoundLeakRows, type RunLeaks } from './join-leaks.js';
import { LEAK_RULES, START_UP_PERCENT, START_UP_SHARE } from './leak-verdict.js';
import { endsOfPeriods, leakSteps } from './live-changes.js';
import { weightsUsed } from './reserved-leaks.js';
import type { SelectedRun, Selection } from './selection.js';
import { ticksOfRun } from './set-recording.js';
import { sumLeaks } from './sum-leaks.js';
import { ViewError } from './view-error.js';
import { readWindow, type TimeWindow } from './window.js';

/** Columns by line; `order` lists the rows that leak something. */
export interface LeakTable {
  readonly length: number;
  /** Position in `LEAK_ROW_KINDS`. */
  readonly kind: Uint8Array;
  /** Row of `FrameTable` of the line; -1 = none. */
  readonly frame: SignedRowColumn<FrameRow>;
  /** Row of `SiteTable`: the site that keeps most, and how many there are. */
  readonly site: RowColumn<SiteRow>;
  readonly sites: Uint32Array;
  readonly bytes: Float64Array;
  readonly count: Float64Array;
  /** Ticks of the selection's recording in which the first and the last of what is still live were allocated. */
  readonly firstBornTick: Uint32Array;
  readonly lastBornTick: Uint32Array;
  /** Position in `LEAK_RULES`. */
  readonly rule: Uint8Array;
  /** Live bytes at the ends of `stepTicks`: `liveBytes[row * stepTicks.length + step]`. */
  readonly liveBytes: Float64Array;
  /** The last tick of each step of time; the last step ends with the recording or the window. Of several runs, what one had not freed stays until there. */
  readonly stepTicks: Uint32Array;
  /** First tick after the warm-up. */
  readonly fromTick: number;
  /**
   * Rows: those that are still growing first, then the others; heaviest first in each. With a base what grew most since
   * comes first.
   */
  readonly order: Uint32Array;
  /** What the base keeps, row by row; null without one. */
  readonly base: LeaksOfBase | null;
  /** Of all rows, and by rule. */
  readonly totalBytes: number;
  readonly totalCount: number;
  /** By row: live at the end as well, but only reserved. It counts in no other number. */
  readonly reservedBytes: Float64Array;
  readonly byRule: readonly LeakTotal[];
}

/** What a base keeps at the lines at which it or the head leaks. */
export interface LeaksOfBase {
  /** By row. */
  readonly bytes: Float64Array;
  readonly count: Float64Array;
  /** Rows where the head keeps nothing. */
  readonly gone: LeakTotal;
}

/** What the rows of one verdict hold together. */
export interface LeakTotal {
  readonly rows: number;
  readonly bytes: number;
  readonly count: number;
}

/**
 * The first tick after a warm-up: a share of the recording or a time, as windows take them; of several runs on the clock
 * that they share. Throws `ViewError`.
 */
export function endOfWarmUp(text: string, recording: Pick<Profile, 'capture' | 'notes' | 'ticks'>): number {
  try {
    if (!text.includes('..')) return readWindow(`${text}..`, recording).fromTick;
  } catch (error) {
    if (!(error instanceof ViewError) || error.code !== 'syntax') throw error;
  }
  throw new ViewError(
    'syntax',
    `${text.slice(0, 100)} is no warm-up: write a share (20%), a time (30s) or a tick (#100)`,
  );
}

/**
 * Leaks of the sites that a selection by `leaked` gives weight to, within its window if it has one; `warmUpTick` is the
 * first tick after the warm-up, on the clock of each side. Throws `ViewError` with `cannotAnswer` for an aggregated capture.
 */
export function listLeaks(selection: Selection, warmUpTick: number, baseWarmUpTick = 0): LeakTable {
  const { recording, window, runs } = selection;
  if (runs.some(({ profile }) => !canAnswer(profile.capture, 'lifetimes'))) {
    throw new ViewError(
      'cannotAnswer',
      'an aggregated capture does not say when what leaked was allocated, nor how it grew: ' +
        '`memscope table --measure leaked` lists what it knows',
    );
  }
  const toTick = window === null ? recording.ticks().length : window.toTick;
  const fromTick = Math.min(Math.max(warmUpTick, window?.fromTick ?? 0), toTick);
  const head = runs.filter(({ side }) => side === 'head');
  const alone = head.length === 1 && head[0]!.steps === null ? head[0]! : null;
  const stepTicks = alone === null ? leakSteps(fromTick, toTick, null) : stepsOfRun(alone.profile, fromTick, toTick);
  const used = weightsUsed(selection);
  const places = findLeakPlaces(selection, used);
  const parts = head.flatMap((run) => {
    const { steps } = run;
    const span = steps === null ? { fromTick, toTick } : ticksOfRun(steps, { fromTick, toTick });
    return span === null ? [] : [leaksOfRun(selection.sites, used, run, places, span)];
  });
  const found = alone === null ? joinLeaks(parts, places.siteOfRow.length, stepTicks) : parts[0]!;
  const table = orderLeaks(places, found, stepTicks, fromTick);
  const base = leaksOfBase(selection, places, table, baseWarmUpTick);
  if (base === null) return { ...table, base };
  const changes = table.bytes.map((bytes, row) => bytes - base.bytes[row]!);
  return { ...table, base, order: table.order.toSorted((a, b) => changes[b]! - changes[a]!) };
}

/** A run of the base from its first tick that counts on; null without a base. */
function leaksOfBase(
  { runs, sites }: Selection,
  { rowOfSite, siteOfRow: { length } }: LeakPlaces,
  head: Pick<LeakTable, 'bytes' | 'count'>,
  warmUpTick: number,
): LeaksOfBase | null {
  const base = runs.filter(({ side }) => side === 'base');
  if (base.length === 0) return null;
  const bytes = new Float64Array(length);
  const count = new Float64Array(length);
  for (const { profile, window, passes, steps, firstSite, siteCount } of base) {
    const whole = { fromTick: warmUpTick, toTick: steps === null ? profile.ticks().length : steps.first.length };
    const span = steps === null ? whole : ticksOfRun(steps, whole);
    if (span === null) continue;
    const toTick = window?.toTick ?? span.toTick;
    const fromTick = Math.min(Math.max(span.fromTick, window?.fromTick ?? 0), toTick);
    const own = (column: Int32Array): Int32Array => column.subarray(firstSite, firstSite + siteCount);
    const allocator = sites.allocator.subarray(firstSite, firstSite + siteCount);
    const stepTicks = stepsOfRun(profile, fromTick, toTick);
    const sums = sumLeaks({ profile, passes, allocator }, fromTick, own(rowOfSite), length, stepTicks);
    for (let row = 0; row < length; row++) {
      bytes[row]! += sums.bytes[row]!;
      count[row]! += sums.count[row]!;
    }
  }
  const gone = { rows: 0, bytes: 0, count: 0 };
  for (let row = 0; row < length; row++) {
    if (head.bytes[row] !== 0 || head.count[row] !== 0 || (bytes[row] === 0 && count[row] === 0)) continue;
    gone.rows++;
    gone.bytes += bytes[row]!;
    gone.count += count[row]!;
  }
  return { bytes, count, gone };
}

function leaksOfRun(
  sites: Selection['sites'],
  weights: Selection['weights'],
  run: SelectedRun,
  places: LeakPlaces,
  { fromTick, toTick }: Pick<TimeWindow, 'fromTick' | 'toTick'>,
): RunLeaks {
  const { profile, window, passes, firstSite, siteCount } = run;
  const rows = places.siteOfRow.length;
  const ofRun = <Column extends Int32Array | Uint8Array | Float64Array>(column: Column): Column =>
    column.subarray(firstSite, firstSite + siteCount) as Column;
  const rowOfSite = ofRun(places.rowOfSite);
  const stepTicks = stepsOfRun(profile, fromTick, toTick);
  const allocator = ofRun(sites.allocator);
  const sums = sumLeaks({ profile, passes, allocator }, fromTick, rowOfSite, rows, stepTicks);
  const startedTick =
    window === null
      ? readWindow(`${START_UP_PERCENT}..`, profile).fromTick
      : window.fromTick + Math.round((window.toTick - window.fromTick) * START_UP_SHARE);
  const growth = window === null || window.hasTail ? findGrowth(profile, fromTick) : null;
  const rule = judgeRows(
    sums,
    rows,
    stepTicks.length,
    { ticks: toTick, fromTick, startedTick },
    partsOfGrowth(profile, ofRun(weights.bytes), rowOfSite, rows, growth),
    places.kindOfRow,
  );
  return { run, sums, rule, rowOfSite, fromTick, toTick };
}

/** Where lifetimes are summed by period, steps end with periods, so that nobody needs to look at single ones. */
export function stepsOfRun(profile: Profile, fromTick: number, toTick: number): Uint32Array {
  const ticks = profile.ticks().length;
  if (fromTick !== 0 || toTick !== ticks) return leakSteps(fromTick, toTick, profile.cohorts()?.periodEnds ?? null);
  const coarse = profile.liveChanges() === null ? profile.coarseChanges() : null;
  return leakSteps(fromTick, toTick, coarse === null || coarse.bySite === null ? null : endsOfPeriods(coarse, ticks));
}

/** Rows that keep something, as they stand. */
function rowsThatKeep(bytes: Float64Array, count: Float64Array): Uint32Array {
  const rows = new Uint32Array(bytes.length);
  let kept = 0;
  for (let row = 0; row < bytes.length; row++) if (bytes[row] !== 0 || count[row] !== 0) rows[kept++] = row;
  return rows.subarray(0, kept);
}

function orderLeaks(
  { kindOfRow, frameOfRow, siteOfRow, sitesOfRow }: LeakPlaces,
  { sums, rule }: FoundLeakRows,
  stepTicks: Uint32Array,
  fromTick: number,
): Omit<LeakTable, 'base'> {
  const { bytes, count, firstBornTick, lastBornTick, liveBytes, reservedBytes } = sums;
  const { length } = siteOfRow;
  const grows = rule.map((at) => (LEAK_RULES[at]!.name === 'growing' ? 1 : 0));
  const order = rowsThatKeep(bytes, count).sort(
    (a, b) => grows[b]! - grows[a]! || bytes[b]! - bytes[a]! || count[b]! - count[a]! || a - b,
  );
  const byRule = LEAK_RULES.map(() => ({ rows: 0, bytes: 0, count: 0 }));
  for (const row of order) {
    const total = byRule[rule[row]!]!;
    total.rows++;
    total.bytes += bytes[row]!;
    total.count += count[row]!;
  }
  return {
    length,
    kind: kindOfRow,
    frame: frameOfRow,
    site: siteOfRow,
    sites: sitesOfRow,
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
    reservedBytes,
  };
}
