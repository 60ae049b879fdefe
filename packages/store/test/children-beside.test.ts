/** Recordings of a process's children are found beside its own, captures before profiles; those of others are not. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { childrenBeside } from '../src/children-beside.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'memscope-children-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (...names: string[]): void => names.forEach((name) => writeFileSync(join(folder, name), ''));
const found = (capture = 'a.bin'): readonly string[] =>
  childrenBeside(join(folder, 'a.bin.memscope'), capture === '-' ? '-' : join(folder, capture));

test('captures of children, by number', () => {
  put('a.bin', 'a.bin.memscope', 'a.bin.10', 'a.bin.9', 'a.bin.9.memscope', 'b.bin.9', 'a.bin.txt');
  expect(found()).toEqual(['a.bin.9', 'a.bin.10']);
  expect(found('b.bin')).toEqual(['b.bin.9']);
});

test('profiles of children, where captures are gone or came from elsewhere', () => {
  put('a.bin.memscope', 'a.bin.9.memscope');
  expect(found()).toEqual(['a.bin.9.memscope']);
  expect(found('-')).toEqual(['a.bin.9.memscope']);
  expect(childrenBeside('/no/such/a.bin.memscope', '/no/such/a.bin')).toEqual([]);
});
