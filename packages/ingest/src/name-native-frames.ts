/**
 * The native nodes that a capture's sites need → named frames, with what is to be said of them. Whatever goes wrong
 * costs names at most: frames stay unresolved, and a warning says why. Only native captures load this file.
 */
import { statSync } from 'node:fs';
import type { Decoded } from '@memscope/kernel';
import type { SourceLines } from '@memscope/model';
import {
  debuginfodUrls,
  leaveUnresolved,
  placeAddresses,
  readBundleFile,
  resolveSymbols,
  SymbolsError,
  type PlacedAddresses,
  type Positions,
  type ResolvedSymbols,
  type ResolveOptions,
  type SymbolBundle,
} from '@memscope/symbols';
import { withParents } from './stack-tables.js';
import type { SymbolTask } from './symbol-request.js';

export interface NamedFrames {
  readonly placed: PlacedAddresses;
  /** By row of the native nodes: 1 = a site needs it. */
  readonly needed: Uint8Array;
  readonly symbols: ResolvedSymbols;
  /** What a bundle brought. */
  readonly sourceLines: SourceLines;
  /** What is to be said apart from single modules; one sentence each. */
  readonly warnings: readonly string[];
}

/** Throws only the signal's reason. */
export async function nameNativeFrames(decoded: Decoded, task: SymbolTask, signal?: AbortSignal): Promise<NamedFrames> {
  const { nativeStacks, segments, strings, sites } = decoded;
  const needed = withParents(nativeStacks.parent, sites.nativeStack);
  const isUnneeded = (node: number): boolean => needed[node] === 0;
  const placed = placeAddresses(nativeStacks.ip, nativeStacks.generation, segments, strings, isUnneeded);
  const warnings = [...task.sysroots, ...task.symbolPaths].filter((path) => !isFolder(path)).map(notFolder);
  const bundle = readBundleOr(task.bundle, warnings);
  const servers = task.debuginfod ? debuginfodUrls() : [];
  if (task.debuginfod && servers.length === 0) {
    warnings.push('DEBUGINFOD_URLS names no server, so that no debug file was fetched');
  }
  const { sysroots, symbolPaths, symbolizer, cacheFolder, timeoutMs } = task;
  const options: ResolveOptions = {
    sysroots,
    symbolPaths,
    debuginfod: servers,
    symbolizer,
    bundle,
    ...(cacheFolder === undefined ? {} : { cacheFolder }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(signal === undefined ? {} : { signal }),
  };
  const symbols = await resolveOrLeave(placed.positions, options, warnings);
  return { placed, needed, symbols, sourceLines: bundle?.sources ?? new Map(), warnings };
}

async function resolveOrLeave(
  positions: Positions,
  options: ResolveOptions,
  warnings: string[],
): Promise<ResolvedSymbols> {
  try {
    return await resolveSymbols(positions, options);
  } catch (fault) {
    options.signal?.throwIfAborted();
    const message = fault instanceof Error ? fault.message : String(fault);
    if (fault instanceof SymbolsError && fault.code === 'symbolizer' && options.symbolizer !== 'none') {
      warnings.push(`${message}; names are from symbol tables, without lines and inlined calls`);
      return resolveOrLeave(positions, { ...options, symbolizer: 'none' }, warnings);
    }
    warnings.push(`native frames could not be resolved: ${message}`);
    return leaveUnresolved(positions, 'resolving failed');
  }
}

function readBundleOr(path: string | null, warnings: string[]): SymbolBundle | undefined {
  if (path === null) return undefined;
  try {
    return readBundleFile(path);
  } catch (fault) {
    if (!(fault instanceof SymbolsError)) throw fault;
    warnings.push(`the symbol bundle was not used: ${fault.message}`);
    return undefined;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function notFolder(path: string): string {
  return `${path}: is no folder, so that no symbols were found in it`;
}
