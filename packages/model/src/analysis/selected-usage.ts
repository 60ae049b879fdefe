/**
 * Bytes and counts of a part of a capture, by source line, allocator and thread, for an analysis of a window or of what
 * a filter lets pass. A measure that cannot be had of that part is null throughout.
 */
import type {
  AllocatorUsage,
  LocationUsage,
  Profile,
  SiteMeasure,
  SiteWeights,
  ThreadUsage,
  Usage,
} from '../profile.js';
import { ALLOCATOR_NAMES, PYTHON_FRAME } from '../tables.js';
import { innermostShown } from '../view/group-sites.js';
import { select, type Selection, type SelectionRequest } from '../view/selection.js';
import { ViewError } from '../view/view-error.js';
import { usageByLibrary, type LibraryUsage } from './libraries/library-usage.js';

export interface SelectedUsage {
  /** By peak; every other measure has the same window, sites and frames. */
  readonly selection: Selection;
  /** Of all that was selected. */
  readonly whole: Usage;
  readonly locations: LocationUsage[];
  readonly allocators: AllocatorUsage[];
  readonly threads: ThreadUsage[];
  readonly libraries: LibraryUsage[];
}

type Weights = Readonly<Record<SiteMeasure, SiteWeights | null>>;

/** Throws `ViewError` and `FilterError`. */
export function selectUsage(profile: Profile, request: Omit<SelectionRequest, 'measure'>): SelectedUsage {
  const selection = select(profile, { ...request, measure: 'peak' });
  const { sites, stackTables, groups, stack, threads } = selection;
  const { frames, stacks } = stackTables;
  const weights: Weights = {
    peak: selection.weights,
    leaked: select(profile, { ...request, measure: 'leaked' }).weights,
    total: weightsIfKnown(profile, { ...request, measure: 'total' }),
    temporary: weightsIfKnown(profile, { ...request, measure: 'temporary' }),
  };
  const shown = request.stacks === undefined ? onlyPython(selection) : selection.shown;
  const innermost = innermostShown(stacks, shown);
  const { libraries, ownerOfStack } = selection.owners();
  const frameOfSite = new Int32Array(sites.length);
  for (let site = 0; site < sites.length; site++) {
    const frame = innermost[stack[site]!]!;
    frameOfSite[site] = frame < 0 ? -1 : groups.canonical[frame]!;
  }
  const weighing = sitesThatWeigh(weights, sites.length);
  return {
    selection,
    whole: foldBy(weights, weighing, new Uint8Array(sites.length)).get(0) ?? nothingOf(weights),
    locations: [...foldBy(weights, weighing, frameOfSite)].map(([frame, usage]) => ({
      functionName: frames.functionName[frame] ?? null,
      file: frames.file[frame] ?? null,
      line: frames.line[frame] ?? 0,
      ...usage,
    })),
    allocators: [...foldBy(weights, weighing, sites.allocator)].map(([allocator, usage]) => ({
      allocator: ALLOCATOR_NAMES[allocator] as AllocatorUsage['allocator'],
      ...usage,
    })),
    threads: [...foldBy(weights, weighing, sites.thread)].map(([row, usage]) => ({
      tid: threads.tid[row]!,
      name: threads.name[row] ?? null,
      ...usage,
    })),
    libraries: usageByLibrary({
      tables: stackTables,
      libraries,
      owners: ownerOfStack,
      stack: sites.stack ?? sites.pythonStack,
      allocator: sites.allocator,
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

/** Those Python frames that are shown. */
function onlyPython({ shown, stackTables: { frames } }: Selection): Uint8Array | null {
  if (shown === null && frames.kind.every((kind) => kind === PYTHON_FRAME)) return null;
  return frames.kind.map((kind, row) => (kind === PYTHON_FRAME && shown?.[row] !== 0 ? 1 : 0));
}

/** Null where this part of the capture, or the capture, does not know. */
function weightsIfKnown(profile: Profile, request: SelectionRequest): SiteWeights | null {
  try {
    return select(profile, request).weights;
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

/** Usage by key, of the sites listed. */
function foldBy(weights: Weights, sites: Uint32Array, keyOfSite: ArrayLike<number>): Map<number, Usage> {
  const groupOfKey = new Map<number, number>();
  // By place in the list.
  const groupOf = new Uint32Array(sites.length);
  for (let at = 0; at < sites.length; at++) {
    const key = keyOfSite[sites[at]!]!;
    let group = groupOfKey.get(key);
    if (group === undefined) groupOfKey.set(key, (group = groupOfKey.size));
    groupOf[at] = group;
  }
  // Bytes and counts in the order of the measures.
  const sums = MEASURES.flatMap((measure) => {
    const { bytes = null, count = null } = weights[measure] ?? {};
    return [sumBy(bytes, sites, groupOf, groupOfKey.size), sumBy(count, sites, groupOf, groupOfKey.size)];
  });
  return new Map(
    Array.from(groupOfKey, ([key, group]) => [key, usageOf(sums.map((column) => column?.[group] ?? null))]),
  );
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
function nothingOf(weights: Weights): Usage {
  return usageOf(MEASURES.flatMap((measure) => (weights[measure] === null ? [null, null] : [0, 0])));
}

function usageOf(sums: readonly (number | null)[]): Usage {
  const [peakBytes, peakCount, leakedBytes, leakedCount, totalBytes, totalCount, temporaryBytes, temporaryCount] = sums;
  return {
    peakBytes: peakBytes ?? 0,
    peakCount: peakCount ?? 0,
    leakedBytes: leakedBytes ?? 0,
    leakedCount: leakedCount ?? 0,
    totalBytes: totalBytes ?? null,
    totalCount: totalCount ?? null,
    temporaryBytes: temporaryBytes ?? null,
    temporaryCount: temporaryCount ?? null,
  };
}
