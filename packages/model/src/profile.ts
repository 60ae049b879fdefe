/**
 * What can be asked of a stored profile. `packages/store` answers it from the profile file; every view stands on it.
 */
import type { CaptureNotes, CaptureRow } from './capture.js';
import type { NarrowWeights } from './number-column.js';
import type { CoarseChanges, Cohorts, LifetimeBatch, LiveChanges, PeakLevels } from './lifetimes.js';
import type {
  AllocatorName,
  CaptureTables,
  FrameTable,
  ModuleTable,
  OwnerTable,
  SiteTable,
  SourceLines,
  SizeClassTable,
  StackTable,
  ThreadTable,
  TickTable,
} from './tables.js';

/** Bytes and counts of a group of sites. Null = the capture cannot answer (an aggregated one has no totals). */
export interface Usage {
  readonly peakBytes: number;
  readonly peakCount: number;
  readonly leakedBytes: number;
  readonly leakedCount: number;
  readonly totalBytes: number | null;
  readonly totalCount: number | null;
  readonly temporaryBytes: number | null;
  readonly temporaryCount: number | null;
}

/** The columns of `Usage`, in its order. */
export const USAGE_COLUMNS = [
  'peakBytes',
  'peakCount',
  'leakedBytes',
  'leakedCount',
  'totalBytes',
  'totalCount',
  'temporaryBytes',
  'temporaryCount',
] as const satisfies (keyof Usage)[];

/** Usage of one source line: all sites whose innermost Python frame it is. */
export interface LocationUsage extends Usage {
  /** Null together with `file`: allocated with no Python frame on the stack. */
  readonly functionName: string | null;
  readonly file: string | null;
  readonly line: number;
}

export interface AllocatorUsage extends Usage {
  readonly allocator: AllocatorName;
}

/** What stacks are made of. */
export interface StackTables {
  readonly modules: ModuleTable;
  readonly frames: FrameTable;
  readonly stacks: StackTable;
}

/** Columns of `SiteTable` that say who allocated and where, not how much. */
export type SiteKeys = Pick<SiteTable, 'length' | 'thread' | 'allocator' | 'owner' | 'pythonStack' | 'nativeStack'>;

/** What a capture measures of each site's memory, in bytes and in allocations. */
export type MemoryMeasure = 'peak' | 'leaked' | 'total' | 'temporary';

/** `objects`: surviving Python objects by the stack that created them. They are counted alone. */
export type SiteMeasure = MemoryMeasure | 'objects';

/** Bytes and allocations of each site, by one measure. Bytes are NaN where they are not known: of objects, if there are any. */
export interface SiteWeights {
  readonly bytes: Float64Array;
  readonly count: Float64Array;
}

/** An open profile file. Answers are read when asked for; throws `StoreError`. */
export interface Profile {
  readonly path: string;
  readonly capture: CaptureRow;
  readonly notes: CaptureNotes;
  ticks(): TickTable;
  threads(): ThreadTable;
  sizeClasses(): SizeClassTable | null;
  /** As they were recorded; joined stacks are made by the view that shows them (join/kept-joins.ts). */
  stackTables(): StackTables;
  siteKeys(): SiteKeys;
  owners(): OwnerTable;
  /** Copied: the caller may change it. Null when the capture cannot answer. */
  siteWeights(measure: SiteMeasure): SiteWeights | null;
  /** The same, shared, in as few bytes as they take where there are many. */
  narrowWeights(measure: SiteMeasure): NarrowWeights | null;
  /** Lines that came with a symbol bundle; empty where there are none. */
  sourceLines(): SourceLines;
  /** The whole profile but `lifetime`, as columns. */
  tables(): CaptureTables;
  /** Batches with a row live in, born in or died in the moments `from`..`to` (inclusive); all by default. */
  lifetimes(from?: number, to?: number): Iterable<LifetimeBatch>;
  /**
   * The rows that are born or die at a moment that is marked with 1, of those batches of all that are `wanted` by a 1; each
   * of what comes is valid until the next one.
   */
  markedLifetimes(marked: Uint8Array, wanted: Uint8Array): Iterable<LifetimeBatch>;
  /** The same summed by site and moment; null where there are so few lifetimes that nobody needs it. */
  liveChanges(): LiveChanges | null;
  /** Summed by site and period, at the first moment of each (view/held-by-period.ts); null where there are few lifetimes. */
  coarseChanges(): CoarseChanges | null;
  /** Summed by site, period of birth and period of death; null where there are few lifetimes. */
  cohorts(): Cohorts | null;
  /** Of each tick; null where there are few lifetimes, or too many sites and ticks. */
  peakLevels(): PeakLevels | null;
  /** Names of the recordings of children that it was followed into, as they lie beside it. */
  children(): readonly string[];
  close(): void;
}
