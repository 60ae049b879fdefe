/** The file of `--rules` → its text, which holds rules. What is wrong with it is wrong usage. */
import { LibraryRuleError, parseLibraryRules } from '@memscope/model/analysis/libraries/parse-library-rules';
import { printable } from '@memscope/model/text/printable';

import { UsageError } from '../exit-code.js';
import { isMissing, readTextFile } from './read-text-file.js';

/** Throws `UsageError`. */
export function readRules(path: string): string {
  try {
    const text = readTextFile(path, 'a file of rules');
    parseLibraryRules(text);
    return text;
  } catch (error) {
    if (error instanceof LibraryRuleError) {
      throw new UsageError(`--rules ${printable(path)}: ${printable(error.message)}`, { cause: error });
    }
    if (!(error instanceof Error)) throw error;
    const reason = isMissing(error) ? 'no such file' : error.message;
    throw new UsageError(`--rules ${printable(path)}: ${printable(reason)}`, { cause: error });
  }
}
