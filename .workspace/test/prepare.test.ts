/** Setting up in one clone: one at a time, whatever became of the one before. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { prepare } from '../prepare.mjs';

const lock = join(import.meta.dirname, '../../node_modules/.cache/memscope/preparing');

afterEach(() => rmSync(lock, { force: true }));

test('nothing is left locked', async () => {
  await prepare();
  expect(existsSync(lock)).toBe(false);
});

test('the lock of a process that has ended holds nobody up', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  mkdirSync(dirname(lock), { recursive: true });
  writeFileSync(lock, String(pid));
  await prepare();
  expect(existsSync(lock)).toBe(false);
});

test('while one is at work another waits', async () => {
  writeFileSync(lock, String(process.ppid));
  let done = false;
  const waiting = prepare().then(() => (done = true));
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect({ done, holder: readFileSync(lock, 'utf8') }).toEqual({ done: false, holder: String(process.ppid) });
  rmSync(lock);
  await waiting;
  expect(done).toBe(true);
});
