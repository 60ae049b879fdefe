/**
 * A capture file → a stamp that changes when the capture does: its size, its time of modification, and a digest of its
 * head and tail. Two reads of 64 KiB, so that a stamp of many gigabytes costs nothing.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { checksum } from './checksum.js';
import { asStoreError, StoreError } from './store-error.js';

export interface SourceStamp {
  /** Absolute path. */
  readonly path: string;
  readonly size: number;
  readonly mtimeNs: bigint;
  /** SHA-256, in hexadecimal, of the first and the last 64 KiB (of everything up to 128 KiB). */
  readonly digest: string;
}

const END_BYTES = 64 * 1024;

/** Throws `StoreError` (`cannotRead`). */
export function sourceStamp(path: string): SourceStamp {
  const absolute = resolve(path);
  return asStoreError('cannotRead', absolute, 'cannot be read', () => {
    const file = openSync(absolute, 'r');
    try {
      const { size: bigSize, mtimeNs } = fstatSync(file, { bigint: true });
      const size = Number(bigSize);
      const ends = [readEnd(file, absolute, 0, Math.min(size, END_BYTES))];
      const tail = Math.max(END_BYTES, size - END_BYTES);
      if (tail < size) ends.push(readEnd(file, absolute, tail, size - tail));
      return { path: absolute, size, mtimeNs, digest: checksum(...ends) };
    } finally {
      closeSync(file);
    }
  });
}

function readEnd(file: number, path: string, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let done = 0; done < length;) {
    const read = readSync(file, bytes, done, length - done, offset + done);
    if (read === 0) throw new StoreError('cannotRead', path, 'became shorter while it was read');
    done += read;
  }
  return bytes;
}
