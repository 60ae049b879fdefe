/**
 * A profile file → answers. The file may come from anywhere: its tables are checked as it is opened (open-database.ts),
 * what stands in them as it is read.
 */
import {
  canAnswer,
  ALLOCATOR_NAMES,
  type AllocatorUsage,
  type CaptureNotes,
  type CaptureRow,
  type CaptureTables,
  type LibraryRule,
  type LibraryUsage,
  type LifetimeBatch,
  type LocationUsage,
  type OwnerTable,
  type Profile,
  type SiteKeys,
  type SiteMeasure,
  type SiteTable,
  type SiteWeights,
  type SizeClassTable,
  type SourceLines,
  type StackTables,
  type ThreadTable,
  type ThreadUsage,
  type TickTable,
  type Usage,
  withMainThread,
} from '@memscope/model';
import { resolve } from 'node:path';
import type { Database } from 'better-sqlite3';
import {
  allocatorRows,
  foldByAllocator,
  foldByLocation,
  foldByThread,
  locationRows,
  threadRows,
  type SiteUsage,
  type UsageTable,
} from './fold-usage.js';
import { asReading, openDatabase } from './open-database.js';
import { readCapture, readMeta, readNotes } from './read-capture.js';
import { ColumnReader } from './read-columns.js';
import { listBatches, readBatch } from './read-lifetimes.js';
import { NativeReader } from './read-native.js';
import * as read from './read-tables.js';
import { parseSourceLines, SOURCE_LINES_KEY } from './source-line-text.js';
import { foldByLibrary, joinKeys, parseLibraryUsage, parseUsage, USAGE_KEYS } from './stored-usage.js';
import { StoreError } from './store-error.js';

/**
 * Opens the profile at `path`. Throws `StoreError`: `cannotRead`, `notProfile`, `schemaVersion`, `corrupt`; the answers
 * of the profile throw it too, with `corrupt` or, after `close`, `closed`.
 */
export function openProfile(path: string): Profile {
  const absolute = resolve(path);
  const { database, size } = openDatabase(absolute);
  return asReading(absolute, () => {
    try {
      return new StoredProfile(absolute, database, size);
    } catch (fault) {
      database.close();
      throw fault;
    }
  });
}

class StoredProfile implements Profile {
  readonly path: string;
  readonly capture: CaptureRow;
  readonly notes: CaptureNotes;
  readonly #database: Database;
  readonly #reader: ColumnReader;
  readonly #native: NativeReader;
  #threads: ThreadTable | null = null;
  #siteUsage: SiteUsage | null = null;
  #recorded: StackTables | null = null;
  #stacks: { readonly stackTables: StackTables; readonly siteKeys: SiteKeys } | null = null;
  #owners: OwnerTable | null = null;

  constructor(path: string, database: Database, size: number) {
    this.path = path;
    this.#database = database;
    this.#reader = new ColumnReader(database, path, size);
    this.#native = new NativeReader(database, this.#reader);
    this.capture = readCapture(database, path);
    this.notes = readNotes(database, path);
  }

  ticks(): TickTable {
    return this.#answer((reader) => read.readTicks(reader, this.#aggregated));
  }

  threads(): ThreadTable {
    return this.#answer(
      (reader) => (this.#threads ??= withMainThread(read.readThreads(reader), this.capture.mainThreadId)),
    );
  }

  sizeClasses(): SizeClassTable | null {
    return this.#answer((reader) => (this.#aggregated ? null : read.readSizeClasses(reader)));
  }

