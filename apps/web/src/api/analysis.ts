/** What the page reads of the document that `/overview` answers: the numbers of `memscope analyze`. */
import type { LibraryWay, SiteMeasure } from '@memscope/model';

/** Bytes and counts by measure; null where the capture cannot answer. */
export type DocumentUsage = Readonly<Record<`${SiteMeasure}${'Bytes' | 'Count'}`, number | null>>;

export interface Analysis {
  readonly capture: {
    readonly path: string;
    readonly format: string;
    readonly formatVersion: number;
    readonly layout: 'all' | 'aggregated';
    readonly compression: string;
    readonly nativeTraces: boolean;
    readonly pythonVersion: string | null;
    readonly pythonAllocator: string;
    readonly tracePythonAllocators: boolean | null;
    readonly commandLine: string;
    readonly pid: number;
    readonly startMs: number;
    readonly complete: boolean;
    readonly readBytes: number;
    readonly totalBytes: number;
  };
  readonly totals: {
    readonly allocations: number | null;
    readonly deallocations: number | null;
    readonly bytesAllocated: number | null;
    readonly peakBytes: number;
    readonly peakTick: number | null;
    readonly peakTimeMs: number | null;
    readonly leakedBytes: number;
    readonly leakedCount: number;
    readonly temporaryBytes: number | null;
    readonly temporaryCount: number | null;
    readonly temporaryThreshold: number;
    readonly durationMs: number;
    readonly durationIsLeast: boolean;
    readonly rssPeakBytes: number | null;
    readonly rssPeakTimeMs: number | null;
    readonly rssPeakGapBytes: number | null;
    readonly memoryRecords: number;
  };
  readonly damage: { readonly kind: string; readonly unreadBytes: number; readonly reason: string } | null;
  readonly findings: readonly {
    readonly rule: string;
    readonly severity: 'warning' | 'note';
    readonly title: string;
    readonly text: string;
    readonly location: { readonly function: string | null; readonly file: string | null; readonly line: number } | null;
  }[];
  readonly limitations: readonly string[];
  readonly locationCount: number;
  readonly locations: readonly (DocumentUsage & {
    readonly function: string | null;
    readonly file: string | null;
    readonly line: number;
    readonly module: string;
    readonly category: string;
  })[];
  readonly libraryCount: number;
  readonly libraries: readonly (DocumentUsage & LibraryWay)[];
  readonly allocators: readonly (DocumentUsage & { readonly allocator: string; readonly family: string })[];
  readonly threadCount: number;
  readonly threads: readonly (DocumentUsage & { readonly tid: number | string; readonly name: string | null })[];
  readonly sizes: {
    readonly exact: boolean;
    readonly buckets: readonly {
      readonly fromBytes: number;
      readonly toBytes: number;
      readonly count: number;
    }[];
  } | null;
}
