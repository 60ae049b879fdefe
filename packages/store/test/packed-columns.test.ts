/** Columns that are no SQL rows come back as they were, and nothing that stands in their place is trusted. */
import { deflateSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { countPacked, insertPacked, readPacked } from '../src/packed-columns.js';
import { TABLES } from '../src/schema.js';

function emptyDatabase(): Database.Database {
  const database = new Database(':memory:');
  database.exec(TABLES.get('packed_column')!);
  return database;
}

const BOUNDS = { rows: 4, fileBytes: 1 << 20 };

test.each([
  ['of bytes', [0, 1, 255, 7], 1],
  ['of two bytes', [0, 256, 65_535, 7], 2],
  ['of four bytes', [0, 65_536, 4_294_967_295, 7], 4],
  ['of eight bytes', [0, 2 ** 32, 2 ** 53 - 1, 7], 8],
])('numbers %s', (_, numbers, width) => {
  const database = emptyDatabase();
  insertPacked(database, 'native_site', 'total_bytes', Float64Array.from(numbers));
  expect(database.prepare('SELECT width, delta FROM packed_column').get()).toEqual({ width, delta: 0 });
  expect([...readPacked(database, 'native_site', 'total_bytes', BOUNDS)!]).toEqual(numbers);
});

test('numbers near each other take few bytes as differences, and large steps either way survive', () => {
  const database = emptyDatabase();
  const numbers = Uint32Array.of(4_294_967_295, 0, 2_147_483_648, 2_147_483_640);
  insertPacked(database, 'native_stack', 'parent', numbers, true);
  expect([...readPacked(database, 'native_stack', 'parent', BOUNDS)!]).toEqual([...numbers]);
  insertPacked(database, 'native_stack', 'frame', Uint32Array.of(100_000, 100_001, 100_003, 99_990), true);
  const [first] = [...readPacked(database, 'native_stack', 'frame', BOUNDS)!];
  expect(first).toBe(100_000);
});

test('a column that is not there is none, and its table has no rows', () => {
  const database = emptyDatabase();
  expect(countPacked(database, 'native_site')).toBeNull();
  expect(readPacked(database, 'native_site', 'site', BOUNDS)).toBeNull();
});

test.each([
  ['of another length', 5, 1, deflateSync(new Uint8Array(5))],
  ['of an unknown width', 4, 3, deflateSync(new Uint8Array(12))],
  ['with too few bytes', 4, 2, deflateSync(new Uint8Array(7))],
  ['with too many bytes', 4, 1, deflateSync(new Uint8Array(1 << 20))],
  ['that is no zlib stream', 4, 1, new Uint8Array(9)],
])('a column %s is refused', (_, rows, width, packed) => {
  const database = emptyDatabase();
  database
    .prepare('INSERT INTO packed_column VALUES (?, ?, ?, ?, ?, ?)')
    .run('native_site', 'site', rows, width, 0, packed);
  expect(() => readPacked(database, 'native_site', 'site', BOUNDS)).toThrow(
    /column|buffer|header|larger|unknown|unexpected/i,
  );
});
