/** Where a report goes: never over the capture, never over a file that is no report, and whole or not at all. */
import { constants, lstatSync, realpathSync, statSync } from 'node:fs';
import { open, realpath, rename, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
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

export interface PlaceToReplace {
  /** Where links lead. */
  readonly path: string;
  readonly isThere: boolean;
  /** Else a folder, a pipe or a device. False where nothing is. */
  readonly isFile: boolean;
}

/** Throws `UsageError` for a link that leads nowhere: what it stands for is not known to be this file. */
export function placeToReplace(output: string): PlaceToReplace {
  if (statLink(output) === undefined) return { path: output, isThere: false, isFile: false };
  try {
    const found = statSync(output);
    return { path: found.isFile() ? realpathSync(output) : output, isThere: true, isFile: found.isFile() };
  } catch (cause) {
    throw new UsageError(`${printable(output)} is a link that leads nowhere; remove it, or name another place`, {
      cause,
    });
  }
}

/** Undefined where nothing is, or nobody may look: writing says why. */
function statLink(path: string): ReturnType<typeof lstatSync> | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

const ASKS_AGAIN_MS = 50;

/** A pipe that nobody reads holds up whoever opens it, and no signal would end that. Null: no pipe. */
async function waitForReader(path: string, signal: AbortSignal): Promise<FileHandle | null> {
  // Of a socket the same error means that it can never be opened.
  if (!statSync(path).isFIFO()) return null;
  for (;;) {
    try {
      return await open(path, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENXIO')) throw error;
      await wait(ASKS_AGAIN_MS, undefined, { signal });
    }
  }
}

/** Through a link, to where that leads. Throws `UsageError` where it cannot be written; given up by `signal`, nothing is left of it. */
export async function replaceFile(output: string, text: string, signal: AbortSignal): Promise<void> {
  const { path, isThere, isFile } = placeToReplace(output);
  const isPlain = isFile || !isThere;
  const written = isPlain ? `${path}.${process.pid}.part` : path;
  try {
    const reader = isPlain ? null : await waitForReader(written, signal);
    try {
      await writeFile(written, text, { signal });
    } finally {
      await reader?.close();
    }
    if (isPlain) await rename(written, path);
  } catch (cause) {
    if (isPlain) await rm(written, { force: true });
    if (signal.aborted) return;
    // Nobody named the file beside it.
    const why = (cause instanceof Error ? cause.message : String(cause)).replaceAll(written, output);
    throw new UsageError(`${printable(output)} could not be written: ${printable(why)}`, { cause });
  }
}
