/** Native stacks and sites of an open profile, from packed columns, checked as what stands in SQL is. */
import type { SiteKeys, SiteMeasure, SiteWeights, StackTable } from '@memscope/model';
import type { Database } from 'better-sqlite3';
import { countPacked, readPacked, type PackedTable } from './packed-columns.js';
import type { ColumnReader } from './read-columns.js';

/** Reads whole columns; numbers are bounded by what they refer to. */
export class NativeReader {
  readonly #database: Database;
  readonly #reader: ColumnReader;
  /** Native sites; null in a capture without native traces. */
  readonly sites: number | null;

  constructor(database: Database, reader: ColumnReader) {
    this.#database = database;
    this.#reader = reader;
    this.sites = this.#count('native_site');
  }

  /** Python's stacks with the native ones behind them. */
  addStacks({ length, parent, frame }: StackTable, frames: number): StackTable {
    const rows = this.#count('native_stack');
    if (rows === null) return { length, parent, frame };
    const all = {
      length: length + rows,
      parent: new Uint32Array(length + rows),
      frame: new Uint32Array(length + rows),
    };
    all.parent.set(parent);
    all.frame.set(frame);
    all.parent.set(this.#read('native_stack', 'parent', rows, length + rows), length);
    all.frame.set(this.#read('native_stack', 'frame', rows, frames), length);
    for (let row = length; row < all.length; row++) {
      if (all.parent[row]! >= row) throw this.#reader.corrupt(`stack ${row} has the parent ${all.parent[row]}`);
    }
    return all;
  }

  /** The sites of SQL → those with native stacks. */
  splitSites(keys: SiteKeys, stacks: number): SiteKeys {
    const length = this.sites;
    if (length === null) return keys;
    const site = this.#read('native_site', 'site', length, keys.length);
    const pick = (column: Uint32Array): Uint32Array => Uint32Array.from(site, (row) => column[row]!);
    return {
      length,
      thread: pick(keys.thread),
      allocator: Uint8Array.from(site, (row) => keys.allocator[row]!),
      owner: pick(keys.owner),
      pythonStack: pick(keys.pythonStack),
      nativeStack: Uint32Array.from(this.#read('native_site', 'native_stack', length, stacks)),
    };
  }

  weights(measure: SiteMeasure): SiteWeights {
    const column = (kind: string): Float64Array =>
      this.#read('native_site', `${measure}_${kind}`, this.sites!, Number.MAX_SAFE_INTEGER);
    return { bytes: column('bytes'), count: column('count') };
  }

  #count(table: PackedTable): number | null {
    const rows = countPacked(this.#database, table);
    if (rows !== null && !(Number.isInteger(rows) && rows >= 0 && rows <= this.#reader.fileBytes)) {
      throw this.#reader.corrupt(`${table} has ${rows} rows in ${this.#reader.fileBytes} bytes`);
    }
    return rows;
  }

  /** Numbers below `limit`. */
  #read(table: PackedTable, name: string, rows: number, limit: number): Float64Array {
    const column = readPacked(this.#database, table, name, { rows, fileBytes: this.#reader.fileBytes });
    if (column === null) throw this.#reader.corrupt(`${table} has no column ${name}`);
    for (let row = 0; row < rows; row++) {
      if (!(column[row]! < limit))
        throw this.#reader.corrupt(`${column[row]} in ${name} where a number below ${limit} should be`);
    }
    return column;
  }
}
