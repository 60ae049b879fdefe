/**
 * What the user named → captures and profiles: files as they are, folders by the captures in them, patterns (`*`, `?`,
 * `[…]`, `**`) that the shell did not expand. In a folder and for a pattern a file counts when it starts like a capture;
 * profiles beside their captures don't.
 */
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { STANDARD_INPUT } from './capture-file.js';
import { IngestError } from './ingest-error.js';

const MEMRAY = Buffer.from('memray\0', 'latin1');
const LZ4 = Buffer.from([0x04, 0x22, 0x4d, 0x18]);

/** @throws {IngestError} `notFound` when a folder or a pattern holds no capture */
export async function expandInputs(args: readonly string[]): Promise<string[]> {
  const paths: string[] = [];
  for (const arg of args) {
    if (arg === STANDARD_INPUT) {
      paths.push(arg);
      continue;
    }
    const stat = statSync(arg, { throwIfNoEntry: false });
    if (stat?.isDirectory()) paths.push(...capturesIn(arg));
    else if (!stat && /[*?[]/.test(arg)) paths.push(...(await capturesLike(arg)));
    else paths.push(arg);
  }
  return unique(paths);
}

function capturesIn(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (cause) {
    throw new IngestError({ code: 'cannotRead', path: folder, message: 'the folder cannot be read' }, { cause });
  }
  const captures = names
    .toSorted()
    .map((name) => join(folder, name))
    .filter(startsLikeCapture);
  if (captures.length > 0) return captures;
  throw new IngestError({ code: 'isDirectory', path: folder, message: 'is a folder without a memray capture in it' });
}

async function capturesLike(pattern: string): Promise<string[]> {
  // Node 20 has no stable glob of its own.
  const { glob } = await import('tinyglobby');
  const found = await glob(pattern, { dot: false, onlyFiles: true, expandDirectories: false });
  const captures = found.toSorted().filter(startsLikeCapture);
  if (captures.length > 0) return captures;
  throw new IngestError({ code: 'notFound', path: pattern, message: 'no memray capture has such a name' });
}

function startsLikeCapture(path: string): boolean {
  let descriptor: number;
  try {
    if (!statSync(path).isFile()) return false;
    descriptor = openSync(path, 'r');
  } catch {
    return false;
  }
  try {
    const start = Buffer.alloc(MEMRAY.length);
    const read = readSync(descriptor, start, 0, start.length, 0);
    return start.subarray(0, read).equals(MEMRAY) || start.subarray(0, LZ4.length).equals(LZ4);
  } finally {
    closeSync(descriptor);
  }
}

/** Two names of one file would write one profile at the same time. */
function unique(paths: readonly string[]): string[] {
  const seen = new Set<string>();
  return paths.filter((path) => {
    const key = path === STANDARD_INPUT ? path : resolve(path);
    return !seen.has(key) && seen.add(key);
  });
}
