/** A folder for what is needed no longer than a process lives: one that could not take its own away has it taken. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeTemporaryFolder } from '@memscope/store';
import { expect, test } from 'vitest';
import { temporaryFolder } from './sample-tables.js';

test('what a process that is dead has left is removed by the next one, what a living one has is not', () => {
  const place = join(temporaryFolder(), 'memscope');
  const own = makeTemporaryFolder(place);
  writeFileSync(join(own, 'profile'), '');
  const { pid } = spawnSync(process.execPath, ['-e', '0']);
  const dead = own.replace(`.${process.pid}-`, `.${pid}-`);
  renameSync(own, dead);
  const stranger = join(own, '..', 'stranger.1-0000000000000000.tmp');
  mkdirSync(stranger);
  const living = makeTemporaryFolder(place);
  expect([existsSync(dead), existsSync(stranger)]).toEqual([false, true]);
  makeTemporaryFolder(place);
  expect(existsSync(living)).toBe(true);
  expect(readdirSync(living)).toEqual([]);
  if (process.platform !== 'win32') expect(statSync(living).mode & 0o777).toBe(0o700);
});
