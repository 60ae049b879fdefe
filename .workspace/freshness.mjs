/**
 * Tells whether a step must run again: a fingerprint of what it reads is kept beside what it made. Contents are
 * hashed for the few files that decide what is installed; for sources the size and time of change are enough, as the
 * tools behind the build look closer themselves.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { root } from './run.mjs';

const stampFolder = join(root, 'node_modules', '.cache', 'memscope');
const skippedFolders = new Set(['node_modules', 'dist', 'test', 'captures', 'expected']);

/** @param {string[]} files paths from the workspace's folder */
export function fingerprintContents(files) {
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  return hash.digest('hex');
}

/** @param {string[]} paths files or folders (read to the bottom), from the workspace's folder */
export function fingerprintTimes(paths) {
  const hash = createHash('sha256');
  /** @param {string} path */
  const visit = (path) => {
    const stat = statSync(join(root, path), { throwIfNoEntry: false });
    if (!stat?.isDirectory()) {
      hash.update(`${path}\0${stat?.size}\0${stat?.mtimeMs}\0`);
      return;
    }
    for (const name of readdirSync(join(root, path)).toSorted()) {
      if (!skippedFolders.has(name) && !name.startsWith('.')) visit(`${path}/${name}`);
    }
  };
  for (const path of paths) visit(path);
  return hash.digest('hex');
}

/**
 * Whether the step's last success had the same fingerprint.
 * @param {string} step
 * @param {string} fingerprint
 */
export function isFresh(step, fingerprint) {
  try {
    return readFileSync(join(stampFolder, step), 'utf8') === fingerprint;
  } catch {
    return false;
  }
}

/**
 * Remembers a success.
 * @param {string} step
 * @param {string} fingerprint
 */
export function stamp(step, fingerprint) {
  const file = join(stampFolder, step);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, fingerprint);
}

/**
 * Forgets the last success, so that a step cut short is done again.
 * @param {string} step
 */
export function unstamp(step) {
  rmSync(join(stampFolder, step), { force: true });
}
