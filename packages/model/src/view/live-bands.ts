/**
 * Live bytes over time, split among the heaviest modules, threads or allocators and the rest. Each step of time shows
 * the moment of its greatest heap, so that a short spike is not lost and the bands add up to it.
 */
import { groupSites, type SiteGrouping } from './group-sites.js';
import { highestTicks, liveOverTime, NO_GROUP, spreadOverTicks } from './live-over-time.js';
import type { Selection } from './selection.js';
import { ViewError } from './view-error.js';
import type { TimeWindow } from './window.js';

export interface LiveBand {
  /** A site of the group, from which its names can be read; -1 = the rest. */
  readonly site: number;
  /** By step. */
  readonly liveBytes: Float64Array;
}

export interface LiveBands {
  /** First and last tick. */
  readonly fromTick: number;
  readonly toTick: number;
  /** Last tick of each step, and the tick within it whose greatest heap is shown. */
  readonly stepTicks: Uint32Array;
  readonly shownTicks: Uint32Array;
  /** Heaviest first (by the sum over time), the rest last; none where nothing is left. */
  readonly bands: readonly LiveBand[];
}

export interface BandOptions {
  readonly by: Exclude<SiteGrouping, 'site'>;
  /** Null = the whole recording. */
  readonly window: TimeWindow | null;
  readonly steps: number;
  /** Bands besides the rest. */
  readonly most: number;
}

/** Bands of all sites that the selection gives weight to: one by `total`, without a window, has all that ever lived. */
export function bandsOverTime(selection: Selection, { by, window, steps: mostSteps, most }: BandOptions): LiveBands {
  const { profile } = selection;
  if (profile.capture.layout === 'aggregated') {
    throw new ViewError('cannotAnswer', 'an aggregated capture does not say when allocations lived');
  }
  const ticks = profile.ticks();
  const fromTick = window?.fromTick ?? 0;
  const toTick = window?.toTick ?? ticks.length;
  const stepTicks = spreadOverTicks(fromTick, toTick, mostSteps);
  const shownTicks = highestTicks(ticks, profile.notes.tailPeakBytes, fromTick, stepTicks);
  const moments = shownTicks.map((tick) => 2 * tick);
  const { groupOfSite, siteOfGroup } = groupSites(selection, by);
  const steps = moments.length;
  const live = liveOverTime(profile, groupOfSite, siteOfGroup.length, moments, selection);

  const row = (group: number): Float64Array => live.subarray(group * steps, (group + 1) * steps);
  const weight = siteOfGroup.map((_, group) => row(group).reduce((sum, bytes) => sum + bytes, 0));
  const order = [...siteOfGroup.keys()]
    .sort((a, b) => weight[b]! - weight[a]! || a - b)
    .filter((group) => weight[group]! > 0);
  const bands = order.slice(0, most).map((group): LiveBand => ({ site: siteOfGroup[group]!, liveBytes: row(group) }));
  const rest = new Float64Array(steps);
  for (const group of order.slice(most)) for (let step = 0; step < steps; step++) rest[step]! += row(group)[step]!;
  if (order.length > most) bands.push({ site: NO_GROUP, liveBytes: rest });
  return { fromTick, toTick, stepTicks, shownTicks, bands };
}
