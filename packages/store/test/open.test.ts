import { usageOfProfile } from '@memscope/model';
import { openProfile, StoreError } from '@memscope/store';
import Database from 'better-sqlite3';
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { batchOf, sampleTables, seededRandom, temporaryFolder } from './sample-tables.js';
import { faultOf, openDatabase, writeProfile } from './write-profile.js';

/** Asks a profile everything. */
function readAll(path: string): void {
  const profile = openProfile(path);
  try {
    profile.tables();
    usageOfProfile(profile).libraries();
    profile.sourceLines();
    for (const batch of profile.lifetimes()) expect(batch.rows).toBeGreaterThan(0);
  } finally {
    profile.close();
  }
}

test('what is no profile is named for what it is', () => {
  const folder = temporaryFolder();
  const found = (name: string, content: string | Buffer) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    const fault = faultOf(() => openProfile(path));
    expect(fault).toMatchObject({ name: 'StoreError', code: 'notProfile', path });
    return (fault as StoreError).found;
  };
  expect(found('empty', '')).toBe('an empty file');
  expect(found('short', 'hello')).toBe('a file of 5 bytes');
  expect(found('raw.bin', `memray\0${'\0'.repeat(200)}`)).toBe('a Memray capture');
  expect(found('lz4.bin', Buffer.from('04224d18'.padEnd(300, '0'), 'hex'))).toMatch('LZ4');
  expect(found('other', 'x'.repeat(500))).toBe('a file of another format');
  const other = new Database(join(folder, 'other.db'));
  other.exec('CREATE TABLE capture (id)');
  other.close();
  expect(faultOf(() => openProfile(join(folder, 'other.db')))).toMatchObject({
    code: 'notProfile',
    found: 'another SQLite database',
  });
  mkdirSync(join(folder, 'folder'));
  expect(faultOf(() => openProfile(join(folder, 'folder')))).toMatchObject({ code: 'notProfile', found: 'a folder' });
  expect(faultOf(() => openProfile(join(folder, 'none')))).toMatchObject({ code: 'cannotRead' });
});

test('a profile of another schema version says which one it is and which one is read', () => {
  const path = writeProfile();
  for (const [version, age] of [
    [0, 'older'],
    [1, 'older'],
    [2, 'older'],
    [5, 'newer'],
  ] as const) {
    openDatabase(path, true).pragma(`user_version = ${version}`);
    const fault = faultOf(() => openProfile(path));
    expect(fault).toMatchObject({ code: 'schemaVersion', expected: 'schema version 3 to 4', found: String(version) });
    expect((fault as StoreError).message).toContain(`${age} memscope`);
  }
});

test('a profile that was cut off is damaged, wherever the cut is', () => {
  const path = writeProfile({ batches: [batchOf([[0, 1, 4, 1, 1]])] });
  for (let size = readFileSync(path).length - 1; size > 0; size -= 300) {
    truncateSync(path, size);
    expect(faultOf(() => openProfile(path))).toMatchObject({ code: size < 100 ? 'notProfile' : 'corrupt' });
  }
});

test('a profile whose bytes were changed is read or refused, but never anything else', () => {
  const whole = readFileSync(writeProfile({ batches: [batchOf([[0, 1, 4, 1, 1]])], expectedBytes: 0 }));
  const path = join(temporaryFolder(), 'changed.memscope');
  const random = seededRandom(1);
  for (let round = 0; round < 400; round++) {
    const changed = Buffer.from(whole);
    for (let i = 0; i <= random(3); i++) changed[random(changed.length)] = random(256);
    writeFileSync(path, changed);
    const fault = faultOf(() => readAll(path));
    if (fault !== undefined) expect(fault).toBeInstanceOf(StoreError);
  }
});

