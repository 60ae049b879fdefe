/** What users name: files, folders, patterns, standard input, profiles. */
import { mkdirSync, symlinkSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { copyCapture } from '@memscope/fixtures';
import { profileBeside } from '@memscope/store';

import { expandInputs } from '../src/index.js';
import { scratchFolder, writeCapture } from './scratch-folder.js';

/** Two captures (raw, packed), a fork's, a profile, notes, and a folder with a capture. */
function library(): string {
  const folder = scratchFolder();
  copyCapture(folder, 'mixed-raw-v13', 'b.bin');
  copyCapture(folder, 'mixed-v13', 'a.bin');
  copyCapture(folder, 'fork-v8.bin.15416', 'a.bin.15416');
  writeCapture(folder, 'a.bin.memscope', 'SQLite format 3\0');
  writeCapture(folder, 'notes.txt', 'memories');
  writeCapture(folder, 'empty.bin', '');
  copyCapture(join(folder, 'inner'), 'mixed-v13', 'c.bin');
  mkdirSync(join(folder, 'none'));
  return folder;
}

async function expand(folder: string, ...args: string[]): Promise<{ paths: string[]; failures: [string, string][] }> {
  const { paths, failures } = await expandInputs(args);
  return {
    paths: paths.map((path) => (path.startsWith(folder) ? relative(folder, path) : path)),
    failures: failures.map(({ path, code }) => [relative(folder, path), code]),
  };
}

test('a folder stands for the captures in it, by their first bytes, without the folders below', async () => {
  const folder = library();
  expect(await expand(folder, folder)).toEqual({ paths: ['a.bin', 'a.bin.15416', 'b.bin'], failures: [] });
});

test('a pattern stands for the captures that fit, also in folders below', async () => {
  const folder = library();
  expect((await expand(folder, join(folder, '*.bin'))).paths).toEqual(['a.bin', 'b.bin']);
  expect((await expand(folder, join(folder, '**/[a-c].bin'))).paths.sort()).toEqual(['a.bin', 'b.bin', 'inner/c.bin']);
  const here = relative(process.cwd(), folder);
  expect((await expandInputs([join(here, '?.bin')])).paths.map((path) => relative(folder, path))).toEqual([
    'a.bin',
    'b.bin',
  ]);
});

test('a file named like a pattern is that file', async () => {
  const folder = scratchFolder();
  const path = copyCapture(folder, 'mixed-v13', 'run[1].bin');
  expect((await expand(folder, path)).paths).toEqual(['run[1].bin']);
});

test('files and standard input stay as they are, whatever they hold', async () => {
  const folder = library();
  const args = ['-', join(folder, 'notes.txt'), join(folder, 'missing.bin'), join(folder, 'a.bin.memscope')];
  expect((await expandInputs(args)).paths).toEqual(args);
});

test('a profile whose name is a digest of a very long one does not come beside its capture', async () => {
  const folder = scratchFolder();
  const capture = copyCapture(folder, 'mixed-v13', `${'l'.repeat(240)}.bin`);
  const profile = profileBeside(capture);
  writeCapture(folder, basename(profile), 'SQLite format 3\0');
  expect(await expand(folder, capture, profile)).toEqual({ paths: [basename(capture)], failures: [] });
});

test('what is named twice comes once, and a profile not beside its capture', async () => {
  const folder = library();
  const { paths } = await expand(folder, '-', join(folder, 'a.bin'), folder, '-', join(folder, 'a.bin.memscope'));
  expect(paths).toEqual(['-', 'a.bin', 'a.bin.15416', 'b.bin']);
});

test('folders and patterns without a capture fail on their own', async () => {
  const folder = library();
  expect(await expand(folder, join(folder, 'none'), join(folder, 'a.bin'), join(folder, '*.gz'))).toEqual({
    paths: ['a.bin'],
    failures: [
      ['none', 'isDirectory'],
      ['*.gz', 'notFound'],
    ],
  });
});

test('links to captures count, dangling ones and special files do not', async () => {
  const folder = scratchFolder();
  symlinkSync(copyCapture(join(folder, 'inner'), 'mixed-v13'), join(folder, 'link.bin'));
  symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling.bin'));
  expect((await expand(folder, folder)).paths).toEqual(['link.bin']);
});
