/** A folder for what a benchmark writes, removed with everything in it when the process ends, also by Ctrl-C. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders = new Set<string>();
let isWatching = false;

/** `parent` is the system's folder for temporary files unless told otherwise. */
export function makeTemporaryFolder(parent: string = tmpdir()): string {
  if (!isWatching) {
    isWatching = true;
    process.once('exit', removeAll);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
  }
  const folder = mkdtempSync(join(parent, 'memscope-bench-'));
  folders.add(folder);
  return folder;
}

export function removeTemporaryFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  folders.delete(folder);
}

function removeAll(): void {
  for (const folder of folders) removeTemporaryFolder(folder);
}
