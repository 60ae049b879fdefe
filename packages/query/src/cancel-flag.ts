/**
 * Lets a question be given up while a thread works on it: a shared cell, set by the side that waits and looked at between
 * steps. One thread answers one question at a time, so that the present flag is the thread's.
 */

export type CancelFlag = Int32Array<SharedArrayBuffer>;

/** Ends the work on a question that nobody waits for. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
}

let present: CancelFlag | null = null;

export function newCancelFlag(): CancelFlag {
  return new Int32Array(new SharedArrayBuffer(4));
}

export function setCancelled(flag: CancelFlag): void {
  Atomics.store(flag, 0, 1);
}

/** Makes `flag` the one that `checkCancelled` looks at. */
export function watchFlag(flag: CancelFlag): void {
  present = flag;
}

/** Throws `CancelledError`. */
export function checkCancelled(): void {
  if (present !== null && Atomics.load(present, 0) !== 0) throw new CancelledError('nobody waits for the answer');
}
