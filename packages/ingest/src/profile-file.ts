/** Tells a profile from a capture by its first bytes. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';

const SQLITE = Buffer.from('SQLite format 3\0', 'latin1');

/** False also for what cannot be read: reading it says why. */
export function isProfile(path: string): boolean {
  let descriptor: number;
  try {
    // A pipe would make whoever opens it wait, and lose the bytes that are looked at.
    if (!statSync(path).isFile()) return false;
    descriptor = openSync(path, 'r');
  } catch {
    return false;
  }
  try {
    const start = Buffer.alloc(SQLITE.length);
    return readSync(descriptor, start, 0, start.length, 0) === start.length && start.equals(SQLITE);
  } catch {
    return false;
  } finally {
    closeSync(descriptor);
  }
}
