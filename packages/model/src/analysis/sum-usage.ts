/**
 * Weights of sites → bytes and counts by source line, allocator, thread and library. The one place where usage is summed:
 * of a whole capture, of a window, or of what a filter lets pass. Only sites that weigh something are looked at; libraries
 * are summed when they are asked for. A measure that cannot be had is null throughout.
 */
import type { AllocatorUsage, LocationUsage, MemoryMeasure, Profile, SiteKeys, Usage } from '../profile.js';
import type { NarrowWeights, NumberColumn } from '../number-column.js';
import { ALLOCATOR_NAMES, type FrameTable, type ThreadTable } from '../tables.js';
import { siteStacksOf } from '../join/site-stacks.js';
import { groupFrames } from '../view/frame-groups.js';
import { PathTree } from '../view/path-tree.js';
import { hideFrames } from '../view/shown-stacks.js';
import { siteOwnersOf } from '../view/site-owners.js';
import { weighingByAny } from '../view/weighing-sites.js';
import { groupThreads, type ThreadGroupUsage } from '../view/thread-groups.js';
import type { FrameChoice } from '../view/view-choices.js';
import type { LibraryRule } from './libraries/library-rule.js';
import { usageByLibrary, type LibraryUsage, type SiteUsageColumns } from './libraries/library-usage.js';
import type { SiteOwners } from './libraries/site-owners.js';
import { locationsOfStacks } from './stack-locations.js';
import { mapUsage, sumBy, usageAt, type LocationColumns, type UsageColumns } from './rank-locations.js';

/** Null: the capture, or this part of it, does not know. */
export type MeasuredWeights = Readonly<Record<MemoryMeasure, NarrowWeights | null>>;

export interface UsageSubject {
  readonly weights: MeasuredWeights;
  readonly sites: SiteKeys;
  readonly threads: ThreadTable;
  /** By site: row of `FrameTable` of the line that allocated, -1 = none; below `frames`. */
  readonly frameOfSite: ArrayLike<number>;
  readonly frames: number;
  readonly owners: () => SiteOwners;
  /** Windows of the same are not asked for. */
  readonly isOnce?: boolean;
}

export interface SummedUsage {
  /** Of all that weighs something. */
  readonly whole: Usage;
  readonly locations: LocationColumns;
  readonly allocators: AllocatorUsage[];
  readonly threads: ThreadGroupUsage[];
  readonly libraries: () => LibraryUsage[];
}

export function sumUsage(subject: UsageSubject): SummedUsage {
  const { weights, sites, threads, frameOfSite, frames, owners, isOnce = false } = subject;
  const known = [weights.peak, weights.leaked, weights.total, weights.temporary].filter((each) => each !== null);
  const weighing = weighingByAny(known, sites.length);
  const groups = groupThreads(threads);
  const cells = foldSites(weights, weighing, { ...sites, groupOfThread: groups.groupOf, frameOfSite });
  const all = new Int32Array(cells.frame.length);
  const whole = foldBy(cells.usage, all, 1);
  const locations = foldBy(cells.usage, cells.frame, frames);
  const allocators = foldBy(cells.usage, cells.allocator, ALLOCATOR_NAMES.length);
  const byThread = foldBy(cells.usage, cells.threads, groups.length);
  return {
    whole: whole.keys.length > 0 ? usageAt(whole.usage, 0) : nothingOf(weights),
    locations: { frame: locations.keys, usage: locations.usage },
    allocators: Array.from(allocators.keys, (allocator, group) => ({
      allocator: ALLOCATOR_NAMES[allocator] as AllocatorUsage['allocator'],
      ...usageAt(allocators.usage, group),
    })),
    threads: Array.from(byThread.keys, (group, row) => ({
      ...describeThreads(group, threads),
      ...usageAt(byThread.usage, row),
    })),
    libraries: () =>
      usageByLibrary({ owners: owners(), allocator: sites.allocator, weighing, usage: columnsOf(weights), isOnce }),
  };
}

/**
 * Of a whole capture: greatest peak first, but threads in their own order, those that allocated nothing among them.
 * Libraries are read from every stack, so that they are summed for those alone who ask.
 */
export interface ProfileUsage {
  readonly locations: readonly LocationUsage[];
  readonly allocators: readonly AllocatorUsage[];
  readonly threads: readonly ThreadGroupUsage[];
  readonly libraries: () => LibraryUsage[];
}

