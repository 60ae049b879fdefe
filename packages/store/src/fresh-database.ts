/**
 * A database that is being written, of which nobody knows yet: without a journal, locks or waiting for the disk, until it
 * is whole.
 */
import type { Database } from 'better-sqlite3';
import { closeSync, fsyncSync, openSync } from 'node:fs';
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
  database.pragma(`page_size = ${pageSize}`);
  database.pragma(`application_id = ${APPLICATION_ID}`);
  database.pragma(`user_version = ${SCHEMA_VERSION}`);
  database.exec('BEGIN');
  for (const statement of TABLES.values()) database.exec(statement);
}

/** Waits until the file is on the disk: a name must not outlive what it stands for. */
export function synchronize(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
