/**
 * Keeps the cache folder within bounds: what was not used for longest goes first. Only files that have the names that
 * the cache gives count and go; what was used within the last hour may be in use by another process and stays.
 */
import { readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

const MOST_BYTES = 2 * 2 ** 30;
/** Of that, what is left after something had to go: not every run shall have to tidy up. */
const KEPT_SHARE = 0.75;
const IN_USE_MS = 3_600_000;

/** Folders below the cache folder, and the files in them that are the cache's own. */
const FRAME_FOLDER = /^[0-9a-f]{2}$/;
const FRAME_FILE = /^[0-9a-z]+-[0-9a-f]{16}\.json\.gz$/;
export const DEBUG_FOLDER = 'debuginfod';
const DEBUG_FILE = /^[0-9a-f]+\.debug$/;

/** Notes that a file of the cache was used. Throws nothing. */
export function touchCached(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // A cache that cannot be written is still one.
  }
}

interface CachedFile {
  readonly path: string;
  readonly bytes: number;
  readonly usedMs: number;
}

/** Throws nothing: a folder that cannot be tidied up stays as it is. */
export function trimCache(folder: string, mostBytes = MOST_BYTES, nowMs = Date.now()): void {
  const files = listCached(folder);
  let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes <= mostBytes) return;
  files.sort((a, b) => a.usedMs - b.usedMs);
  for (const file of files) {
    if (bytes <= mostBytes * KEPT_SHARE || file.usedMs > nowMs - IN_USE_MS) return;
    try {
      rmSync(file.path);
      bytes -= file.bytes;
    } catch {
      // Somebody else's, or gone already.
    }
  }
}

function listCached(folder: string): CachedFile[] {
  return listNames(folder).flatMap((name) => {
    const pattern = name === DEBUG_FOLDER ? DEBUG_FILE : FRAME_FOLDER.test(name) ? FRAME_FILE : null;
    if (pattern === null) return [];
    const inside = join(folder, name);
    return listNames(inside)
      .filter((file) => pattern.test(file))
      .flatMap((file) => {
        const path = join(inside, file);
        const stat = statSync(path, { throwIfNoEntry: false });
        return stat?.isFile() ? [{ path, bytes: stat.size, usedMs: stat.mtimeMs }] : [];
      });
  });
}

function listNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
