/**
 * Columns of whole numbers ↔ the table `packed_column`, for what has too many rows for SQL: `rows` numbers of `width` bytes
 * (1, 2, 4 or 8, unsigned), with `delta` = 1 differences, as planes (byte-planes.ts) in one zlib stream (RFC 1950).
 */
import { constants, deflateSync, inflateSync } from 'node:zlib';
import type { NumberColumn } from '@memscope/model/recorded';
import type { Database } from 'better-sqlite3';
import {
  addDeltas,
  doublesOf,
  halvesOf,
  isWidth,
  planesOf,
  widthOfNumbers,
  wordsOf,
  zigzagDeltas,
  type Width,
} from './byte-planes.js';

/**
 * `stack` (parent_id, frame_id) and `site` (thread_id, allocator_id, python_stack, owner, and where there are no native
 * stacks all sums but the temporary ones): what SQL has, too, where it has so many rows that they take long to read.
 * `native_stack` (parent, frame): the native stacks, whose rows and parents go on counting behind the table `stack`.
 * `native_site` (site, native_stack and the sums of `site`): what each native stack has of a row of the table `site`.
 * `site_object` (count): by site, native ones where there are some, the tracked Python objects of it that survive.
 * `live_change`, `coarse_change`, `peak_level`, `site_lifetime` and `large_mapping`: `lifetime` summed
 * (packed-changes.ts). `cohort`, `cohort_within`, `cohort_period` and `cohort_batch`: the same by period of birth and of death
 * (packed-cohorts.ts).
 */
export type PackedTable =
  | 'stack'
  | 'site'
  | 'native_stack'
  | 'native_site'
  | 'site_object'
  | 'live_change'
  | 'coarse_change'
  | 'peak_level'
  | 'site_lifetime'
  | 'large_mapping'
  | 'cohort'
  | 'cohort_within'
  | 'cohort_period'
  | 'cohort_batch';

/** Planes of small numbers are mostly zeros, which the fastest level takes care of. */
const LEVEL = 1;
/** In one piece, where possible: joining many takes longer than what is done to them. */
const LEAST_CHUNK = 1 << 14;
const MOST_CHUNK = 1 << 25;

/** How a column is looked through: what repeats nothing takes half the time where only runs are sought, and less room. */
export const { Z_DEFAULT_STRATEGY: ANY_REPEATS, Z_RLE: ONLY_RUNS } = constants;

/** Writes a column; `delta` for numbers that are near the one before. */
export function insertPacked(
  database: Database,
  table: PackedTable,
  name: string,
  column: NumberColumn,
  delta = false,
  strategy = ANY_REPEATS,
): void {
  const numbers = delta ? zigzagDeltas(column as Uint32Array) : column;
  const width = widthOfNumbers(numbers);
  database
    .prepare('INSERT INTO packed_column VALUES (?, ?, ?, ?, ?, ?)')
    .run(table, name, column.length, width, delta ? 1 : 0, deflate(planesOf(numbers, width), strategy));
}

function deflate(planes: Uint8Array, strategy: number): Uint8Array {
  return deflateSync(planes, { level: LEVEL, strategy, chunkSize: Math.max(LEAST_CHUNK, planes.length >> 1) });
}

/** A row of `packed_column`. */
interface PackedRow {
  readonly rows: number;
  readonly width: number;
  readonly delta: number;
  readonly packed: Uint8Array;
}

/** Rows of a packed table, as it says; null where there is none. */
export function countPacked(database: Database, table: PackedTable): number | null {
  const count = database.prepare<[string], number | null>('SELECT max(rows) FROM packed_column WHERE table_name = ?');
  return count.pluck().get(table) ?? null;
}

export interface PackedBounds {
  readonly rows: number;
  /** Size of the file: no column can be longer. */
  readonly fileBytes: number;
}

/** Null where the column is not there; of numbers below 2^32 in few bytes. Throws a `RangeError` or a fault of zlib for what is no such column. */
export function readPacked(
  database: Database,
  table: PackedTable,
  name: string,
  bounds: PackedBounds,
): Uint32Array | Float64Array | null {
  const column = readPlanes(database, table, name, bounds);
  if (column === null) return null;
  const { width, delta, planes } = column;
  if (width === 8) return doublesOf(planes, bounds.rows, width);
  const numbers = wordsOf(planes, bounds.rows, width);
  if (delta) addDeltas(numbers);
  return numbers;
}

/** The same as doubles, without other columns on the way. */
export function readDoubles(
  database: Database,
  table: PackedTable,
  name: string,
  bounds: PackedBounds,
): Float64Array | null {
  const column = readPlanes(database, table, name, bounds);
  if (column === null) return null;
  const { width, delta, planes } = column;
  if (!delta || width === 8) return doublesOf(planes, bounds.rows, width);
  const numbers = wordsOf(planes, bounds.rows, width);
  addDeltas(numbers);
  return new Float64Array(numbers);
}

/** The same in columns of the width that they are packed in. */
export function readNarrow(
  database: Database,
  table: PackedTable,
  name: string,
  bounds: PackedBounds,
): NumberColumn | null {
  const column = readPlanes(database, table, name, bounds);
  if (column === null) return null;
  const { width, delta, planes } = column;
  if (width === 8) return doublesOf(planes, bounds.rows, width);
  if (delta || width === 4) {
    const numbers = wordsOf(planes, bounds.rows, width);
    if (delta) addDeltas(numbers);
    return numbers;
  }
  return width === 1 ? new Uint8Array(planes) : halvesOf(planes, bounds.rows);
}

interface Planes {
  readonly width: Width;
  readonly delta: boolean;
  readonly planes: Uint8Array;
}

function readPlanes(
  database: Database,
  table: PackedTable,
  name: string,
  { rows, fileBytes }: PackedBounds,
): Planes | null {
  const row = database
    .prepare<[string, string, number], PackedRow>(
      `SELECT rows, width, delta, packed FROM packed_column
        WHERE table_name = ? AND name = ? AND octet_length(packed) <= ?`,
    )
    .get(table, name, fileBytes);
  if (row === undefined) return null;
  const { width, delta, packed } = row;
  if (row.rows !== rows || !isWidth(width)) throw new RangeError(`column ${name} of ${row.rows} rows`);
  const length = Math.max(1, rows * width);
  const planes = inflateSync(packed, {
    maxOutputLength: length,
    // With one byte to spare there is no second piece.
    chunkSize: Math.max(LEAST_CHUNK, Math.min(length, MOST_CHUNK) + 1),
  });
  if (planes.length !== rows * width) throw new RangeError(`column ${name} has ${planes.length} bytes`);
  return { width, delta: delta !== 0, planes };
}
