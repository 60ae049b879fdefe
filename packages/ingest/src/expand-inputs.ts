/**
 * What the user named → captures and profiles: files as they are, folders by the captures in them, patterns (`*`, `?`,
 * `[…]`, `**`) that the shell did not expand. In a folder and for a pattern a file counts when it starts like a capture;
 * profiles beside their captures don't.
 */
import { readdirSync, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { profileBeside, PROFILE_SUFFIX } from '@memscope/store';
import { STANDARD_INPUT } from './capture-file.js';
import { startsLikeCapture } from './file-start.js';
import { IngestError } from './ingest-error.js';

export interface ExpandedInputs {
  /** Captures (`-` = standard input) and profiles, each once. */
  readonly paths: string[];
  /** Folders and patterns without a capture. */
  readonly failures: IngestError[];
}

export async function expandInputs(args: readonly string[]): Promise<ExpandedInputs> {
  const paths: string[] = [];
  const failures: IngestError[] = [];
  for (const arg of args) {
    const found = await expand(arg);
    if (found instanceof IngestError) failures.push(found);
    else paths.push(...found);
  }
  return { paths: unique(paths), failures };
}

async function expand(arg: string): Promise<string[] | IngestError> {
  if (arg === STANDARD_INPUT) return [arg];
  const kind = kindOf(arg);
  if (kind === 'folder') return capturesIn(arg);
  return kind === 'missing' && /[*?[]/.test(arg) ? capturesLike(arg) : [arg];
}

/** What cannot be looked at counts as a file: reading it says why. */
function kindOf(path: string): 'folder' | 'file' | 'missing' {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat === undefined ? 'missing' : stat.isDirectory() ? 'folder' : 'file';
  } catch {
    return 'file';
  }
}

function capturesIn(folder: string): string[] | IngestError {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (cause) {
    return new IngestError({ code: 'cannotRead', path: folder, message: 'the folder cannot be read' }, { cause });
  }
  const captures = names
    .toSorted()
    .map((name) => join(folder, name))
    .filter(startsLikeCapture);
  if (captures.length > 0) return captures;
  return new IngestError({ code: 'isDirectory', path: folder, message: 'is a folder without a memray capture in it' });
}

async function capturesLike(pattern: string): Promise<string[] | IngestError> {
  // Node 20 has no stable glob of its own.
  const { glob } = await import('tinyglobby');
  const found = await glob(pattern, { onlyFiles: true, expandDirectories: false, absolute: isAbsolute(pattern) });
  const captures = found.toSorted().filter(startsLikeCapture);
  if (captures.length > 0) return captures;
  return new IngestError({ code: 'notFound', path: pattern, message: 'no memray capture has such a name' });
}

/** A file named twice is read once, and a profile not beside the capture that it was made of (as in `folder/*`). */
function unique(paths: readonly string[]): string[] {
  const seen = new Set<string>();
  const once = paths.filter((path) => {
    const key = keyOf(path);
    return !seen.has(key) && seen.add(key);
  });
  if (!once.some((path) => path.endsWith(PROFILE_SUFFIX))) return once;
  const profiles = new Set([...seen].map(profileBeside));
  return once.filter((path) => !profiles.has(keyOf(path)));
}

function keyOf(path: string): string {
  return path === STANDARD_INPUT ? path : resolve(path);
}
