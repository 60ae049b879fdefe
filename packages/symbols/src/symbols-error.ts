/**
 * What can go wrong with a file that names frames, as one error class whose `code` says what a caller can do about it.
 * Resolving frames itself never throws these: it turns them into an outcome of the module.
 */

/**
 * - `cannotRead`, `cannotWrite`: the file system refuses.
 * - `notElf`: something else than an ELF file.
 * - `unsupportedElf`: ELF, but not 64-bit little-endian.
 * - `corruptElf`: tables that contradict the file's size or themselves.
 * - `notBundle`, `bundleVersion`, `corruptBundle`: a symbol bundle that is none, is of another version, or is damaged.
 * - `symbolizer`: the program that was asked for by name is not on the machine.
 * - `debuginfod`: a server answered something else than the file.
 */
export type SymbolsErrorCode =
  | 'cannotRead'
  | 'cannotWrite'
  | 'notElf'
  | 'unsupportedElf'
  | 'corruptElf'
  | 'notBundle'
  | 'bundleVersion'
  | 'corruptBundle'
  | 'symbolizer'
  | 'debuginfod';

export interface SymbolsErrorDetail {
  readonly offset?: number | undefined;
  readonly expected?: string | undefined;
  readonly found?: string | undefined;
  readonly cause?: unknown;
}

export class SymbolsError extends Error {
  override readonly name = 'SymbolsError';
  readonly code: SymbolsErrorCode;
  /** The file that the fault is about. */
  readonly path: string;
  /** Byte in the file, where there is one. */
  readonly offset: number | undefined;
  readonly expected: string | undefined;
  readonly found: string | undefined;

  constructor(code: SymbolsErrorCode, path: string, sentence: string, detail: SymbolsErrorDetail = {}) {
    const at = detail.offset === undefined ? '' : ` at byte ${detail.offset}`;
    const expected = detail.expected === undefined ? '' : `; expected ${detail.expected}`;
    const found = detail.found === undefined ? '' : `${expected === '' ? ';' : ','} found ${detail.found}`;
    super(`${path}: ${sentence}${at}${expected}${found}`, detail.cause === undefined ? {} : { cause: detail.cause });
    this.code = code;
    this.path = path;
    this.offset = detail.offset;
    this.expected = detail.expected;
    this.found = detail.found;
  }
}

/** One phrase for a fault of the file system or of this package. */
export function reasonOf(fault: unknown): string {
  if (fault instanceof SymbolsError) return fault.message.slice(fault.path.length + 2);
  if (!(fault instanceof Error)) return String(fault);
  const code = (fault as NodeJS.ErrnoException).code;
  return (code === undefined ? undefined : REASONS.get(code)) ?? fault.message;
}

/** Whether a fault only says that nothing stands at the path. */
export function isAbsence(fault: unknown): boolean {
  const cause = fault instanceof SymbolsError ? fault.cause : fault;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

const REASONS = new Map([
  ['ENOENT', 'no such file'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'not permitted'],
  ['EISDIR', 'it is a folder'],
  ['ENOTDIR', 'a part of the path is not a folder'],
  ['ENOSPC', 'no space left on the device'],
  ['EROFS', 'read-only file system'],
  ['ELOOP', 'symbolic links in a circle'],
  ['ENAMETOOLONG', 'the name is too long'],
]);
