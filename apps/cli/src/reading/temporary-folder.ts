/** A folder for what is needed no longer than this process lives; one that was killed has its own removed by the next. */
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { rmSync } from 'node:fs';
import { makeTemporaryFolder } from '@memscope/store';

const folders: string[] = [];

/** Ends in a separator; new at every call. Null where there can be none. */
export function temporaryFolder(): string | null {
  let folder: string;
  try {
    folder = makeTemporaryFolder(join(tmpdir(), 'memscope'));
  } catch {
    return null;
  }
  // Also the way out of a signal, once the command has been given its moment to end.
  if (folders.length === 0) process.once('exit', removeFolders);
  folders.push(folder);
  return folder + sep;
}

function removeFolders(): void {
  for (const folder of folders) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // The next one removes it.
    }
  }
}
