import { zstdDecompressSync } from 'node:zlib';
import { compressionRegistry, CompressionType, type Int, type Table, tableFromIPC } from 'apache-arrow';
import { expect, test } from 'vitest';
import { batchOf, rowsOf, seededRandom, type LifetimeRow } from './sample-tables.js';
import { faultOf, open, openDatabase, writeProfile } from './write-profile.js';

/** Opens each frame of Zstandard (RFC 8878). */
const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** The stored batches as Arrow's own reader sees them. */
function readArrow(path: string): Table<Record<string, Int>>[] {
  const blobs = openDatabase(path).prepare('SELECT arrow FROM column_batch ORDER BY seq').pluck().all() as Buffer[];
  return blobs.map((blob) => tableFromIPC(blob));
}

test('plain Arrow readers open a batch', () => {
  const rows: LifetimeRow[] = [
    [0, 4, 9, 3, 300],
    [1, 5, null, 1, 70_000],
    [2, 0, 700, 200, 0],
  ];
  const [table] = readArrow(writeProfile({ batches: [batchOf(rows)] }));
  expect(table!.schema.fields.map((field) => [field.name, field.nullable])).toEqual([
    ['site', false],
    ['born', false],
    ['died', true],
    ['count', false],
    ['bytes', false],
  ]);
  expect(table!.toArray().map((row) => Object.values(row.toJSON()))).toEqual(rows);
});

test('each column takes the narrowest type that holds the batch', () => {
  const types = (...row: LifetimeRow) => {
    const [table] = readArrow(writeProfile({ batches: [batchOf([[0, 0, 1, 1, 1], row])] }));
    return table!.schema.fields.map(({ type }) => `${type.isSigned ? 'Int' : 'Uint'}${type.bitWidth}`);
  };
  expect(types(0, 0, 1, 1, 1)).toEqual(['Uint8', 'Uint8', 'Uint8', 'Int8', 'Uint8']);
  expect(types(255, 254, 255, 127, 255)).toEqual(['Uint8', 'Uint8', 'Uint8', 'Int8', 'Uint8']);
  expect(types(256, 256, 257, 128, 256)).toEqual(['Uint16', 'Uint16', 'Uint16', 'Int16', 'Uint16']);
  expect(types(65_535, 3, null, 32_767, 65_535)).toEqual(['Uint16', 'Uint8', 'Uint8', 'Int16', 'Uint16']);
  expect(types(65_536, 65_536, 65_537, 32_768, 65_536)).toEqual(['Uint32', 'Uint32', 'Uint32', 'Int32', 'Uint32']);
  expect(types(0, 0, 1, 2 ** 31, 2 ** 32 - 1)).toEqual(['Uint8', 'Uint8', 'Uint8', 'Int64', 'Uint32']);
  expect(types(0, 0, 1, -1, 2 ** 32)).toEqual(['Uint8', 'Uint8', 'Uint8', 'Int8', 'Int64']);
});

compressionRegistry.set(CompressionType.ZSTD, {
  ...compressionRegistry.get(CompressionType.ZSTD),
  decode: (buffer) => zstdDecompressSync(buffer),
});

test.each([false, true])(
  'batches of any size come back as they were, up to 2^53 bytes (compressed: %s)',
  (compressed) => {
    const random = seededRandom(3);
    const limits = [1, 200, 60_000, 2 ** 31, Number.MAX_SAFE_INTEGER];
    const batches = [1, 2, 7, 8, 9, 63, 64, 65, 1000].map((rows, index) =>
      batchOf(
        Array.from({ length: rows }, (): LifetimeRow => {
          const born = random(Math.min(limits[index % 4]!, 2 ** 31));
          return [
            random(3),
            born,
            random(3) === 0 ? null : born + 1 + random(300),
            random(90),
            random(limits[index % 5]!),
          ];
        }),
      ),
    );
    const path = writeProfile({ batches, compressed });
    expect([...open(path).lifetimes()].map(rowsOf)).toEqual(batches.map(rowsOf));
    const arrow = readArrow(path).map((table) =>
      table.toArray().map((row) => Object.values(row.toJSON()).map((cell) => (cell === null ? null : Number(cell)))),
    );
    expect(arrow).toEqual(batches.map(rowsOf));
  },
);

