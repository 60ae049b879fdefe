/**
 * What is live at the end of the recording, site by site: how much, since when, how its live bytes went over time, and
 * a verdict with the rule that gave it. What was born during the warm-up does not count.
 *
 * The verdict looks at the time from the end of the warm-up to the end of the recording, and goes through its rules in
 * order (`LEAK_RULES`); the first that fits decides.
 */
import { NEVER } from '../tables.js';
import { judgeLeak, type LeakVerdict } from './leak-verdict.js';
import { liveOverTime, NO_GROUP, spreadOverTicks } from './live-over-time.js';
import { isExtraPiece } from './site-weights.js';
import type { Selection } from './selection.js';
import { ViewError } from './view-error.js';

export interface Leak {
  /** Row of `SiteTable`. */
  readonly site: number;
  readonly bytes: number;
  readonly count: number;
  /** Ticks in which the first and the last of what is still live were allocated. */
  readonly firstBornTick: number;
  readonly lastBornTick: number;
  /** Live bytes at the ends of `LeakList.stepTicks`. */
  readonly liveBytes: Float64Array;
  readonly verdict: LeakVerdict;
}

export interface LeakList {
  /** Heaviest first. */
  readonly leaks: readonly Leak[];
  readonly bytes: number;
  readonly count: number;
  /** First tick after the warm-up. */
  readonly fromTick: number;
  /** The last tick of each step of time. */
  readonly stepTicks: Uint32Array;
}

/** Steps that verdicts and sparklines are made of. */
const STEPS = 24;

/**
 * Leaks of the sites that a selection by `leaked` gives weight to; `fromTick` is the first tick after the warm-up.
 * Throws `ViewError` with `cannotAnswer` for an aggregated capture.
 */
export function listLeaks({ profile, weights, passes }: Selection, fromTick: number): LeakList {
  if (profile.capture.layout === 'aggregated') {
    throw new ViewError(
      'cannotAnswer',
      'an aggregated capture does not say when what leaked was allocated; its leaked bytes are in `memscope table --measure leaked`',
    );
  }
  const { allocator, length } = profile.siteKeys();
  const bytes = new Float64Array(length);
  const count = new Float64Array(length);
  const firstBorn = new Uint32Array(length).fill(NEVER);
  const lastBorn = new Uint32Array(length);
  const turnedOver = new Float64Array(length);
  const ticks = profile.ticks();
  const halfTick = Math.floor((fromTick + ticks.length) / 2);
  for (const batch of profile.lifetimes(2 * fromTick)) {
    for (let row = 0; row < batch.rows; row++) {
      const site = batch.site[row]!;
      const tick = batch.born[row]! >> 1;
      if (tick < fromTick || (weights.bytes[site] === 0 && weights.count[site] === 0)) continue;
      if (passes !== null && !passes(site, batch.born[row]!, batch.died[row]!)) continue;
      if (batch.died[row] !== NEVER) {
        if (batch.died[row]! >> 1 >= halfTick) turnedOver[site]! += batch.bytes[row]!;
        continue;
      }
      bytes[site]! += batch.bytes[row]!;
      count[site]! += batch.count[row]!;
      if (isExtraPiece(batch, row, allocator)) continue;
      firstBorn[site] = Math.min(firstBorn[site]!, tick);
      lastBorn[site] = Math.max(lastBorn[site]!, tick);
    }
  }
  const sites: number[] = [];
  for (let site = 0; site < length; site++) if (bytes[site] !== 0 || count[site] !== 0) sites.push(site);
  sites.sort((a, b) => bytes[b]! - bytes[a]! || count[b]! - count[a]! || a - b);

  const stepTicks = spreadOverTicks(fromTick, ticks.length, STEPS);
  const groupOfSite = new Int32Array(length).fill(NO_GROUP);
  for (const [group, site] of sites.entries()) groupOfSite[site] = group;
  const moments = stepTicks.map((tick) => 2 * tick + 1);
  const live = liveOverTime(profile, groupOfSite, sites.length, moments, { passes, bornFrom: 2 * fromTick });
  const leaks = sites.map((site, group): Leak => {
    const liveBytes = live.subarray(group * stepTicks.length, (group + 1) * stepTicks.length);
    const firstBornTick = firstBorn[site] === NEVER ? fromTick : firstBorn[site]!;
    const lastBornTick = Math.max(firstBornTick, lastBorn[site]!);
    return {
      site,
      bytes: bytes[site]!,
      count: count[site]!,
      firstBornTick,
      lastBornTick,
      liveBytes,
      verdict: judgeLeak({
        liveBytes,
        firstBornTick,
        lastBornTick,
        turnedOverBytes: turnedOver[site]!,
        ticks: ticks.length,
        fromTick,
      }),
    };
  });
  const sum = (column: Float64Array): number => column.reduce((all, each) => all + each, 0);
  return { leaks, bytes: sum(bytes), count: sum(count), fromTick, stepTicks };
}
