import { SCHEMA_VERSION, MEMSCOPE_VERSION } from '@memscope/store';
import { readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { aggregatedTables, batchOf, sampleTables } from './sample-tables.js';
import { openDatabase, writeProfile } from './write-profile.js';

/** The public interface of a profile file; other programs query these names. */
const TABLES = {
  meta: 'key, value',
  capture:
    'id, path, format, format_version, answers, sampling_bytes, details, command_line, pid, start_ms, end_ms, ' +
    'complete, read_bytes, total_bytes, allocations, deallocations, bytes_allocated, peak_bytes, peak_tick, ' +
    'leaked_bytes, leaked_count, temporary_bytes, temporary_count',
  thread: 'id, capture_id, tid, name',
  allocator: 'id, name, family, counts_address_space',
  module: 'id, path, name, build_id, kind, category',
  frame: 'id, kind, function, file, line, module_id, ip',
  frame_text: 'id, text',
  frame_row: 'id, native, function_id, file_id, line, module_id, ip',
  stack: 'id, parent_id, frame_id',
  site:
    'id, capture_id, thread_id, allocator_id, allocator, python_stack, owner, total_bytes, total_count, peak_bytes, ' +
    'peak_count, leaked_bytes, leaked_count, temporary_bytes, temporary_count',
  tick: 'id, capture_id, time_ms, rss_bytes, heap_bytes, peak_bytes',
  size_class: 'capture_id, bytes, count',
  own_peak: 'owner, kind, function, file, bytes, tick',
  packed_column: 'table_name, name, rows, width, delta, packed',
  column_batch: 'name, seq, rows, first_moment, last_moment, arrow',
};

test('a profile has exactly the documented tables and columns, in order', () => {
  const database = openDatabase(writeProfile());
  const names = database
    .prepare("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")
    .pluck()
    .all() as string[];
  const columns = names.map((name) => {
    const found = database.prepare('SELECT name FROM pragma_table_xinfo(?)').pluck().all(name) as string[];
    return [name, found.join(', ')];
  });
  expect(Object.fromEntries(columns)).toEqual(TABLES);
});

test('rows carry the numbers and names of the model, with native frames and the empty stack told apart', () => {
  const database = openDatabase(writeProfile({ batches: [batchOf([[2, 0, 3, 1, 5]])] }));
  const rows = (table: string) => database.prepare(`SELECT * FROM ${table}`).raw().all() as unknown[][];
  expect(rows('thread')).toEqual([
    [0, 1, 1, 'MainThread'],
    [1, 1, 2, null],
  ]);
  expect(rows('module')).toEqual([
    [0, '/usr/lib/libc.so.6', 'libc.so.6', 'a1b2', 'native', null],
    [1, null, 'application', null, 'application', 'application'],
  ]);
  expect(rows('frame')).toEqual([
    [0, 'python', 'main', '/app/serve.py', 10, 1, null],
    [1, 'python', 'load', '/app/model.py', 20, 1, null],
    [2, 'native', 'malloc', null, 0, 0, 0x7f12_3456_789a],
  ]);
  expect(rows('stack')).toEqual([
    [0, null, null],
    [1, 0, 0],
    [2, 1, 1],
  ]);
  expect(rows('site')).toEqual([
    [0, 1, 0, 6, 'malloc', 2, 2, 100_000, 50, 4000, 4, 0, 0, 300, 3],
    [1, 1, 0, 8, 'calloc', 1, 3, 20_000, 5, 1000, 1, 700, 7, 0, 0],
    [2, 1, 1, 14, 'mmap', 0, 1, 3456, 5, 0, 0, 0, 0, 0, 0],
  ]);
  expect(rows('allocator')).toHaveLength(15);
  expect(rows('allocator')).toEqual(
    expect.arrayContaining([
      [6, 'malloc', 'malloc', 0],
      [3, 'pymalloc_calloc', 'pymalloc', 0],
      [14, 'mmap', 'mmap', 1],
    ]),
  );
  expect(rows('own_peak')).toEqual([
    [0, 'none', null, null, 0, 0],
    [1, 'objects', null, null, 3456, 1],
    [2, 'function', 'load', '/app/model.py', 4000, 1],
    [3, 'function', 'main', '/app/serve.py', 2 ** 52 + 1, 2],
    [4, 'native', null, '/usr/lib/libc.so.6', 8, 3],
  ]);
  expect(rows('tick')[1]).toEqual([1, 1, 1_700_000_001_000, 40_000, 4500, 5000]);
  expect(rows('size_class')).toEqual([
    [1, 16, 40],
    [1, 4096, 20],
  ]);
  expect(rows('capture')[0]!.slice(0, 12)).toEqual([
    1,
    '/captures/service.bin',
    'memray',
    13,
    JSON.stringify({
      peak: 'exact',
      leaked: 'exact',
      total: 'exact',
      temporary: 'exact',
      lifetimes: 'exact',
      objects: 'none',
      sizes: 'estimated',
      rss: 'exact',
      python_stacks: 'exact',
      native_stacks: 'exact',
    }),
    null,
    JSON.stringify({
      layout: 'all',
      compression: 'lz4',
      native_traces: true,
      python_version: '3.13.5',
      python_allocator: 'pymalloc',
      trace_python_allocators: false,
      main_thread_id: 1,
    }),
    'serve.py --port 80',
    4711,
    1_700_000_000_000,
    1_700_000_002_500,
    1,
  ]);
  const batch = database.prepare('SELECT name, seq, rows, first_moment, last_moment FROM column_batch').raw().all();
  expect(batch).toEqual([['lifetime', 0, 1, 0, 3]]);
});

test('numbers are stored as SQLite integers, beyond 2^51 too', () => {
  const tables = sampleTables();
  const huge = { ...tables.capture, bytesAllocated: Number.MAX_SAFE_INTEGER };
  const database = openDatabase(writeProfile({ tables: { ...tables, capture: huge } }));
  const types = (column: string, table: string) =>
    database.prepare(`SELECT DISTINCT typeof(${column}) FROM ${table}`).pluck().all();
  expect(database.prepare('SELECT bytes_allocated FROM capture').pluck().get()).toBe(Number.MAX_SAFE_INTEGER);
  expect(types('bytes_allocated', 'capture')).toEqual(['integer']);
  expect(types('peak_bytes', 'site')).toEqual(['integer']);
  expect(types('time_ms', 'tick')).toEqual(['integer']);
});

test('what an aggregated capture cannot answer is NULL, never 0', () => {
  const database = openDatabase(writeProfile({ tables: aggregatedTables() }));
  const nulls = (table: string) => {
    const row = database.prepare<[], Record<string, unknown>>(`SELECT * FROM ${table}`).get()!;
    return Object.keys(row).filter((column) => row[column] === null);
  };
  expect(nulls('capture')).toEqual([
    'sampling_bytes',
    'allocations',
    'deallocations',
    'bytes_allocated',
    'peak_tick',
    'temporary_bytes',
    'temporary_count',
  ]);
  expect(nulls('site')).toEqual(['total_bytes', 'total_count', 'temporary_bytes', 'temporary_count']);
  expect(nulls('tick')).toEqual(['peak_bytes']);
  expect(database.prepare('SELECT count(*) FROM size_class').pluck().get()).toBe(0);
});

test('meta names the versions, the source and the meaning of the lifetime columns', () => {
  const stamp = { path: '/captures/service.bin', size: 9000, mtimeNs: 1_700_000_000_123_456_789n, digest: 'abc' };
  const database = openDatabase(writeProfile({ stamp }));
  const meta = new Map(database.prepare('SELECT key, value FROM meta').raw().all() as [string, string][]);
  expect(Object.fromEntries(meta)).toMatchObject({
    schema_version: String(SCHEMA_VERSION),
    memscope_version: MEMSCOPE_VERSION,
    capture_path: '/captures/service.bin',
    capture_size: '9000',
    capture_mtime_ns: '1700000000123456789',
    capture_digest: 'abc',
    temporary_threshold: '1',
    frame_sources: '0*2,3*1',
    frame_entries: '1*1,0*2',
  });
  expect(Object.keys(JSON.parse(meta.get('lifetime_columns')!) as object)).toEqual([
    'site',
    'born',
    'died',
    'count',
    'bytes',
  ]);
  expect(JSON.parse(meta.get('notes')!)).toEqual(sampleTables().notes);
});

test('the version in a profile is that of the package', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  expect(MEMSCOPE_VERSION).toBe(manifest.version);
});

test('the profile of a small capture takes a few small pages', () => {
  expect(statSync(writeProfile({ expectedBytes: 1500 })).size).toBeLessThanOrEqual(14 * 1024);
});
