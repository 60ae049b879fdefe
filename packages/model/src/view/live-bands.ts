/**
 * Live bytes over time, split among the heaviest modules, threads or allocators and the rest, or of all that passes a
 * filter. Every tick shows the moment of its greatest heap, so that no spike is lost and the bands add up to it.
 */
import type { SiteRow } from '../rows.js';
import { canAnswer } from '../answers.js';
import { groupSites, type SiteGrouping, type SiteGroups } from './group-sites.js';
import { liveAtPeaks, NO_GROUP, shownTicks } from './live-over-time.js';
import type { SelectedRun, Selection } from './selection.js';
import { ViewError } from './view-error.js';
import type { TimeWindow } from './window.js';

export interface LiveBand {
  /** A site of the group, from which its names can be read; `NO_GROUP` = the rest. */
  readonly site: SiteRow;
  /** By tick from `fromTick` on, at its greatest heap. */
  readonly liveBytes: Float64Array;
}

export interface LiveBands {
  /** First and last tick; as many as there are ticks = what follows the last memory record. */
  readonly fromTick: number;
  readonly toTick: number;
  /** Groups that live within these ticks, those in the rest among them. */
  readonly groups: number;
  /** Heaviest first (by the sum over time), the rest last; none where nothing is left. */
  readonly bands: readonly LiveBand[];
}

/** Null: one band of everything. */
export type BandsBy = Exclude<SiteGrouping, 'site'> | null;

export interface BandOptions {
  readonly by: BandsBy;
  /** Null = the whole recording. */
  readonly window: Pick<TimeWindow, 'fromTick' | 'toTick'> | null;
  /** Bands besides the rest. */
  readonly most: number;
}

/**
 * Bands of all sites that the selection gives weight to: one by `total`, without a window, has all that ever lived.
 * Throws `ViewError` with `cannotAnswer` for an aggregated capture.
 */
export function bandsOverTime(selection: Selection, { by, window, most }: BandOptions): LiveBands {
  const { recording } = selection;
  if (!canAnswer(recording.capture, 'lifetimes')) {
    throw new ViewError('cannotAnswer', 'an aggregated capture does not say when allocations lived');
  }
  const fromTick = window?.fromTick ?? 0;
  const toTick = window?.toTick ?? recording.ticks().length;
  const { groupOfSite, siteOfGroup } = groupBands(selection, by);
  const order = heaviestFirst(weighGroups(selection, groupOfSite, siteOfGroup.length, fromTick, toTick));

  // A column for each group would be too much where there are thousands.
  const bandOfGroup = new Int32Array(siteOfGroup.length).fill(NO_GROUP);
  for (const [rank, group] of order.entries()) bandOfGroup[group] = Math.min(rank, most);
  const bandOfSite = groupOfSite.map((group) => (group === NO_GROUP ? NO_GROUP : bandOfGroup[group]!));
  const ticks = toTick - fromTick + 1;
  const count = Math.min(order.length, most + 1);
  const live = liveAtPeaks(selection, bandOfSite, count, fromTick, toTick);
  const bands = Array.from({ length: count }, (_, band): LiveBand => ({
    site: band < most ? siteOfGroup[order[band]!]! : NO_GROUP,
    liveBytes: live.subarray(band * ticks, (band + 1) * ticks),
  }));
  return { fromTick, toTick, groups: order.length, bands };
}

/** Groups that weigh something. */
export function heaviestFirst(weight: Float64Array): number[] {
  return [...weight.keys()].filter((group) => weight[group]! > 0).sort((a, b) => weight[b]! - weight[a]! || a - b);
}

/** Groups of the sites that the selection gives weight to. */
export function groupBands(selection: Selection, by: BandsBy): SiteGroups {
  return by === null ? takeAll(selection) : groupSites(selection, by);
}

