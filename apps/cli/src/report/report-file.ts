/** Where a report goes: never over the capture, never over a file that is no report, and whole or not at all. */
import { open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { printable } from '@memscope/model/text/printable';

import { UsageError } from '../exit-code.js';
import { requireFolderOf } from '../options/require-folder.js';
import { REPORT_MARK } from './write-html.js';

/** `force`: also over a file that is no report. Throws `UsageError`. */
export async function checkPlace(output: string, capture: string, force: boolean): Promise<void> {
  const shown = printable(output);
  const found = await stat(output).catch(() => null);
  if (found === null) return requireFolderOf(output);
  if (found.isDirectory()) throw new UsageError(`${shown} is a folder; name a file in it`);
  const [place, source] = await Promise.all([realpath(output), realpath(capture).catch(() => null)]);
  if (place === source) throw new UsageError(`${shown} is what the report is made of; choose another place with -o`);
  // What is no file (such as /dev/stdout) has nothing to lose.
  if (!found.isFile() || force || found.size === 0 || (await isReport(output))) return;
  throw new UsageError(`${shown} is there and is no report; --force replaces it`);
}

async function isReport(path: string): Promise<boolean> {
  const file = await open(path).catch(() => null);
  if (file === null) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(REPORT_MARK.length), 0, REPORT_MARK.length, 0);
    return buffer.toString('latin1', 0, bytesRead) === REPORT_MARK;
  } finally {
    await file.close();
  }
}

/** Throws `UsageError` where it cannot be written; given up by `signal`, nothing is left of it. */
export async function replaceFile(output: string, text: string, signal: AbortSignal): Promise<void> {
  const isPlain = await stat(output).then(
    (found) => found.isFile(),
    () => true,
  );
  const written = isPlain ? `${output}.${process.pid}.part` : output;
  try {
    await writeFile(written, text, { signal });
    if (isPlain) await rename(written, output);
  } catch (cause) {
    if (isPlain) await rm(written, { force: true });
    if (signal.aborted) return;
    // Nobody named the file beside it.
    const why = (cause instanceof Error ? cause.message : String(cause)).replaceAll(written, output);
    throw new UsageError(`${printable(output)} could not be written: ${printable(why)}`, { cause });
  }
}
