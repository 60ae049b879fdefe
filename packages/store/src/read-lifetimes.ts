/** The batches of `lifetime` in an open profile → columns. */
import { NEVER, type LifetimeBatch } from '@memscope/model/recorded';
import type { Database } from 'better-sqlite3';
import { decodeLifetimes } from './decode-lifetimes.js';
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
export function readBatch(
  database: Database,
  reader: ColumnReader,
  { rowid, rows }: StoredBatch,
  sites: number,
): LifetimeBatch {
  // A length that the file cannot hold would only come to light after SQLite had made room for it.
  const arrow = database
    .prepare<[number, number]>('SELECT arrow FROM column_batch WHERE rowid = ? AND octet_length(arrow) <= ?')
    .pluck()
    .get(rowid, reader.fileBytes);
  if (!Buffer.isBuffer(arrow)) throw reader.corrupt(`batch ${rowid} of lifetimes`);
  const batch = decodeLifetimes(arrow);
  if (batch.rows !== rows) throw reader.corrupt(`batch ${rowid} has ${batch.rows} instead of ${rows} rows`);
  if (batch.hasNegative()) throw reader.corrupt(`batch ${rowid} has amounts below 0`);
  const { site, born, died } = batch;
  for (let row = 0; row < rows; row++)
    if (site[row]! >= sites || born[row]! >= died[row]! || born[row] === NEVER)
      throw reader.corrupt(`batch ${rowid}: row ${row} is impossible`);
  return batch;
}