function takeAll({ weights, sites }: Selection): SiteGroups {
  const groupOfSite = new Int32Array(sites.length).fill(NO_GROUP);
  let first = NO_GROUP;
  for (let site = 0; site < sites.length; site++) {
    if (weights.bytes[site] === 0 && weights.count[site] === 0) continue;
    if (first === NO_GROUP) first = site;
    groupOfSite[site] = 0;
  }
  return { groupOfSite, siteOfGroup: first === NO_GROUP ? [] : [first], arenas: NO_GROUP };
}

/** Live bytes of each group at the greatest heap of every tick, added up. */
function weighGroups(
  { runs }: Selection,
  groupOfSite: Int32Array,
  groups: number,
  fromTick: number,
  toTick: number,
): Float64Array {
  const weight = new Float64Array(groups);
  for (const run of runs) {
    if (run.side !== 'head') continue;
    const { steps, firstSite, siteCount } = run;
    if (steps === null) {
      weighRun(run, groupOfSite, { fromTick, toTick, shown: null }, weight);
      continue;
    }
    const { ticks } = shownTicks(steps, fromTick, toTick);
    if (ticks.length === 0) continue;
    const own = groupOfSite.subarray(firstSite, firstSite + siteCount);
    const toOwn = ticks[ticks.length - 1]!;
    weighRun(run, own, { fromTick: ticks[0]!, toTick: toOwn, shown: countUpTo(ticks, toOwn) }, weight);
  }
  return weight;
}

interface WeighedTicks {
  readonly fromTick: number;
  readonly toTick: number;
  /** By tick + 1: how often it and those before it count; null = each once. */
  readonly shown: Uint32Array | null;
}

function weighRun(
  { profile, passes }: SelectedRun,
  groupOfSite: Int32Array,
  { fromTick, toTick, shown }: WeighedTicks,
  weight: Float64Array,
): void {
  const countFrom = (from: number, to: number): number =>
    shown === null ? to - from + 1 : shown[to + 1]! - shown[from]!;
  const isSummable = passes === null || passes.bySite;
  const changes = isSummable ? profile.liveChanges() : null;
  const levels = isSummable && changes === null ? profile.peakLevels() : null;
  if (levels !== null) {
    for (let site = 0; site < groupOfSite.length; site++) {
      const group = groupOfSite[site]!;
      if (group === NO_GROUP || passes?.(site, 0, 0) === false) continue;
      for (let tick = 0; tick <= toTick; tick++) {
        weight[group]! += levels.changes[site * levels.steps + tick]! * countFrom(Math.max(fromTick, tick), toTick);
      }
    }
    return;
  }
  if (changes !== null) {
    const { length, site, moment, bytes } = changes;
    for (let row = 0; row < length; row++) {
      const group = groupOfSite[site[row]!]!;
      // From this tick on it shows at the greatest heap.
      const from = Math.max(fromTick, (moment[row]! + 1) >> 1);
      if (group === NO_GROUP || from > toTick || passes?.(site[row]!, 0, 0) === false) continue;
      weight[group]! += bytes[row]! * countFrom(from, toTick);
    }
    return;
  }
  const firstMoment = 2 * fromTick;
  for (const { rows, site, born, died, bytes } of profile.lifetimes(firstMoment, 2 * toTick)) {
    for (let row = 0; row < rows; row++) {
      const group = groupOfSite[site[row]!]!;
      if (group === NO_GROUP) continue;
      // Ticks whose greatest heap comes at or after the birth, and before the death.
      const from = Math.max(fromTick, (born[row]! + 1) >> 1);
      const end = Math.min(toTick, Math.ceil(died[row]! / 2) - 1);
      if (end < from || (passes !== null && !passes(site[row]!, born[row]!, died[row]!))) continue;
      weight[group]! += bytes[row]! * countFrom(from, end);
    }
  }
}

function countUpTo(ticks: Uint32Array, last: number): Uint32Array {
  const counts = new Uint32Array(last + 2);
  for (const tick of ticks) counts[tick + 1]!++;
  for (let at = 1; at < counts.length; at++) counts[at]! += counts[at - 1]!;
  return counts;
}