/** `rules` of a user are tried before memscope's. */
export function usageOfProfile(profile: Profile, rules: readonly LibraryRule[] = []): ProfileUsage {
  const { locations, ...lists } = sumProfile(profile, rules);
  return { ...lists, locations: locationRows(locations, profile.stackTables().frames).sort(byUse) };
}

/** The same with locations in columns, of the innermost frames that show. Nothing of the sites is held on to. */
export function sumProfile(
  profile: Profile,
  rules: readonly LibraryRule[],
  shownFrames: FrameChoice = 'all',
): Omit<ProfileUsage, 'locations'> & Pick<SummedUsage, 'locations'> {
  const stacks = siteStacksOf(profile);
  const { sites, tables } = stacks;
  const threads = profile.threads();
  const groups = groupFrames(tables);
  const { canonical } = groups;
  const weights: MeasuredWeights = {
    peak: profile.narrowWeights('peak'),
    leaked: profile.narrowWeights('leaked'),
    total: profile.narrowWeights('total'),
    temporary: profile.narrowWeights('temporary'),
  };
  const { frame } = tables.stacks;
  const shown = hideFrames(tables, groups, { frames: shownFrames, stacks: 'python' });
  const nearest = locationsOfStacks(tables, groups, shown, shownFrames);
  const frameOfSite = new Int32Array(sites.length);
  for (let site = 0; site < sites.length; site++) {
    const own = sites.pythonStack[site]!;
    const stack = nearest === null ? own : nearest[own]!;
    frameOfSite[site] = stack === 0 ? -1 : canonical[frame[stack]!]!;
  }
  const owners = siteOwnersOf(stacks, profile.owners(), rules);
  const sums = sumUsage({ weights, sites, threads, frameOfSite, frames: tables.frames.length, owners, isOnce: true });
  const usageOfThreads = new Map(sums.threads.map((usage) => [usage.name, usage]));
  return {
    locations: sums.locations,
    libraries: sums.libraries,
    allocators: sums.allocators.sort(byUse),
    threads: Array.from({ length: groupThreads(threads).length }, (_, group): ThreadGroupUsage => {
      const described = describeThreads(group, threads);
      return { ...described, ...(usageOfThreads.get(described.name) ?? nothingOf(weights)) };
    }),
  };
}

function describeThreads(group: number, threads: ThreadTable): Omit<ThreadGroupUsage, keyof Usage> {
  const { name, count, first } = groupThreads(threads);
  return {
    name: name[group]!,
    threads: count[group]!,
    tid: count[group] === 1 ? threads.tid[first[group]!]! : null,
  };
}

function locationRows({ frame, usage }: LocationColumns, { functionName, file, line }: FrameTable): LocationUsage[] {
  return Array.from(frame, (own, row) => ({
    functionName: functionName[own] ?? null,
    file: file[own] ?? null,
    line: line[own] ?? 0,
    ...usageAt(usage, row),
  }));
}

function byUse(a: Usage, b: Usage): number {
  return b.peakBytes - a.peakBytes || b.leakedBytes - a.leakedBytes || (b.totalBytes ?? 0) - (a.totalBytes ?? 0);
}

function columnsOf({ peak, leaked, total, temporary }: MeasuredWeights): SiteUsageColumns {
  return {
    peakBytes: peak!.bytes,
    peakCount: peak!.count,
    leakedBytes: leaked!.bytes,
    leakedCount: leaked!.count,
    totalBytes: total?.bytes ?? null,
    totalCount: total?.count ?? null,
    temporaryBytes: temporary?.bytes ?? null,
    temporaryCount: temporary?.count ?? null,
  };
}

/** What the lists are summed from: usage by thread group, allocator and line, of which there are few beside sites. */
interface SiteCells {
  readonly threads: Int32Array;
  readonly allocator: Int32Array;
  readonly frame: Int32Array;
  readonly usage: UsageColumns;
}

interface CellKeys extends Pick<SiteKeys, 'thread' | 'allocator'> {
  readonly groupOfThread: ArrayLike<number>;
  readonly frameOfSite: ArrayLike<number>;
}

