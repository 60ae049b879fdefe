/**
 * Gives back what nobody holds any more, now: the memory of a decoder or a heap that has told all it knows is hundreds of
 * MB of large captures, and V8 would let it stay until it is short of its own. Only processes that were started to read
 * captures can.
 */
export function collectGarbage(): void {
  (globalThis as { readonly gc?: () => void }).gc?.();
}

/** For `node`, to start such a process. */
export const COLLECTABLE = ['--expose-gc'];
