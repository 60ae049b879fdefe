/** Whatever a part of the workspace threw → the error that says it of a capture. */
import { KernelError } from '@memscope/kernel';
import { isOutOfMemory } from '@memscope/model/out-of-memory';
import { StoreError } from '@memscope/store';
import { fromStoreError, IngestError, memoryRanOut, wordsOfSystem } from './ingest-error.js';

export function asIngestError(path: string, cause: unknown): IngestError {
  if (cause instanceof IngestError) return cause;
  if (cause instanceof KernelError) {
    const { code, message, offset, stop } = cause;
    return new IngestError({ code, path, message, offset, stop }, { cause });
  }
  if (isOutOfMemory(cause)) return memoryRanOut(path, cause);
  if (cause instanceof StoreError) return fromStoreError(path, cause);
  if (isSystemError(cause)) {
    const code = WRITING.has(cause.syscall) ? 'cannotWrite' : 'cannotRead';
    return new IngestError({ code, path, message: wordsOfSystem(cause) }, { cause });
  }
  const message = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  return new IngestError({ code: 'internal', path, message }, { cause });
}

/** Calls that only who writes makes. */
const WRITING: ReadonlySet<string> = new Set(['write', 'fsync', 'rename', 'unlink', 'mkdir', 'ftruncate', 'link']);

/** What the file system complains of. */
function isSystemError(cause: unknown): cause is NodeJS.ErrnoException & { readonly syscall: string } {
  return cause instanceof Error && 'syscall' in cause && typeof cause.syscall === 'string';
}
