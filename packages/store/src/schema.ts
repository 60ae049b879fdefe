/**
 * The schema of a profile file: its tables as SQL, and the numbers in the SQLite header that tell a profile from any
 * other database. Table and column names are a public interface; a change to them raises `SCHEMA_VERSION`.
 *
 * Row ids are those of the model's columns (0-based; stack 0 is the empty stack, the one without parent and frame).
 * The tables of lifetimes, stacks and sites carry no index: every question reads them in the order of their ids.
 */
import { ALLOCATOR_NAMES } from '@memscope/model/recorded';

/** Raised by every change to the tables, to `meta` or to the columns of `lifetime`. */
export const SCHEMA_VERSION = 4;

/** Version of memscope that a profile names as its maker; equals the one in `package.json`. */
export const MEMSCOPE_VERSION = '0.1.0';

/** SQLite's `application_id` of a profile: "mscp". */
export const APPLICATION_ID = 0x6d736370;

/** Name of the bulk table in `column_batch`. */
export const LIFETIME = 'lifetime';

/** Keys of `meta` that hold columns of `frame` as runs (run-lengths.ts): by `FRAME_SOURCES`; 1 = entry frame. */
export const FRAME_SOURCES_KEY = 'frame_sources';
export const FRAME_ENTRIES_KEY = 'frame_entries';

/** Keys of `meta` that say how native frames were named: with which options, and with which symbol bundle. */
export const SYMBOL_OPTIONS_KEY = 'symbols_digest';
export const SYMBOL_BUNDLE_KEY = 'symbols_bundle';

/** What the columns of `lifetime` mean; stands in `meta` under `lifetime_columns`. */
export const LIFETIME_COLUMN_MEANINGS = {
  site: 'id of the table site',
  born: 'moment of birth: tick k has the moments 2k (up to its greatest heap) and 2k + 1 (from there to its end)',
  died: 'moment of death, null when live at the end; a row is live at moment m when born <= m < died',
  count: 'allocations, or extra pieces of cut mappings where bytes is 0',
  bytes: 'their bytes together',
};

/** In a profile of many sites the names would be a third of the file. */
function nameOfAllocator(): string {
  const names = ALLOCATOR_NAMES.map((name, id) => (id === 0 ? '' : ` WHEN ${id} THEN '${name}'`)).join('');
  return `CASE allocator_id${names} END`;
}

/** Columns of each table with their SQL types, in order. */
const COLUMNS = {
  meta: 'key TEXT PRIMARY KEY, value TEXT',
  capture: `id INTEGER PRIMARY KEY, path TEXT, format TEXT, format_version INTEGER, answers TEXT,
    sampling_bytes INTEGER, details TEXT, command_line TEXT, pid INTEGER, start_ms INTEGER, end_ms INTEGER, complete INTEGER,
    read_bytes INTEGER, total_bytes INTEGER, allocations INTEGER, deallocations INTEGER, bytes_allocated INTEGER,
    peak_bytes INTEGER, peak_tick INTEGER, leaked_bytes INTEGER, leaked_count INTEGER, temporary_bytes INTEGER,
    temporary_count INTEGER`,
  thread: 'id INTEGER PRIMARY KEY, capture_id INTEGER, tid INTEGER, name TEXT',
  allocator: 'id INTEGER PRIMARY KEY, name TEXT, family TEXT, counts_address_space INTEGER',
  module: 'id INTEGER PRIMARY KEY, path TEXT, name TEXT, build_id TEXT, kind TEXT, category TEXT',
  frame_text: 'id INTEGER PRIMARY KEY, text TEXT',
  frame_row: `id INTEGER PRIMARY KEY, native INTEGER, function_id INTEGER, file_id INTEGER, line INTEGER,
    module_id INTEGER, ip INTEGER`,
  stack: 'id INTEGER PRIMARY KEY, parent_id INTEGER, frame_id INTEGER',
  site: `id INTEGER PRIMARY KEY, capture_id INTEGER, thread_id INTEGER, allocator_id INTEGER, allocator TEXT AS (${nameOfAllocator()}), python_stack INTEGER,
    owner INTEGER, total_bytes INTEGER, total_count INTEGER, peak_bytes INTEGER,
    peak_count INTEGER, leaked_bytes INTEGER, leaked_count INTEGER, temporary_bytes INTEGER, temporary_count INTEGER`,
  own_peak: 'owner INTEGER PRIMARY KEY, kind TEXT, function TEXT, file TEXT, bytes INTEGER, tick INTEGER',
  tick: `id INTEGER PRIMARY KEY, capture_id INTEGER, time_ms INTEGER, rss_bytes INTEGER, heap_bytes INTEGER,
    peak_bytes INTEGER`,
  size_class: 'capture_id INTEGER, bytes INTEGER, count INTEGER',
  packed_column: 'table_name TEXT, name TEXT, rows INTEGER, width INTEGER, delta INTEGER, packed BLOB',
  column_batch: 'name TEXT, seq INTEGER, rows INTEGER, first_moment INTEGER, last_moment INTEGER, arrow BLOB',
} as const;

export type TableName = keyof typeof COLUMNS;

/** Sums of `site` and `native_site`, in their order. */
export const USAGE_NAMES = ['total', 'peak', 'leaked', 'temporary'].flatMap((each) => [
  `${each}_bytes`,
  `${each}_count`,
]);
const USAGE = USAGE_NAMES.map((name) => `${name} INTEGER`).join();

/** Key of `meta` that says that a profile was asked to have them; the CREATE statements of the two tables of sql-sites.ts. */
export const SQL_SITES_KEY = 'sql_sites';
export const SQL_SITE_TABLES = new Map([
  ['native_stack', 'CREATE TABLE native_stack(id INTEGER PRIMARY KEY, parent_id INTEGER, frame_id INTEGER)'],
  ['native_site', `CREATE TABLE native_site(id INTEGER PRIMARY KEY, site_id INTEGER, native_stack INTEGER, ${USAGE})`],
]);

function createTable(name: TableName): string {
  // The key of `meta` in the tree itself saves the smallest profiles a page.
  return `CREATE TABLE ${name}(${COLUMNS[name].replace(/\s+/g, ' ')})${name === 'meta' ? ' WITHOUT ROWID' : ''}`;
}

/**
 * Frames as everybody asks for them: functions and files, of which there are few beside frames, stand once each. Subqueries
 * let SQLite look up only what is asked for.
 */
const FRAME_VIEW = `CREATE VIEW frame(id, kind, function, file, line, module_id, ip) AS
  SELECT id, CASE native WHEN 1 THEN 'native' ELSE 'python' END,
    (SELECT text FROM frame_text WHERE frame_text.id = function_id),
    (SELECT text FROM frame_text WHERE frame_text.id = file_id), line, module_id, ip FROM frame_row`.replace(
  /\s+/g,
  ' ',
);

/** The CREATE statement of every table, exactly as SQLite keeps it; `frame` is a view. */
export const TABLES = new Map<string, string>([
  ...(Object.keys(COLUMNS) as TableName[]).map((name) => [name, createTable(name)] as const),
  ['frame', FRAME_VIEW],
]);
