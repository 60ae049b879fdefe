/**
 * The tables that one capture becomes, as struct-of-arrays columns. They are what the kernel's raw tables are turned
 * into, what the profile file holds, and what every question is asked of.
 *
 * Bytes and counts are doubles (exact to 2^53). Row indices are zero-based; `parent[i] < i` in `StackTable`, so one
 * descending loop propagates totals. `null` in place of a column means that the capture cannot answer: an aggregated
 * capture has no totals, no temporary allocations and no lifetimes.
 */
import type { Answers } from './answers.js';
import type { FrameRow, OwnerRow, RowColumn, SiteRow, StackRow, ThreadRow } from './rows.js';
import type { SymbolNotes } from './symbol-notes.js';

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

/** One row of the table `capture`: what was recorded, by whom, and its totals. */
export interface CaptureRow {
  readonly id: number;
  /** Absolute path of the capture file, or `-` for standard input. */
  readonly path: string;
  readonly format: 'memray';
  /** What can be asked of it. */
  readonly answers: Answers;
  /** Where numbers are estimates: bytes from one sample to the next, on average; null where nothing was sampled. */
  readonly samplingBytes: number | null;
  /** Header version, 6 to 13. */
  readonly formatVersion: number;
  readonly layout: 'all' | 'aggregated';
  readonly compression: 'lz4' | 'none';
  readonly nativeTraces: boolean;
  /** "3.13.5"; null before version 12, which does not record it. */
  readonly pythonVersion: string | null;
  /** "pymalloc", "pymalloc debug", "malloc", "mimalloc", "mimalloc debug" or "other". */
  readonly pythonAllocator: string;
  /** null before version 11, which does not record it. */
  readonly tracePythonAllocators: boolean | null;
  readonly commandLine: string;
  readonly pid: number;
  /** null before version 9, which does not record it. */
  readonly mainThreadId: number | null;
  /** Milliseconds since the epoch. */
  readonly startMs: number;
  /**
   * Milliseconds since the epoch; null where nobody recorded it: the process was killed, or is a child that memray
   * followed into a fork and that ended without closing its recording. Ask `spanOfRecording`.
   */
  readonly endMs: number | null;
  /** False where the capture was cut, damaged, its process killed, or memory was too small for it. */
  readonly complete: boolean;
  /** Bytes of the file that were understood, and its size. */
  readonly readBytes: number;
  readonly totalBytes: number;
  /** Allocation records, without deallocations. */
  readonly allocations: number | null;
  readonly deallocations: number | null;
  readonly bytesAllocated: number | null;
  readonly peakBytes: number;
  /** The tick in which the peak lies (0-based; equal to the number of ticks when it lies after the last one). */
  readonly peakTick: number | null;
  readonly leakedBytes: number;
  readonly leakedCount: number;
  readonly temporaryBytes: number | null;
  readonly temporaryCount: number | null;
}

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
  /** Return address of a native frame; 0 for Python. Calls that were inlined there share it. */
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
 */
export const OWNER_KINDS = ['none', 'objects', 'function', 'native'] as const;
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

/** `died` of an allocation that is live at the end of the capture. */
export const NEVER = 0xffffffff;

/**
 * A batch of the bulk table `lifetime`. Tick k has two moments: 2k = from its start to its greatest heap (of equal ones
 * the last), 2k + 1 = from there to its end; what follows the last tick has moments 2n and 2n + 1. A row is live at
 * moment m when `born <= m < died`.
 *
 * A mapping that a partial munmap cut in two counts twice from then on: that extra count is a row of its own with 0
 * bytes, so that the other rows alone give one count per mapping.
 */
export interface LifetimeBatch {
  readonly rows: number;
  readonly site: RowColumn<SiteRow>;
  readonly born: Uint32Array;
  /** `NEVER` when live at the end. */
  readonly died: Uint32Array;
  readonly count: Float64Array;
  readonly bytes: Float64Array;
}

/** The table `lifetime` summed (view/live-changes.ts). Of a site and a moment there is one row, ordered by nothing. */
export interface LiveChanges {
  readonly length: number;
  /** Row of `SiteTable`. */
  readonly site: Uint32Array;
  readonly moment: Uint32Array;
  /** What was born less what died. */
  readonly bytes: Float64Array;
  /** Rows of `lifetime` that are born, and that die. */
  readonly births: Uint32Array;
  readonly deaths: Uint32Array;
  /** Allocations of the rows that are born or die there and do not live on for ever, of each row a million at most. */
  readonly passing: Float64Array;
  readonly bySite: SiteLifetimes;
  /** Rows of `mmap` with 32 MiB or more each. */
  readonly largeMappings: LifetimeBatch;
}

