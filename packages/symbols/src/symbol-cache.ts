/**
 * Frames that were resolved before, a small file for each module in the user's cache folder. The key is the module's
 * build-id (or path, size and time of change where it has none) together with what else decides the answer: the debug
 * file and the symbolizer. A cache that cannot be read, is damaged or is of another version counts as empty.
 */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FoundModule } from './find-module.js';
import { readFrameDocument, writeFrameDocument, type AddressFrames } from './frame-document.js';
import { writeWhole } from './cache-folder.js';
import { packJson, unpackJson } from './packed-json.js';
import type { Symbolizer } from './symbolizer/find-symbolizer.js';
import { touchCached } from './trim-cache.js';

/** Raise it when names come out differently. */
const CACHE_VERSION = 2;
const MOST_CACHE_BYTES = 64 << 20;

/** File of a module's frames below the cache folder. */
export function cachePathOf(folder: string, module: FoundModule, symbolizer: Symbolizer | null): string {
  const { buildId, debugPath } = module;
  const identity = buildId === null ? [module.path, module.size, module.modifiedMs] : [buildId, module.size];
  const debugSize = debugPath === null ? null : statSync(debugPath, { throwIfNoEntry: false })?.size;
  const means = symbolizer === null || debugPath === null ? null : [symbolizer.kind, symbolizer.version, debugSize];
  const key = createHash('sha256')
    .update(JSON.stringify([CACHE_VERSION, identity, debugSize, means]))
    .digest('hex');
  return join(folder, key.slice(0, 2), `${buildId?.slice(0, 40) ?? 'file'}-${key.slice(2, 18)}.json.gz`);
}

export function readCache(path: string): AddressFrames | null {
  try {
    if (statSync(path).size > MOST_CACHE_BYTES) return null;
    const document = unpackJson(readFileSync(path));
    const isOurs = typeof document === 'object' && document !== null && 'cacheVersion' in document;
    if (!isOurs || document.cacheVersion !== CACHE_VERSION) return null;
    touchCached(path);
    return readFrameDocument(document);
  } catch {
    return null;
  }
}

/** Does nothing where it cannot be written. */
export function writeCache(path: string, known: AddressFrames): void {
  try {
    const bytes = packJson({ cacheVersion: CACHE_VERSION, ...writeFrameDocument(known) }, 4);
    if (bytes.length <= MOST_CACHE_BYTES) writeWhole(path, bytes);
  } catch {
    // Only the next run is slower.
  }
}
