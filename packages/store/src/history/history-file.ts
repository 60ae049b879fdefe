/**
 * The history of a program: one SQLite file that many jobs add runs to. A run is added in one transaction with a rollback
 * journal, which a killed job leaves behind and the next one plays back; jobs wait for one another. So the file holds every
 * run that was added, whole, and nothing else; and it is one file that a cache or an artifact can carry.
 */
import Database from 'better-sqlite3';
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { checkTables } from '../upgrade-profile.js';
import { asReading } from '../open-database.js';
import { asStoreError, StoreError } from '../store-error.js';
import { HISTORY_ID, HISTORY_INDEXES, HISTORY_TABLES, HISTORY_VERSION } from './history-schema.js';

const DAMAGED = 'is a damaged history; take a copy from before';

/** Of what a history says that none can. */
export function damagedHistory(path: string, what: string): StoreError {
  return new StoreError('corrupt', path, `is a damaged history: ${what}; take a copy from before`);
}
/** How long a job waits for others before it gives up. */
const PATIENCE_MS = 60_000;

/** To read, and to write where the file system lets us: what a killed job left has to be taken back before it is read. */
export function openHistory(path: string): Database.Database {
  refuseOther(path);
  if (!existsSync(path))
    throw new StoreError('cannotRead', path, 'there is no such history; `memscope history add` makes one');
  return asHistory(path, () => {
    const database = openFile(path);
    try {
      prepare(database);
      check(database, path);
      return database;
    } catch (fault) {
      database.close();
      throw fault;
    }
  });
}

/** The same; made where nothing is. */
export function openOrMakeHistory(path: string): Database.Database {
  refuseOther(path);
  return asWriting(path, () => {
    const database = new Database(path, { timeout: PATIENCE_MS });
    try {
      prepare(database);
      // Several jobs may find nothing there: the first makes it, the others see it made.
      database
        .transaction(() => {
          const { tables } = database
            .prepare<[], { tables: number }>('SELECT count(*) AS tables FROM sqlite_schema')
            .get()!;
          if (tables > 0) return;
          database.pragma(`application_id = ${HISTORY_ID}`);
          database.pragma(`user_version = ${HISTORY_VERSION}`);
          for (const statement of [...HISTORY_TABLES.values(), ...HISTORY_INDEXES]) database.exec(statement);
        })
        .immediate();
      check(database, path);
      return database;
    } catch (fault) {
      database.close();
      throw fault;
    }
  });
}

/** SQLite would tell of a folder or a pipe as of a disk that fails. Throws `StoreError`. */
function refuseOther(path: string): void {
  let stat;
  try {
    stat = statSync(path, { throwIfNoEntry: false });
  } catch {
    // SQLite says why.
    return;
  }
  if (stat === undefined || stat.isFile()) return;
  throw new StoreError('notProfile', path, `is ${stat.isDirectory() ? 'a folder' : 'no file'}; name a file`);
}

function openFile(path: string): Database.Database {
  try {
    return new Database(path, { fileMustExist: true, timeout: PATIENCE_MS });
  } catch (fault) {
    if (!(fault instanceof Database.SqliteError) || !/^SQLITE_(?:CANTOPEN|READONLY)/.test(fault.code)) throw fault;
    return new Database(path, { readonly: true, fileMustExist: true, timeout: PATIENCE_MS });
  }
}

function prepare(database: Database.Database): void {
  // Nothing that the file declares may call functions with side effects.
  database.pragma('trusted_schema = OFF');
  database.pragma('cell_size_check = ON');
  database.pragma('foreign_keys = OFF');
}

function check(database: Database.Database, path: string): void {
  const id = database.pragma('application_id', { simple: true });
  if (id !== HISTORY_ID) throw new StoreError('notProfile', path, 'is no history of memscope; name another file');
  const version = database.pragma('user_version', { simple: true });
  if (version !== HISTORY_VERSION) {
    throw new StoreError(
      'schemaVersion',
      path,
      'is a history of another version of memscope; use that version, or name another file',
      {
        expected: `version ${HISTORY_VERSION}`,
        found: `version ${String(version)}`,
      },
    );
  }
  checkTables(database, path, HISTORY_TABLES, '; take a copy from before');
}

const HEADER_BYTES = 100;
/** https://www.sqlite.org/fileformat2.html#the_database_header */
const APPLICATION_ID_AT = 68;

/**
 * Whether the file at the path is a history: by its header, so that nothing of it is trusted, and also one that a killed
 * job left to be taken back is one.
 */
export function isHistory(path: string): boolean {
  try {
    if (!statSync(path).isFile()) return false;
    const header = Buffer.alloc(HEADER_BYTES);
    const file = openSync(path, 'r');
    try {
      if (readSync(file, header, 0, HEADER_BYTES, 0) < HEADER_BYTES) return false;
    } finally {
      closeSync(file);
    }
    return (
      header.toString('latin1', 0, 15) === 'SQLite format 3' && header.readUInt32BE(APPLICATION_ID_AT) === HISTORY_ID
    );
  } catch {
    return false;
  }
}

/** Faults of SQLite become a `StoreError`. */
export function asHistory<T>(path: string, answer: () => T): T {
  return asReading(
    path,
    () => {
      try {
        return answer();
      } catch (fault) {
        throw asNoHistory(path, fault);
      }
    },
    DAMAGED,
  );
}

export function asWriting<T>(path: string, answer: () => T): T {
  return asStoreError('cannotWrite', path, 'cannot be written', () => {
    try {
      return answer();
    } catch (fault) {
      if (!(fault instanceof Database.SqliteError)) throw fault;
      if (fault.code === 'SQLITE_NOTADB') throw asNoHistory(path, fault);
      if (fault.code.startsWith('SQLITE_CORRUPT')) {
        throw new StoreError('corrupt', path, `${DAMAGED} (${fault.message})`, { cause: fault });
      }
      throw fault;
    }
  });
}

/** What is no database at all. */
function asNoHistory(path: string, fault: unknown): unknown {
  if (!(fault instanceof Database.SqliteError) || fault.code !== 'SQLITE_NOTADB') return fault;
  return new StoreError('notProfile', path, 'is no history of memscope; name another file', { cause: fault });
}
