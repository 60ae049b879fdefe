/**
 * Tables and lifetimes → an open profile without a file: for what is made by a program (a live recording, a page that reads
 * captures itself, tests). It answers as a stored one does.
 */
import { canAnswer } from './answers.js';
import type { Profile, SiteMeasure, SiteWeights } from './profile.js';
import type { LifetimeBatch } from './lifetimes.js';
import type { CaptureTables } from './tables.js';
import { markedRows } from './view/cut-lifetimes.js';
import { withMainThread } from './view/thread-groups.js';

/** Columns are borrowed: whoever made them must not change them. `path` is what the profile is called. */
export function memoryProfile(
  tables: CaptureTables,
  lifetimes: readonly LifetimeBatch[],
  path = `${tables.capture.path}.memscope`,
): Profile {
  const { capture, notes, modules, frames, stacks, sites, owners, ticks, sizeClasses } = tables;
  const { length, thread, allocator, owner, pythonStack, nativeStack } = sites;
  const threads = withMainThread(tables.threads, capture.mainThreadId);
  const stackTables = { modules, frames, stacks };
  const siteKeys = { length, thread, allocator, owner, pythonStack, nativeStack };
  const isAggregated = !canAnswer(capture, 'total');
  const weightsOf = (measure: SiteMeasure): SiteWeights | null => {
    if (measure === 'objects') return weighObjects(sites.objectCount ?? null);
    const [bytes, count] = [sites[`${measure}Bytes`], sites[`${measure}Count`]];
    return bytes === null || count === null ? null : { bytes, count };
  };
  return {
    path,
    capture,
    notes,
    ticks: () => ticks,
    threads: () => threads,
    sizeClasses: () => (isAggregated ? null : sizeClasses),
    stackTables: () => stackTables,
    siteKeys: () => siteKeys,
    owners: () => owners,
    siteWeights: (measure) => {
      const weights = weightsOf(measure);
      return weights && { bytes: weights.bytes.slice(), count: weights.count.slice() };
    },
    narrowWeights: weightsOf,
    sourceLines: () => tables.sourceLines ?? new Map(),
    tables: () => tables,
    lifetimes: () => lifetimes,
    markedLifetimes: (marked, wanted) =>
      lifetimes.filter((_, batch) => wanted[batch] === 1).map((batch) => markedRows(batch, marked)),
    liveChanges: () => null,
    coarseChanges: () => null,
    cohorts: () => null,
    peakLevels: () => null,
    children: () => [],
    close: () => undefined,
  };
}

/** Counts, with bytes that nobody knows; null where objects were not tracked. */
export function weighObjects(count: Float64Array | null): SiteWeights | null {
  return count && { bytes: count.map((objects) => (objects > 0 ? Number.NaN : 0)), count };
}
