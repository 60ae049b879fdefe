/**
 * Native stacks and sites of a profile as rows of SQL, too, for whoever asks of them in SQL: two tables beside those of
 * the schema, made of the packed columns when everything else is written. memscope itself does not read them.
 */
import type { Database } from 'better-sqlite3';
import { countPacked, readPacked, type PackedTable } from './packed-columns.js';
import { SQL_SITE_TABLES, USAGE_NAMES } from './schema.js';
import { insertColumns } from './insert-rows.js';

type Column = Uint32Array | Float64Array;

/** In the writer's transaction, behind all tables. A capture without native stacks has all its sites in SQL already. */
export function insertSqlSites(database: Database): void {
  const sites = countPacked(database, 'native_site');
  if (sites === null) return;
  for (const statement of SQL_SITE_TABLES.values()) database.exec(statement);
  const read = (table: PackedTable, rows: number, name: string): Column | null =>
    readPacked(database, table, name, { rows, fileBytes: Number.MAX_SAFE_INTEGER });
  const stacks = countPacked(database, 'native_stack') ?? 0;
  if (stacks > 0) {
    const python = database.prepare<[], number>('SELECT max(id) FROM stack').pluck().get()!;
    const columns = ['parent', 'frame'].map((name) => read('native_stack', stacks, name));
    insertColumns(database, 'native_stack', python + 1, stacks, columns);
  }
  const names = ['site', 'native_stack', ...USAGE_NAMES];
  const columns = names.map((name) => read('native_site', sites, name));
  insertColumns(database, 'native_site', 0, sites, columns);
}
