/** Lifetimes that are summed ↔ packed columns: by site and moment or period, by site, and the large mappings one by one. */
import {
  NEVER,
  type CoarseChanges,
  type LifetimeBatch,
  type LiveChanges,
  type PeakLevels,
  type PeriodChanges,
  type SiteChanges,
  type SiteLifetimes,
} from '@memscope/model/recorded';
import type { Database } from 'better-sqlite3';
import { ANY_WORD } from './byte-planes.js';
import { ANY_REPEATS, insertPacked, ONLY_RUNS } from './packed-columns.js';
import type { PackedReader } from './packed-reader.js';

type ChangeTable = 'live_change' | 'coarse_change';

export function insertChanges(database: Database, changes: LiveChanges): void {
  insertSums(database, 'live_change', changes, ANY_REPEATS);
  insertPacked(database, 'live_change', 'passing', changes.passing);
  insertBySite(database, changes.bySite);
}

export function insertCoarseChanges(database: Database, changes: PeriodChanges): void {
  insertSums(database, 'coarse_change', changes, ONLY_RUNS);
  insertBySite(database, changes.bySite);
}

/** Site by site, tick after tick. */
export function insertPeakLevels(database: Database, { changes }: PeakLevels): void {
  const coded = changes instanceof Int32Array ? codeSmallSigns(changes) : codeSigns(changes);
  insertPacked(database, 'peak_level', 'bytes', coded, false, ONLY_RUNS);
}

function insertBySite(database: Database, { firstKeptTick, lastKeptTick, keptBytes, freedBytes }: SiteLifetimes): void {
  insertPacked(database, 'site_lifetime', 'first_kept_tick', firstKeptTick);
  insertPacked(database, 'site_lifetime', 'last_kept_tick', lastKeptTick);
  insertPacked(database, 'site_lifetime', 'kept_bytes', keptBytes);
  insertPacked(database, 'site_lifetime', 'freed_bytes', freedBytes);
}

/** What gets less is odd. */
function codeSigns(numbers: Float64Array): Float64Array {
  const coded = new Float64Array(numbers.length);
  for (let row = 0; row < numbers.length; row++) {
    coded[row] = numbers[row]! < 0 ? -2 * numbers[row]! - 1 : 2 * numbers[row]!;
  }
  return coded;
}

/** The same. */
function codeSmallSigns(numbers: Int32Array): Uint32Array {
  const coded = new Uint32Array(numbers.length);
  for (let row = 0; row < numbers.length; row++) coded[row] = (numbers[row]! << 1) ^ (numbers[row]! >> 31);
  return coded;
}

function decodeSigns(coded: Uint32Array | Float64Array): Float64Array {
  return coded instanceof Uint32Array ? decodeSmallSigns(coded) : decodeLargeSigns(coded);
}

function decodeSmallSigns(coded: Uint32Array): Float64Array {
  const numbers = new Float64Array(coded.length);
  for (let row = 0; row < coded.length; row++) numbers[row] = (coded[row]! >>> 1) ^ -(coded[row]! & 1);
  return numbers;
}

/** In place. */
function decodeLargeSigns(numbers: Float64Array): Float64Array {
  for (let row = 0; row < numbers.length; row++) {
    const half = Math.floor(numbers[row]! / 2);
    numbers[row] = 2 * half === numbers[row] ? half : -half - 1;
  }
  return numbers;
}

function insertSums(
  database: Database,
  table: ChangeTable,
  { site, moment, bytes, births, deaths, largeMappings }: SiteChanges,
  strategy: number,
): void {
  insertPacked(database, table, 'site', site, true, strategy);
  insertPacked(database, table, 'moment', moment, true, strategy);
  insertPacked(database, table, 'bytes', codeSigns(bytes), false, strategy);
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
  const passing = packed.doubles('live_change', 'passing', changes.length);
  return { ...changes, passing, bySite: readBySite(packed, sites, ticks) };
}

function readBySite(packed: PackedReader, sites: number, ticks: number): SiteLifetimes {
  return {
    firstKeptTick: packed.words('site_lifetime', 'first_kept_tick', sites, ANY_WORD),
    lastKeptTick: packed.words('site_lifetime', 'last_kept_tick', sites, ticks + 1),
    keptBytes: packed.doubles('site_lifetime', 'kept_bytes', sites),
    freedBytes: packed.doubles('site_lifetime', 'freed_bytes', sites),
  };
}

/** Null where `readChanges` gives more, and where lifetimes were too few. */
export function readCoarseChanges(packed: PackedReader, sites: number, ticks: number): CoarseChanges | null {
  const changes = readSums(packed, 'coarse_change', sites, ticks);
  if (changes === null) return null;
  const bySite = packed.count('site_lifetime') === null ? null : readBySite(packed, sites, ticks);
  return { ...changes, bySite };
}

/** Null where lifetimes are few, or sites and ticks too many. */
export function readPeakLevels(packed: PackedReader, sites: number, ticks: number): PeakLevels | null {
  const steps = ticks + 1;
  if (packed.count('peak_level') === null) return null;
  return { steps, changes: decodeSigns(packed.numbers('peak_level', 'bytes', sites * steps)) };
}

function readSums(
  packed: PackedReader,
  table: ChangeTable,
  sites: number,
  ticks: number,
): Omit<PeriodChanges, 'bySite'> | null {
  const length = packed.count(table);
  if (length === null) return null;
  const moments = 2 * ticks + 2;
  const words = (name: string, limit: number): Uint32Array => packed.words(table, name, length, limit);
  return {
    length,
    site: words('site', sites),
    moment: words('moment', moments),
    bytes: decodeSigns(packed.numbers(table, 'bytes', length)),
    births: words('births', ANY_WORD),
    deaths: words('deaths', ANY_WORD),
    passing: null,
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
