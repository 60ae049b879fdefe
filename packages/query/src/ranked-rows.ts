/** The rows of a table as columns: what each stands for, and what it holds. */

/** `subject` of the row of what was allocated without any frame. */
export const FRAMELESS = -1;

/** `subject` of the row of the arenas of Python's allocator, where two sides are compared. */
export const ARENAS = -2;

/** Columns, in no order. */
export interface RankedRows {
  readonly length: number;
  /** By grouping: position in the functions or modules of `FrameGroups`, row of `FrameTable`, or row of a site. */
  readonly subject: Int32Array;
  /** With what was called, where rows are groups of frames. */
  readonly bytes: Float64Array;
  readonly count: Float64Array;
  /** Null where rows are groups of sites. */
  readonly self: { readonly bytes: Float64Array; readonly count: Float64Array } | null;
  /**
   * The most that each held at once, the tick in which it did, and that tick's end; null where rows are no owners, or
   * nothing tells.
   */
  readonly ownPeak: {
    readonly bytes: Float64Array;
    readonly tick: Uint32Array;
    readonly timeMs: Float64Array;
  } | null;
  /** With a base: what of `bytes`, `count` and `self` is the head's; the rest is the base's. Null without. */
  readonly head: Pick<RankedRows, 'bytes' | 'count' | 'self'> | null;
}
