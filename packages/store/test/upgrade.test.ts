/** Profiles of older schemas are read as if this memscope had written them, and their files stay as they are. */
import { usageOfProfile } from '@memscope/model';
import { openProfile } from '@memscope/store';
import Database from 'better-sqlite3';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openDatabase as openChecked } from '../src/open-database.js';
import { TABLES } from '../src/schema.js';
import type { Upgrades, UpgradeStep } from '../src/upgrade-profile.js';
import { sampleTables, temporaryFolder } from './sample-tables.js';
import { faultOf, writeProfile } from './write-profile.js';

const fixture = (version: number): string =>
  new URL(`../../../fixtures/profiles/schema-${version}.memscope`, import.meta.url).pathname;

/** As memray and this memscope told them when the file was written. */
const EXPECTED = {
  capture: { peakBytes: 37439073, leakedBytes: 11950626, bytesAllocated: 110406476, allocations: 12794 },
  allocators: ['malloc 30597443/98', 'calloc 6527006/6303', 'mmap 262144/1', 'realloc 52480/3'],
  threads: ['main thread 36641858', 'worker-* 73764618'],
  locations: ['main:49 30000001', 'grow:9 6579270'],
  libraries: ['application 37420951', 'import system 13233'],
  lifetimes: 41,
};

/** What the next version might do: a column gets another name. */
const RENAME: UpgradeStep = {
  tables: TABLES,
  apply: (database) => database.exec('ALTER TABLE thread RENAME COLUMN name TO title'),
};
const NEXT: Upgrades = { version: 5, steps: new Map([[4, RENAME]]) };
const AFTER_NEXT: Upgrades = {
  version: 6,
  steps: new Map([
    ...NEXT.steps,
    [5, { tables: new Map(), apply: (database) => database.exec("UPDATE thread SET title = 'thread ' || title") }],
  ]),
};

test('a profile of schema 3 still gives the answers it gave when it was written', () => {
  const profile = openProfile(fixture(3));
  const { peakBytes, leakedBytes, bytesAllocated, allocations } = profile.capture;
  expect({ peakBytes, leakedBytes, bytesAllocated, allocations }).toEqual(EXPECTED.capture);
  const { allocators, threads, locations, libraries } = usageOfProfile(profile);
  expect(allocators.map((row) => `${row.allocator} ${row.peakBytes}/${row.peakCount}`)).toEqual(EXPECTED.allocators);
  expect(threads.map((row) => `${row.name} ${row.totalBytes}`)).toEqual(EXPECTED.threads);
  expect(locations.slice(0, 2).map((row) => `${row.functionName}:${row.line} ${row.peakBytes}`)).toEqual(
    EXPECTED.locations,
  );
  expect(
    libraries()
      .slice(0, 2)
      .map((row) => `${row.library} ${row.peakBytes}`),
  ).toEqual(EXPECTED.libraries);
  let [rows, live] = [0, 0];
  for (const batch of profile.lifetimes()) {
    rows += batch.rows;
    live += batch.bytes.reduce((sum, bytes, row) => sum + (batch.died[row] === 0xffffffff ? bytes : 0), 0);
  }
  expect([rows, live]).toEqual([EXPECTED.lifetimes, leakedBytes]);
  profile.close();
});

test('frames of a profile of schema 3 are those that stand in it', () => {
  const former = new Database(fixture(3), { readonly: true });
  const rows = 'SELECT id, kind, function, file, line, module_id, ip FROM frame ORDER BY id';
  const expected = former.prepare(rows).all();
  former.close();
  const { database } = openChecked(fixture(3));
  expect(database.prepare(rows).all()).toEqual(expected);
  database.close();
});

describe('an older profile', () => {
  test('is upgraded in memory, one step a version, and its file stays as it is', () => {
    const path = writeProfile();
    const before = readFileSync(path);
    const titles = (upgrades: Upgrades): unknown => {
      const { database, size } = openChecked(path, upgrades);
      expect([size, database.pragma('user_version', { simple: true })]).toEqual([before.length, upgrades.version]);
      const found = database.prepare('SELECT title FROM thread').pluck().all();
      database.close();
      return found;
    };
    const { name } = sampleTables().threads;
    expect(titles(NEXT)).toEqual(name);
    expect(titles(AFTER_NEXT)).toEqual(name.map((each) => (each === null ? null : `thread ${each}`)));
    expect(readFileSync(path)).toEqual(before);
  });

  test('whose tables are not those of its version is damaged', () => {
    const path = writeProfile();
    new Database(path).exec("ALTER TABLE module ADD COLUMN more AS (upper('x'))").close();
    expect(faultOf(() => openChecked(path, NEXT))).toMatchObject({ name: 'StoreError', code: 'corrupt', path });
  });

  test('is damaged where a step cannot be taken', () => {
    const broken: UpgradeStep = { tables: TABLES, apply: (database) => database.exec('DROP TABLE nowhere') };
    const fault = faultOf(() => openChecked(writeProfile(), { version: 5, steps: new Map([[4, broken]]) }));
    expect(fault).toMatchObject({ name: 'StoreError', code: 'corrupt' });
  });

  test.each([
    [3, 'an older', '4 to 5'],
    [6, 'a newer', '4 to 5'],
  ])('of version %d, which no step starts from, is of %s memscope', (version, words, expected) => {
    const path = join(temporaryFolder(), 'other.memscope');
    const bytes = readFileSync(writeProfile());
    bytes.writeUInt32BE(version, 60);
    writeFileSync(path, bytes);
    const fault = faultOf(() => openChecked(path, NEXT));
    expect(fault).toMatchObject({ code: 'schemaVersion', expected: `schema version ${expected}`, found: `${version}` });
    expect(String(fault)).toContain(words);
  });
});
