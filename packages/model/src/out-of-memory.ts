/**
 * Memory that ran out: of the process (`ulimit -v`, a container), of a thread's heap, or of what WebAssembly may have; how
 * it is known, and what people are told. Engines and libraries have no common word for it; these are V8's, Node's,
 * SQLite's and the system's.
 */

const CODES: ReadonlySet<unknown> = new Set([
  'ERR_WORKER_OUT_OF_MEMORY',
  'ERR_MEMORY_ALLOCATION_FAILED',
  'ENOMEM',
  'SQLITE_NOMEM',
  'SQLITE_IOERR_NOMEM',
]);
const WORDS =
  /array buffer allocation failed|out of memory|could not allocate memory|cannot allocate (?:wasm )?memory|memory allocation failed/i;
/** What V8 says on standard error before it ends a process. */
const LAST_WORDS = /out of memory|heap limit|Allocation failed/i;
/** A chain of causes is short, but could be a circle. */
const MOST_CAUSES = 8;

export function isOutOfMemory(fault: unknown): boolean {
  for (let each = fault, seen = 0; each instanceof Error && seen < MOST_CAUSES; each = each.cause, seen++) {
    if ('code' in each && CODES.has(each.code)) return true;
    if (each instanceof RangeError && WORDS.test(each.message)) return true;
  }
  return false;
}

/** From what a process left on standard error before it died. */
export function diedOutOfMemory(words: string): boolean {
  return LAST_WORDS.test(words);
}

/** The fault of a thread or process that is no more, as Node says it of a thread that it can end alone. */
export function outOfMemory(): Error {
  return Object.assign(new Error('out of memory'), { code: 'ERR_WORKER_OUT_OF_MEMORY' });
}

/** What to do about it, for people. */
export const MORE_MEMORY =
  "raise the limit (ulimit -v, the container's, NODE_OPTIONS=--max-old-space-size) or read one at a time with -j 1";
