/**
 * A database that is being written, of which nobody knows yet: without a journal, locks or waiting for the disk, until it
 * is whole.
 */
import type { Database } from 'better-sqlite3';
import { close, closeSync, fdatasync, fsyncSync, openSync } from 'node:fs';
import { APPLICATION_ID, SCHEMA_VERSION, TABLES } from './schema.js';

/**
 * Half-empty pages are what makes a small profile large, and long chains of pages what makes a large one slow.
 */
export function pageSizeFor(captureBytes: number): number {
  if (captureBytes < 64 * 1024) return 512;
  if (captureBytes < 1024 * 1024) return 1024;
  return captureBytes < 16 * 1024 * 1024 ? 4096 : 16384;
}

/** Makes its tables, and begins the transaction in which all is written. */
export function prepareDatabase(database: Database, pageSize: number): void {
  // Nobody sees the file before it is complete and synchronized: no journal, no waiting for the disk, no locks.
  // Without unsafe mode SQLite refuses to go without a journal.
  database.unsafeMode(true);
  database.pragma('journal_mode = OFF');
  database.unsafeMode(false);
  database.pragma('synchronous = OFF');
  database.pragma('locking_mode = EXCLUSIVE');
  // Rows come in their order and are not looked at again: what waits in memory is only written later.
  database.pragma('cache_size = -2048');
  database.pragma(`page_size = ${pageSize}`);
  database.pragma(`application_id = ${APPLICATION_ID}`);
  database.pragma(`user_version = ${SCHEMA_VERSION}`);
  database.exec('BEGIN');
  for (const statement of TABLES.values()) database.exec(statement);
}

/**
 * Brings a file to the disk. A fault of writing is told once to everybody who has the file open when it happens, so that
 * it is opened before anything is written, and what is begun ahead has it open by itself.
 */
export class DiskSync {
  readonly #path: string;
  #file: number | null;

  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, 'r+');
  }

  /** Begins while more is written: what is left for the end takes less. */
  begin(): void {
    try {
      const file = openSync(this.#path, 'r+');
      fdatasync(file, () => close(file, () => undefined));
    } catch {
      // Faults are told at the end.
    }
  }

  /** Waits until all is on the disk: a name must not outlive what it stands for. */
  finish(): void {
    if (this.#file !== null) fsyncSync(this.#file);
  }

  /** Any number of times. */
  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }
}
