/**
 * A profile file → its rows, read as any other program would: plain SQLite, no code of the store. Integers come as
 * bigint, so that nothing is rounded.
 */
import { createRequire } from 'node:module';

export type Cell = bigint | number | string | Buffer | null;
export type Row = Readonly<Record<string, Cell>>;

interface Statement {
  all(...values: unknown[]): Row[];
}

interface PlainDatabase {
  prepare(sql: string): Statement;
  defaultSafeIntegers(on: boolean): void;
  close(): void;
}

// The driver belongs to the store; this package has no other use for it.
const Database = createRequire(new URL('../../store/package.json', import.meta.url))('better-sqlite3') as new (
  path: string,
  options: { readonly: boolean },
) => PlainDatabase;

const TABLES = [
  'meta',
  'capture',
  'thread',
  'module',
  'frame',
  'stack',
  'site',
  'tick',
  'size_class',
  'column_batch',
] as const;

export function query(path: string, sql: string): Row[] {
  const database = new Database(path, { readonly: true });
  try {
    database.defaultSafeIntegers(true);
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

/** In which rows come that have no number of their own, or another. */
const ORDERS = new Map([
  ['meta', 'key'],
  ['column_batch', 'name, seq'],
  ['frame', 'id'],
]);

/** Every row of every table, blobs as hexadecimal text. */
export function readAllRows(path: string): Record<string, Row[]> {
  const rows: Record<string, Row[]> = {};
  for (const table of TABLES) {
    const order = ORDERS.get(table) ?? 'rowid';
    rows[table] = query(path, `SELECT * FROM ${table} ORDER BY ${order}`).map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, cell]) => [name, Buffer.isBuffer(cell) ? cell.toString('hex') : cell]),
      ),
    );
  }
  return rows;
}

/** By stack row: "function|file|line" from the innermost frame outwards, joined by "<". Native frames are "ip". */
export function readStacks(path: string): Map<bigint, string> {
  const rows = query(
    path,
    `SELECT stack.id, parent_id, kind, function, file, line, ip
     FROM stack LEFT JOIN frame ON frame.id = stack.frame_id ORDER BY stack.id`,
  );
  const stacks = new Map<bigint, string>();
  for (const { id, parent_id: parent, kind, function: name, file, line, ip } of rows) {
    if (parent === null) {
      stacks.set(id as bigint, '');
      continue;
    }
    const own = kind === 'native' ? String(ip) : `${name as string}|${file as string}|${line as bigint}`;
    const outer = stacks.get(parent as bigint) ?? '?';
    stacks.set(id as bigint, outer === '' ? own : `${own}<${outer}`);
  }
  return stacks;
}
