/**
 * A path of the machine that was recorded → the path of the same file below a folder that holds a copy of that
 * machine's files. Symbolic links are followed as they would be there: absolute ones start again at the folder, and
 * no `..` leads out of it, so a capture cannot name a file outside.
 */
import { lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

const MOST_LINKS = 40;

/** An absolute path, or null where no such file is below `sysroot` (or it cannot be looked at). */
export function findInSysroot(sysroot: string, path: string): string | null {
  if (path.includes('\0')) return null;
  const left = path.split('/').reverse();
  const walked: string[] = [];
  let links = 0;
  while (left.length > 0) {
    const part = left.pop()!;
    if (part === '' || part === '.') continue;
    if (part === '..') {
      walked.pop();
      continue;
    }
    const here = join(sysroot, ...walked, part);
    const target = readLink(here);
    if (target === undefined) return null;
    if (target === null) {
      walked.push(part);
      continue;
    }
    if (++links > MOST_LINKS) return null;
    if (target.startsWith('/')) walked.length = 0;
    left.push(...target.split('/').reverse());
  }
  return join(sysroot, ...walked);
}

/** Where a link points to, null for anything else, undefined where nothing is. */
function readLink(path: string): string | null | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : null;
  } catch {
    return undefined;
  }
}
