/** Bytes by position: of an open file, or of a buffer. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { SymbolsError } from './symbols-error.js';

export interface ByteSource {
  readonly size: number;
  readonly modifiedMs: number;
  /** Copies bytes from `position` on to `target` from `at` on, perhaps fewer than fit; 0 at the end. Throws the file system's faults. */
  readInto(target: Buffer, at: number, position: number): number;
  close(): void;
}

/** Throws a `SymbolsError` (`cannotRead`) for what cannot be opened or is no regular file. */
export function openBytes(path: string): ByteSource {
  let descriptor: number;
  try {
    // Without O_NONBLOCK opening a named pipe would wait for a writer.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    throw new SymbolsError('cannotRead', path, 'cannot be opened', { cause });
  }
  const stat = fstatSync(descriptor);
  if (!stat.isFile()) {
    closeSync(descriptor);
    throw new SymbolsError('cannotRead', path, 'is not a regular file');
  }
  return {
    size: stat.size,
    modifiedMs: stat.mtimeMs,
    readInto: (target, at, position) => readSync(descriptor, target, at, target.length - at, position),
    close: () => closeSync(descriptor),
  };
}

/** The bytes are only read. */
export function bytesInMemory(bytes: Buffer): ByteSource {
  return {
    size: bytes.length,
    modifiedMs: 0,
    readInto: (target, at, position) => bytes.copy(target, at, position),
    close: () => undefined,
  };
}
