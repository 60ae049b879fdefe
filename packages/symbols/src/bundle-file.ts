/** A symbol bundle as a file: read with its size bounded, written whole or not at all, and never over anything else. */
import { closeSync, fstatSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { unfinishedPath } from './cache-folder.js';
import { MOST_BUNDLE_BYTES, packBundle, readBundle, type SymbolBundle } from './symbol-bundle.js';
import { reasonOf, SymbolsError } from './symbols-error.js';

/** Throws a `SymbolsError`: `cannotRead`, `notBundle`, `bundleVersion`, `corruptBundle`. */
export function readBundleFile(path: string): SymbolBundle {
  return readBundle(readBounded(path), path);
}

/**
 * Replaces a bundle that stands at `path`, but no other file. Throws a `SymbolsError` (`cannotWrite`).
 */
export function writeBundleFile(path: string, bundle: SymbolBundle): void {
  if (!isReplaceable(path)) {
    throw new SymbolsError('cannotWrite', path, 'is no symbol bundle and will not be overwritten');
  }
  const unfinished = unfinishedPath(path);
  try {
    writeFileSync(unfinished, packBundle(bundle), { flag: 'wx' });
    renameSync(unfinished, path);
  } catch (cause) {
    rmSync(unfinished, { force: true });
    throw new SymbolsError('cannotWrite', path, `cannot be written (${reasonOf(cause)})`, { cause });
  }
}

function readBounded(path: string): Uint8Array {
  let descriptor: number;
  try {
    // Without waiting for a writer where it is a pipe.
    if (!statSync(path).isFile()) throw new SymbolsError('cannotRead', path, 'is no file');
    descriptor = openSync(path, 'r');
  } catch (cause) {
    if (cause instanceof SymbolsError) throw cause;
    throw new SymbolsError('cannotRead', path, `cannot be read (${reasonOf(cause)})`, { cause });
  }
  try {
    if (fstatSync(descriptor).size > MOST_BUNDLE_BYTES) {
      throw new SymbolsError('corruptBundle', path, 'is too large for a symbol bundle');
    }
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function isReplaceable(path: string): boolean {
  try {
    readBundleFile(path);
    return true;
  } catch (fault) {
    if (!(fault instanceof SymbolsError)) throw fault;
    const isAbsent = (fault.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
    return fault.code === 'bundleVersion' || (fault.code === 'cannotRead' && isAbsent);
  }
}
