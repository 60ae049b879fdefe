/** One of a thing is told as one, in every command. */
import { readFileSync, readdirSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';

import { isBuilt } from './built-cli.js';
import { runOnDisk, useFolder, writeCapture } from './views/captures-on-disk.js';

/** A number that is one, before a plural; what ends in s without being one is no noun. */
const ONE_OF_MANY = /(?<![\d.,:#/-])1 (?!is\b|was\b|has\b|does\b|less\b|this\b|s\b|ms\b)[a-z]+s\b/;

const ONE = `
capture v13 start=1767323045000 end=1767323046000 command="one.py" main_tid=1
thread 1 "MainThread"
memory t=0 rss=1000000
push main /srv/one.py:1 entry
malloc 0x1000 20000000
memory t=500 rss=30000000
`;

const COMMANDS: readonly (readonly [string, ...string[]])[] = [
  ['analyze', '-v'],
  ['tree', '-n', '1'],
  ['tree', '--inverted'],
  ['table'],
  ['table', '--by', 'thread'],
  ['table', '--by', 'site'],
  ['table', '--by', 'owner'],
  ['callers', 'main'],
  ['callees', 'main'],
  ['list', 'main'],
  ['timeline'],
  ['timeline', '--by', 'thread'],
  ['leaks'],
  ['leaks', '--warm-up', '0%'],
];

describe.skipIf(!isBuilt())('one allocation', () => {
  const folder = useFolder();
  let one = '';
  beforeAll(() => {
    one = writeCapture(folder, 'one', ONE);
  });

  test.each(COMMANDS.map((words) => [words] as const))('is one: %j', async (words) => {
    const [command, ...args] = words;
    const { code, stdout } = await runOnDisk([command, one, ...args]);
    expect(code).toBe(0);
    expect(stdout.split('\n').filter((line) => ONE_OF_MANY.test(line))).toEqual([]);
  });

  test('is one in a comparison', async () => {
    const { stdout } = await runOnDisk(['diff', one, one]);
    expect(stdout.split('\n').filter((line) => ONE_OF_MANY.test(line))).toEqual([]);
  });
});

test('no expected output says one of many', () => {
  const folder = new URL('expected/', import.meta.url);
  const lines = readdirSync(folder).flatMap((name) => readFileSync(new URL(name, folder), 'utf8').split('\n'));
  expect(lines.length).toBeGreaterThan(1000);
  expect(lines.filter((line) => ONE_OF_MANY.test(line))).toEqual([]);
  expect('in 1 allocations'.match(ONE_OF_MANY)).not.toBeNull();
});