/** Of all rows of a site, by row of `SiteTable`. */
export interface SiteLifetimes {
  readonly bornBytes: Float64Array;
  /** First and last birth of what is never freed, pieces of mappings apart; `NEVER` and 0 where there is none. */
  readonly firstKeptTick: Uint32Array;
  readonly lastKeptTick: Uint32Array;
  /** Born in the first half of the ticks and never freed; freed after that. */
  readonly keptBytes: Float64Array;
  readonly freedBytes: Float64Array;
}

/** Ranges of a batch's columns, where who made it knows them. */
export interface LifetimeRanges {
  readonly site: ValueRange;
  readonly born: ValueRange;
  /** Rows that are live at the end. */
  readonly never: number;
  /** Greatest moment of death of the others, 0 when there are none. */
  readonly lastDeath: number;
  readonly count: ValueRange;
  readonly bytes: ValueRange;
}

export interface ValueRange {
  readonly least: number;
  readonly greatest: number;
}

/** Text of lines by file and line number. */
export type SourceLines = ReadonlyMap<string, ReadonlyMap<number, string>>;

/** How joined stacks are made of a capture's Python and native ones. */
export interface JoinNotes {
  /** Paired from the outermost frames inwards, else from the innermost outwards, as memray did up to header version 8. */
  readonly inwards: boolean;
  /** Row of the thread whose outermost frames, above the tracker's, are not in its Python stacks; null = none. */
  readonly cutThread: ThreadRow | null;
  /** Evaluation loops that ran those. */
  readonly cutLoops: number;
}

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

/** What is known of a capture beyond the columns of the table `capture`; the profile file keeps it in `meta`. */
export interface CaptureNotes {
  /** Records by allocator, deallocators included (index into `ALLOCATOR_NAMES`); null in an aggregated capture. */
  readonly recordsByAllocator: readonly number[] | null;
  /** Bytes asked for by allocator; for munmap the bytes it was called with. */
  readonly bytesByAllocator: readonly number[] | null;
  /** A temporary allocation was freed before its thread made this many further ones. */
  readonly temporaryThreshold: number;
  /** Memory records in the file; more than `ticks.length` where ticks were merged. */
  readonly memoryRecords: number;
  readonly rssPeakBytes: number | null;
  readonly rssPeakMs: number | null;
  /** Highest heap and heap after the last tick. */
  readonly tailPeakBytes: number | null;
  readonly tailHeapBytes: number | null;
  /** False where `sizeClasses` holds lower bounds of logarithmic buckets. */
  readonly sizesExact: boolean;
  /** Tracked object lifetimes (version 13), null where they were not tracked. */
  readonly objects: ObjectLifetimes | null;
  /** Allocations at an address that was still live: their predecessor's bytes stay in the heap and the peak. */
  readonly replacedCount: number;
  readonly replacedBytes: number;
  /** Null when the whole capture was read without complaint. */
  readonly damage: Damage | null;
  /** How the machine's clock was set meanwhile; null where it was not. */
  readonly clock?: ClockSteps | null;
  /** Names that were cut: behind 64 KiB, or 1 KiB where there are more than 64 MiB of them. */
  readonly cutNames?: number;
  /** Bytes that were left out at the end of the command line. */
  readonly commandLineCut?: number;
  /** What became of its native frames; null in a capture without native traces. */
  readonly symbols: SymbolNotes | null;
  /** Null in a capture without native traces. */
  readonly join: JoinNotes | null;
}

/** Python objects whose lifetimes were tracked. An object is the same as long as nothing else has its address. */
export interface ObjectLifetimes {
  /** While it was recorded; null in an aggregated capture, which lists the survivors alone. */
  readonly created: number | null;
  readonly destroyed: number | null;
  /** Of the destroyed ones those that were created before the recording began. */
  readonly fromBefore?: number | null;
  /** Created while it was recorded, and not destroyed. */
  readonly surviving: number;
}

/** Steps of the machine's clock of a second and more, and by how much in all. Ticks count on as if there were none. */
export interface ClockSteps {
  readonly stepsBack: number;
  readonly backMs: number;
  /** By more than a year at a time: what is less may be a pause. */
  readonly stepsForward: number;
  readonly forwardMs: number;
}

/** Where and why reading stopped early. */
export interface Damage {
  /**
   * killed: never finished; cut: the file ends early; corrupt: bytes that cannot be what they should; limit: memory was
   * too small for what follows.
   */
  readonly kind: 'killed' | 'cut' | 'corrupt' | 'limit';
  /** Offset in the file (of the compressed block, when compressed). */
  readonly fileOffset: number;
  /** Offset in the uncompressed record stream. */
  readonly recordOffset: number;
  /** Bytes of the file that were not understood, trailing zero padding excluded. */
  readonly unreadBytes: number;
  /** One sentence: what was expected and what was found. */
  readonly reason: string;
}
