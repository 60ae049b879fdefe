/** Tables of packed columns of an open profile, checked as what stands in SQL is. */
import type { NumberColumn } from '@memscope/model/recorded';
import type { Database } from 'better-sqlite3';
import { ANY_WORD } from './byte-planes.js';
import { countPacked, readDoubles, readNarrow, readPacked, type PackedTable } from './packed-columns.js';
import type { ColumnReader } from './read-columns.js';

/** Reads whole columns; numbers are bounded by what they refer to. Throws `StoreError` with `corrupt`. */
export class PackedReader {
  readonly #database: Database;
  readonly #reader: ColumnReader;

  constructor(database: Database, reader: ColumnReader) {
    this.#database = database;
    this.#reader = reader;
  }

  /** Null where a profile has no such table. */
  count(table: PackedTable): number | null {
    const rows = countPacked(this.#database, table);
    if (rows !== null && !(Number.isInteger(rows) && rows >= 0 && rows <= this.#reader.fileBytes)) {
      throw this.corrupt(`${table} has ${rows} rows in ${this.#reader.fileBytes} bytes`);
    }
    return rows;
  }

  /** Numbers below `limit`, which is 2^32 at the most. */
  words(table: PackedTable, name: string, rows: number, limit: number): Uint32Array {
    const column = this.#read(table, name, rows, limit);
    return column instanceof Uint32Array ? column : new Uint32Array(column);
  }

  doubles(table: PackedTable, name: string, rows: number): Float64Array {
    const column = readDoubles(this.#database, table, name, { rows, fileBytes: this.#reader.fileBytes });
    if (column === null) throw this.corrupt(`${table} has no column ${name}`);
    this.#check(name, rows, greatestDouble(column), Number.MAX_SAFE_INTEGER);
    return column;
  }

  /** In as few bytes as the greatest takes. */
  narrow(table: PackedTable, name: string, rows: number): NumberColumn {
    const column = readNarrow(this.#database, table, name, { rows, fileBytes: this.#reader.fileBytes });
    if (column === null) throw this.corrupt(`${table} has no column ${name}`);
    if (column instanceof Float64Array) this.#check(name, rows, greatestDouble(column), Number.MAX_SAFE_INTEGER);
    return column;
  }

  /** As they are packed: words where all are below 2^32. */
  numbers(table: PackedTable, name: string, rows: number): Uint32Array | Float64Array {
    return this.#read(table, name, rows, Number.MAX_SAFE_INTEGER);
  }

  corrupt(sentence: string): Error {
    return this.#reader.corrupt(sentence);
  }

  #read(table: PackedTable, name: string, rows: number, limit: number): Uint32Array | Float64Array {
    const column = readPacked(this.#database, table, name, { rows, fileBytes: this.#reader.fileBytes });
    if (column === null) throw this.corrupt(`${table} has no column ${name}`);
    if (limit >= ANY_WORD && column instanceof Uint32Array) return column;
    this.#check(name, rows, column instanceof Uint32Array ? greatestWord(column) : greatestDouble(column), limit);
    return column;
  }

  #check(name: string, rows: number, greatest: number, limit: number): void {
    if (rows > 0 && !(greatest < limit))
      throw this.corrupt(`${greatest} in ${name} where a number below ${limit} should be`);
  }
}

// One loop for each kind of array: shared, it would see both and be several times slower.

function greatestWord(column: Uint32Array): number {
  let greatest = 0;
  for (let row = 0; row < column.length; row++) if (column[row]! > greatest) greatest = column[row]!;
  return greatest;
}

function greatestDouble(column: Float64Array): number {
  let greatest = 0;
  for (let row = 0; row < column.length; row++) if (column[row]! > greatest) greatest = column[row]!;
  return greatest;
}
