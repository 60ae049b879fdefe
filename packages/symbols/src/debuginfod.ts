/**
 * Debug files from debuginfod servers by build-id (`GET URL/buildid/ID/debuginfo`, elfutils), kept in the cache folder.
 * Asked only where the user wants it; what a server sends counts only if it is an ELF file of that build-id.
 */
import { createWriteStream, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readBuildId } from './build-id.js';
import { unfinishedPath } from './cache-folder.js';
import { ElfFile } from './elf-file.js';
import { reasonOf, SymbolsError } from './symbols-error.js';
import { DEBUG_FOLDER, touchCached } from './trim-cache.js';

export interface DebuginfodOptions {
  readonly urls: readonly string[];
  readonly cacheFolder: string;
  /** For one server's whole answer. */
  readonly timeoutMs: number;
  /** Aborted when all files together have taken too long. */
  readonly deadline: AbortSignal;
  readonly mostBytes: number;
  readonly signal?: AbortSignal | undefined;
}

export interface FetchedDebugFile {
  readonly path: string | null;
  /** Why servers failed, apart from not knowing the build-id. */
  readonly faults: readonly string[];
}

const NO_TIME_LEFT = 'not fetched: the time for all debug files together is over; another run goes on with the rest';

/** The servers in `DEBUGINFOD_URLS`, which are separated by spaces. */
export function debuginfodUrls(value: string | undefined = process.env['DEBUGINFOD_URLS']): string[] {
  return (value ?? '').split(/\s+/).filter((url) => url !== '');
}

/** Throws only the signal's reason. */
export async function fetchDebugFile(buildId: string, options: DebuginfodOptions): Promise<FetchedDebugFile> {
  const path = join(options.cacheFolder, DEBUG_FOLDER, `${buildId}.debug`);
  if (existsSync(path) && isOfBuild(path, buildId)) {
    touchCached(path);
    return { path, faults: [] };
  }
  const faults: string[] = [];
  for (const url of options.urls) {
    if (options.deadline.aborted) return { path: null, faults: [...faults, `${url}: ${NO_TIME_LEFT}`] };
    try {
      if (await fetchFrom(url, buildId, path, options)) return { path, faults };
    } catch (fault) {
      options.signal?.throwIfAborted();
      faults.push(`${url}: ${options.deadline.aborted ? NO_TIME_LEFT : reasonOf(fault)}`);
    }
  }
  return { path: null, faults };
}

/** False where the server does not know the build-id. */
async function fetchFrom(url: string, buildId: string, path: string, options: DebuginfodOptions): Promise<boolean> {
  const address = new URL(`${url.replace(/\/+$/, '')}/buildid/${buildId}/debuginfo`);
  if (address.protocol !== 'https:' && address.protocol !== 'http:') {
    throw new SymbolsError('debuginfod', url, 'is no server', { expected: 'http or https', found: address.protocol });
  }
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const signal = AbortSignal.any([
    timeout,
    options.deadline,
    ...(options.signal === undefined ? [] : [options.signal]),
  ]);
  const answer = await fetch(address, { signal, headers: { 'user-agent': 'memscope' } });
  if (answer.status === 404) return false;
  if (!answer.ok || answer.body === null) {
    throw new SymbolsError('debuginfod', url, 'refused', { expected: 'status 200', found: `${answer.status}` });
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const unfinished = unfinishedPath(path);
  try {
    const body = Readable.fromWeb(answer.body);
    await pipeline(body, atMost(options.mostBytes, url), createWriteStream(unfinished, { flags: 'wx' }), { signal });
    if (!isOfBuild(unfinished, buildId)) throw new SymbolsError('debuginfod', url, 'sent another file');
    renameSync(unfinished, path);
    return true;
  } finally {
    rmSync(unfinished, { force: true });
  }
}

function atMost(bytes: number, url: string): Transform {
  let left = bytes;
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      left -= piece.length;
      if (left >= 0) done(null, piece);
      else done(new SymbolsError('debuginfod', url, 'sent too much', { expected: `${bytes} bytes at most` }));
    },
  });
}

function isOfBuild(path: string, buildId: string): boolean {
  try {
    const elf = ElfFile.open(path);
    try {
      return readBuildId(elf) === buildId;
    } finally {
      elf.close();
    }
  } catch {
    return false;
  }
}
