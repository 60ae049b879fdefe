/** The first bytes of a file → whether it is a profile, or looks like a capture. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';

const SQLITE = Buffer.from('SQLite format 3\0', 'latin1');
const MEMRAY = Buffer.from('memray\0', 'latin1');
const LZ4 = Buffer.from([0x04, 0x22, 0x4d, 0x18]);
/** The longest. */
const MOST_BYTES = SQLITE.length;

/** False also for what cannot be read: reading it says why. */
export function isProfile(path: string): boolean {
  return startsWith(path, SQLITE);
}

/** As memray writes it, compressed or not. */
export function startsLikeCapture(path: string): boolean {
  return startsWith(path, MEMRAY, LZ4);
}

/** Whether it can be one: what starts otherwise is none. */
export function isCaptureOrProfile(path: string): boolean {
  return startsWith(path, SQLITE, MEMRAY, LZ4);
}

function startsWith(path: string, ...magics: readonly Buffer[]): boolean {
  let descriptor: number | null = null;
  try {
    // A pipe would make whoever opens it wait, and lose the bytes that are looked at.
    if (!statSync(path).isFile()) return false;
    descriptor = openSync(path, 'r');
    const start = Buffer.alloc(MOST_BYTES);
    const read = start.subarray(0, readSync(descriptor, start, 0, start.length, 0));
    return magics.some((magic) => read.subarray(0, magic.length).equals(magic));
  } catch {
    return false;
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}
