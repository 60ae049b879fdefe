/**
 * A profile of an older schema → the same profile in memory as this memscope reads it, one step a version. The file stays
 * as it is. From schema 3 on every change to the schema comes with a step here, and with a profile of the version that it
 * leaves behind in `fixtures/profiles`.
 */
import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { SCHEMA_VERSION } from './schema.js';
import { FROM_SCHEMA_3 } from './upgrade-schema-3.js';
import { StoreError } from './store-error.js';
import type { UpgradeStep } from './upgrade-step.js';

export type { UpgradeStep } from './upgrade-step.js';

export interface Upgrades {
  /** The version that they lead to. */
  readonly version: number;
  /** By the version that they start from, without gaps up to `version`. */
  readonly steps: ReadonlyMap<number, UpgradeStep>;
}

export const UPGRADES: Upgrades = { version: SCHEMA_VERSION, steps: new Map([[3, FROM_SCHEMA_3]]) };

/** For who wants a profile as this memscope would write it. */
export const NO_UPGRADES: Upgrades = { version: SCHEMA_VERSION, steps: new Map() };

/** The oldest version that can be read. */
export function oldestVersion({ version, steps }: Upgrades): number {
  let oldest = version;
  while (steps.has(oldest - 1)) oldest--;
  return oldest;
}

/** Opens the file at `path`, a profile of `version`, as one of the newest. Throws `StoreError` with `corrupt`. */
export function openUpgraded(path: string, version: number, upgrades: Upgrades): Database.Database {
  const database = new Database(readFileSync(path));
  try {
    // As for any file: nothing that it declares may call functions with side effects.
    database.pragma('trusted_schema = OFF');
    for (let from = version; from < upgrades.version; from++) {
      const step = upgrades.steps.get(from)!;
      checkTables(database, path, step.tables);
      database.transaction(step.apply)(database);
      database.pragma(`user_version = ${from + 1}`);
    }
    return database;
  } catch (fault) {
    database.close();
    throw fault;
  }
}

/** A table that is not exactly ours could be a view, or compute its columns. `advice` says what to do where one is not. */
export function checkTables(
  database: Database.Database,
  path: string,
  tables: ReadonlyMap<string, string>,
  advice = '',
): void {
  const statement = database.prepare<[string], string>('SELECT sql FROM sqlite_schema WHERE name = ?').pluck();
  for (const [name, sql] of tables)
    if (statement.get(name) !== sql)
      throw new StoreError('corrupt', path, `is damaged: its table ${name} is missing or another one${advice}`);
}
