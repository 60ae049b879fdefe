/**
 * Everything that can go wrong with a profile file, as one error class whose `code` says what a caller can do about it.
 * Faults of SQLite and of the file system come through here, with the original as `cause`.
 */
import { isOutOfMemory } from '@memscope/model/recorded';

/**
 * - `notProfile`: something else than a memscope profile, or a history, stands at the path.
 * - `schemaVersion`: a profile of an older or newer memscope; analyse the capture again, or update memscope.
 * - `corrupt`: a profile that is cut, damaged or contradicts itself.
 * - `cannotRead`, `cannotWrite`: the file system refuses.
 * - `memory`: there is too little of it to read or write the profile.
 * - `noSqlite`: SQLite's native code does not load on this machine.
 * - `brokenSqlite`: SQLite's native code is missing or damaged where memscope is installed.
 * - `closed`: the profile or the writer was used after it had been closed.
 */
export type StoreErrorCode =
  | 'notProfile'
  | 'schemaVersion'
  | 'corrupt'
  | 'cannotRead'
  | 'cannotWrite'
  | 'memory'
  | 'noSqlite'
  | 'brokenSqlite'
  | 'closed';

export interface StoreErrorDetail {
  readonly expected?: string | undefined;
  readonly found?: string | undefined;
  readonly cause?: unknown;
}

export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;
  /** The file that the fault is about. */
  readonly path: string;
  readonly expected: string | undefined;
  readonly found: string | undefined;

  constructor(code: StoreErrorCode, path: string, sentence: string, detail: StoreErrorDetail = {}) {
    const expected = detail.expected === undefined ? '' : `; expected ${detail.expected}`;
    const found = detail.found === undefined ? '' : `${expected === '' ? ';' : ','} found ${detail.found}`;
    super(`${path}: ${sentence}${expected}${found}`, detail.cause === undefined ? {} : { cause: detail.cause });
    this.code = code;
    this.path = path;
    this.expected = detail.expected;
    this.found = detail.found;
  }
}

/** Runs `answer`; whatever it throws that is not a `StoreError` yet becomes one. */
export function asStoreError<T>(code: StoreErrorCode, path: string, sentence: string, answer: () => T): T {
  try {
    return answer();
  } catch (fault) {
    if (fault instanceof StoreError) throw fault;
    if (isOutOfMemory(fault)) throw new StoreError('memory', path, 'there is not enough memory', { cause: fault });
    if (isUnloadable(fault)) {
      const reason = fault.message.split('\n')[0]!;
      if (isBroken(fault)) {
        throw new StoreError('brokenSqlite', path, `SQLite is missing or damaged (${reason})`, { cause: fault });
      }
      throw new StoreError('noSqlite', path, `SQLite does not load on this machine (${reason})`, { cause: fault });
    }
    throw new StoreError(code, path, `${sentence} (${reasonOf(fault)})`, { cause: fault });
  }
}

/** Whether better-sqlite3's native code is missing for this platform, or the system's libraries are too old for it. */
function isUnloadable(fault: unknown): fault is Error {
  if (!(fault instanceof Error) || !('code' in fault)) return false;
  return (
    fault.code === 'ERR_DLOPEN_FAILED' ||
    (fault.code === 'MODULE_NOT_FOUND' && fault.message.includes('better_sqlite3.node'))
  );
}

/** Whether a file that belongs to the installation is not there, or is none that could be loaded anywhere. */
function isBroken({ message }: Error): boolean {
  return /file too short|invalid ELF header|not a mach-o|cannot read file data|not a valid Win32|Cannot find module/i.test(
    message,
  );
}

/** One phrase for a fault of the file system, of SQLite or of a decoder. */
function reasonOf(fault: unknown): string {
  if (!(fault instanceof Error)) return String(fault);
  const code = (fault as NodeJS.ErrnoException).code;
  const known = code === undefined ? undefined : REASONS.get(code);
  return known ?? fault.message;
}

const REASONS = new Map([
  ['ENOENT', 'no such file or folder'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'not permitted'],
  ['EROFS', 'read-only file system'],
  ['EISDIR', 'it is a folder'],
  ['ENOTDIR', 'a part of the path is not a folder'],
  ['ENOSPC', 'no space left on the device'],
  ['EDQUOT', 'disk quota exceeded'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['SQLITE_FULL', 'no space left on the device'],
  ['SQLITE_CORRUPT', 'damaged database pages'],
]);