test('the columns of a batch may be longer than the batch, and are free again after the call', () => {
  const long = {
    ...batchOf([
      [0, 1, 2, 1, 10],
      [1, 2, 3, 1, 20],
      [2, 90_000, null, 1, 99_999],
    ]),
    rows: 2,
  };
  const path = writeProfile({ batches: [long, batchOf([]), batchOf([[2, 5, null, 1, 30]])] });
  expect([...open(path).lifetimes()].map(rowsOf)).toEqual([
    [
      [0, 1, 2, 1, 10],
      [1, 2, 3, 1, 20],
    ],
    [[2, 5, null, 1, 30]],
  ]);
});

test('a window of moments gives the batches that reach into it', () => {
  const batches = [batchOf([[0, 1, 4, 1, 1]]), batchOf([[0, 6, 8, 1, 2]]), batchOf([[0, 5, null, 1, 3]])];
  const profile = open(writeProfile({ batches }));
  const bytes = (from?: number, to?: number) => [...profile.lifetimes(from, to)].map((batch) => batch.bytes[0]);
  expect(bytes()).toEqual([1, 2, 3]);
  expect(bytes(0, 0)).toEqual([]);
  expect(bytes(0, 1)).toEqual([1]);
  expect(bytes(4, 5)).toEqual([1, 3]);
  expect(bytes(5, 5)).toEqual([3]);
  expect(bytes(9)).toEqual([3]);
  expect(bytes(2, 6)).toEqual([1, 2, 3]);
});

test('lifetimes can be read while other questions are asked', () => {
  const profile = open(writeProfile({ batches: [batchOf([[0, 1, 4, 1, 1]]), batchOf([[0, 6, 8, 1, 2]])] }));
  const seen = [...profile.lifetimes()].map((batch) => batch.rows + profile.ticks().length);
  expect(seen).toEqual([4, 4]);
});

test.each<[string, number, boolean]>([
  ['batch', 1, false],
  ['compressed batch', 40, true],
])(
  'a %s whose bytes were changed is a damaged profile or another batch, never anything else',
  (_, times, compressed) => {
    const rows = Array.from({ length: times }, (): LifetimeRow[] => [
      [0, 1, 400, 1, 10],
      [1, 2, null, 300, 70_000],
    ]);
    const path = writeProfile({ batches: [batchOf(rows.flat())], compressed });
    const database = openDatabase(path, true);
    const arrow = database.prepare('SELECT arrow FROM column_batch').pluck().get() as Buffer;
    const update = database.prepare('UPDATE column_batch SET arrow = ?');
    let damaged = 0;
    const read = (bytes: Buffer) => {
      update.run(bytes);
      const fault = faultOf(() => [...open(path).lifetimes()]);
      if (fault === undefined) return;
      expect(fault).toMatchObject({ name: 'StoreError', code: 'corrupt' });
      damaged++;
    };
    expect(arrow.includes(ZSTD_MAGIC)).toBe(compressed);
    for (let at = 0; at < arrow.length; at += 3) {
      const changed = Buffer.from(arrow);
      changed[at]! ^= 0xff;
      read(changed);
      read(arrow.subarray(0, at));
    }
    expect(damaged).toBeGreaterThan(arrow.length / (compressed ? 41 : 3));
  },
);

test.each<[string, LifetimeRow]>([
  ['allocations', [0, 1, 2, -1, 10]],
  ['bytes', [0, 1, 2, 1, -10]],
])('a batch with less than no %s is damage', (_, row) => {
  const profile = open(writeProfile({ batches: [batchOf([row])] }));
  expect(faultOf(() => [...profile.lifetimes()])).toMatchObject({ name: 'StoreError', code: 'corrupt' });
});
