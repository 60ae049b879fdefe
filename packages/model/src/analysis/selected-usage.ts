/**
 * Bytes and counts of a part of a capture, by source line, allocator and thread, for an analysis of a window or of what
 * a filter lets pass. A measure that cannot be had of that part is null throughout.
 */
import type { AllocatorUsage, SiteMeasure, SiteWeights, Usage } from '../profile.js';
import { ALLOCATOR_NAMES, PYTHON_FRAME } from '../tables.js';
import { innermostShown } from '../view/group-sites.js';
import { groupThreads, type ThreadGroupUsage } from '../view/thread-groups.js';
import type { Selection, SelectionRequest } from '../view/selection.js';
import { ViewError } from '../view/view-error.js';
import { usageByLibrary, type LibraryUsage } from './libraries/library-usage.js';
import { usageAt, type LocationColumns, type UsageColumns } from './rank-locations.js';

export interface SelectedUsage {
  /** By peak; every other measure has the same window, sites and frames. */
  readonly selection: Selection;
  /** Of all that was selected. */
  readonly whole: Usage;
  readonly locations: LocationColumns;
  readonly allocators: AllocatorUsage[];
  readonly threads: ThreadGroupUsage[];
  readonly libraries: LibraryUsage[];
}

/** How a selection is made; whoever keeps selections brings another way. */
export type Select = (request: SelectionRequest) => Selection;

type Weights = Readonly<Record<SiteMeasure, SiteWeights | null>>;

/** Throws `ViewError` and `FilterError`. */
export function selectUsage(request: Omit<SelectionRequest, 'measure'>, select: Select): SelectedUsage {
  const selection = select({ ...request, measure: 'peak' });
  const { sites, stackTables, threads } = selection;
  const weights: Weights = {
    peak: selection.weights,
    leaked: select({ ...request, measure: 'leaked' }).weights,
    total: weightsIfKnown({ ...request, measure: 'total' }, select),
    temporary: weightsIfKnown({ ...request, measure: 'temporary' }, select),
  };
  const frameOfSite = findFrames(selection, request.stacks === undefined);
  const weighing = sitesThatWeigh(weights, sites.length);
  const whole = foldBy(weights, weighing, new Uint8Array(sites.length), 1);
  const locations = foldBy(weights, weighing, frameOfSite, stackTables.frames.length);
  const allocators = foldBy(weights, weighing, sites.allocator, ALLOCATOR_NAMES.length);
  const threadGroups = groupThreads(threads);
  const groupOfSite = sites.thread.map((row) => threadGroups.groupOf[row]!);
  const byThread = foldBy(weights, weighing, groupOfSite, threadGroups.length);
  return {
    selection,
    whole: whole.keys.length > 0 ? usageAt(whole.usage, 0) : nothingOf(weights),
    locations: { frame: locations.keys, usage: locations.usage },
    allocators: Array.from(allocators.keys, (allocator, group) => ({
      allocator: ALLOCATOR_NAMES[allocator] as AllocatorUsage['allocator'],
      ...usageAt(allocators.usage, group),
    })),
    threads: Array.from(byThread.keys, (row, group) => ({
      name: threadGroups.name[row]!,
      threads: threadGroups.count[row]!,
      tid: threadGroups.count[row] === 1 ? threads.tid[threadGroups.first[row]!]! : null,
      ...usageAt(byThread.usage, group),
    })),
    libraries: usageByLibrary({
      tables: stackTables,
      owners: selection.owners(),
      stack: sites.stack,
      allocator: sites.allocator,
      weighing,
      usage: {
        peakBytes: weights.peak!.bytes,
        peakCount: weights.peak!.count,
        leakedBytes: weights.leaked!.bytes,
        leakedCount: weights.leaked!.count,
        totalBytes: weights.total?.bytes ?? null,
        totalCount: weights.total?.count ?? null,
        temporaryBytes: weights.temporary?.bytes ?? null,
        temporaryCount: weights.temporary?.count ?? null,
      },
    }),
  };
}

/** By site: its innermost frame that is shown, -1 = none; as they were found last for stacks and what shows of them. */
interface FoundFrames {
  readonly shown: Uint8Array | null;
  readonly onlyPython: boolean;
  readonly frameOfSite: Int32Array;
}

/** Each window asks of the same stacks. */
const framesOfStacks = new WeakMap<Uint32Array, FoundFrames>();

