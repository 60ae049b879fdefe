/**
 * What is known of the native frames of a capture, without a profile: which modules have symbols and why not, and the
 * symbol bundle that gives the same names elsewhere. Only callers that ask for it load what reads symbols.
 */
import type { Decoded } from '@memscope/kernel';
import { BUNDLE_SUFFIX, type ModuleSymbols, type SymbolNotes } from '@memscope/model/recorded';
import { statSync } from 'node:fs';
import { basename, join, resolve, sep } from 'node:path';
import { STANDARD_INPUT } from './capture-file.js';
import { IngestError } from './ingest-error.js';
import type { NamedFrames } from './name-native-frames.js';
import { readNativeStacks } from './read-native-stacks.js';
import { withParents } from './stack-tables.js';
import { planSymbols, type SymbolRequest, type SymbolTask } from './symbol-request.js';

export interface ListSymbolsRequest extends SymbolRequest {
  readonly signal?: AbortSignal;
}

export interface PackSymbolsRequest extends ListSymbolsRequest {
  /** With the source lines that stacks mention, as far as this machine (or a sysroot) has the files. */
  readonly sources: boolean;
  /** A file, or a folder; by default `CAPTURE.symbols` beside the capture. */
  readonly output?: string;
}

export interface PackedSymbols {
  /** Where the bundle stands. */
  readonly path: string;
  /** What it holds of each module. */
  readonly modules: readonly ModuleSymbols[];
  readonly warnings: readonly string[];
}

/** Throws `IngestError`: as for `ingest`, and `notCapture` for a capture without native traces. */
export async function listSymbols(capturePath: string, request: ListSymbolsRequest): Promise<SymbolNotes> {
  const { task } = planSymbols(capturePath, symbolsOf(request));
  const { decoded, named } = await nameFrames(capturePath, task, request.signal);
  const { nativeStackTables } = await import('./native-tables.js');
  const { pythonStacksOf } = await import('./native-sites.js');
  return nativeStackTables(decoded, pythonStacksOf(decoded), named).symbols!;
}

/**
 * Writes a bundle, whole or not at all; replaces only another bundle. A bundle that is there already counts only where
 * the request names it. Throws as `listSymbols`, and `cannotWrite`.
 */
export async function packSymbols(capturePath: string, request: PackSymbolsRequest): Promise<PackedSymbols> {
  const path = bundlePath(capturePath, request.output);
  const planned = planSymbols(capturePath, symbolsOf(request)).task;
  const task = request.bundle === null ? { ...planned, bundle: null } : planned;
  const { decoded, named } = await nameFrames(capturePath, task, request.signal);
  const { bundleModules, collectSourceLines, SymbolsError, writeBundleFile } = await import('@memscope/symbols');
  const modules = bundleModules(named.placed.positions, named.symbols);
  const sources = request.sources ? collectSourceLines(mentionedLines(decoded, named), task.sysroots) : new Map();
  try {
    writeBundleFile(path, { modules, sources });
  } catch (cause) {
    if (!(cause instanceof SymbolsError)) throw cause;
    throw new IngestError({ code: 'cannotWrite', path, message: cause.message.replace(`${path}: `, '') }, { cause });
  }
  const { describeModules } = await import('./symbol-notes.js');
  return { path, modules: describeModules(named), warnings: named.warnings };
}

async function nameFrames(
  path: string,
  task: SymbolTask,
  signal: AbortSignal | undefined,
): Promise<{ decoded: Decoded; named: NamedFrames }> {
  const decoded = await readNativeStacks(path, signal);
  const { nameNativeFrames } = await import('./name-native-frames.js');
  try {
    return { decoded, named: await nameNativeFrames(decoded, task, signal) };
  } catch (cause) {
    if (!signal?.aborted) throw cause;
    throw new IngestError({ code: 'cancelled', path, message: 'cancelled' }, { cause });
  }
}

/** Of native frames and of the Python frames that sites need. */
function* mentionedLines(decoded: Decoded, { symbols }: NamedFrames): Generator<readonly [file: string, line: number]> {
  const { frames: native } = symbols;
  for (let row = 0; row < native.file.length; row++) {
    if (native.file[row]! >= 0) yield [native.strings[native.file[row]!]!, native.line[row]!];
  }
  const { frames, sites, stacks, strings } = decoded;
  const needed = withParents(stacks.parent, sites.pythonStack);
  for (let row = 1; row < stacks.length; row++) {
    const frame = stacks.frame[row]!;
    if (needed[row]) yield [strings[frames.file[frame]!]!, frames.line[frame]!];
  }
}

function symbolsOf({ sysroots, symbolPaths, debuginfod, symbolizer, bundle }: SymbolRequest): SymbolRequest {
  return { sysroots, symbolPaths, debuginfod, symbolizer, bundle };
}

function bundlePath(capturePath: string, output: string | undefined): string {
  const name = `${capturePath === STANDARD_INPUT ? 'stdin' : basename(capturePath)}${BUNDLE_SUFFIX}`;
  if (output !== undefined) {
    const isFolder = output.endsWith(sep) || statSync(output, { throwIfNoEntry: false })?.isDirectory() === true;
    return isFolder ? resolve(output, name) : resolve(output);
  }
  return capturePath === STANDARD_INPUT ? resolve(name) : join(resolve(capturePath, '..'), name);
}