/** Cells stand in the order of their first sites. */
function foldSites(weights: MeasuredWeights, sites: Uint32Array, keys: CellKeys): SiteCells {
  const { thread, allocator, groupOfThread, frameOfSite } = keys;
  const nodes = nodesOfSites(keys);
  // By node: its cell + 1.
  const cellOfNode = new Uint32Array(nodes.length);
  const cellOf = new Uint32Array(sites.length);
  const firsts = new Uint32Array(Math.min(sites.length, nodes.length));
  let cells = 0;
  for (let at = 0; at < sites.length; at++) {
    const node = nodes.ofSite[sites[at]!]!;
    if (cellOfNode[node] === 0) {
      firsts[cells] = sites[at]!;
      cellOfNode[node] = ++cells;
    }
    cellOf[at] = cellOfNode[node]! - 1;
  }
  const firstOf = firsts.subarray(0, cells);
  return {
    threads: Int32Array.from(firstOf, (site) => groupOfThread[thread[site]!]!),
    allocator: Int32Array.from(firstOf, (site) => allocator[site]!),
    frame: Int32Array.from(firstOf, (site) => frameOfSite[site]!),
    usage: mapUsage(columnsOf(weights), (column) => sumListed(column, sites, cellOf, cells)),
  };
}

/** What of any sites can be a cell: a frame below an allocator below a group of threads. */
interface SiteNodes {
  readonly length: number;
  readonly ofSite: Uint32Array;
}

/** By the frames of sites: every window asks of the same. */
const knownNodes = new WeakMap<ArrayLike<number>, SiteNodes>();

function nodesOfSites({ thread, allocator, groupOfThread, frameOfSite }: CellKeys): SiteNodes {
  const known = knownNodes.get(frameOfSite);
  if (known !== undefined) return known;
  const tree = new PathTree();
  const ofSite = new Uint32Array(frameOfSite.length);
  let [lastOuter, lastFrame, node] = [-1, -1, 0];
  for (let site = 0; site < ofSite.length; site++) {
    const outer = groupOfThread[thread[site]!]! * ALLOCATOR_NAMES.length + allocator[site]!;
    const frame = frameOfSite[site]!;
    // Sites that follow each other are mostly of one line.
    if (outer !== lastOuter || frame !== lastFrame) {
      node = tree.child(tree.child(0, outer), frame);
      [lastOuter, lastFrame] = [outer, frame];
    }
    ofSite[site] = node;
  }
  const nodes = { length: tree.length, ofSite };
  knownNodes.set(frameOfSite, nodes);
  return nodes;
}

/** Usage by key; keys stand in the order of their first rows. */
interface UsageByKey {
  readonly keys: Int32Array;
  readonly usage: UsageColumns;
}

/** Keys are from -1 on, below `keys`. */
function foldBy(usage: UsageColumns, keyOfRow: Int32Array, keys: number): UsageByKey {
  // By key + 1: its group + 1.
  const groupOfKey = new Uint32Array(keys + 1);
  const keyOfGroup = new Int32Array(Math.min(keyOfRow.length, keys + 1));
  const groupOf = new Uint32Array(keyOfRow.length);
  let groups = 0;
  for (let row = 0; row < keyOfRow.length; row++) {
    const key = keyOfRow[row]!;
    if (groupOfKey[key + 1] === 0) {
      keyOfGroup[groups] = key;
      groupOfKey[key + 1] = ++groups;
    }
    groupOf[row] = groupOfKey[key + 1]! - 1;
  }
  return {
    keys: keyOfGroup.subarray(0, groups),
    usage: mapUsage(usage, (column) => sumBy(column, groupOf, groups)),
  };
}

/** Of the rows that are listed; `groupOf` is by place in the list. */
function sumListed(column: NumberColumn, rows: Uint32Array, groupOf: Uint32Array, groups: number): Float64Array {
  const sums = new Float64Array(groups);
  for (let at = 0; at < rows.length; at++) sums[groupOf[at]!]! += column[rows[at]!]!;
  return sums;
}

/** Zeros, but null for what cannot be known. */
function nothingOf({ total, temporary }: MeasuredWeights): Usage {
  return {
    peakBytes: 0,
    peakCount: 0,
    leakedBytes: 0,
    leakedCount: 0,
    totalBytes: total === null ? null : 0,
    totalCount: total === null ? null : 0,
    temporaryBytes: temporary === null ? null : 0,
    temporaryCount: temporary === null ? null : 0,
  };
}
