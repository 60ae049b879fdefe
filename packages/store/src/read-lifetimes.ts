/** The batches of `lifetime` in an open profile → columns. */
import { NEVER, type LifetimeBatch } from '@memscope/model/recorded';
import type { Database } from 'better-sqlite3';
import { decodeLifetimes, decodeMarked } from './decode-lifetimes.js';
import type { ColumnReader } from './read-columns.js';
import { LIFETIME } from './schema.js';

export interface StoredBatch {
  readonly rowid: number;
  readonly rows: number;
}

/** The least that a row of `column_batch` takes in the file. */
const MIN_BATCH_BYTES = 64;

/** Batches that hold a row which may be live in, born in or die in the moments `from`..`to`, in the order written. */
export function listBatches(database: Database, fileBytes: number, from: number, to: number): StoredBatch[] {
  return database
    .prepare<[string, number, number, number], StoredBatch>(
      `SELECT rowid, rows FROM column_batch
        WHERE name = ? AND first_moment <= ? AND (last_moment IS NULL OR last_moment >= ?) ORDER BY seq LIMIT ?`,
    )
    .all(LIFETIME, to, from, Math.ceil(fileBytes / MIN_BATCH_BYTES));
}

/** Reads one batch; every row refers to one of the `sites` and dies after its birth. */
export function readBatch(database: Database, reader: ColumnReader, stored: StoredBatch, sites: number): LifetimeBatch {
  const { rowid, rows } = stored;
  const batch = decodeLifetimes(readArrow(database, reader, stored));
  if (batch.rows !== rows) throw reader.corrupt(`batch ${rowid} has ${batch.rows} instead of ${rows} rows`);
  if (batch.hasNegative()) throw reader.corrupt(`batch ${rowid} has amounts below 0`);
  checkRows(batch, reader, stored, sites);
  return batch;
}

/** The same of those rows alone that are born or die at a moment that is marked with 1. */
export function readMarked(
  database: Database,
  reader: ColumnReader,
  stored: StoredBatch,
  sites: number,
  marked: Uint8Array,
): LifetimeBatch {
  const batch = decodeMarked(readArrow(database, reader, stored), marked);
  checkRows(batch, reader, stored, sites);
  const { rows, count, bytes } = batch;
  for (let row = 0; row < rows; row++)
    if (count[row]! < 0 || bytes[row]! < 0) throw reader.corrupt(`batch ${stored.rowid} has amounts below 0`);
  return batch;
}

function readArrow(database: Database, reader: ColumnReader, { rowid }: StoredBatch): Uint8Array {
  // A length that the file cannot hold would only come to light after SQLite had made room for it.
  const arrow = database
    .prepare<[number, number]>('SELECT arrow FROM column_batch WHERE rowid = ? AND octet_length(arrow) <= ?')
    .pluck()
    .get(rowid, reader.fileBytes);
  if (!Buffer.isBuffer(arrow)) throw reader.corrupt(`batch ${rowid} of lifetimes`);
  return arrow;
}

function checkRows(
  { rows, site, born, died }: LifetimeBatch,
  reader: ColumnReader,
  { rowid }: StoredBatch,
  sites: number,
): void {
  for (let row = 0; row < rows; row++)
    if (site[row]! >= sites || born[row]! >= died[row]! || born[row] === NEVER)
      throw reader.corrupt(`batch ${rowid}: row ${row} is impossible`);
}
