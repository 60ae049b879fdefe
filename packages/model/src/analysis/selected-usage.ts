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
import { ALLOCATOR_NAMES } from '../tables.js';
import { innermostShown } from '../view/group-sites.js';
import { select, type Selection, type SelectionRequest } from '../view/selection.js';
import { ViewError } from '../view/view-error.js';

export interface SelectedUsage {
  /** By peak; every other measure has the same window, sites and frames. */
  readonly selection: Selection;
  /** Of all that was selected. */
  readonly whole: Usage;
  readonly locations: LocationUsage[];
  readonly allocators: AllocatorUsage[];
  readonly threads: ThreadUsage[];
}

type Weights = Readonly<Record<SiteMeasure, SiteWeights | null>>;

/** Throws `ViewError` and `FilterError`. */
export function selectUsage(profile: Profile, request: Omit<SelectionRequest, 'measure'>): SelectedUsage {
  const selection = select(profile, { ...request, measure: 'peak' });
  const { sites, stackTables, groups, stack, shown, threads } = selection;
  const { frames, stacks } = stackTables;
  const weights: Weights = {
    peak: selection.weights,
    leaked: select(profile, { ...request, measure: 'leaked' }).weights,
    total: weightsIfKnown(profile, { ...request, measure: 'total' }),
    temporary: weightsIfKnown(profile, { ...request, measure: 'temporary' }),
  };
  const innermost = innermostShown(stacks, shown);
  const frameOfSite = Int32Array.from(stack, (row) => (innermost[row]! < 0 ? -1 : groups.canonical[innermost[row]!]!));
  return {
    selection,
    whole: foldBy(weights, new Uint8Array(sites.length)).get(0) ?? usageOf(weights, emptySums()),
    locations: [...foldBy(weights, frameOfSite)].map(([frame, usage]) => ({
      functionName: frames.functionName[frame] ?? null,
      file: frames.file[frame] ?? null,
      line: frames.line[frame] ?? 0,
      ...usage,
    })),
    allocators: [...foldBy(weights, sites.allocator)].map(([allocator, usage]) => ({
      allocator: ALLOCATOR_NAMES[allocator] as AllocatorUsage['allocator'],
      ...usage,
    })),
    threads: [...foldBy(weights, sites.thread)].map(([row, usage]) => ({
      tid: threads.tid[row]!,
      name: threads.name[row] ?? null,
      ...usage,
    })),
  };
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

/** Bytes and counts in the order of `MEASURES`. */
type Sums = [peak: number, peakCount: number, ...rest: number[]];

/** Usage by key; only of sites that weigh something by one of the measures. */
function foldBy(weights: Weights, keyOfSite: ArrayLike<number>): Map<number, Usage> {
  const sums = new Map<number, Sums>();
  for (let site = 0; site < keyOfSite.length; site++) {
    const key = keyOfSite[site]!;
    for (const [index, measure] of MEASURES.entries()) {
      const bytes = weights[measure]?.bytes[site] ?? 0;
      const count = weights[measure]?.count[site] ?? 0;
      if (bytes === 0 && count === 0) continue;
      let row = sums.get(key);
      if (row === undefined) sums.set(key, (row = emptySums()));
      row[2 * index]! += bytes;
      row[2 * index + 1]! += count;
    }
  }
  return new Map([...sums].map(([key, row]) => [key, usageOf(weights, row)]));
}

function emptySums(): Sums {
  return [0, 0, 0, 0, 0, 0, 0, 0];
}

function usageOf({ total, temporary }: Weights, sums: Sums): Usage {
  const [peakBytes, peakCount, leakedBytes, leakedCount, totalBytes, totalCount, temporaryBytes, temporaryCount] = sums;
  return {
    peakBytes,
    peakCount,
    leakedBytes: leakedBytes!,
    leakedCount: leakedCount!,
    totalBytes: total === null ? null : totalBytes!,
    totalCount: total === null ? null : totalCount!,
    temporaryBytes: temporary === null ? null : temporaryBytes!,
    temporaryCount: temporary === null ? null : temporaryCount!,
  };
}
