/**
 * Columns of whole numbers ↔ the table `packed_column`, for what has too many rows for SQL. A column of `rows` numbers of
 * `width` bytes (1, 2, 4 or 8, little-endian, unsigned) is written as planes: the lowest bytes of all numbers, then the
 * next ones. With `delta` = 1 numbers are differences to the one before (the first to 0), modulo 2^32 and zigzag coded.
 * All of it is one zlib stream (RFC 1950).
 */
import { constants, deflateSync, inflateSync } from 'node:zlib';
import type { NumberColumn } from '@memscope/model/recorded';
import type { Database } from 'better-sqlite3';

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

type Width = 1 | 2 | 4 | 8;

/** Above all numbers of four bytes. */
export const ANY_WORD = 2 ** 32;
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

function isWidth(width: number): width is Width {
  return width === 1 || width === 2 || width === 4 || width === 8;
}

// A loop for each kind of array, and for each width: shared ones take several times as long.

function widthOfNumbers(numbers: NumberColumn): Width {
  if (numbers instanceof Uint8Array) return 1;
  if (numbers instanceof Uint16Array) return widthOfHalves(numbers);
  return numbers instanceof Uint32Array ? widthOfWords(numbers) : widthOfDoubles(numbers);
}

function widthOfHalves(numbers: Uint16Array): Width {
  let bits = 0;
  for (let row = 0; row < numbers.length; row++) bits |= numbers[row]!;
  return widthOf(bits);
}

function widthOfWords(numbers: Uint32Array): Width {
  let bits = 0;
  for (let row = 0; row < numbers.length; row++) bits |= numbers[row]!;
  return widthOf(bits >>> 0);
}

function widthOfDoubles(numbers: Float64Array): Width {
  let greatest = 0;
  for (let row = 0; row < numbers.length; row++) if (numbers[row]! > greatest) greatest = numbers[row]!;
  return widthOf(greatest);
}

function widthOf(greatest: number): Width {
  return greatest < 2 ** 8 ? 1 : greatest < 2 ** 16 ? 2 : greatest < ANY_WORD ? 4 : 8;
}

function planesOf(numbers: NumberColumn, width: Width): Uint8Array {
  if (numbers instanceof Uint8Array) return numbers;
  const rows = numbers.length;
  const planes = roomFor(rows * width);
  if (width === 1) planes.set(numbers);
  else if (numbers instanceof Uint16Array) addHalfPlanes(numbers, planes);
  else if (width === 8) {
    const low = new Uint32Array(rows);
    const high = new Uint32Array(rows);
    for (let row = 0; row < rows; row++) {
      low[row] = numbers[row]! >>> 0;
      high[row] = Math.floor(numbers[row]! / ANY_WORD);
    }
    addPlanes(low, planes);
    addPlanes(high, planes.subarray(4 * rows));
  } else {
    const words = numbers instanceof Uint32Array ? numbers : new Uint32Array(numbers);
    if (width === 2) addTwoPlanes(words, planes);
    else addPlanes(words, planes);
  }
  return planes;
}

function addPlanes(words: Uint32Array, planes: Uint8Array): void {
  const rows = words.length;
  for (let row = 0; row < rows; row++) {
    const word = words[row]!;
    planes[row] = word;
    planes[rows + row] = word >>> 8;
    planes[2 * rows + row] = word >>> 16;
    planes[3 * rows + row] = word >>> 24;
  }
}

function addTwoPlanes(words: Uint32Array, planes: Uint8Array): void {
  const rows = words.length;
  for (let row = 0; row < rows; row++) {
    planes[row] = words[row]!;
    planes[rows + row] = words[row]! >>> 8;
  }
}

function addHalfPlanes(halves: Uint16Array, planes: Uint8Array): void {
  const rows = halves.length;
  for (let row = 0; row < rows; row++) {
    planes[row] = halves[row]!;
    planes[rows + row] = halves[row]! >>> 8;
  }
}

/** Memory that was used before is there at once; that of other columns was read by now. */
let room = new Uint8Array(0);

function roomFor(bytes: number): Uint8Array {
  if (room.length < bytes) room = new Uint8Array(bytes);
  return room.subarray(0, bytes);
}

function wordsOf(planes: Uint8Array, rows: number, width: Exclude<Width, 8>): Uint32Array {
  const numbers = new Uint32Array(rows);
  if (width === 1) numbers.set(planes);
  else if (width === 2) for (let row = 0; row < rows; row++) numbers[row] = planes[row]! | (planes[rows + row]! << 8);
  else {
    for (let row = 0; row < rows; row++) numbers[row] = wordAt(planes, rows, row);
  }
  return numbers;
}

function halvesOf(planes: Uint8Array, rows: number): Uint16Array {
  const numbers = new Uint16Array(rows);
  for (let row = 0; row < rows; row++) numbers[row] = planes[row]! | (planes[rows + row]! << 8);
  return numbers;
}

function doublesOf(planes: Uint8Array, rows: number, width: Width): Float64Array {
  const numbers = new Float64Array(rows);
  if (width === 1) numbers.set(planes);
  else if (width === 2) for (let row = 0; row < rows; row++) numbers[row] = planes[row]! | (planes[rows + row]! << 8);
  else {
    for (let row = 0; row < rows; row++) numbers[row] = wordAt(planes, rows, row);
    if (width === 8) {
      const high = planes.subarray(4 * rows);
      for (let row = 0; row < rows; row++) numbers[row]! += wordAt(high, rows, row) * ANY_WORD;
    }
  }
  return numbers;
}

function wordAt(planes: Uint8Array, rows: number, row: number): number {
  const low = planes[row]! | (planes[rows + row]! << 8);
  return (low | (planes[2 * rows + row]! << 16) | (planes[3 * rows + row]! << 24)) >>> 0;
}

function zigzagDeltas(column: Uint32Array): Uint32Array {
  const deltas = new Uint32Array(column.length);
  let before = 0;
  for (let row = 0; row < column.length; row++) {
    const delta = (column[row]! - before) | 0;
    deltas[row] = (delta << 1) ^ (delta >> 31);
    before = column[row]!;
  }
  return deltas;
}

function addDeltas(numbers: Uint32Array): void {
  let before = 0;
  for (let row = 0; row < numbers.length; row++) {
    const coded = numbers[row]!;
    before = (before + ((coded >>> 1) ^ -(coded & 1))) >>> 0;
    numbers[row] = before;
  }
}
