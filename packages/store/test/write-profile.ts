/** Tables and batches → a profile file in a temporary folder, and the database behind it. */
import type { CaptureTables, HeldSites, LifetimeBatch, Profile } from '@memscope/model';
import { openProfile, type SourceStamp, type SymbolStamp } from '@memscope/store';
import { ProfileWriter } from '@memscope/store/profile-writer';
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { sampleTables, temporaryFolder } from './sample-tables.js';

interface Content {
  readonly tables?: CaptureTables;
  /** One before each tick of `held` ends, the others after these. */
  readonly batches?: readonly LifetimeBatch[];
  readonly stamp?: SourceStamp | null;
  readonly symbols?: SymbolStamp | null;
  readonly expectedBytes?: number;
  readonly summedLifetimes?: number;
  readonly coarseLifetimes?: number;
  readonly cohortLifetimes?: number;
  /** By tick, the first one being 0. */
  readonly held?: readonly HeldSites[];
  /** By tick, and behind the last one: bytes by site at the greatest heap. */
  readonly peaks?: readonly Float64Array[];
  readonly sqlSites?: boolean;
  readonly compressed?: boolean;
}

export function writeProfile(content: Content = {}, path = join(temporaryFolder(), 'service.bin.memscope')): string {
  const writer = ProfileWriter.create(path, {
    expectedBytes: content.expectedBytes ?? 0,
    sqlSites: content.sqlSites ?? false,
    compressed: content.compressed ?? false,
    ...(content.summedLifetimes === undefined ? {} : { summedLifetimes: content.summedLifetimes }),
    ...(content.coarseLifetimes === undefined ? {} : { coarseLifetimes: content.coarseLifetimes }),
    ...(content.cohortLifetimes === undefined ? {} : { cohortLifetimes: content.cohortLifetimes }),
  });
  const batches = (content.batches ?? []).values();
  for (const [tick, held] of (content.held ?? []).entries()) {
    const { value } = batches.next();
    if (value !== undefined) writer.appendLifetimes(value);
    writer.noteTick(tick, held.bytes.length, () => held);
  }
  for (const batch of batches) writer.appendLifetimes(batch);
  for (const held of content.peaks ?? []) writer.notePeak(held.length, () => held);
  writer.finish(content.tables ?? sampleTables(), content.stamp ?? null, content.symbols ?? null);
  return path;
}

export function open(path: string): Profile {
  const profile = openProfile(path);
  onTestFinished(() => profile.close());
  return profile;
}

/** The profile as any SQLite program sees it. */
export function openDatabase(path: string, writable = false): Database.Database {
  const database = new Database(path, { readonly: !writable });
  onTestFinished(() => {
    database.close();
  });
  return database;
}

/** What `action` throws. */
export function faultOf(action: () => unknown): unknown {
  try {
    action();
  } catch (fault) {
    return fault;
  }
  return undefined;
}
