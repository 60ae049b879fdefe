/** Lifetimes that are summed ↔ packed columns: by site and moment or period, by site, and the large mappings one by one. */
import {
  NEVER,
  passingOf,
  type LifetimeBatch,
  type LiveChanges,
  type PeriodChanges,
  type SiteChanges,
} from '@memscope/model';
import type { Database } from 'better-sqlite3';
import { ANY_REPEATS, insertPacked, ONLY_RUNS } from './packed-columns.js';
import type { PackedReader } from './packed-reader.js';

const ANY_WORD = 2 ** 32;

type ChangeTable = 'live_change' | 'coarse_change';

export function insertChanges(database: Database, changes: LiveChanges): void {
  const { bySite } = changes;
  insertSums(database, 'live_change', changes, ANY_REPEATS);
  insertPacked(database, 'live_change', 'passing', changes.passing);
  insertPacked(database, 'site_lifetime', 'first_kept_tick', bySite.firstKeptTick);
  insertPacked(database, 'site_lifetime', 'last_kept_tick', bySite.lastKeptTick);
  insertPacked(database, 'site_lifetime', 'kept_bytes', bySite.keptBytes);
  insertPacked(database, 'site_lifetime', 'freed_bytes', bySite.freedBytes);
}

export function insertCoarseChanges(database: Database, changes: PeriodChanges): void {
  insertSums(database, 'coarse_change', changes, ONLY_RUNS);
}

function insertSums(
  database: Database,
  table: ChangeTable,
  { site, moment, bytes, births, deaths, largeMappings }: PeriodChanges,
  strategy: number,
): void {
  insertPacked(database, table, 'site', site, true, strategy);
  insertPacked(database, table, 'moment', moment, true, strategy);
  // What gets less is odd.
  const coded = new Float64Array(bytes.length);
  for (let row = 0; row < bytes.length; row++) coded[row] = bytes[row]! < 0 ? -2 * bytes[row]! - 1 : 2 * bytes[row]!;
  insertPacked(database, table, 'bytes', coded, false, strategy);
  insertPacked(database, table, 'births', births, false, strategy);
  insertPacked(database, table, 'deaths', deaths, false, strategy);
  insertPacked(database, 'large_mapping', 'site', largeMappings.site);
  insertPacked(database, 'large_mapping', 'born', largeMappings.born);
  insertPacked(database, 'large_mapping', 'died', largeMappings.died);
  insertPacked(database, 'large_mapping', 'count', largeMappings.count);
  insertPacked(database, 'large_mapping', 'bytes', largeMappings.bytes);
}

/** Null where lifetimes were too few to be summed, or their sums too many. */
export function readChanges(packed: PackedReader, sites: number, ticks: number): LiveChanges | null {
  const changes = readSums(packed, 'live_change', sites, ticks);
  if (changes === null) return null;
  return {
    ...changes,
    passing: packed.doubles('live_change', 'passing', changes.length),
    bySite: {
      firstKeptTick: packed.words('site_lifetime', 'first_kept_tick', sites, ANY_WORD),
      lastKeptTick: packed.words('site_lifetime', 'last_kept_tick', sites, ticks + 1),
      keptBytes: packed.doubles('site_lifetime', 'kept_bytes', sites),
      freedBytes: packed.doubles('site_lifetime', 'freed_bytes', sites),
    },
  };
}

/** Null where `readChanges` gives more, and where lifetimes were too few. */
export function readCoarseChanges(packed: PackedReader, sites: number, ticks: number): SiteChanges | null {
  const changes = readSums(packed, 'coarse_change', sites, ticks);
  return changes && { ...changes, passing: passingOf(changes.births, changes.deaths) };
}

function readSums(packed: PackedReader, table: ChangeTable, sites: number, ticks: number): PeriodChanges | null {
  const length = packed.count(table);
  if (length === null) return null;
  const moments = 2 * ticks + 2;
  const words = (name: string, limit: number): Uint32Array => packed.words(table, name, length, limit);
  const bytes = packed.doubles(table, 'bytes', length);
  for (let row = 0; row < length; row++) {
    const half = Math.floor(bytes[row]! / 2);
    bytes[row] = 2 * half === bytes[row] ? half : -half - 1;
  }
  return {
    length,
    site: words('site', sites),
    moment: words('moment', moments),
    bytes,
    births: words('births', ANY_WORD),
    deaths: words('deaths', ANY_WORD),
    largeMappings: readLargeMappings(packed, sites, moments),
  };
}

function readLargeMappings(packed: PackedReader, sites: number, moments: number): LifetimeBatch {
  const rows = packed.count('large_mapping') ?? 0;
  const [born, died] = ['born', 'died'].map((name) => packed.words('large_mapping', name, rows, ANY_WORD)) as [
    Uint32Array,
    Uint32Array,
  ];
  for (let row = 0; row < rows; row++) {
    if (born[row]! >= died[row]! || born[row]! >= moments || (died[row]! >= moments && died[row] !== NEVER))
      throw packed.corrupt(`row ${row} of large_mapping is impossible`);
  }
  return {
    rows,
    site: packed.words('large_mapping', 'site', rows, sites),
    born,
    died,
    count: packed.doubles('large_mapping', 'count', rows),
    bytes: packed.doubles('large_mapping', 'bytes', rows),
  };
}
