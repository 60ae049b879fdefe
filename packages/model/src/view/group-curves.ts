/**
 * Live bytes of every group of sites over the whole recording, from which the bands of any part of it are cut without
 * another look at the lifetimes: whoever zooms asks for one part after the other.
 */
import type { SiteRow } from '../rows.js';
import { groupBands, heaviestFirst, type BandsBy, type LiveBand, type LiveBands } from './live-bands.js';
import { liveAtPeaks, NO_GROUP } from './live-over-time.js';
import type { Selection } from './selection.js';
import type { TimeWindow } from './window.js';

export interface GroupCurves {
  /** A site of each group. */
  readonly siteOfGroup: readonly SiteRow[];
  /** As many as there are ticks, and one for what follows the last memory record. */
  readonly steps: number;
  /** At each tick's greatest heap: `live[group * steps + tick]`. */
  readonly live: Float64Array;
}

/** Of all groups together: 32 MiB. */
const MOST_NUMBERS = 1 << 22;

/** Of the sites that the selection gives weight to, in a capture that is not aggregated; null where groups and ticks are too many. */
export function followGroups(selection: Selection, by: BandsBy): GroupCurves | null {
  const { groupOfSite, siteOfGroup } = groupBands(selection, by);
  const steps = selection.recording.ticks().length + 1;
  if (siteOfGroup.length * steps > MOST_NUMBERS) return null;
  return { siteOfGroup, steps, live: liveAtPeaks(selection, groupOfSite, siteOfGroup.length, 0, steps - 1) };
}

/** The same as `bandsOverTime`; columns are parts of the curves. */
export function cutBands(
  { siteOfGroup, steps, live }: GroupCurves,
  { fromTick, toTick }: Pick<TimeWindow, 'fromTick' | 'toTick'>,
  most: number,
): LiveBands {
  const curveOf = (group: number): Float64Array => live.subarray(group * steps + fromTick, group * steps + toTick + 1);
  const order = heaviestFirst(Float64Array.from(siteOfGroup, (_, group) => sum(curveOf(group))));
  const bands = order
    .slice(0, most)
    .map((group): LiveBand => ({ site: siteOfGroup[group]!, liveBytes: curveOf(group) }));
  if (order.length > most) {
    const rest = new Float64Array(toTick - fromTick + 1);
    for (const group of order.slice(most)) {
      const curve = curveOf(group);
      for (let at = 0; at < rest.length; at++) rest[at]! += curve[at]!;
    }
    bands.push({ site: NO_GROUP, liveBytes: rest });
  }
  return { fromTick, toTick, groups: order.length, bands };
}

function sum(column: Float64Array): number {
  let total = 0;
  for (let row = 0; row < column.length; row++) total += column[row]!;
  return total;
}
