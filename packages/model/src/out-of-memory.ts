/**
 * Whether a fault says that memory ran out: of the process (`ulimit -v`, a container), of a thread's heap, or of what
 * WebAssembly may have. Engines and libraries have no common word for it; these are V8's, Node's, SQLite's and the
 * system's.
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
/** A chain of causes is short, but could be a circle. */
const MOST_CAUSES = 8;

export function isOutOfMemory(fault: unknown): boolean {
  for (let each = fault, seen = 0; each instanceof Error && seen < MOST_CAUSES; each = each.cause, seen++) {
    if ('code' in each && CODES.has(each.code)) return true;
    if (each instanceof RangeError && WORDS.test(each.message)) return true;
  }
  return false;
}
