/**
 * `workloads/native.py` recorded with the memray that is there → a capture of PyTorch with native stacks, hundreds of
 * thousands to millions of sites; null where it cannot be recorded: mostly there is no PyTorch.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { measureProcess } from './measure-process.js';
import type { MemraySetting } from './memray-commands.js';

const WORKLOAD = join(import.meta.dirname, '..', 'workloads', 'native.py');

/** The capture stands in `folder`. */
export async function recordNative(folder: string, { command, pathPrefix }: MemraySetting): Promise<string | null> {
  // A memray under another root has another PyTorch, and does not see the workload.
  if (pathPrefix !== '') return null;
  const capture = join(folder, 'native.bin');
  const words = ['run', '--native', '--trace-python-allocators', '-q', '-f', '-o', capture, WORKLOAD];
  const { exitCode } = await measureProcess([...command, ...words], folder);
  return exitCode === 0 && existsSync(capture) ? capture : null;
}
