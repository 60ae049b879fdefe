/**
 * Profiles that were changed, as files are damaged and as an attacker changes them: bytes of the file, or cells of its
 * tables. Each is read or refused with a `StoreError`. `npm run fuzz` goes on for as long as it is told.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FUZZ_MINUTES, fuzzFiles, magnitude, randomBelow, type RandomBits } from '@memscope/fixtures';
import { usageOfProfile } from '@memscope/model';
import { openProfile, StoreError } from '@memscope/store';
import Database from 'better-sqlite3';
import { test } from 'vitest';
import { aggregatedTables, batchOf, sampleTables, temporaryFolder } from './sample-tables.js';
import { writeProfile } from './write-profile.js';

const LEAST_INPUTS = 150;

const CELLS: readonly unknown[] = [
  null,
  -1,
  0,
  0.5,
  1e300,
  2n ** 62n,
  -(2n ** 63n),
  '',
  'x'.repeat(70_000),
  '['.repeat(50_000),
  '{"notes":{}}',
  Buffer.alloc(40, 0xff),
  Buffer.alloc(0),
];

function changeCell(path: string, random: RandomBits): void {
  const database = new Database(path);
  try {
    database.pragma('journal_mode = MEMORY');
    const tables = database.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
    const table = tables[randomBelow(random, tables.length)]!;
    const columns = database.pragma(`table_info(${table})`) as readonly { readonly name: string }[];
    const column = columns[randomBelow(random, columns.length)]!.name;
    const which = randomBelow(random, 3) === 0 ? '' : `ORDER BY ${column} LIMIT 1 OFFSET ${randomBelow(random, 8)}`;
    const key = table === 'meta' ? 'key' : 'rowid';
    database
      .prepare(`UPDATE ${table} SET ${column} = ? WHERE ${key} IN (SELECT ${key} FROM ${table} ${which})`)
      .run(CELLS[randomBelow(random, CELLS.length)]);
  } catch {
    // A cell that the schema itself refuses, or a file that an edit before has broken.
  } finally {
    database.close();
  }
}

function changeBytes(bytes: Uint8Array, random: RandomBits): Uint8Array {
  const changed = Uint8Array.from(bytes);
  if (changed.length === 0) return changed;
  const at = randomBelow(random, changed.length);
  const length = 1 + randomBelow(random, 1 << randomBelow(random, 10));
  const value = [0, 0xff, randomBelow(random, 256)][randomBelow(random, 3)]!;
  changed.fill(value, at, Math.min(changed.length, at + length));
  return randomBelow(random, 8) === 0 ? changed.subarray(0, randomBelow(random, changed.length)) : changed;
}

function readAll(path: string): string {
  const profile = openProfile(path);
  try {
    const { sites, stacks } = profile.tables();
    profile.siteWeights('objects');
    usageOfProfile(profile).libraries();
    profile.sourceLines();
    profile.liveChanges();
    profile.coarseChanges();
    profile.peakLevels();
    profile.cohorts()?.crossing();
    profile.cohorts()?.within();
    let rows = 0;
    for (const batch of profile.lifetimes()) {
      if (batch.rows === 0) throw new Error('a batch without rows');
      rows += batch.rows;
    }
    return `sites ${magnitude(sites.length)}, stacks ${magnitude(stacks.length)}, lifetimes ${magnitude(rows)}`;
  } finally {
    profile.close();
  }
}

test(
  'a changed profile is read, or refused with one error, within its budget',
  { timeout: (FUZZ_MINUTES + 2) * 60_000 },
  () => {
    const path = join(temporaryFolder(), 'changed.memscope');
    const tables = sampleTables();
    const { length } = tables.sites;
    const objects = { ...tables, sites: { ...tables.sites, objectCount: new Float64Array(length).fill(3) } };
    const seeds = [
      writeProfile({
        batches: [
          batchOf([
            [0, 0, 3, 1, 8],
            [1, 1, null, 2, 16],
          ]),
        ],
      }),
      writeProfile({ tables: objects, batches: [batchOf([[0, 0, 3, 1, 8]])], summedLifetimes: 0 }),
      writeProfile({ batches: [batchOf(Array.from({ length: 100 }, () => [0, 0, 3, 1, 8]))], coarseLifetimes: 0 }),
      writeProfile({ tables: aggregatedTables() }),
    ].map((each) => readFileSync(each));
    fuzzFiles({
      kind: 'profiles',
      seeds,
      least: LEAST_INPUTS,
      minutes: FUZZ_MINUTES,
      isRefusal: (fault) => fault instanceof StoreError,
      change(input, random) {
        if (randomBelow(random, 3) === 0) return changeBytes(input, random);
        writeFileSync(path, input);
        changeCell(path, random);
        return readFileSync(path);
      },
      read(input) {
        writeFileSync(path, input);
        return readAll(path);
      },
    });
  },
);
