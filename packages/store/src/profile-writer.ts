/**
 * Batches of lifetimes as they come, then all tables of a capture → a profile file that appears under its name only when
 * it is complete. Everything is written, in one transaction, to a temporary file in the same folder; renaming it over
 * the target is one step for the file system. A process that is killed at any moment leaves the old profile or none.
 */
import { closeSync, openSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  NATIVE_FRAME,
  type CaptureTables,
  type FrameTable,
  type HeldSites,
  type LifetimeBatch,
  type LifetimeRanges,
  type PeriodChanges,
  type StackTable,
} from '@memscope/model/recorded';
import Database from 'better-sqlite3';
import { decodeLifetimes } from './decode-lifetimes.js';
import { encodeLifetimes } from './encode-lifetimes.js';
import { measureLifetimes } from './measure-lifetimes.js';
import { endedLifetimes, LifetimeSums, type EndedLifetimes, type SumOptions } from './lifetime-sums.js';
import { DiskSync, pageSizeFor, prepareDatabase } from './fresh-database.js';
import { profileMeta, type ProfileMeta, type SymbolStamp } from './profile-meta.js';
import { replaceablePlace } from './profile-place.js';
import { remapLifetimes } from './remap-lifetimes.js';
import { LIFETIME, SQL_SITES_KEY } from './schema.js';
import type { SourceStamp } from './source-stamp.js';
import { asStoreError, StoreError } from './store-error.js';
import { putInPlace, removeDeadTemporaries, removeQuietly, temporaryPathFor } from './temporary-file.js';
import { insertSqlSites } from './sql-sites.js';
import { groupNativeSites, type SiteGroups, type UsageColumns } from './sum-native-sites.js';
import {
  insertMeta,
  insertNativeSites,
  insertNativeStacks,
  insertNativeUsages,
  insertPackedStacks,
  insertStacks,
  insertTables,
  type CaptureRows,
} from './write-tables.js';

export { endedLifetimes, type EndedLifetimes } from './lifetime-sums.js';

export interface ProfileWriterOptions extends SumOptions {
  /** Whether native stacks and sites become rows of SQL, too (sql-sites.ts). */
  readonly sqlSites?: boolean;
  /** Whether lifetimes are compressed, which are then read a little later: where there are few beside sites. */
  readonly compressed?: boolean;
}

/** So many lifetimes are written before they are brought to the disk, then a quarter more of all each time. */
const LIFETIMES_TO_SYNC = 1 << 20;
const MORE_TO_SYNC = 5 / 4;

/** A file with more than this share of unused pages is packed before it is renamed. */
const MAX_UNUSED_SHARE = 1 / 16;

/** Every method throws `StoreError`: `cannotWrite`, or `closed` after `complete`, `finish` and `abort`. */
export class ProfileWriter {
  readonly #target: string;
  #temporary: string;
  #disk: DiskSync;
  #database: Database.Database | null;
  readonly #insertBatch: Database.Statement;
  #batches = 0;
  #rows = 0;
  /** Lifetimes at which what was written so far goes to the disk. */
  #nextSync = LIFETIMES_TO_SYNC;
  readonly #sums: LifetimeSums;
  readonly #sqlSites: boolean;
  readonly #compressed: boolean;
  /** Rows that were written before the native ones; null where there are none. */
  #pythonStacks: number | null = null;

  private constructor(
    target: string,
    temporary: string,
    disk: DiskSync,
    database: Database.Database,
    { sqlSites = false, compressed = false, ...sums }: ProfileWriterOptions,
  ) {
    this.#sums = new LifetimeSums(sums);
    this.#sqlSites = sqlSites;
    this.#compressed = compressed;
    this.#target = target;
    this.#temporary = temporary;
    this.#disk = disk;
    this.#database = database;
    this.#insertBatch = database.prepare('INSERT INTO column_batch VALUES (?, ?, ?, ?, ?, ?)');
  }