test.each([
  ['a missing table', 'DROP TABLE tick'],
  ['a view in place of a table', 'DROP TABLE size_class; CREATE VIEW size_class AS SELECT 1 AS capture_id'],
  ['a computed column', "ALTER TABLE module ADD COLUMN more AS (upper('x'))"],
  ['two captures', 'INSERT INTO capture SELECT 2, * FROM (SELECT path FROM capture)'],
  ['an unknown layout', "UPDATE capture SET layout = 'odd'"],
  ['no notes', "DELETE FROM meta WHERE key = 'notes'"],
  ['notes of another shape', `UPDATE meta SET value = '{"temporaryThreshold": "many"}' WHERE key = 'notes'`],
  ['notes that are no JSON', "UPDATE meta SET value = '{' WHERE key = 'notes'"],
  ['source lines that are no text', `INSERT INTO meta VALUES ('source_lines', '{"a.py": {"1": 2}}')`],
  ['source lines of no number', `INSERT INTO meta VALUES ('source_lines', '{"a.py": {"x": "y"}}')`],
  ['a gap in the sites', 'DELETE FROM site WHERE id = 1'],
  ['more sites than the file can hold', 'UPDATE site SET id = 4000000000 WHERE id = 2'],
  ['a negative site', 'UPDATE site SET id = -1 WHERE id = 0'],
  ['a thread that does not exist', 'UPDATE site SET thread_id = 2'],
  ['a negative thread', 'UPDATE site SET thread_id = -1'],
  ['a stack that does not exist', 'UPDATE site SET python_stack = 5'],
  ['a frame that does not exist', 'UPDATE stack SET frame_id = 3 WHERE id = 2'],
  ['a stack that is its own parent', 'UPDATE stack SET parent_id = 2 WHERE id = 2'],
  ['a module that does not exist', 'UPDATE frame_row SET module_id = 1'],
  ['an unknown allocator', 'UPDATE site SET allocator_id = 16'],
  ['a negative peak', 'UPDATE capture SET peak_bytes = -1'],
  ['a negative count of allocations', 'UPDATE capture SET allocations = -1'],
  ['a negative size of the capture', 'UPDATE capture SET total_bytes = -1'],
  ['a negative tick', 'UPDATE tick SET heap_bytes = -1'],
  ['a negative size class', 'UPDATE size_class SET count = -1'],
  ['a function that does not exist', 'UPDATE frame_row SET function_id = 1000'],
  ['a frame that is neither native nor not', 'UPDATE frame_row SET native = 2 WHERE id = 0'],
  ['a negative line', 'UPDATE frame_row SET line = -1 WHERE id = 0'],
  ['negative notes', `UPDATE meta SET value = json_replace(value, '$.replacedBytes', -1) WHERE key = 'notes'`],
  [
    'negative bytes by allocator',
    `UPDATE meta SET value = json_replace(value, '$.bytesByAllocator[1]', -1) WHERE key = 'notes'`,
  ],
  ['notes that nest without end', `UPDATE meta SET value = replace(hex(zeroblob(1000)), '0', '[') WHERE key = 'notes'`],
  [
    'source lines that nest without end',
    `INSERT INTO meta VALUES ('source_lines', replace(hex(zeroblob(1000)), '0', '{"a":'))`,
  ],
  ['frame sources for fewer frames', "UPDATE meta SET value = '0*2' WHERE key = 'frame_sources'"],
  [
    'frame sources for more frames than there are',
    "UPDATE meta SET value = '0*4000000000' WHERE key = 'frame_sources'",
  ],
  ['an unknown frame source', "UPDATE meta SET value = '4*3' WHERE key = 'frame_sources'"],
  ['an entry frame that is more than one', "UPDATE meta SET value = '0*1,2*2' WHERE key = 'frame_entries'"],
  ['entry frames that are no runs', "UPDATE meta SET value = '0*3,' WHERE key = 'frame_entries'"],
  [
    'notes on symbols of another shape',
    `UPDATE meta SET value = replace(value, '"found"', '"seen"') WHERE key = 'notes'`,
  ],
  ['a packed column that is missing', "DELETE FROM packed_column WHERE name = 'native_stack'"],
  ['a packed column of more rows', "UPDATE packed_column SET rows = 4 WHERE name = 'peak_bytes'"],
  ['a packed column that is none', "UPDATE packed_column SET packed = x'00' WHERE name = 'site'"],
  ['native stacks of too many rows', "UPDATE packed_column SET rows = 1e9 WHERE table_name = 'native_stack'"],
  ['a blob for a name', "UPDATE frame_text SET text = x'ffff' WHERE id = 1"],
  ['a batch that is no blob', "UPDATE column_batch SET arrow = 'text'"],
  ['a batch with other rows', 'UPDATE column_batch SET rows = 2'],
  ['a batch of a site that does not exist', 'DELETE FROM site WHERE id = 2'],
  ['a batch beyond the file', 'UPDATE column_batch SET arrow = zeroblob(900000), rows = 1'],
])('%s is a damaged profile', (_, sql) => {
  const path = writeProfile({ batches: [batchOf([[2, 1, 4, 1, 1]])] });
  const database = openDatabase(path, true);
  try {
    database.exec(sql);
  } catch {
    database.exec("UPDATE capture SET format = 'odd'");
  }
  expect(faultOf(() => readAll(path))).toMatchObject({ name: 'StoreError', code: 'corrupt', path });
});

test.each([
  ['text for bytes', "UPDATE site SET peak_bytes = 'many'"],
  ['NULL for bytes', 'UPDATE site SET total_bytes = NULL WHERE id = 1'],
  ['negative bytes', 'UPDATE site SET leaked_bytes = -5'],
  ['fractions less than nothing', 'UPDATE site SET peak_bytes = -0.5'],
])('without native stacks, whose sums stand elsewhere, %s is a damaged profile', (_, sql) => {
  const tables = sampleTables();
  const path = writeProfile({ tables: { ...tables, sites: { ...tables.sites, nativeStack: null } } });
  openDatabase(path, true).exec(sql);
  expect(faultOf(() => readAll(path))).toMatchObject({ name: 'StoreError', code: 'corrupt', path });
});
