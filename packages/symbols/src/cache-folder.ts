/** The user's cache folder, and files that are in it whole or not at all. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

/** `$XDG_CACHE_HOME/memscope/symbols`, else `~/.cache/memscope/symbols`. */
export function userSymbolCache(): string {
  // The XDG specification: a relative path is to be ignored. An empty HOME names no folder, the user's entry does.
  const configured = process.env['XDG_CACHE_HOME'];
  const cache =
    configured !== undefined && isAbsolute(configured) ? configured : join(homedir() || userInfo().homedir, '.cache');
  return join(cache, 'memscope', 'symbols');
}

/** A name beside `path` for what is not complete yet. */
export function unfinishedPath(path: string): string {
  return `${path}.${process.pid}-${randomBytes(6).toString('hex')}.tmp`;
}

/** Creates the folder, too. Throws faults of the file system. */
export function writeWhole(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const unfinished = unfinishedPath(path);
  try {
    writeFileSync(unfinished, bytes, { flag: 'wx' });
    renameSync(unfinished, path);
  } catch (fault) {
    rmSync(unfinished, { force: true });
    throw fault;
  }
}