  usageByLocation(): LocationUsage[] {
    return this.#answer((reader) => {
      const rows = read.countFrames(reader);
      const stored = this.#storedUsage(USAGE_KEYS.location, -1, rows);
      if (stored !== null) {
        // Python frames stand before the native ones, which no location names.
        const last = stored.group.reduce((greatest, row) => Math.max(greatest, row), -1);
        return locationRows(stored, read.readLocations(reader, last + 1));
      }
      const locations = read.readLocations(reader, rows);
      const usage = foldByLocation(this.#readSiteUsage(), read.readInnermostFrames(reader, rows), locations);
      return locationRows(usage, locations);
    });
  }

  usageByThread(): ThreadUsage[] {
    return this.#answer(() => {
      const threads = this.threads();
      const stored = this.#storedUsage(USAGE_KEYS.thread, 0, threads.length);
      return threadRows(stored ?? foldByThread(this.#readSiteUsage(), threads.length), threads);
    });
  }

  usageByAllocator(): AllocatorUsage[] {
    return this.#answer(() => {
      const stored = this.#storedUsage(USAGE_KEYS.allocator, 1, ALLOCATOR_NAMES.length);
      return allocatorRows(stored ?? foldByAllocator(this.#readSiteUsage()));
    });
  }

  usageByLibrary(rules: readonly LibraryRule[] = []): LibraryUsage[] {
    return this.#answer(() => {
      const stored = rules.length > 0 ? null : readMeta(this.#database, USAGE_KEYS.library);
      if (stored !== null) return parseLibraryUsage(stored, this.#aggregated);
      const { stackTables, siteKeys } = this.#readStacks();
      return foldByLibrary(
        { owners: this.owners(), tables: stackTables, sites: siteKeys, usage: this.#readSums() },
        rules,
      );
    });
  }

  stackTables(): StackTables {
    return this.#answer(() => this.#readStacks().stackTables);
  }

  siteKeys(): SiteKeys {
    return this.#answer(() => this.#readStacks().siteKeys);
  }

  owners(): OwnerTable {
    return this.#answer((reader) => (this.#owners ??= read.readOwners(reader, this.ticks().length, this.#aggregated)));
  }

  siteWeights(measure: SiteMeasure): SiteWeights | null {
    const recorded = measure === 'peak' || measure === 'leaked' || !this.#aggregated;
    return this.#answer((reader) => {
      if (!recorded) return null;
      return this.#native.sites === null ? read.readSiteWeights(reader, measure) : this.#native.weights(measure);
    });
  }

  sourceLines(): SourceLines {
    return this.#answer(() => parseSourceLines(readMeta(this.#database, SOURCE_LINES_KEY) ?? '{}'));
  }

  tables(): CaptureTables {
    return this.#answer(() => {
      const sourceLines = this.sourceLines();
      const { modules, frames, stacks } = this.#readRecorded();
      return {
        capture: this.capture,
        threads: read.readThreads(this.#reader),
        modules,
        frames,
        stacks,
        sites: { ...this.#readSums(), ...this.#readSiteKeys({ modules, frames, stacks }) },
        owners: this.owners(),
        ticks: this.ticks(),
        sizeClasses: this.sizeClasses(),
        notes: this.notes,
        ...(sourceLines.size > 0 ? { sourceLines } : {}),
      };
    });
  }

  *lifetimes(from = 0, to = Infinity): Generator<LifetimeBatch> {
    const batches = this.#answer(({ fileBytes }) => listBatches(this.#database, fileBytes, from, to));
    const sites = this.#answer((reader) => this.#native.sites ?? read.countSites(reader));
    for (const batch of batches) yield this.#answer((reader) => readBatch(this.#database, reader, batch, sites));
  }

  close(): void {
    this.#database.close();
  }

  get #aggregated(): boolean {
    return !canAnswer(this.capture, 'total');
  }

  #storedUsage(key: string, least: number, limit: number): UsageTable | null {
    const json = readMeta(this.#database, key);
    return json === null ? null : parseUsage(json, least, limit, this.#aggregated);
  }

  /** Read once: three questions need it. */
  #readSiteUsage(): SiteUsage {
    return (this.#siteUsage ??= read.readSiteUsage(this.#reader, this.threads().length, this.#aggregated));
  }

  /** Python's and native stacks as they stand in the file. */
  #readRecorded(): StackTables {
    if (this.#recorded === null) {
      const modules = read.readModules(this.#reader);
      const frames = read.readFrames(this.#reader, modules.length);
      const python = read.readStacks(this.#reader, frames.length);
      this.#recorded = { modules, frames, stacks: this.#native.addStacks(python, frames.length) };
    }
    return this.#recorded;
  }

  #readSiteKeys({ stacks }: StackTables): read.RecordedSiteKeys {
    const keys = read.readSiteKeys(this.#reader, this.threads().length, stacks.length);
    return this.#native.splitSites(keys, stacks.length);
  }

  /** Of each native stack where there are any. */
  #readSums(): Pick<SiteTable, keyof Usage> {
    return this.#native.sites === null ? this.#readSiteUsage() : this.#native.sums(this.#aggregated);
  }

  /** With the joined ones. */
  #readStacks(): { readonly stackTables: StackTables; readonly siteKeys: SiteKeys } {
    if (this.#stacks === null) {
      const recorded = this.#readRecorded();
      this.#stacks = joinKeys(recorded, this.#readSiteKeys(recorded), this.notes.join);
    }
    return this.#stacks;
  }

  #answer<T>(question: (reader: ColumnReader) => T): T {
    if (!this.#database.open) throw new StoreError('closed', this.path, 'the profile has been closed');
    return asReading(this.path, () => question(this.#reader));
  }
}
