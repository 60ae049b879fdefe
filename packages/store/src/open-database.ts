/**
 * A profile file from anywhere → its database, open for reading only, with exactly the tables of the schema; and what
 * SQLite says against reading it → a `StoreError`.
 */
import Database from 'better-sqlite3';
import { checkProfileHeader } from './profile-header.js';
import { TABLES } from './schema.js';
import { asStoreError, StoreError } from './store-error.js';
import { checkTables, openUpgraded, UPGRADES, type Upgrades } from './upgrade-profile.js';

const OUT_OF_REACH = /^SQLITE_(?:BUSY|LOCKED|IOERR|CANTOPEN)/;

/**
 * Opens the file at `path`, whose header and tables are those of a profile, for reading; the caller closes it. One of an
 * older schema is upgraded in memory. `size` is that of the file. Throws `StoreError`: `cannotRead`, `notProfile`,
 * `schemaVersion`, `corrupt`.
 */
export function openDatabase(
  path: string,
  upgrades: Upgrades = UPGRADES,
): { database: Database.Database; size: number } {
  const { size, version } = checkProfileHeader(path, upgrades);
  return asReading(path, () => {
    if (version < upgrades.version) return { database: openUpgraded(path, version, upgrades), size };
    const database = new Database(path, { readonly: true, fileMustExist: true });
    try {
      // Nothing that the file declares (views, triggers, expressions) may call functions with side effects.
      database.pragma('trusted_schema = OFF');
      database.pragma('cell_size_check = ON');
      checkTables(database, path, TABLES);
      return { database, size };
    } catch (fault) {
      database.close();
      throw fault;
    }
  });
}

/** Faults of SQLite and of the decoders become a `StoreError`: a file that is locked or out of reach is not damaged. */
export function asReading<T>(path: string, answer: () => T, damage = 'is a damaged profile'): T {
  return asStoreError('corrupt', path, damage, () => {
    try {
      return answer();
    } catch (fault) {
      if (!(fault instanceof Database.SqliteError) || !OUT_OF_REACH.test(fault.code)) throw fault;
      throw new StoreError('cannotRead', path, `cannot be read (${fault.message})`, { cause: fault });
    }
  });
}

/** Throws `StoreError` (`noSqlite`, `brokenSqlite`), as opening the profile of `path` would, where SQLite does not load. */
export function checkSqlite(path: string): void {
  asStoreError('noSqlite', path, 'SQLite does not load on this machine', () => new Database(':memory:').close());
}
