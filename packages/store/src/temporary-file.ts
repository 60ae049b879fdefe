/**
 * Where a profile stands while it is written: a file `.NAME.PID-HOSTRANDOM.tmp` beside its target, so that renaming it
 * replaces the target at once, or a folder of such a name. The name says which process on which host writes it; what dead
 * processes left behind is removed when the place is used again.
 */
import { close, constants, lstatSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { checksum, digestOfName } from './checksum.js';

const PATTERN = /^\.(.+)\.(\d+)-([0-9a-f]{4})[0-9a-f]{12}\.tmp(?:-journal)?$/s;
/** After so long without a change, a temporary file of another host (or of a recycled process id) is dead too. */
const FORGOTTEN_MS = 24 * 3600 * 1000;

/** A new name beside `target`. */
export function temporaryPathFor(target: string): string {
  // Whoever makes it refuses to where it is there already.
  const random = Math.floor(Math.random() * 2 ** 48)
    .toString(16)
    .padStart(12, '0');
  return join(dirname(target), `.${temporaryStem(target)}.${process.pid}-${hostMark()}${random}.tmp`);
}

/** A new folder beside `target` that nobody else may look into. Throws what the system says. */
export function makeTemporaryFolder(target: string): string {
  removeDeadTemporaries(target);
  const folder = temporaryPathFor(target);
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

/** Removes the temporary files of dead processes from the folder of `target`; what cannot be removed stays. */
export function removeDeadTemporaries(target: string): void {
  for (const { path, pid, host } of listTemporaries(dirname(target))) {
    const dead = host === hostMark() && !isAlive(pid);
    if ((dead || isForgotten(path)) && isOwn(path)) removeQuietly(path);
  }
}

/**
 * Removes what a process of this machine, by default this one, was writing towards `target`: for a thread or a process
 * that was stopped before it could abort its `ProfileWriter`.
 */
export function removeTemporaries(target: string, writer: number = process.pid): void {
  for (const { path, stem, pid, host } of listTemporaries(dirname(target)))
    if (stem === temporaryStem(target) && pid === writer && host === hostMark()) removeQuietly(path);
}

/**
 * Renames a temporary file over its target. To take away a large file that was there takes as long as to write some of it:
 * it is still open then, and goes when it is closed, which nobody waits for.
 */
export function putInPlace(temporary: string, target: string): void {
  const replaced = openQuietly(target);
  try {
    renameSync(temporary, target);
  } finally {
    if (replaced !== null) close(replaced, () => undefined);
  }
}

/** Null where there is none, and where a file that is open cannot be replaced. */
function openQuietly(path: string): number | null {
  if (process.platform === 'win32') return null;
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return null;
  }
}

/** Removes a file, or a folder with what is in it; does nothing when that is not possible. */
export function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true, recursive: true });
  } catch {
    // A file that stays is found again by the next writer.
  }
}

interface Temporary {
  readonly path: string;
  readonly stem: string;
  readonly pid: number;
  readonly host: string;
}

function listTemporaries(folder: string): Temporary[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const match = PATTERN.exec(name);
    return match === null
      ? []
      : [{ path: join(folder, name), stem: match[1]!, pid: Number(match[2]), host: match[3]! }];
  });
}

/** The target's name, shortened so that the temporary name stays below the 255 bytes of common file systems. */
function temporaryStem(target: string): string {
  const name = basename(target);
  if (Buffer.byteLength(name) <= 200) return name;
  return `${digestOfName(name)}.memscope`;
}

function hostMark(): string {
  return checksum(hostname()).slice(0, 4);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (fault) {
    // Not permitted to signal it: it lives, as somebody else's.
    return (fault as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** In a folder that all may write to, a name says nothing of whose it is. */
function isOwn(path: string): boolean {
  const user = process.getuid?.();
  return user === undefined || lstatSync(path, { throwIfNoEntry: false })?.uid === user;
}

function isForgotten(path: string): boolean {
  try {
    return Date.now() - statSync(path).mtimeMs > FORGOTTEN_MS;
  } catch {
    return false;
  }
}
