/**
 * Where to stop reading a capture of which the rest does not fit into memory. A module of the kernel that runs out of it
 * traps, perhaps within a record: what it holds is then of no use, but it knows up to where all was well. The same
 * capture read again up to there gives what came before, whole.
 */
export interface StopPoint {
  /** Offset of a record in the uncompressed stream. */
  readonly recordOffset?: number;
  /** Entries of operations that the heap could take; reading stops a little before. */
  readonly entries?: number;
}

/** The same with less, where the same point was too far again: memory may have become scarcer meanwhile. */
export function nearerStop({ recordOffset, entries }: StopPoint): StopPoint {
  const less = (amount: number): number => Math.floor((amount / 8) * 7);
  return {
    ...(recordOffset === undefined ? {} : { recordOffset: less(recordOffset) }),
    ...(entries === undefined ? {} : { entries: less(entries) }),
  };
}
