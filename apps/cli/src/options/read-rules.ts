/** The file of `--rules` → its text, which holds rules. What is wrong with it is wrong usage. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { LibraryRuleError, parseLibraryRules } from '@memscope/model/analysis/libraries/parse-library-rules';
import { printable } from '@memscope/model/text/printable';

import { UsageError } from '../exit-code.js';

const MOST_BYTES = 4 << 20;

/** Throws `UsageError`. */
export function readRules(path: string): string {
  try {
    const text = readBounded(path);
    parseLibraryRules(text);
    return text;
  } catch (error) {
    if (error instanceof LibraryRuleError) {
      throw new UsageError(`--rules ${printable(path)}: ${printable(error.message)}`, { cause: error });
    }
    if (!(error instanceof Error)) throw error;
    const reason = 'code' in error && error.code === 'ENOENT' ? 'no such file' : error.message;
    throw new UsageError(`--rules ${printable(path)}: ${printable(reason)}`, { cause: error });
  }
}

function readBounded(path: string): string {
  // A pipe that nobody writes to would be waited for, and no signal would end that.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new UsageError('is no file');
    if (stat.size > MOST_BYTES) throw new UsageError('is too large to be a file of rules');
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}