function findFrames(selection: Selection, isPythonOnly: boolean): Int32Array {
  const { stack, shown, stackTables, groups } = selection;
  const known = framesOfStacks.get(stack);
  if (known?.shown === shown && known.onlyPython === isPythonOnly) return known.frameOfSite;
  const innermost = innermostShown(stackTables.stacks, isPythonOnly ? onlyPython(selection) : shown);
  const frameOfSite = Int32Array.from(stack, (row) => {
    const frame = innermost[row]!;
    return frame < 0 ? -1 : groups.canonical[frame]!;
  });
  framesOfStacks.set(stack, { shown, onlyPython: isPythonOnly, frameOfSite });
  return frameOfSite;
}

/** Those Python frames that are shown. */
function onlyPython({ shown, stackTables: { frames } }: Selection): Uint8Array | null {
  if (shown === null && frames.kind.every((kind) => kind === PYTHON_FRAME)) return null;
  return frames.kind.map((kind, row) => (kind === PYTHON_FRAME && shown?.[row] !== 0 ? 1 : 0));
}

/** Null where this part of the capture, or the capture, does not know. */
function weightsIfKnown(request: SelectionRequest, select: Select): SiteWeights | null {
  try {
    return select(request).weights;
  } catch (error) {
    if (error instanceof ViewError && error.code === 'cannotAnswer') return null;
    throw error;
  }
}

const MEASURES = ['peak', 'leaked', 'total', 'temporary'] as const satisfies SiteMeasure[];

/** Rows of the sites that weigh something by one of the measures. */
function sitesThatWeigh(weights: Weights, length: number): Uint32Array {
  const rows = new Uint32Array(length);
  const isListed = new Uint8Array(length);
  for (const measure of MEASURES) {
    const { bytes, count } = weights[measure] ?? {};
    if (bytes === undefined || count === undefined) continue;
    for (let site = 0; site < length; site++) if (bytes[site] !== 0 || count[site] !== 0) isListed[site] = 1;
  }
  let listed = 0;
  for (let site = 0; site < length; site++) if (isListed[site] !== 0) rows[listed++] = site;
  return rows.subarray(0, listed);
}

/** Usage by group, of the sites listed; groups stand in the order of their first sites. */
interface UsageByKey {
  /** The key by group. */
  readonly keys: Int32Array;
  readonly usage: UsageColumns;
}

/** Keys are from -1 on, below `keys`. */
function foldBy(weights: Weights, sites: Uint32Array, keyOfSite: ArrayLike<number>, keys: number): UsageByKey {
  // By key + 1: its group + 1.
  const groupOfKey = new Uint32Array(keys + 1);
  const keyOfGroup = new Int32Array(Math.min(sites.length, keys + 1));
  // By place in the list.
  const groupOf = new Uint32Array(sites.length);
  let groups = 0;
  for (let at = 0; at < sites.length; at++) {
    const key = keyOfSite[sites[at]!]!;
    if (groupOfKey[key + 1] === 0) {
      keyOfGroup[groups] = key;
      groupOfKey[key + 1] = ++groups;
    }
    groupOf[at] = groupOfKey[key + 1]! - 1;
  }
  const sumOf = (measure: SiteMeasure, column: 'bytes' | 'count'): Float64Array | null =>
    sumBy(weights[measure]?.[column] ?? null, sites, groupOf, groups);
  return {
    keys: keyOfGroup.subarray(0, groups),
    usage: {
      peakBytes: sumOf('peak', 'bytes')!,
      peakCount: sumOf('peak', 'count')!,
      leakedBytes: sumOf('leaked', 'bytes')!,
      leakedCount: sumOf('leaked', 'count')!,
      totalBytes: sumOf('total', 'bytes'),
      totalCount: sumOf('total', 'count'),
      temporaryBytes: sumOf('temporary', 'bytes'),
      temporaryCount: sumOf('temporary', 'count'),
    },
  };
}

function sumBy(
  column: Float64Array | null,
  sites: Uint32Array,
  groupOf: Uint32Array,
  groups: number,
): Float64Array | null {
  if (column === null) return null;
  const sums = new Float64Array(groups);
  for (let at = 0; at < sites.length; at++) sums[groupOf[at]!]! += column[sites[at]!]!;
  return sums;
}

/** Zeros, but null for what cannot be known. */
function nothingOf({ total, temporary }: Weights): Usage {
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
