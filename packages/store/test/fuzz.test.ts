/**
 * Profiles that were changed, as files are damaged and as an attacker changes them: bytes of the file, or cells of its
 * tables. Each is read or refused with a `StoreError`, in little time. `npm run fuzz` goes on for as long as it is told.
 */
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { usageOfProfile } from '@memscope/model';
import { openProfile, StoreError } from '@memscope/store';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { aggregatedTables, batchOf, sampleTables, seededRandom, temporaryFolder } from './sample-tables.js';
import { writeProfile } from './write-profile.js';

type Random = (limit: number) => number;

const MINUTES = Number(process.env['MEMSCOPE_FUZZ_MINUTES'] ?? 0);
const SEED = Number(process.env['MEMSCOPE_FUZZ_SEED'] ?? (MINUTES > 0 ? Date.now() % 0x7fffffff : 1));
const LEAST_INPUTS = 150;
const MOST_MS = 3_000;

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

function changeCell(path: string, random: Random): void {
  const database = new Database(path);
  try {
    database.pragma('journal_mode = MEMORY');
    const tables = database.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
    const table = tables[random(tables.length)]!;
    const columns = database.pragma(`table_info(${table})`) as readonly { readonly name: string }[];
    const column = columns[random(columns.length)]!.name;
    const which = random(3) === 0 ? '' : `ORDER BY ${column} LIMIT 1 OFFSET ${random(8)}`;
    const key = table === 'meta' ? 'key' : 'rowid';
    database
      .prepare(`UPDATE ${table} SET ${column} = ? WHERE ${key} IN (SELECT ${key} FROM ${table} ${which})`)
      .run(CELLS[random(CELLS.length)]);
  } catch (fault) {
    // A cell that the schema itself refuses, or a file that an edit before has broken.
    if (!(fault instanceof Database.SqliteError)) throw fault;
  } finally {
    database.close();
  }
}

function changeBytes(bytes: Buffer, random: Random): Buffer {
  const changed = Buffer.from(bytes);
  const at = random(changed.length);
  changed.fill([0, 0xff, random(256)][random(3)]!, at, Math.min(changed.length, at + 1 + random(1 << random(10))));
  return random(8) === 0 ? changed.subarray(0, random(changed.length)) : changed;
}

function readAll(path: string): void {
  const profile = openProfile(path);
  try {
    profile.tables();
    profile.siteWeights('objects');
    usageOfProfile(profile);
    profile.sourceLines();
    profile.liveChanges();
    profile.coarseChanges();
    for (const batch of profile.lifetimes()) if (batch.rows === 0) throw new Error('a batch without rows');
  } finally {
    profile.close();
  }
}

test(
  'a changed profile is read, or refused with one error, within its budget',
  { timeout: (MINUTES + 2) * 60_000 },
  () => {
    const random = seededRandom(SEED);
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
    const end = Date.now() + MINUTES * 60_000;
    let inputs = 0;
    while (inputs < LEAST_INPUTS || Date.now() < end) {
      writeFileSync(path, seeds[random(seeds.length)]!);
      for (let edits = 1 + random(3); edits > 0; edits--) {
        if (random(3) > 0) changeCell(path, random);
        else writeFileSync(path, changeBytes(readFileSync(path), random));
      }
      const started = performance.now();
      try {
        readAll(path);
      } catch (fault) {
        if (!(fault instanceof StoreError)) {
          const kept = join(mkdtempSync(join(tmpdir(), 'memscope-fuzz-')), 'broken.memscope');
          copyFileSync(path, kept);
          throw new Error(`seed ${SEED}, input ${inputs}: ${String(fault)} (${kept})`, { cause: fault });
        }
      }
      expect(performance.now() - started).toBeLessThan(MOST_MS);
      inputs++;
    }
    if (MINUTES > 0) process.stderr.write(`fuzz: ${inputs} profiles, seed ${SEED}\n`);
  },
);
