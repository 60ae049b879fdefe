/**
 * A folder that pytest-memray filled (`pytest --memray --memray-bin-path FOLDER`) → its captures, each with the test that
 * it is of. The plugin writes `metadata/STEM.metadata` beside `STEM.bin`, JSON with the test's id, for every test that did
 * not raise; older versions wrote a pickle there, which is never read: then the file's name has to do.
 */
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { printable } from '@memscope/model/text/printable';

import { UsageError } from '../../exit-code.js';
import { readTextFile } from '../../options/read-text-file.js';
import { isFolder } from '../../options/require-folder.js';

export interface TestCapture {
  readonly path: string;
  /** The file's name without `.bin` and without what is random in it. */
  readonly name: string;
  /** The name as it was cut by the plugin: what follows it is a digest that differs from run to run. */
  readonly isCut: boolean;
  /** As pytest writes it; null where only the name is known. */
  readonly testId: string | null;
  /** The folder has metadata, but none of this test: it raised, so that its memory is that of the traceback. */
  readonly hasRaised: boolean;
}

const MOST_FILES = 100_000;
const MOST_METADATA = 64 * 1024;
/** A process's own prefix: the hexadecimal digits of a UUID. */
const PREFIX = /^[0-9a-f]{32}-/;
/** Bytes that the plugin leaves a name, `.bin` included, and the digest that it puts behind what it cuts. */
const LONGEST_NAME = 250;
const DIGEST = /-[0-9a-f]{16}$/;

/** Whether the captures of a folder are each of a test. */
export function isTestFolder(path: string): boolean {
  if (!isFolder(path)) return false;
  const names = captureNames(path);
  if (names.length === 0) return false;
  return isFolder(join(path, 'metadata')) || names.every((name) => PREFIX.test(name));
}

/** By name. Throws `UsageError` for a folder of too many. */
export function listTests(folder: string): TestCapture[] {
  const names = captureNames(folder);
  if (names.length > MOST_FILES) throw new UsageError(`${printable(folder)} has more than ${MOST_FILES} captures`);
  const hasPrefix = names.some((name) => PREFIX.test(name));
  const shared = hasPrefix ? '' : sharedPrefix(names);
  const captures = names.map((file) => {
    const stem = file.slice(0, -'.bin'.length);
    const isCut = Buffer.byteLength(file) === LONGEST_NAME && DIGEST.test(stem);
    const whole = isCut ? stem.replace(DIGEST, '') : stem;
    const name = hasPrefix ? whole.replace(PREFIX, '') : whole.slice(shared.length);
    return { path: join(folder, file), name, isCut, testId: readTestId(join(folder, 'metadata', `${stem}.metadata`)) };
  });
  const hasMetadata = captures.some(({ testId }) => testId !== null);
  return captures.map((capture) => ({ ...capture, hasRaised: hasMetadata && capture.testId === null }));
}

/** What the captures at the paths are tests of, by path; null where one of them is of no test. */
export function nameTests(paths: readonly string[]): ReadonlyMap<string, string> | null {
  const names = new Map<string, string>();
  for (const folder of new Set(paths.map((path) => dirname(path)))) {
    if (!isTestFolder(folder)) return null;
    for (const { path, testId, name } of listTests(folder)) names.set(path, testId ?? name);
  }
  return paths.every((path) => names.has(join(path))) ? names : null;
}

/** Names of the captures in a folder, in order. */
export function captureNames(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && entry.name.endsWith('.bin'))
    .map(({ name }) => name)
    .sort();
}

/** A prefix that was given instead: what all names begin with, up to a hyphen. */
function sharedPrefix(names: readonly string[]): string {
  const [first = '', ...others] = names;
  if (others.length === 0) return '';
  let length = first.length;
  for (const name of others) while (!name.startsWith(first.slice(0, length))) length--;
  return first.slice(0, first.lastIndexOf('-', length - 1) + 1);
}

/** Null where there is none that can be read. */
function readTestId(path: string): string | null {
  try {
    const value: unknown = JSON.parse(readTextFile(path, 'metadata of a test', MOST_METADATA));
    const id = typeof value === 'object' && value !== null && 'test_id' in value ? value.test_id : null;
    return typeof id === 'string' && id !== '' ? id : null;
  } catch {
    return null;
  }
}
