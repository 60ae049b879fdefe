/**
 * The tables that one capture becomes, as struct-of-arrays columns. They are what the kernel's raw tables are turned
 * into, what the profile file holds, and what every question is asked of.
 *
 * Bytes and counts are doubles (exact to 2^53). Row indices are zero-based; `parent[i] < i` in `StackTable`, so one
 * descending loop propagates totals. `null` in place of a column means that the capture cannot answer: an aggregated
 * capture has no totals, no temporary allocations and no lifetimes.
 */
import type { CaptureRow, CaptureNotes } from './capture.js';
import type { FrameRow, OwnerRow, RowColumn, StackRow, ThreadRow } from './rows.js';

/** memray's allocator names in the numbering of capture version 13; index 0 is none. */
export const ALLOCATOR_NAMES = [
  '',
  'pymalloc_free',
  'pymalloc_malloc',
  'pymalloc_calloc',
  'pymalloc_realloc',
  'free',
  'malloc',
  'realloc',
  'calloc',
  'posix_memalign',
  'aligned_alloc',
  'memalign',
  'valloc',
  'pvalloc',
  'mmap',
  'munmap',
] as const;

export type AllocatorName = Exclude<(typeof ALLOCATOR_NAMES)[number], ''>;

export interface ThreadTable {
  readonly length: number;
  /** memray's thread number (1, 2, …), before version 9 the `pthread_self` value. */
  readonly tid: BigUint64Array;
  readonly name: readonly (string | null)[];
}

export interface ModuleTable {
  readonly length: number;
  readonly path: readonly string[];
  readonly name: readonly string[];
  readonly buildId: readonly (string | null)[];
  readonly category: readonly (string | null)[];
}

export const PYTHON_FRAME = 0;
export const NATIVE_FRAME = 1;

export interface FrameTable {
  readonly length: number;
  /** `PYTHON_FRAME` or `NATIVE_FRAME`. */
  readonly kind: Uint8Array;
  /** Null for a native frame without a symbol. */
  readonly functionName: readonly (string | null)[];
  readonly file: readonly (string | null)[];
  /** 1-based; 0 = unknown. */
  readonly line: Int32Array;
  /** Row of `ModuleTable`, or -1. */
  readonly module: Int32Array;
  /**
   * Return address of a native frame, by the addresses of its module's file, and as recorded where it has no module; 0
   * for Python. Calls that were inlined there share it.
   */
  readonly ip: BigUint64Array;
  /** Index into `FRAME_SOURCES`; 0 for Python. */
  readonly source: Uint8Array;
  /** 1 = a Python frame that started a run of the evaluation loop; left out where no native stacks are to be joined. */
  readonly entry?: Uint8Array;
}

export interface StackTable<Own extends number = StackRow> {
  readonly length: number;
  /** Row 0 is the empty stack. `parent[i] < i`; a stack's own frame is its innermost one. */
  readonly parent: RowColumn<Own>;
  /** Meaningless in row 0. */
  readonly frame: RowColumn<FrameRow>;
}

/** - `none`: no frame is known
 *  - `objects`: pymalloc's arenas and what it asks for with them, whoever made the object that found no room
 *  - `function`: the function of the innermost Python frame, at any line; comprehensions belong to the function around
 *    them
 *  - `native`: without a Python frame, the file of the innermost native one
 *  - `rest`: what is too small to be kept apart, where only sums by function are kept; in no capture
 */
export const OWNER_KINDS = ['none', 'objects', 'function', 'native', 'rest'] as const;
export type OwnerKind = (typeof OWNER_KINDS)[number];

/** Who is answerable for the memory of sites, and the most that each held at once, whenever that was. */
export interface OwnerTable {
  readonly length: number;
  /** Index into `OWNER_KINDS`. */
  readonly kind: Uint8Array;
  /** Null for what is no function. */
  readonly functionName: readonly (string | null)[];
  readonly file: readonly (string | null)[];
  /** These two are null in an aggregated capture. */
  readonly peakBytes: Float64Array | null;
  /** Tick in which the owner last held that, as `CaptureRow.peakTick`. */
  readonly peakTick: Uint32Array | null;
}

/** Allocation sites: thread + allocator + Python stack + native stack, pymalloc's arenas apart. */
export interface SiteTable {
  readonly length: number;
  readonly thread: RowColumn<ThreadRow>;
  /** Index into `ALLOCATOR_NAMES`. */
  readonly allocator: Uint8Array;
  /** 0 = no Python frame. */
  readonly pythonStack: RowColumn<StackRow>;
  /** 0 = no native stack; null in a capture without native traces. */
  readonly nativeStack: RowColumn<StackRow> | null;
  readonly owner: RowColumn<OwnerRow>;
  readonly totalBytes: Float64Array | null;
  readonly totalCount: Float64Array | null;
  readonly peakBytes: Float64Array;
  readonly peakCount: Float64Array;
  readonly leakedBytes: Float64Array;
  readonly leakedCount: Float64Array;
  readonly temporaryBytes: Float64Array | null;
  readonly temporaryCount: Float64Array | null;
  /**
   * Tracked Python objects that were created there and not destroyed; null or left out where none were tracked. Only rows that
   * hold nothing else, whose allocator is none (0), have some.
   */
  readonly objectCount?: Float64Array | null;
}

/** Memory records. Tick k covers what happened after tick k - 1 up to its own record. */
export interface TickTable {
  readonly length: number;
  /** Milliseconds since the epoch, never falling. */
  readonly timeMs: Float64Array;
  readonly rssBytes: Float64Array;
  /** Live heap at the record. */
  readonly heapBytes: Float64Array;
  /** Highest heap since the previous tick; null in an aggregated capture. */
  readonly peakBytes: Float64Array | null;
}

/** How many allocations asked for how many bytes, ascending by `bytes`. */
export interface SizeClassTable {
  readonly length: number;
  readonly bytes: Float64Array;
  readonly count: Float64Array;
}

/** Text of lines by file and line number. */
export type SourceLines = ReadonlyMap<string, ReadonlyMap<number, string>>;

/** Everything a profile file holds but `lifetime`; joined stacks are made of it when they are asked for. */
export interface CaptureTables {
  readonly capture: CaptureRow;
  readonly threads: ThreadTable;
  readonly modules: ModuleTable;
  readonly frames: FrameTable;
  readonly stacks: StackTable;
  readonly sites: SiteTable;
  readonly owners: OwnerTable;
  readonly ticks: TickTable;
  /** Null in an aggregated capture. */
  readonly sizeClasses: SizeClassTable | null;
  readonly notes: CaptureNotes;
  /** Lines that stacks mention, where a symbol bundle brought them. */
  readonly sourceLines?: SourceLines;
}
