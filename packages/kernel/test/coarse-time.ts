/**
 * What merging ticks must give, from a run that kept every tick apart: which ticks each merged one holds is read off
 * its RSS (unique in these captures); heaps, moments and lifetimes follow from that.
 */
import type { CaptureRead, LifetimeColumns } from './read-capture.js';

export interface CoarseTime {
  /** First and last fine tick of each merged one; the last of all is what follows the last merged tick. */
  readonly groups: readonly (readonly [first: number, last: number])[];
  /** [ms, RSS, heap, greatest heap] of each merged tick. */
  readonly ticks: readonly (readonly number[])[];
  readonly tailPeakBytes: number;
  readonly peakTick: number;
  /** "SITE BORN DIED COUNT BYTES", equal rows merged, sorted. */
  readonly lifetimes: readonly string[];
}

export function coarsen(fine: CaptureRead, coarseRss: Float64Array): CoarseTime {
  const { ticks, tailPeakBytes, peakTick } = fine.heap;
  const peaks = [...ticks.peakBytes, tailPeakBytes];
  const ends = [...coarseRss].map((rss) => ticks.rssBytes.indexOf(rss));
  const groups = [...ends, ticks.length].map((last, index): [number, number] => [(ends[index - 1] ?? -1) + 1, last]);
  const moments = new Map<number, number>();
  const greatest = groups.map(([first, last], group) => {
    const heights = peaks.slice(first, last + 1);
    const highest = Math.max(...heights);
    const peakRow = first + heights.lastIndexOf(highest);
    for (let moment = 2 * first; moment <= 2 * last + 1; moment++) {
      moments.set(moment, 2 * group + (moment > 2 * peakRow ? 1 : 0));
    }
    return highest;
  });
  return {
    groups,
    ticks: ends.map((row, group) => [
      ticks.timeMs[row]!,
      ticks.rssBytes[row]!,
      ticks.heapBytes[row]!,
      greatest[group]!,
    ]),
    tailPeakBytes: greatest.at(-1)!,
    peakTick: groups.findIndex(([first, last]) => first <= peakTick && peakTick <= last),
    lifetimes: foldLifetimes(fine.lifetimes, (moment) => moments.get(moment) ?? moment),
  };
}

/** Rows after their moments were renumbered; those that are born and dead within one go. */
export function foldLifetimes(lifetimes: LifetimeColumns, momentOf = (moment: number): number => moment): string[] {
  const sums = new Map<string, [count: number, bytes: number]>();
  for (const [row, site] of lifetimes.site.entries()) {
    const born = momentOf(lifetimes.born[row]!);
    const died = momentOf(lifetimes.died[row]!);
    if (born === died) continue;
    const key = `${site} ${born} ${died}`;
    const [count, bytes] = sums.get(key) ?? [0, 0];
    sums.set(key, [count + lifetimes.count[row]!, bytes + lifetimes.bytes[row]!]);
  }
  return [...sums].map(([key, [count, bytes]]) => `${key} ${count} ${bytes}`).sort();
}

/** Bytes that the bulk table says are live at a moment. */
export function liveBytes(lifetimes: LifetimeColumns, moment: number): number {
  let sum = 0;
  for (let row = 0; row < lifetimes.site.length; row++) {
    if (lifetimes.born[row]! <= moment && moment < lifetimes.died[row]!) sum += lifetimes.bytes[row]!;
  }
  return sum;
}