  /**
   * Starts a profile that will stand at `target`. Refuses a target that is no regular file, or that holds something else
   * than a profile and is not named like one; removes what dead processes left in the folder.
   */
  static create(target: string, options: ProfileWriterOptions = {}): ProfileWriter {
    const place = replaceablePlace(resolve(target));
    removeDeadTemporaries(place);
    const temporary = temporaryPathFor(place);
    return asStoreError('cannotWrite', place, 'cannot write the profile', () => {
      // Loads SQLite before there is a file: a thread that is stopped while native code loads cannot take it away.
      new Database(':memory:').close();
      // Creates the file, or says in the file system's own words why not; SQLite only knows "unable to open".
      closeSync(openSync(temporary, 'wx', 0o666));
      let disk: DiskSync | undefined;
      let database: Database.Database | undefined;
      try {
        disk = new DiskSync(temporary);
        database = new Database(temporary);
        prepareDatabase(database, pageSizeFor(options.expectedBytes ?? 0));
        return new ProfileWriter(place, temporary, disk, database, options);
      } catch (fault) {
        disk?.close();
        database?.close();
        removeQuietly(temporary);
        throw fault;
      }
    });
  }

  /** Where the profile will stand. */
  get target(): string {
    return this.#target;
  }

  /** Writes a batch; its columns are only read during the call. Its ranges are measured where they are not `given`. */
  appendLifetimes(batch: LifetimeBatch, given?: LifetimeRanges): void {
    if (batch.rows === 0) return;
    this.#write(() => {
      const ranges = given ?? measureLifetimes(batch);
      this.#sums.add(batch, ranges);
      const { arrow, rows, firstMoment, lastMoment } = encodeLifetimes(batch, ranges, this.#compressed);
      this.#insertBatch.run(LIFETIME, this.#batches, rows, firstMoment, lastMoment, arrow);
      this.#batches++;
      this.#rows += rows;
      if (this.#rows < this.#nextSync) return;
      this.#disk.begin();
      this.#nextSync = MORE_TO_SYNC * this.#rows;
    });
  }

  /**
   * Replaces every moment m of the batches written so far by `map[m]`, as `remapLifetimes` does batch by batch. Batches
   * of which nothing remains vanish.
   */
  remapMoments(map: Uint32Array): void {
    this.#write((database) => {
      const rowids = database.prepare<[], number>('SELECT rowid FROM column_batch ORDER BY seq').pluck().all();
      const read = database.prepare<[number], Buffer>('SELECT arrow FROM column_batch WHERE rowid = ?').pluck();
      const remove = database.prepare('DELETE FROM column_batch WHERE rowid = ?');
      const update = database.prepare(
        'UPDATE column_batch SET seq = ?, rows = ?, first_moment = ?, last_moment = ?, arrow = ? WHERE rowid = ?',
      );
      this.#batches = 0;
      this.#sums.remap(map);
      for (const rowid of rowids) {
        const remapped = remapLifetimes(decodeLifetimes(read.get(rowid)!), map);
        if (remapped.rows === 0) {
          remove.run(rowid);
          continue;
        }
        const ranges = measureLifetimes(remapped);
        this.#sums.addRemapped(remapped, ranges);
        const { arrow, rows, firstMoment, lastMoment } = encodeLifetimes(remapped, ranges, this.#compressed);
        update.run(this.#batches, rows, firstMoment, lastMoment, arrow, rowid);
        this.#batches++;
      }
    });
  }

  /** After a tick has ended and before anything of the next one; `held` is what the `sites` so far hold now. */
  noteTick(tick: number, sites: number, held: () => HeldSites): void {
    this.#sums.noteTick(tick, sites, held);
  }

  /** The same for each tick, and what follows the last one; `held` are bytes at its greatest heap. */
  notePeak(sites: number, held: () => Float64Array): void {
    this.#sums.notePeak(sites, this.#rows, held);
  }

  /** Python's stacks, the first row being the empty one, where they are known before the native ones. */
  appendPythonStacks(stacks: StackTable): void {
    this.#pythonStacks = stacks.length;
    this.#write((database) => insertStacks(database, stacks));
  }

