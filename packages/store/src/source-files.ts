/**
 * The file that a capture names → its lines, where it lies in a folder that the user named. A capture comes from a
 * stranger: whatever it says, nothing outside those folders is read, also not through `..` or a link, and nothing but
 * regular text files of bounded size.
 */
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { SourceFile, SourceLookup, SourceMiss } from '@memscope/model';
import { StoreError } from './store-error.js';

const GREATEST_BYTES = 4 << 20;
/** Of a path in a capture. */
const GREATEST_PATH = 4096;
/** Folders above a file that are tried. */
const MOST_PARTS = 40;
/** Files kept between two functions. */
const MOST_KEPT = 16;

export class SourceFinder implements SourceLookup {
  /** Without links. */
  readonly #folders: readonly string[];
  /** The same, and as the user named them: the ways in which a recorded path may lie in one. */
  readonly #beginnings: readonly string[];
  readonly #kept = new Map<string, SourceFile | SourceMiss>();

  /** Throws `StoreError` `cannotRead` for what is no folder. */
  constructor(folders: readonly string[]) {
    this.#folders = folders.map(realFolder);
    this.#beginnings = [...this.#folders, ...folders.map((folder) => resolve(folder))];
  }

  /**
   * Looks at the recorded path itself, then at the longest end of it that exists in one of the folders. A file with
   * fewer than `leastLines` is not the one.
   */
  find(recorded: string | null, leastLines: number): SourceFile | SourceMiss {
    if (recorded === null || !isFileName(recorded)) return 'noFile';
    let miss: SourceMiss = 'notFound';
    for (const candidate of this.#candidates(recorded)) {
      const path = this.#resolve(candidate);
      if (path === null) continue;
      const file = this.#read(path);
      if (typeof file === 'string') miss = file;
      else if (file.lines.length < leastLines) miss = 'tooShort';
      else return file;
    }
    return miss;
  }

  *#candidates(recorded: string): Generator<string> {
    // Even looking at a path can reach another machine.
    if (isAbsolute(recorded) && this.#beginnings.some((folder) => isWithin(folder, resolve(recorded)))) {
      yield resolve(recorded);
    }
    const parts: string[] = [];
    // Written on any system.
    for (const part of recorded.split(/[\\/]/)) {
      if (part === '..') parts.pop();
      else if (part !== '' && part !== '.') parts.push(part);
    }
    for (let first = Math.max(0, parts.length - MOST_PARTS); first < parts.length; first++) {
      for (const folder of this.#folders) yield join(folder, ...parts.slice(first));
    }
  }

  /** Its path without links; null where there is none, or outside the folders. */
  #resolve(candidate: string): string | null {
    let path: string;
    try {
      path = realpathSync(candidate);
    } catch {
      return null;
    }
    return this.#folders.some((folder) => isWithin(folder, path)) ? path : null;
  }

  #read(path: string): SourceFile | SourceMiss {
    const known = this.#kept.get(path);
    if (known !== undefined) return known;
    if (this.#kept.size === MOST_KEPT) this.#kept.clear();
    const file = readSource(path);
    this.#kept.set(path, file);
    return file;
  }
}

function realFolder(folder: string): string {
  try {
    const path = realpathSync(folder);
    if (statSync(path).isDirectory()) return path;
  } catch (error) {
    throw new StoreError('cannotRead', folder, 'there is no such folder', { cause: error });
  }
  throw new StoreError('cannotRead', folder, 'not a folder');
}

function isFileName(recorded: string): boolean {
  if (recorded === '' || recorded.length > GREATEST_PATH || recorded.includes('\0')) return false;
  return !(recorded.startsWith('<') && recorded.endsWith('>'));
}

function isWithin(folder: string, path: string): boolean {
  const inner = relative(folder, path);
  return inner !== '' && inner !== '..' && !inner.startsWith(`..${sep}`) && !isAbsolute(inner);
}

function readSource(path: string): SourceFile | SourceMiss {
  let descriptor: number | null = null;
  try {
    // Opening what is no file, a pipe or a device, can wait or do something.
    if (!statSync(path).isFile()) return 'unreadable';
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const state = fstatSync(descriptor);
    if (!state.isFile()) return 'unreadable';
    if (state.size > GREATEST_BYTES) return 'tooLarge';
    const bytes = Buffer.alloc(state.size);
    let length = 0;
    while (length < bytes.length) {
      const read = readSync(descriptor, bytes, length, bytes.length - length, length);
      if (read === 0) break;
      length += read;
    }
    const text = bytes.subarray(0, length);
    if (text.includes(0)) return 'unreadable';
    return { path, lines: splitLines(new TextDecoder().decode(text)), modifiedMs: state.mtimeMs };
  } catch {
    return 'unreadable';
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}

function splitLines(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
