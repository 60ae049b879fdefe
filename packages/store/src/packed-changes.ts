/** Lifetimes that are summed ↔ packed columns: by site and moment, by site, and the large mappings one by one. */
import { NEVER, type LiveChanges } from '@memscope/model';
import type { Database } from 'better-sqlite3';
import { insertPacked } from './packed-columns.js';
import type { PackedReader } from './packed-reader.js';

const ANY_WORD = 2 ** 32;

export function insertChanges(database: Database, { bySite, largeMappings, ...changes }: LiveChanges): void {
  const { site, moment, bytes, births, deaths, passing } = changes;
  insertPacked(database, 'live_change', 'site', site, true);
  insertPacked(database, 'live_change', 'moment', moment, true);
  // What gets less is odd.
  const coded = bytes.map((some) => (some < 0 ? -2 * some - 1 : 2 * some));
  insertPacked(database, 'live_change', 'bytes', coded);
  insertPacked(database, 'live_change', 'births', births);
  insertPacked(database, 'live_change', 'deaths', deaths);
  insertPacked(database, 'live_change', 'passing', passing);
  insertPacked(database, 'site_lifetime', 'born_bytes', bySite.bornBytes);
  insertPacked(database, 'site_lifetime', 'first_kept_tick', bySite.firstKeptTick);
  insertPacked(database, 'site_lifetime', 'last_kept_tick', bySite.lastKeptTick);
  insertPacked(database, 'site_lifetime', 'kept_bytes', bySite.keptBytes);
  insertPacked(database, 'site_lifetime', 'freed_bytes', bySite.freedBytes);
  insertPacked(database, 'large_mapping', 'site', largeMappings.site);
  insertPacked(database, 'large_mapping', 'born', largeMappings.born);
  insertPacked(database, 'large_mapping', 'died', largeMappings.died);
  insertPacked(database, 'large_mapping', 'count', largeMappings.count);
  insertPacked(database, 'large_mapping', 'bytes', largeMappings.bytes);
}

/** Null where lifetimes were too few to be summed. */
export function readChanges(packed: PackedReader, sites: number, ticks: number): LiveChanges | null {
  const length = packed.count('live_change');
  if (length === null) return null;
  const moments = 2 * ticks + 2;
  const words = (name: string, limit: number): Uint32Array => packed.words('live_change', name, length, limit);
  const bytes = packed.doubles('live_change', 'bytes', length);
  for (let row = 0; row < length; row++) {
    const coded = bytes[row]!;
    bytes[row] = coded % 2 === 1 ? -(coded + 1) / 2 : coded / 2;
  }
  const large = packed.count('large_mapping') ?? 0;
  const [born, died] = ['born', 'died'].map((name) => packed.words('large_mapping', name, large, ANY_WORD)) as [
    Uint32Array,
    Uint32Array,
  ];
  for (let row = 0; row < large; row++) {
    if (born[row]! >= died[row]! || born[row]! >= moments || (died[row]! >= moments && died[row] !== NEVER))
      throw packed.corrupt(`row ${row} of large_mapping is impossible`);
  }
  return {
    length,
    site: words('site', sites),
    moment: words('moment', moments),
    bytes,
    births: words('births', ANY_WORD),
    deaths: words('deaths', ANY_WORD),
    passing: packed.doubles('live_change', 'passing', length),
    bySite: {
      bornBytes: packed.doubles('site_lifetime', 'born_bytes', sites),
      firstKeptTick: packed.words('site_lifetime', 'first_kept_tick', sites, ANY_WORD),
      lastKeptTick: packed.words('site_lifetime', 'last_kept_tick', sites, ticks + 1),
      keptBytes: packed.doubles('site_lifetime', 'kept_bytes', sites),
      freedBytes: packed.doubles('site_lifetime', 'freed_bytes', sites),
    },
    largeMappings: {
      rows: large,
      site: packed.words('large_mapping', 'site', large, sites),
      born,
      died,
      count: packed.doubles('large_mapping', 'count', large),
      bytes: packed.doubles('large_mapping', 'bytes', large),
    },
  };
}
