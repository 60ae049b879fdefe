/** What one capture is: the row of the table `capture`, and what is known of it beyond that. */
import type { Answers } from './answers.js';
import type { ThreadRow } from './rows.js';
import type { SymbolNotes } from './symbol-notes.js';

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
  /** Null where the format does not say; empty where it was not recorded. */
  readonly commandLine: string | null;
  readonly pid: number | null;
  /** null before version 9, which does not record it. */
  readonly mainThreadId: number | null;
  /** Milliseconds since the epoch; null where the format does not say: all times are since the start then. Ask `originOf`. */
  readonly startMs: number | null;
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

/** How joined stacks are made of a capture's Python and native ones. */
export interface JoinNotes {
  /** Paired from the outermost frames inwards, else from the innermost outwards, as memray did up to header version 8. */
  readonly inwards: boolean;
  /** Row of the thread whose outermost frames, above the tracker's, are not in its Python stacks; null = none. */
  readonly cutThread: ThreadRow | null;
  /** Evaluation loops that ran those. */
  readonly cutLoops: number;
}
