/** The kernel's tables on the host's side: typed arrays of their own, which stay valid when the kernel is gone. */

/** Numbers in no more bytes than the greatest of them takes; doubles where one is negative or above 2^32. */
export type RawNumbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

export interface RawFrames {
  readonly length: number;
  /** Rows of `strings`. */
  readonly functionName: Uint32Array;
  readonly file: Uint32Array;
  readonly line: Int32Array;
  /** 1 = entry frame; always 0 without native traces, which alone need it. */
  readonly entry: Uint8Array;
}

/** Call tree of Python stacks; row 0 is the empty stack, parents come first. */
export interface RawStacks {
  readonly length: number;
  readonly parent: Uint32Array;
  readonly frame: Uint32Array;
}

/** Native nodes; row 0 is the empty stack, parents come first. */
export interface RawNativeStacks {
  readonly length: number;
  readonly ip: BigUint64Array;
  readonly parent: Uint32Array;
  /** Generation of memory maps in force, 0 = none yet. */
  readonly generation: Uint32Array;
}

/** Mapped segments of files, by generation. */
export interface RawSegments {
  readonly length: number;
  readonly file: Uint32Array;
  readonly generation: Uint32Array;
  readonly loadAddress: BigUint64Array;
  readonly virtualAddress: BigUint64Array;
  readonly size: BigUint64Array;
}

/** Row 0 is often a thread 0 without a name or a site: it counts as running until the first record names another. */
export interface RawThreads {
  readonly length: number;
  readonly tid: BigUint64Array;
  /** Row of `strings`, -1 = never named. */
  readonly name: Int32Array;
}

/** Who is answerable for the memory of sites; see assembly/decode/owners.ts. */
export interface RawOwners {
  readonly length: number;
  /** 0 nobody, 1 arenas, 2 a function, 3 a native file. */
  readonly kind: Uint8Array;
  /** Rows of `strings`, 0 = none. */
  readonly functionName: Uint32Array;
  readonly file: Uint32Array;
}

/** Allocation sites; what they allocate and hold comes from the heap, or in an aggregated capture from the records. */
export interface RawSites {
  readonly length: number;
  readonly thread: Uint32Array;
  readonly allocator: Uint8Array;
  readonly pythonStack: Uint32Array;
  readonly nativeStack: Uint32Array;
  /** Row of `RawOwners`. */
  readonly owner: Uint32Array;
  readonly temporaryBytes: RawNumbers;
  readonly temporaryCount: RawNumbers;
  /** These are empty but in an aggregated capture. */
  readonly peakBytes: Float64Array;
  readonly peakCount: Float64Array;
  readonly leakedBytes: Float64Array;
  readonly leakedCount: Float64Array;
  /** Tracked Python objects that were created there and are alive; null where none were tracked, or not where from. */
  readonly objectCount: Float64Array | null;
}

/** The most that each owner (by row) held at once. */
export interface RawOwnPeaks {
  readonly bytes: Float64Array;
  /** Row of `ticks` in which it did so last. */
  readonly tick: Uint32Array;
}

/** What sites hold at one moment, by site. */
export interface RawHeld {
  readonly bytes: Float64Array;
  /** Allocations that are live, and all there were so far, modulo 2^32. */
  readonly count: Uint32Array;
  readonly allocated: Uint32Array;
}

/** What each site (by row) has allocated in all, held at the peak and holds at the end. */
export interface RawUsages {
  readonly totalBytes: RawNumbers;
  readonly totalCount: RawNumbers;
  readonly peakBytes: RawNumbers;
  readonly peakCount: RawNumbers;
  readonly leakedBytes: RawNumbers;
  readonly leakedCount: RawNumbers;
}

export interface RawTicks {
  readonly length: number;
  /** Milliseconds since the capture's start. */
  readonly timeMs: Float64Array;
  readonly rssBytes: Float64Array;
  readonly heapBytes: Float64Array;
  readonly peakBytes: Float64Array;
}

export interface RawSizes {
  readonly length: number;
  readonly bytes: Float64Array;
  readonly count: Float64Array;
  readonly exact: boolean;
}
