/**
 * From an error to the one line that tells a user what was found and what to do, and to the exit code. Errors of
 * memscope's own kind name the file; anything else is a fault of the program.
 */
import { isOutOfMemory, MORE_MEMORY } from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

import { EXIT, type ExitCode } from './exit-code.js';
import { capturePath } from './terminal/capture-name.js';

/** What `IngestError` and `StoreError` have in common; told by name, so that their packages need not be loaded. */
export interface FileError extends Error {
  readonly code: string;
  readonly path: string;
}

export function isFileError(error: unknown): error is FileError {
  return (
    error instanceof Error &&
    (error.name === 'IngestError' || error.name === 'StoreError') &&
    'code' in error &&
    typeof error.code === 'string'
  );
}

const INSTALL_AGAIN = 'install memscope again';

/** What to do next, by code; used where the message does not say so itself (after a semicolon). */
const NEXT_STEP: Readonly<Record<string, string>> = {
  notFound: 'check the path',
  isDirectory: 'name the captures in it',
  empty: 'the profiler has written nothing: aggregated captures of killed processes look like this',
  notCapture: 'memscope reads Memray captures (header versions 6 to 13) and .memscope profiles',
  unsupportedVersion: 'header versions 6 to 13 are supported',
  stillWriting: 'wait until the recording ends, or copy the file and analyse the copy',
  damagedHeader: 'nothing can be read without it; record again',
  limit: 'a capture in a file, not a pipe, is read up to where it fits',
  memory: MORE_MEMORY,
  noSqlite:
    'its ready-made builds are for x64 and arm64 with glibc 2.34 or newer (Debian 12, Ubuntu 22.04, RHEL 9) or musl. ' +
    'Use a newer system or container, or compile it where memscope is installed: in node_modules/better-sqlite3, ' +
    '`npx node-gyp rebuild --release` (needs Python 3, make and a C++ compiler)',
  brokenSqlite: INSTALL_AGAIN,
  notProfile: 'name the capture instead',
  schemaVersion: 'analyse the capture again, or update memscope',
  corrupt: 'delete it and analyse the capture again',
  cannotRead: 'check its permissions',
  internal: 'this is a bug in memscope: please report it with the command you ran',
  workerDied: 'try again with -j 1, and report it if it stays',
};

/** `placeOption` is what names another place to write to. "PATH: what was found; what is supported", and below it, for an internal fault, where in the program. */
export function describeFileError(error: FileError, { advice = true, placeOption = '-o' } = {}): string {
  // The path is an own property only where the error knows its file.
  const path = typeof error.path === 'string' ? error.path : '';
  const place = capturePath(path);
  let message = error.message.trim().replace(/\.$/, '');
  if (path !== '' && message.startsWith(`${path}: `)) message = message.slice(path.length + 2);
  // A fault of the program brings its trace along.
  const [first = '', ...trace] = error.code === 'internal' ? message.split('\n') : [message];
  const next = error.code === 'cannotWrite' ? `choose another place with ${placeOption} FILE` : NEXT_STEP[error.code];
  const step = first.includes(';') || !advice ? undefined : next;
  const line = `${place === '' ? '' : `${place}: `}${printable(first)}${step === undefined ? '' : `; ${step}`}`;
  return [line, ...trace.map(printable)].join('\n');
}

/** Two or three words for a table. */
export function labelFileError(error: FileError): string {
  const labels: Readonly<Record<string, string>> = {
    notFound: 'not found',
    isDirectory: 'a folder',
    empty: 'empty',
    notCapture: 'no capture',
    unsupportedVersion: 'version not known',
    stillWriting: 'still written',
    damagedHeader: 'header damaged',
    cannotRead: 'cannot read',
    noSqlite: 'no SQLite',
    brokenSqlite: 'no SQLite',
    notProfile: 'no profile',
    schemaVersion: 'other version',
    corrupt: 'damaged',
    workerDied: 'died',
    limit: 'too large',
    memory: 'no memory',
    cannotWrite: 'cannot write',
    cancelled: 'cancelled',
  };
  return labels[error.code] ?? 'failed';
}

const INTERNAL_CODES = new Set(['internal', 'workerDied', 'closed']);

/** `isPlaceNamed`: the user said where the profile goes. */
export function exitCodeOf(error: FileError, isPlaceNamed = false): ExitCode {
  if (error.code === 'cancelled') return EXIT.interrupted;
  if (error.code === 'cannotWrite' && isPlaceNamed) return EXIT.usage;
  return INTERNAL_CODES.has(error.code) ? EXIT.internal : EXIT.input;
}

/** Memory that ran out or a package that is not there, in one line; else several: the fault, how to report it, and its trace. */
export function describeFault(error: unknown, version: string): { readonly code: ExitCode; readonly text: string } {
  if (isOutOfMemory(error)) return { code: EXIT.input, text: `memscope: there is not enough memory; ${MORE_MEMORY}` };
  const missing = missingPackage(error);
  if (missing !== null) {
    const text = `memscope: its package ${missing} is missing: the installation is not whole; ${INSTALL_AGAIN}`;
    return { code: EXIT.input, text };
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const cause = error instanceof Error && error.cause instanceof Error ? `\ncaused by ${error.cause.stack ?? ''}` : '';
  const lines = `${trace}${cause}`.split('\n').slice(0, 40).map(printable);
  const words = [
    'memscope: internal fault: this is a bug in memscope, not in your capture.',
    `Please report it with the command you ran and the lines below (memscope ${version}, Node ${process.version}, ` +
      `${process.platform} ${process.arch}).`,
    ...lines,
  ];
  return { code: EXIT.internal, text: words.join('\n') };
}

/** Of the packages that are installed beside the command line, the one that is not there. */
function missingPackage(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_MODULE_NOT_FOUND') return null;
  return /Cannot find package '(better-sqlite3|piscina)'/.exec(error.message)?.[1] ?? null;
}
