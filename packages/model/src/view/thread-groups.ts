/**
 * Threads by name with the numbers taken out: `worker-17` and `worker-3` are `worker-*`. A thread for each request makes
 * hundreds of rows that say one thing together. What people see here is what `thread:` filters take
 * (filter/match-threads.ts).
 */
import { countNoun } from '../analysis/format-quantity.js';
import type { ThreadRow } from '../rows.js';
import type { Usage } from '../profile.js';
import type { ThreadTable } from '../tables.js';

export const MAIN_THREAD = 'main thread';

/** In the order of their first threads. */
export interface ThreadGroups {
  readonly length: number;
  /** By row of `ThreadTable`. */
  readonly groupOf: Uint32Array;
  /** "worker-*"; of a single thread its own name, or "thread 7" where it has none. */
  readonly name: readonly string[];
  /** How many threads. */
  readonly count: Uint32Array;
  /** Row of `ThreadTable` of its first thread. */
  readonly first: Uint32Array;
}

export interface ThreadGroupUsage extends Usage {
  readonly name: string;
  readonly threads: number;
  /** Null of several. */
  readonly tid: bigint | null;
}

/** Addresses are numbers, too: "<Greenlet at 0x7f21: serve>". */
const NUMBER = /0x[\da-f]+|\d+/gi;

const groupsOfTable = new WeakMap<ThreadTable, ThreadGroups>();

export function groupThreads(threads: ThreadTable): ThreadGroups {
  let groups = groupsOfTable.get(threads);
  if (groups === undefined) groupsOfTable.set(threads, (groups = makeGroups(threads)));
  return groups;
}

function makeGroups(threads: ThreadTable): ThreadGroups {
  const groupOf = new Uint32Array(threads.length);
  const [stems, first, count]: [string[], number[], number[]] = [[], [], []];
  const known = new Map<string, number>();
  for (let row = 0; row < threads.length; row++) {
    const stem = ownName(threads, row).replaceAll(NUMBER, '*');
    let group = known.get(stem);
    if (group === undefined) {
      group = stems.push(stem) - 1;
      known.set(stem, group);
      first.push(row);
      count.push(0);
    }
    groupOf[row] = group;
    count[group]!++;
  }
  return {
    length: stems.length,
    groupOf,
    name: stems.map((stem, group) => (count[group]! > 1 ? stem : ownName(threads, first[group]!))),
    count: Uint32Array.from(count),
    first: Uint32Array.from(first),
  };
}

/** "worker-1 (thread 3)"; "thread 3" where it has no name. */
export function nameThread({ tid, name }: ThreadTable, row: ThreadRow): string {
  const number = `thread ${tid[row]}`;
  return name[row] ? `${name[row]} (${number})` : number;
}

/** "worker-* (3 threads)"; of a single thread its name alone. */
export function nameWithThreads({ name, threads }: Pick<ThreadGroupUsage, 'name' | 'threads'>): string {
  return threads > 1 ? `${name} (${countNoun(threads, 'thread')})` : name;
}

/** memray records no name of the main thread: it has the one that people know it by. */
export function withMainThread(threads: ThreadTable, mainThreadId: number | null): ThreadTable {
  const row = mainThreadId === null ? -1 : threads.tid.indexOf(BigInt(Math.trunc(mainThreadId)));
  if (row < 0 || threads.name[row]) return threads;
  return { ...threads, name: threads.name.with(row, MAIN_THREAD) };
}

function ownName(threads: ThreadTable, row: ThreadRow): string {
  return threads.name[row] || nameThread(threads, row);
}

/** Of the thread of a site, or of all that are called like it where the selection takes them together. */
export function nameThreads(
  site: number,
  { threads, sites, splitThreads }: { threads: ThreadTable; sites: { thread: Uint32Array }; splitThreads: boolean },
): string {
  const row = sites.thread[site]!;
  if (splitThreads) return nameThread(threads, row);
  const { name, groupOf } = groupThreads(threads);
  return name[groupOf[row]!]!;
}
