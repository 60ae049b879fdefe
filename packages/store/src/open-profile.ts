/**
 * A profile file → answers. The file may come from anywhere: its tables are checked as it is opened (open-database.ts),
 * what stands in them as it is read.
 */
import {
  canAnswer,
  type CaptureNotes,
  type CaptureRow,
  type CaptureTables,
  type CoarseChanges,
  type Cohorts,
  type LifetimeBatch,
  type LiveChanges,
  type MemoryMeasure,
  type NarrowWeights,
  type OwnerTable,
  type PeakLevels,
  type Profile,
  type SiteKeys,
  type SiteMeasure,
  type SiteTable,
  type SiteWeights,
  type SizeClassTable,
  type SourceLines,
  type StackTables,
  type ThreadTable,
  type TickTable,
  type Usage,
  narrowWeights,
  weighObjects,
  withMainThread,
} from '@memscope/model/recorded';
import { resolve } from 'node:path';
import type { Database } from 'better-sqlite3';
import { childrenBeside } from './children-beside.js';
import { asReading, openDatabase } from './open-database.js';
import { readCapture, readMeta, readNotes } from './read-capture.js';
import { readChanges, readCoarseChanges, readPeakLevels } from './packed-changes.js';
import { readCohorts } from './packed-cohorts.js';
import { PackedReader } from './packed-reader.js';
import { ColumnReader } from './read-columns.js';
import { listBatches, readBatch, readMarked, type StoredBatch } from './read-lifetimes.js';
import { NativeReader } from './read-native.js';
import * as read from './read-tables.js';
import { parseSourceLines, SOURCE_LINES_KEY } from './source-line-text.js';
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
  readonly #packed: PackedReader;
  readonly #native: NativeReader;
  #threads: ThreadTable | null = null;
  #recorded: StackTables | null = null;
  #siteKeys: SiteKeys | null = null;
  #changes: LiveChanges | null | undefined;
  #coarseChanges: CoarseChanges | null | undefined;
  #cohorts: Cohorts | null | undefined;
  #peakLevels: PeakLevels | null | undefined;
  #owners: OwnerTable | null = null;
  #children: readonly string[] | null = null;

  constructor(path: string, database: Database, size: number) {
    this.path = path;
    this.#database = database;
    this.#reader = new ColumnReader(database, path, size);
    this.#packed = new PackedReader(database, this.#reader);
    this.#native = new NativeReader(this.#packed);
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

  stackTables(): StackTables {
    return this.#answer(() => this.#readRecorded());
  }

  siteKeys(): SiteKeys {
    return this.#answer(() => (this.#siteKeys ??= this.#readSiteKeys()));
  }

  owners(): OwnerTable {
    return this.#answer((reader) => (this.#owners ??= read.readOwners(reader, this.ticks().length, this.#aggregated)));
  }

  siteWeights(measure: SiteMeasure): SiteWeights | null {
    return this.#answer((reader) => {
      if (measure === 'objects') return weighObjects(this.#native.objects(this.#countSites(reader)));
      if (!this.#knows(measure)) return null;
      return this.#native.weights(measure) ?? read.readSiteWeights(reader, measure);
    });
  }

  narrowWeights(measure: SiteMeasure): NarrowWeights | null {
    return this.#answer(() => {
      const packed = measure === 'objects' || !this.#knows(measure) ? null : this.#native.narrowWeights(measure);
      if (packed !== null) return packed;
      const weights = this.siteWeights(measure);
      return weights && narrowWeights(weights);
    });
  }

  #knows(measure: MemoryMeasure): boolean {
    return measure === 'peak' || measure === 'leaked' || !this.#aggregated;
  }

  sourceLines(): SourceLines {
    return this.#answer(() => parseSourceLines(readMeta(this.#database, SOURCE_LINES_KEY) ?? '{}'));
  }

  tables(): CaptureTables {
    return this.#answer(() => {
      const sourceLines = this.sourceLines();
      const { modules, frames, stacks } = this.stackTables();
      return {
        capture: this.capture,
        threads: read.readThreads(this.#reader),
        modules,
        frames,
        stacks,
        sites: { ...this.#readSums(), ...this.siteKeys() },
        owners: this.owners(),
        ticks: this.ticks(),
        sizeClasses: this.sizeClasses(),
        notes: this.notes,
        ...(sourceLines.size > 0 ? { sourceLines } : {}),
      };
    });
  }

  *lifetimes(from = 0, to = Infinity): Generator<LifetimeBatch> {
    const batches = this.#listBatches(from, to);
    const sites = this.#answer((reader) => this.#countSites(reader));
    for (const batch of batches) yield this.#answer((reader) => readBatch(this.#database, reader, batch, sites));
  }

  *markedLifetimes(marked: Uint8Array, wanted: Uint8Array): Generator<LifetimeBatch> {
    const batches = this.#listBatches().filter((_, batch) => wanted[batch] === 1);
    const sites = this.#answer((reader) => this.#countSites(reader));
    for (const batch of batches)
      yield this.#answer((reader) => readMarked(this.#database, reader, batch, sites, marked));
  }

  #listBatches(from = 0, to = Infinity): StoredBatch[] {
    return this.#answer(({ fileBytes }) => listBatches(this.#database, fileBytes, from, to));
  }

  liveChanges(): LiveChanges | null {
    return this.#answer((reader) => {
      if (this.#changes === undefined) {
        this.#changes = readChanges(this.#packed, this.#countSites(reader), this.ticks().length);
      }
      return this.#changes;
    });
  }

  coarseChanges(): CoarseChanges | null {
    return this.#answer((reader) => {
      if (this.#coarseChanges === undefined) {
        this.#coarseChanges = readCoarseChanges(this.#packed, this.#countSites(reader), this.ticks().length);
      }
      return this.#coarseChanges;
    });
  }

  cohorts(): Cohorts | null {
    return this.#answer((reader) => {
      if (this.#cohorts === undefined) {
        const sizes = {
          sites: this.#countSites(reader),
          ticks: this.ticks().length,
          batches: this.#listBatches().length,
        };
        this.#cohorts = readCohorts(this.#packed, sizes);
      }
      return this.#cohorts;
    });
  }

  peakLevels(): PeakLevels | null {
    return this.#answer((reader) => {
      if (this.#peakLevels === undefined) {
        this.#peakLevels = readPeakLevels(this.#packed, this.#countSites(reader), this.ticks().length);
      }
      return this.#peakLevels;
    });
  }

  children(): readonly string[] {
    return (this.#children ??= childrenBeside(this.path, this.capture.path));
  }

  close(): void {
    this.#database.close();
  }

  /** Those with native stacks, where there are some: what lifetimes and their sums count in. */
  #countSites(reader: ColumnReader): number {
    return this.#native.sites ?? read.countSites(reader);
  }

  get #aggregated(): boolean {
    return !canAnswer(this.capture, 'total');
  }

  /** Python's and native stacks as they stand in the file. */
  #readRecorded(): StackTables {
    if (this.#recorded === null) {
      const modules = read.readModules(this.#reader);
      const frames = read.readFrames(this.#reader, modules.length);
      const python = this.#native.pythonStacks(frames.length) ?? read.readStacks(this.#reader, frames.length);
      this.#recorded = { modules, frames, stacks: this.#native.addStacks(python, frames.length) };
    }
    return this.#recorded;
  }

  #readSiteKeys(): SiteKeys {
    const { length } = this.#readRecorded().stacks;
    const threads = this.threads().length;
    const keys =
      this.#native.sqlSites(threads, length, read.countOwners(this.#reader)) ??
      read.readSiteKeys(this.#reader, threads, length);
    return this.#native.splitSites(keys, length);
  }

  #readSums(): Pick<SiteTable, keyof Usage | 'objectCount'> {
    const [peak, leaked] = [this.siteWeights('peak')!, this.siteWeights('leaked')!];
    const objects = this.siteWeights('objects');
    const [total, temporary] = [this.siteWeights('total'), this.siteWeights('temporary')];
    return {
      totalBytes: total?.bytes ?? null,
      totalCount: total?.count ?? null,
      peakBytes: peak.bytes,
      peakCount: peak.count,
      leakedBytes: leaked.bytes,
      leakedCount: leaked.count,
      temporaryBytes: temporary?.bytes ?? null,
      temporaryCount: temporary?.count ?? null,
      ...(objects === null ? {} : { objectCount: objects.count }),
    };
  }

  #answer<T>(question: (reader: ColumnReader) => T): T {
    if (!this.#database.open) throw new StoreError('closed', this.path, 'the profile has been closed');
    return asReading(this.path, () => question(this.#reader));
  }
}
