/**
 * How a caller wants native frames to be named → what the thread that names them is told, and stamps by which a profile
 * shows later that its frames were named in this way. Loads nothing that only native captures need.
 */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { BUNDLE_SUFFIX } from '@memscope/model/recorded';
import { checksum, sourceStamp, StoreError, type SymbolStamp } from '@memscope/store';
import type { SymbolizerChoice } from '@memscope/symbols';
import { STANDARD_INPUT } from './capture-file.js';

/** Absolute or relative paths. */
export interface SymbolRequest {
  /** Folders that stand for `/` of the machine that was recorded; `/` itself where none is given. */
  readonly sysroots: readonly string[];
  /** Folders with debug files, or with the modules themselves. */
  readonly symbolPaths: readonly string[];
  /** Ask the servers in `DEBUGINFOD_URLS`. */
  readonly debuginfod: boolean;
  readonly symbolizer: SymbolizerChoice;
  /** A symbol bundle; null = the one beside the capture (`CAPTURE.symbols`), where there is one. */
  readonly bundle: string | null;
}

/** What is done where nothing is asked for. */
export const DEFAULT_SYMBOLS: SymbolRequest = {
  sysroots: [],
  symbolPaths: [],
  debuginfod: false,
  symbolizer: 'auto',
  bundle: null,
};

/** A request for one capture, with absolute paths; crosses threads. */
export interface SymbolTask extends SymbolRequest {
  /** Folder of frames that were resolved before; the user's own where it is not given, null = none. */
  readonly cacheFolder?: string | null;
  /** Longest time that a symbolizer may give no answer. */
  readonly timeoutMs?: number;
}

export interface SymbolPlan {
  readonly task: SymbolTask;
  readonly stamp: SymbolStamp;
  /** What of the stamp a profile must share to be used again. */
  readonly wanted: Partial<SymbolStamp>;
}

/** Reads no more of a bundle than it takes to tell it from others. */
export function planSymbols(capturePath: string, request: SymbolRequest = DEFAULT_SYMBOLS): SymbolPlan {
  const task: SymbolTask = {
    ...request,
    sysroots: request.sysroots.map((folder) => resolve(folder)),
    symbolPaths: request.symbolPaths.map((folder) => resolve(folder)),
    bundle: request.bundle === null ? bundleBeside(capturePath) : resolve(request.bundle),
  };
  const { sysroots, symbolPaths, debuginfod, symbolizer } = task;
  const stamp = {
    options: digestOf({ sysroots, symbolPaths, debuginfod, symbolizer }),
    bundle: bundleStamp(task.bundle),
  };
  return { task, stamp, wanted: wantedOf(request, stamp, task.bundle !== null) };
}

/** Options that are given must be those of the profile; a bundle counts wherever it is there. */
function wantedOf(request: SymbolRequest, stamp: SymbolStamp, hasBundle: boolean): Partial<SymbolStamp> {
  const { sysroots, symbolPaths, debuginfod, symbolizer } = request;
  if (sysroots.length > 0 || symbolPaths.length > 0 || debuginfod || symbolizer !== 'auto') return stamp;
  return hasBundle ? { bundle: stamp.bundle } : {};
}

function bundleBeside(capturePath: string): string | null {
  if (capturePath === STANDARD_INPUT) return null;
  const path = `${resolve(capturePath)}${BUNDLE_SUFFIX}`;
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? path : null;
  } catch {
    return null;
  }
}

/** Empty without a bundle, and for one that cannot be read: reading it says why. */
function bundleStamp(path: string | null): string {
  if (path === null) return '';
  try {
    if (!statSync(path).isFile()) return '';
    const { size, digest } = sourceStamp(path);
    return digestOf([size, digest]);
  } catch (fault) {
    if (fault instanceof StoreError || (fault as NodeJS.ErrnoException).code !== undefined) return '';
    throw fault;
  }
}

function digestOf(value: unknown): string {
  const text = JSON.stringify(value);
  return `${checksum(text)}-${text.length}`;
}
