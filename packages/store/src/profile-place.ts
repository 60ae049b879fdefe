/**
 * The path of a capture → the path of its profile: where the user wants it, else beside the capture, else (a folder that
 * cannot be written) in the user's cache folder.
 */
import { accessSync, closeSync, constants, mkdirSync, openSync, realpathSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { cacheFolder } from './cache-folder.js';
import { digestOfName } from './checksum.js';
import { looksReplaceable } from './profile-header.js';
import { asStoreError, StoreError } from './store-error.js';
import { temporaryPathFor } from './temporary-file.js';

export const PROFILE_SUFFIX = '.memscope';

/** Bytes of a file name on common file systems. */
const MAX_NAME_BYTES = 255;

/** Name of the profile of a capture that came from standard input. */
const STANDARD_INPUT_NAME = 'stdin';

/**
 * Absolute path of the profile of the capture at `capturePath` (`-` = standard input, whose profile stands in the
 * current folder). `output` is the file that was asked for, or a folder to put `NAME.memscope` into.
 *
 * Creates the cache folder when that is the place. Throws `StoreError` (`cannotWrite`) when it cannot be created.
 */
export function profilePathFor(capturePath: string, output?: string): string {
  const capture = capturePath === '-' ? resolve(STANDARD_INPUT_NAME) : resolve(capturePath);
  const name = basename(profileBeside(capture));
  if (output !== undefined) return output.endsWith(sep) || isFolder(output) ? resolve(output, name) : resolve(output);
  const beside = profileBeside(capture);
  if (canWriteBeside(beside)) return beside;
  const cache = cacheFolder();
  asStoreError('cannotWrite', cache, 'cannot create the cache folder', () =>
    mkdirSync(cache, { recursive: true, mode: 0o700 }),
  );
  return join(cache, `${digestOfName(capture)}-${name}`);
}

/** Where the profile of a capture stands if its folder can be written. */
export function profileBeside(capturePath: string): string {
  return join(dirname(capturePath), profileName(basename(capturePath)));
}

/** Bytes of a name in common file systems, less what the cache folder puts before it. */
const LONGEST_NAME = MAX_NAME_BYTES - 17;

/** Of a very long name the beginning, and a digest of all of it. */
function profileName(name: string): string {
  if (Buffer.byteLength(name + PROFILE_SUFFIX) <= LONGEST_NAME) return name + PROFILE_SUFFIX;
  const end = `-${digestOfName(name)}${PROFILE_SUFFIX}`;
  // A character that is cut through goes whole.
  const beginning = Buffer.from(name)
    .subarray(0, LONGEST_NAME - end.length)
    .toString()
    .replace(/\uFFFD$/, '');
  return beginning + end;
}

/**
 * Follows a link to where the profile really stands. Throws `StoreError` (`cannotWrite`) for a target that is no regular
 * file, or that holds something else than a profile and is not named like one.
 */
export function replaceablePlace(target: string): string {
  const stat = asStoreError('cannotWrite', target, 'cannot write the profile', () =>
    statSync(target, { throwIfNoEntry: false }),
  );
  if (Buffer.byteLength(basename(target)) > MAX_NAME_BYTES)
    throw new StoreError('cannotWrite', target, 'the name of the profile is too long');
  if (stat === undefined) return target;
  if (!stat.isFile())
    throw new StoreError('cannotWrite', target, 'cannot write the profile', {
      expected: 'a file or nothing',
      found: stat.isDirectory() ? 'a folder' : 'a special file',
    });
  if (!target.endsWith(PROFILE_SUFFIX) && !looksReplaceable(target))
    throw new StoreError('cannotWrite', target, 'is no memscope profile and will not be overwritten');
  return realpathSync(target);
}

/**
 * A folder without any write permission is left alone even by root, who could override it. Otherwise only trying tells:
 * access rights know nothing of folders such as those of `/proc`.
 */
function canWriteBeside(target: string): boolean {
  const folder = dirname(target);
  const probe = temporaryPathFor(target);
  try {
    if ((statSync(folder).mode & 0o222) === 0) return false;
    accessSync(folder, constants.W_OK | constants.X_OK);
    closeSync(openSync(probe, 'wx'));
    rmSync(probe);
    return true;
  } catch {
    return false;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
