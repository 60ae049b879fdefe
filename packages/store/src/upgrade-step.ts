/** How the tables of one schema version become those of the next. */
import type { Database } from 'better-sqlite3';

/** From one version to the next. */
export interface UpgradeStep {
  /** The CREATE statement of every table that the version had, exactly as SQLite keeps it: no other file is touched. */
  readonly tables: ReadonlyMap<string, string>;
  /** Makes the tables those of the next version, their statements included. */
  readonly apply: (database: Database) => void;
}
