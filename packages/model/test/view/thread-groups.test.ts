import { expect, test } from 'vitest';

import {
  groupThreads,
  nameThreads,
  nameWithThreads,
  usageOfProfile,
  withMainThread,
  type ThreadTable,
} from '../../src/index.js';
import { profileOf } from './profile-text.js';

function threadsOf(...names: (string | null)[]): ThreadTable {
  return { length: names.length, tid: BigUint64Array.from(names, (_, row) => BigInt(row + 1)), name: names };
}

test('threads whose names differ in numbers alone are one, and a single one keeps its name', () => {
  const threads = threadsOf(
    'main thread',
    'worker-3',
    'Thread-1 (handle)',
    'worker-17',
    'io-7',
    'Thread-2 (handle)',
    'ThreadPoolExecutor-0_1',
    'ThreadPoolExecutor-0_2',
    '<Greenlet at 0x7f2abc: serve>',
    '<Greenlet at 0x7f2def: serve>',
    null,
    null,
  );
  const { name, count, groupOf } = groupThreads(threads);
  expect(name.map((each, group) => `${each} ${count[group]}`)).toEqual([
    'main thread 1',
    'worker-* 2',
    'Thread-* (handle) 2',
    'io-7 1',
    'ThreadPoolExecutor-*_* 2',
    '<Greenlet at *: serve> 2',
    'thread * 2',
  ]);
  expect([...groupOf]).toEqual([0, 1, 2, 1, 3, 2, 4, 4, 5, 5, 6, 6]);
});

test('a single thread without a name is called by its number', () => {
  expect(groupThreads(threadsOf('a', null)).name).toEqual(['a', 'thread 2']);
});

test('the main thread, of which no name is recorded, has the one that people know', () => {
  const threads = threadsOf(null, 'worker');
  expect(withMainThread(threads, 1).name).toEqual(['main thread', 'worker']);
  expect(withMainThread(threads, null)).toBe(threads);
  expect(withMainThread(threads, 2)).toBe(threads);
  expect(withMainThread(threads, 9)).toBe(threads);
});

test('usage of threads that are called alike is one row', () => {
  const profile = profileOf('w-1 malloc a 0.. 10/1\nw-2 malloc a 0.. 20/1\nother malloc a 0.. 5/1', 1);
  expect(usageOfProfile(profile).threads).toMatchObject([
    { name: 'w-*', threads: 2, tid: null, peakBytes: 30, peakCount: 2, totalBytes: 30 },
    { name: 'other', threads: 1, tid: 3n, peakBytes: 5, totalBytes: 5 },
  ]);
});

test('a site is of its group, or of its own thread where threads are split', () => {
  const threads = threadsOf('w-1', 'w-2');
  const sites = { thread: Uint32Array.of(1) };
  expect(nameThreads(0, { threads, sites, splitThreads: false })).toBe('w-*');
  expect(nameThreads(0, { threads, sites, splitThreads: true })).toBe('w-2 (thread 2)');
});

test('a group is told with how many threads it is, and a single thread by its name alone', () => {
  expect(nameWithThreads({ name: 'w-*', threads: 3 })).toBe('w-* (3 threads)');
  expect(nameWithThreads({ name: 'w-1', threads: 1 })).toBe('w-1');
});