  /** Python's stacks go to SQL, unless they were written before, native ones behind them to packed columns. */
  appendStacks(stacks: StackTable, frames: Pick<FrameTable, 'kind'>): void {
    const { length, parent, frame } = stacks;
    const known = this.#pythonStacks;
    let python = known ?? 1;
    if (known === null) while (python < length && frames.kind[frame[python]!] !== NATIVE_FRAME) python++;
    this.#write((database) => {
      if (known === null) insertStacks(database, { length: python, parent, frame });
      insertPackedStacks(database, { length: python, parent, frame });
      if (python >= length) return;
      insertNativeStacks(database, { parent: parent.slice(python), frame: frame.slice(python) });
    });
  }

  /** Some of the usage of native sites, as soon as it is known. */
  appendNativeUsages(usages: Partial<UsageColumns>): void {
    this.#write((database) => insertNativeUsages(database, usages));
  }

  /** Sites of a capture with native stacks, with all that was given to `appendNativeUsages`; of others `appendTables` writes them. */
  appendNativeSites(groups: SiteGroups, usages: UsageColumns, captureId: number): void {
    this.#write((database) => insertNativeSites(database, groups, usages, captureId));
  }

  /** Writes all other tables. */
  appendTables(tables: CaptureRows): void {
    this.#write((database) => insertTables(database, tables));
  }

  /** Whether there are enough lifetimes to be summed. */
  get hasSums(): boolean {
    return this.#sums.areMany(this.#rows);
  }

  /**
   * Writes what lifetimes sum up to, after the last batch. What they sum up to by period is told as soon as it is known:
   * null where it is not written; nothing is told where moments are summed.
   */
  appendSums(ended: EndedLifetimes, onPeriods?: (changes: PeriodChanges | null) => void): void {
    this.#write((database) => this.#sums.write(database, this.#rows, ended, onPeriods));
  }

  /** After all tables: puts the profile in its place. After a fault the temporary file is gone. */
  complete(meta: ProfileMeta): void {
    try {
      this.#write((database) => {
        insertMeta(database, this.#sqlSites ? [...meta, [SQL_SITES_KEY, '1']] : meta);
        if (this.#sqlSites) insertSqlSites(database);
        database.exec('COMMIT');
        this.#pack(database);
        database.close();
        this.#database = null;
        this.#disk.finish();
        this.#disk.close();
        putInPlace(this.#temporary, this.#target);
      });
    } catch (fault) {
      this.abort();
      throw fault;
    }
  }

  /** All of the above for tables that are there as a whole; `stamp` and `symbols` as in `profileMeta`. */
  finish(tables: CaptureTables, stamp: SourceStamp | null, symbols: SymbolStamp | null = null): void {
    try {
      this.appendStacks(tables.stacks, tables.frames);
      const { nativeStack } = tables.sites;
      if (nativeStack !== null) {
        this.appendNativeUsages(tables.sites);
        this.appendNativeSites(groupNativeSites(tables.sites), tables.sites, tables.capture.id);
      }
      this.appendTables({ ...tables, sites: { ...tables.sites, nativeStack } });
      this.appendSums(endedLifetimes(tables.sites, tables.ticks.length));
    } catch (fault) {
      this.abort();
      throw fault;
    }
    this.complete(profileMeta(tables, stamp, symbols));
  }

  /** Gives the profile up and removes the temporary file; does nothing after `finish`. Throws nothing. */
  abort(): void {
    try {
      this.#database?.close();
    } catch {
      // The file goes away in any case.
    }
    this.#database = null;
    this.#disk.close();
    removeQuietly(this.#temporary);
  }

  /** Moves the content to a fresh file where remapping left many unused pages. */
  #pack(database: Database.Database): void {
    const unused = database.pragma('freelist_count', { simple: true }) as number;
    const pages = database.pragma('page_count', { simple: true }) as number;
    if (unused <= pages * MAX_UNUSED_SHARE) return;
    const packed = temporaryPathFor(this.#target);
    try {
      database.prepare('VACUUM INTO ?').run(packed);
    } catch (fault) {
      removeQuietly(packed);
      throw fault;
    }
    removeQuietly(this.#temporary);
    this.#temporary = packed;
    this.#disk.close();
    this.#disk = new DiskSync(packed);
  }

  #write(step: (database: Database.Database) => void): void {
    const database = this.#database;
    if (database === null) throw new StoreError('closed', this.#target, 'the profile is no longer being written');
    asStoreError('cannotWrite', this.#target, 'cannot write the profile', () => step(database));
  }
}
