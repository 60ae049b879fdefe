/**
 * What a profile says beyond its tables → rows of `meta`: how it was made, and of what. Needs no database: another thread
 * can work it out while the tables are written.
 */
import type { CaptureTables } from '@memscope/model';
import { packRuns } from './run-lengths.js';
import {
  FRAME_ENTRIES_KEY,
  FRAME_SOURCES_KEY,
  LIFETIME_COLUMN_MEANINGS,
  MEMSCOPE_VERSION,
  SCHEMA_VERSION,
  SYMBOL_BUNDLE_KEY,
  SYMBOL_OPTIONS_KEY,
} from './schema.js';
import { formatSourceLines, SOURCE_LINES_KEY } from './source-line-text.js';
import type { SourceStamp } from './source-stamp.js';

export type ProfileMeta = readonly (readonly [key: string, value: string])[];

/** How the native frames of a profile were named, so that it can be told whether other options would differ. */
export interface SymbolStamp {
  /** Digest of the options. */
  readonly options: string;
  /** Digest of the symbol bundle; empty without any. */
  readonly bundle: string;
}

/** `stamp` is null for a profile that is not to be used again, `symbols` for one without native frames. */
export function profileMeta(
  tables: CaptureTables,
  stamp: SourceStamp | null,
  symbols: SymbolStamp | null,
): ProfileMeta {
  return [...metaOf(tables, stamp), ...symbolMeta(symbols ?? {})];
}

function metaOf(tables: CaptureTables, stamp: SourceStamp | null): Map<string, string> {
  const { capture, notes, frames, sourceLines } = tables;
  const meta = new Map([
    ['schema_version', String(SCHEMA_VERSION)],
    ['memscope_version', MEMSCOPE_VERSION],
    ['capture_path', capture.path],
    ['temporary_threshold', String(notes.temporaryThreshold)],
    ['lifetime_columns', JSON.stringify(LIFETIME_COLUMN_MEANINGS)],
    ['notes', JSON.stringify(notes)],
  ]);
  if (frames.source.some((source) => source !== 0)) meta.set(FRAME_SOURCES_KEY, packRuns(frames.source));
  if (frames.entry) meta.set(FRAME_ENTRIES_KEY, packRuns(frames.entry));
  if (sourceLines && sourceLines.size > 0) meta.set(SOURCE_LINES_KEY, formatSourceLines(sourceLines));
  if (stamp !== null) {
    meta.set('capture_size', String(stamp.size));
    meta.set('capture_mtime_ns', String(stamp.mtimeNs));
    meta.set('capture_digest', stamp.digest);
  }
  return meta;
}

export function symbolMeta({ options, bundle }: Partial<SymbolStamp>): [key: string, value: string][] {
  const meta: [string, string][] = [];
  if (options !== undefined) meta.push([SYMBOL_OPTIONS_KEY, options]);
  if (bundle !== undefined) meta.push([SYMBOL_BUNDLE_KEY, bundle]);
  return meta;
}
