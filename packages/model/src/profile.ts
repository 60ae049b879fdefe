/**
 * What can be asked of a stored profile. `packages/store` answers it from the profile file; every view stands on it.
 */
import type {
  AllocatorName,
  CaptureNotes,
  CaptureRow,
  CaptureTables,
  LifetimeBatch,
  SizeClassTable,
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

/** Usage of one source line: all sites whose innermost Python frame it is. */
export interface LocationUsage extends Usage {
  /** Null together with `file`: allocated with no Python frame on the stack. */
  readonly functionName: string | null;
  readonly file: string | null;
  readonly line: number;
}

export interface ThreadUsage extends Usage {
  readonly tid: bigint;
  readonly name: string | null;
}

export interface AllocatorUsage extends Usage {
  readonly allocator: AllocatorName;
}

/** An open profile file. Answers are read when asked for; throws `StoreError`. */
export interface Profile {
  readonly path: string;
  readonly capture: CaptureRow;
  readonly notes: CaptureNotes;
  ticks(): TickTable;
  threads(): ThreadTable;
  sizeClasses(): SizeClassTable | null;
  usageByLocation(): LocationUsage[];
  usageByThread(): ThreadUsage[];
  usageByAllocator(): AllocatorUsage[];
  /** The whole profile but `lifetime`, as columns. */
  tables(): CaptureTables;
  /** Batches with a row live in, born in or died in the moments `from`..`to` (inclusive); all by default. */
  lifetimes(from?: number, to?: number): Iterable<LifetimeBatch>;
  close(): void;
}
