/** Threads of two sides by name, without its numbers → those of which there are more or fewer; of repetitions medians. */
import type { SiteKeys } from '../profile.js';
import type { Selection } from '../view/selection.js';
import { groupThreads } from '../view/thread-groups.js';
import { summarise } from './side-columns.js';

export interface ThreadCount {
  readonly name: string;
  readonly base: number;
  readonly head: number;
}

/** By run the threads that have sites, by row: 1. The same whatever the sites weigh. */
const seenThreads = new WeakMap<SiteKeys, readonly Uint8Array[]>();

function findThreads({ runs, threads, sites }: Selection): readonly Uint8Array[] {
  let known = seenThreads.get(sites);
  if (known === undefined) {
    known = runs.map(({ firstSite, siteCount }) => {
      const seen = new Uint8Array(threads.length);
      for (let site = firstSite; site < firstSite + siteCount; site++) seen[sites.thread[site]!] = 1;
      return seen;
    });
    seenThreads.set(sites, known);
  }
  return known;
}

export function countThreads(selection: Selection, together: boolean): ThreadCount[] {
  const { runs, threads } = selection;
  const { name, length, groupOf } = groupThreads(threads);
  const counts = findThreads(selection).map((seen) => {
    const ofGroup = new Uint32Array(length);
    for (const [thread, isSeen] of seen.entries()) ofGroup[groupOf[thread]!]! += isSeen;
    return ofGroup;
  });
  const side = (of: 'base' | 'head', group: number): number =>
    summarise(
      counts.flatMap((ofGroup, run) => (runs[run]!.side === of ? [ofGroup[group]!] : [])),
      together,
    ).value;
  return Array.from({ length }, (_, group) => ({
    name: name[group]!,
    base: side('base', group),
    head: side('head', group),
  }))
    .filter(({ base, head }) => base !== head)
    .sort((a, b) => Math.abs(b.head - b.base) - Math.abs(a.head - a.base));
}
