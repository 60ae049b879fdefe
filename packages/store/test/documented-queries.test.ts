/** The questions of the page on the profile file can be asked as they stand there, and it names every table and column. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TABLES } from '../src/schema.js';
import { openDatabase, writeProfile } from './write-profile.js';

const PAGE = readFileSync(new URL('../../../apps/docs/profile-file.md', import.meta.url), 'utf8');
const QUERIES = [...PAGE.matchAll(/```sql\n([^`]+)```/g)].map(([, sql]) => sql!);

const answersOf = (query: string): unknown[][] =>
  openDatabase(writeProfile({ sqlSites: true }))
    .prepare(query)
    .raw()
    .all() as unknown[][];

test.each(QUERIES.map((sql, index) => ({ index: index + 1, sql })))('question $index has an answer', ({ sql }) => {
  expect(answersOf(sql).length).toBeGreaterThan(0);
});

test('the page asks twelve questions, and their numbers are those of the profile', () => {
  expect(QUERIES).toHaveLength(12);
  const [answers, lines, modules, owners, arenas, threads, allocators, path, below, rss, temporary, native] =
    QUERIES.map(answersOf);
  expect(answers).toContainEqual(['sizes', 'estimated']);
  expect(lines![0]).toEqual(['load', '/app/model.py', 20, 4000, 4]);
  expect(modules).toEqual([['application', 'application', 5000, 5]]);
  expect(owners!.map(([kind]) => kind)).toEqual(['function', 'function', 'objects', 'native', 'none']);
  expect(arenas).toEqual([
    [0, 5000, 700],
    [1, 0, 0],
  ]);
  expect(threads).toContainEqual([1, 'MainThread', 700, 7]);
  expect(allocators![0]).toEqual(['malloc', 'malloc', 0, 4000, 50]);
  expect(path).toEqual([
    ['main', '/app/serve.py', 10],
    ['load', '/app/model.py', 20],
  ]);
  expect(below).toEqual([[5000, 120_000]]);
  expect(rss).toHaveLength(3);
  expect(temporary).toEqual([['load', '/app/model.py', 20, 3, 300]]);
  expect(native).toEqual([['malloc', 'libc.so.6', 4000, 4]]);
});

test('the page names every table', () => {
  expect([...TABLES.keys()].filter((name) => !PAGE.includes(`\`${name}`))).toEqual([]);
});
