/** What an open profile has in packed columns: native stacks and sites, summed lifetimes; checked as what stands in SQL is. */
import type { LiveChanges, SiteKeys, SiteMeasure, SiteWeights, StackTable } from '@memscope/model';
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
    const pick = <T extends Uint32Array | Uint8Array>(column: T, picked: T): T => {
      for (let row = 0; row < length; row++) picked[row] = column[site[row]!]!;
      return picked;
    };
    return {
      length,
      thread: pick(keys.thread, new Uint32Array(length)),
      allocator: pick(keys.allocator, new Uint8Array(length)),
      owner: pick(keys.owner, new Uint32Array(length)),
      pythonStack: pick(keys.pythonStack, new Uint32Array(length)),
      nativeStack: asWords(this.#read('native_site', 'native_stack', length, stacks)),
    };
  }

  weights(measure: SiteMeasure): SiteWeights {
    const column = (kind: string): Float64Array =>
      asDoubles(this.#read('native_site', `${measure}_${kind}`, this.sites!, Number.MAX_SAFE_INTEGER));
    return { bytes: column('bytes'), count: column('count') };
  }

  /** Null where lifetimes were too few to be summed. Sites are below `sites`, moments below `moments`. */
  liveChanges(sites: number, moments: number): LiveChanges | null {
    const length = this.#count('live_change');
    if (length === null) return null;
    const coded = asDoubles(this.#read('live_change', 'bytes', length, Number.MAX_SAFE_INTEGER));
    for (let row = 0; row < length; row++) {
      const isLess = coded[row]! % 2 === 1;
      coded[row] = isLess ? (1 - coded[row]!) / 2 : coded[row]! / 2;
    }
    return {
      length,
      site: asWords(this.#read('live_change', 'site', length, sites)),
      moment: asWords(this.#read('live_change', 'moment', length, moments)),
      bytes: coded,
    };
  }

  #count(table: PackedTable): number | null {
    const rows = countPacked(this.#database, table);
    if (rows !== null && !(Number.isInteger(rows) && rows >= 0 && rows <= this.#reader.fileBytes)) {
      throw this.#reader.corrupt(`${table} has ${rows} rows in ${this.#reader.fileBytes} bytes`);
    }
    return rows;
  }

  /** Numbers below `limit`. */
  #read(table: PackedTable, name: string, rows: number, limit: number): Uint32Array | Float64Array {
    const column = readPacked(this.#database, table, name, { rows, fileBytes: this.#reader.fileBytes });
    if (column === null) throw this.#reader.corrupt(`${table} has no column ${name}`);
    for (let row = 0; row < rows; row++) {
      if (!(column[row]! < limit))
        throw this.#reader.corrupt(`${column[row]} in ${name} where a number below ${limit} should be`);
    }
    return column;
  }
}

/** Numbers below 2^32. */
function asWords(column: Uint32Array | Float64Array): Uint32Array {
  return column instanceof Uint32Array ? column : new Uint32Array(column);
}

function asDoubles(column: Uint32Array | Float64Array): Float64Array {
  return column instanceof Float64Array ? column : new Float64Array(column);
}
