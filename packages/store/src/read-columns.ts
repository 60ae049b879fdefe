/**
 * A table of the profile → columns. SQLite hands over a column as one JSON array for many rows at once, which is two to
 * three times as fast as fetching the rows one by one. The file is not trusted: how many rows there can be follows from
 * its size, ids must be without gaps, and every cell is checked on its way into a typed array.
 */
import type { Database } from 'better-sqlite3';
import { readMeta } from './read-capture.js';
import { unpackRuns } from './run-lengths.js';
import { StoreError } from './store-error.js';

/** Rows that are fetched at once; bounds the text that SQLite builds. */
const CHUNK_ROWS = 16384;
/** The least that a row takes in the file: its cell pointer, lengths and id. */
const MIN_ROW_BYTES = 4;

/** Takes the cells of some rows as a JSON array; `start` is the first row. */
export type ColumnFill = (json: string, start: number) => void;

export interface ColumnSource {
  /** What stands after FROM. */
  readonly from: string;
  /** The expression that numbers the rows, and the number of the first one. */
  readonly id: string;
  readonly first: 0 | 1;
}

export class ColumnReader {
  readonly #database: Database;
  readonly path: string;
  /** Size of the file; no table, name or batch can be larger. */
  readonly fileBytes: number;
  #textLength = 0;

  constructor(database: Database, path: string, fileBytes: number) {
    this.#database = database;
    this.path = path;
    this.fileBytes = fileBytes;
  }

  /** Number of rows, from the greatest id. */
  countRows({ from, id, first }: ColumnSource): number {
    const greatest = this.#database.prepare<[], number | null>(`SELECT max(${id}) FROM ${from}`).pluck().get();
    const rows = greatest === null || greatest === undefined ? 0 : greatest + 1 - first;
    if (!Number.isInteger(rows) || rows < 0 || rows > this.fileBytes / MIN_ROW_BYTES)
      throw this.corrupt(`${from} has ${rows} rows in ${this.fileBytes} bytes`);
    return rows;
  }

  /** Reads the expressions named in `fills` for all rows, in the order of their ids. */
  read(source: ColumnSource, rows: number, fills: Record<string, ColumnFill>): void {
    const { from, id, first } = source;
    this.#textLength = 0;
    const expressions = Object.keys(fills);
    const arrays = expressions.map((expression) => `json_group_array(${expression})`).join();
    // Rows are found by their ids, and so come in their order; ids are unique whole numbers, so that no text outgrows
    // its chunk, and as many as there are numbers leave no gap.
    const statement = this.#database
      .prepare<[number, number], unknown[]>(`SELECT count(*), ${arrays} FROM ${from} WHERE ${id} >= ? AND ${id} < ?`)
      .raw();
    for (let start = 0; start < rows; start += CHUNK_ROWS) {
      const end = Math.min(rows, start + CHUNK_ROWS);
      const [count, ...texts] = statement.get(start + first, end + first) ?? [];
      if (count !== end - start) throw this.corrupt(`the ids of ${from} have gaps`);
      for (const [index, expression] of expressions.entries()) fills[expression]!(texts[index] as string, start);
    }
  }

  /** Fills with numbers that are not negative. */
  doubles(target: Float64Array): ColumnFill {
    return (json, start) => {
      // Copying from an array is native code, looking at each cell is not: what the array holds shows in its text.
      if (!isPlainNumbers(json)) throw this.corrupt('a column holds something else than numbers from 0');
      target.set(JSON.parse(json) as number[], start);
    };
  }

  /** Fills with integers from 0 up to but not including `limit`; null becomes `absent` where that is given. */
  integers(target: Uint32Array | Int32Array | Uint8Array, limit: number, absent?: number): ColumnFill {
    return (json, start) => {
      const cells = JSON.parse(json) as (number | null)[];
      if (!isPlainNumbers(json)) {
        const other = cells.find((cell) => !(cell === null ? absent !== undefined : cell >= 0));
        if (other !== undefined) throw this.corrupt('a column holds something else than numbers from 0');
        for (let i = 0; i < cells.length; i++) cells[i] ??= absent ?? null;
      }
      target.set(cells as number[], start);
      for (let row = start; row < start + cells.length; row++)
        if ((target[row]! < 0 || target[row]! >= limit) && target[row] !== absent)
          throw this.corrupt(`${target[row]} where a number below ${limit} should be`);
    };
  }

  /** Fills with text. What all rows hold together cannot be longer than the file. */
  texts(target: (string | null)[]): ColumnFill {
    return (json) => {
      for (const cell of JSON.parse(json) as unknown[]) {
        if (cell !== null && typeof cell !== 'string') throw this.corrupt('a column holds something else than text');
        this.#textLength += cell?.length ?? 0;
        target.push(cell);
      }
      if (this.#textLength > this.fileBytes) throw this.corrupt('more text than the file has bytes');
    };
  }

  /** Fills with what `names` maps each text to. */
  names(target: Uint8Array, names: ReadonlyMap<unknown, number>): ColumnFill {
    return (json, start) => {
      const cells = JSON.parse(json) as unknown[];
      for (let i = 0; i < cells.length; i++) {
        const value = names.get(cells[i]);
        if (value === undefined) throw this.corrupt(`an unknown name ${String(cells[i]).slice(0, 40)}`);
        target[start + i] = value;
      }
    };
  }

  /** Fills with unsigned 64-bit numbers that are given as their high and low halves; null becomes 0. */
  halves(target: BigUint64Array, half: 'high' | 'low'): ColumnFill {
    const words = new Uint32Array(target.buffer, target.byteOffset, 2 * target.length);
    const offset = half === 'high' ? 1 : 0;
    return (json, start) => {
      const cells = JSON.parse(json) as (number | null)[];
      for (let i = 0; i < cells.length; i++) words[2 * (start + i) + offset] = cells[i] ?? 0;
    };
  }

  /** A column that stands in `meta` as runs of values below `limit`; null where the key is missing. */
  runs(key: string, length: number, limit: number): Uint8Array | null {
    const text = readMeta(this.#database, key);
    if (text === null) return null;
    const column = unpackRuns(text, length, limit);
    if (column === null) throw this.corrupt(`${key} does not give ${length} numbers below ${limit}`);
    return column;
  }

  corrupt(sentence: string, cause?: unknown): StoreError {
    return new StoreError('corrupt', this.path, `is a damaged profile: ${sentence}`, { cause });
  }
}

/** The halves of a signed 64-bit column, as SQL. */
export function highHalf(column: string): string {
  return `(${column} >> 32) & 4294967295`;
}

export function lowHalf(column: string): string {
  return `${column} & 4294967295`;
}

/** Whether a JSON array of cells holds neither text nor null nor lists nor a number below 0 or with an exponent. */
function isPlainNumbers(json: string): boolean {
  return !/["n\-e{]/.test(json) && json.lastIndexOf('[') === 0;
}
