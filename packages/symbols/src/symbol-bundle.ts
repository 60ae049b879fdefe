/**
 * A capture's symbols in one small file, `capture.bin.symbols`: each module with its build-id and the frames of the
 * addresses that the capture mentions, perhaps with source lines. Whoever has it gets the same frames without any of
 * the files. Gzip around one JSON document:
 *
 * | field | what it is |
 * |---|---|
 * | `format`, `version` | `memscope-symbols`, 1 |
 * | `modules` | `path`, `segments` ([virtual address, bytes] in hexadecimal), `buildId`, `status`, `reason`, and `frames` as in frame-document.ts |
 * | `sources` | file → line → text |
 */
import { JsonBoundsError, type SourceLines } from '@memscope/model';
import type { ModuleStatus } from './find-module.js';
import { readFrameDocument, writeFrameDocument, type AddressFrames } from './frame-document.js';
import { packJson, unpackJson } from './packed-json.js';
import type { MappedModule } from './place-addresses.js';
import { MOST_LINE_CHARACTERS } from './source-lines.js';
import { SymbolsError } from './symbols-error.js';

const FORMAT = 'memscope-symbols';
const VERSION = 1;
export const MOST_BUNDLE_BYTES = 64 << 20;
const MOST_MODULES = 1 << 16;
/** Of all source lines, in UTF-16 units; what comes later is left out. */
const MOST_TEXT = 32 << 20;
const STATUSES: ReadonlySet<unknown> = new Set<ModuleStatus>(['found', 'missing', 'mismatch', 'unreadable']);

export interface BundledModule extends MappedModule, AddressFrames {
  readonly buildId: string | null;
  /** How its file was found where the bundle was made. */
  readonly status: ModuleStatus;
  readonly reason: string | null;
}

export interface SymbolBundle {
  readonly modules: readonly BundledModule[];
  readonly sources: SourceLines;
}

export function packBundle({ modules, sources }: SymbolBundle): Uint8Array {
  const document = {
    format: FORMAT,
    version: VERSION,
    modules: modules.map(({ path, segments, buildId, status, reason, ...known }) => ({
      path,
      segments: segments.map(([address, size]) => [address.toString(16), size.toString(16)]),
      buildId,
      status,
      reason,
      frames: writeFrameDocument(known),
    })),
    sources: Object.fromEntries(Array.from(sources, ([file, lines]) => [file, Object.fromEntries(lines)])),
  };
  return packJson(document, 9);
}

/**
 * `path` is for messages. Throws a `SymbolsError`: `notBundle`, `bundleVersion`, or `corruptBundle` where the document
 * is damaged, too large or contradicts itself.
 */
export function readBundle(bytes: Uint8Array, path: string): SymbolBundle {
  if (bytes.length < 2 || bytes[0] !== 0x1f || bytes[1] !== 0x8b) {
    throw new SymbolsError('notBundle', path, 'is no symbol bundle');
  }
  if (bytes.length > MOST_BUNDLE_BYTES) throw corrupt(path, 'is too large for a symbol bundle');
  let document: unknown;
  try {
    document = unpackJson(bytes);
  } catch (cause) {
    const isTooMuch = cause instanceof RangeError || cause instanceof JsonBoundsError;
    throw corrupt(path, isTooMuch ? 'unpacks to more than a symbol bundle holds' : 'is a damaged symbol bundle', cause);
  }
  if (!isRecord(document) || document['format'] !== FORMAT) {
    throw new SymbolsError('notBundle', path, 'is no symbol bundle');
  }
  const { version, modules, sources } = document;
  if (version !== VERSION) {
    const found = typeof version === 'number' ? `${version}` : 'none';
    throw new SymbolsError('bundleVersion', path, 'is of another version', { expected: `${VERSION}`, found });
  }
  if (!Array.isArray(modules) || modules.length > MOST_MODULES) throw corrupt(path, 'has no list of modules');
  return {
    modules: modules.map((module, row) => {
      const read = readModule(module);
      if (read === null) throw corrupt(path, `contradicts itself in module ${row}`);
      return read;
    }),
    sources: readSources(sources),
  };
}

function readModule(value: unknown): BundledModule | null {
  if (!isRecord(value)) return null;
  const { path, segments, buildId, status, reason, frames } = value;
  const known = readFrameDocument(frames);
  const isStatus = STATUSES.has(status);
  if (typeof path !== 'string' || known === null || !isStatus || !Array.isArray(segments)) return null;
  const isHex = (text: unknown): text is string => typeof text === 'string' && /^[0-9a-f]{1,16}$/.test(text);
  const pairs: (readonly [bigint, bigint])[] = [];
  for (const pair of segments as unknown[]) {
    if (!Array.isArray(pair) || !isHex(pair[0]) || !isHex(pair[1])) return null;
    pairs.push([BigInt(`0x${pair[0]}`), BigInt(`0x${pair[1]}`)]);
  }
  return {
    path,
    segments: pairs,
    buildId: typeof buildId === 'string' && /^[0-9a-f]{2,128}$/.test(buildId) ? buildId : null,
    status: status as ModuleStatus,
    reason: typeof reason === 'string' ? reason : null,
    ...known,
  };
}

function readSources(value: unknown): SourceLines {
  const found = new Map<string, Map<number, string>>();
  let left = MOST_TEXT;
  for (const [file, lines] of Object.entries(isRecord(value) ? value : {})) {
    const texts = new Map<number, string>();
    left -= file.length;
    for (const [line, text] of Object.entries(isRecord(lines) ? lines : {})) {
      if (!/^\d{1,9}$/.test(line) || typeof text !== 'string') continue;
      const kept = text.slice(0, MOST_LINE_CHARACTERS);
      left -= kept.length;
      if (left < 0) return found;
      texts.set(Number(line), kept);
    }
    found.set(file, texts);
  }
  return found;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function corrupt(path: string, sentence: string, cause?: unknown): SymbolsError {
  return new SymbolsError('corruptBundle', path, sentence, { cause });
}
