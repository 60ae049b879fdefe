/** The folders of `--source` → what finds source files in them. A folder that is not there is wrong usage. */
import { SourceFinder, StoreError } from '@memscope/store';
import { printable } from '@memscope/model/text/printable';

import { UsageError } from '../exit-code.js';

/** Throws `UsageError`. */
export function findSources(folders: readonly string[]): SourceFinder {
  try {
    return new SourceFinder(folders);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw new UsageError(`--source ${printable(error.message)}`, { cause: error });
  }
}
