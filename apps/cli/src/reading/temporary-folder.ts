/** A folder for what is needed no longer than this process lives. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';

/** Ends in a separator. Null where there can be none. */
export function temporaryFolder(): string | null {
  let folder: string;
  try {
    folder = mkdtempSync(join(tmpdir(), 'memscope-'));
  } catch {
    return null;
  }
  // Also the way out of a signal, once the command has been given its moment to end.
  process.once('exit', () => {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // The system clears its folder for temporary files itself.
    }
  });
  return folder + sep;
}
