/** A file that the user named and that is small by nature → its text. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

const MOST_BYTES = 4 << 20;

/** `sort` is what it should be: "a configuration". Its error's message is the rest of a sentence about the file. */
export function readTextFile(path: string, sort: string, mostBytes = MOST_BYTES): string {
  // A pipe that nobody writes to would be waited for, and no signal would end that.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new Error('is no file');
    if (stat.size > mostBytes) throw new Error(`is too large to be ${sort}`);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

/** Whether that is what an error of `readTextFile` says: the file is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
