/** What a profile says it was made of, and how → whether it still answers for a capture, or for other options. */
import type { Database } from 'better-sqlite3';
import { resolve } from 'node:path';
import { asReading, openDatabase } from './open-database.js';
import { readMeta } from './read-capture.js';
import { SQL_SITES_KEY } from './schema.js';
import type { SourceStamp } from './source-stamp.js';
import { StoreError } from './store-error.js';
import { symbolMeta, type SymbolStamp } from './profile-meta.js';
import { NO_UPGRADES } from './upgrade-profile.js';

export interface FreshnessOptions {
  /** The threshold of temporary allocations that is asked for. */
  readonly temporaryThreshold: number;
  /** How native frames are to be named; what is not given may be anything. */
  readonly symbols?: Partial<SymbolStamp>;
  /** Whether native stacks and sites have to be rows of SQL. */
  readonly sqlSites?: boolean;
}

/** Whether a whole profile of this schema version stands at `path`, made of just this capture with this threshold. */
export function isFresh(path: string, stamp: SourceStamp, options: FreshnessOptions): boolean {
  const wanted = new Map([
    ['capture_size', String(stamp.size)],
    ['capture_mtime_ns', String(stamp.mtimeNs)],
    ['capture_digest', stamp.digest],
    ['temporary_threshold', String(options.temporaryThreshold)],
    ...(options.sqlSites === true ? [[SQL_SITES_KEY, '1'] as const] : []),
  ]);
  const absolute = resolve(path);
  try {
    const { database } = openDatabase(absolute, NO_UPGRADES);
    try {
      return asReading(
        absolute,
        () =>
          [...wanted].every(([key, value]) => readMeta(database, key) === value) &&
          fitsSymbols(database, options.symbols ?? {}),
      );
    } finally {
      database.close();
    }
  } catch (fault) {
    if (fault instanceof StoreError) return false;
    throw fault;
  }
}

/**
 * Whether the native frames of the profile at `path` were named as `wanted` says; true where it has none. Throws
 * `StoreError` as `openProfile` does.
 */
export function hasSymbols(path: string, wanted: Partial<SymbolStamp>): boolean {
  const absolute = resolve(path);
  const { database } = openDatabase(absolute);
  try {
    return asReading(absolute, () => fitsSymbols(database, wanted));
  } finally {
    database.close();
  }
}

/** Whether the profile at `path` was asked to have native stacks and sites in SQL. Throws `StoreError` as `openProfile` does. */
export function hasSqlSites(path: string): boolean {
  const absolute = resolve(path);
  const { database } = openDatabase(absolute);
  try {
    return asReading(absolute, () => readMeta(database, SQL_SITES_KEY) === '1');
  } finally {
    database.close();
  }
}

function fitsSymbols(database: Database, wanted: Partial<SymbolStamp>): boolean {
  const meta = symbolMeta(wanted);
  if (meta.every(([key, value]) => readMeta(database, key) === value)) return true;
  return database.prepare("SELECT answers ->> 'native_stacks' FROM capture").pluck().get() === 'none';
}
