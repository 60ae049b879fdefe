/** `--measure objects`: tracked Python objects that survive, by the stack that created them, in every view that weighs. */
import { describe, expect, test } from 'vitest';

import { expectValid } from './document-schema.js';
import { runOn } from './fixture-profiles.js';

const OBJECTS = ['--measure', 'objects'];

async function documentOf(words: readonly string[]): Promise<unknown> {
  const { stdout, stderr, code } = await runOn('objects-v13', [...words, ...OBJECTS, '--json']);
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

async function survivors(): Promise<number> {
  const { stdout } = await runOn('objects-v13', ['analyze', '--json']);
  return (JSON.parse(stdout) as { totals: { objectsSurviving: number } }).totals.objectsSurviving;
}

describe('surviving objects', () => {
  test.each([
    ['tree-1', ['tree']],
    ['tree-1', ['tree', '--inverted']],
    ['table-1', ['table']],
    ['table-1', ['table', '--by', 'site']],
    ['table-1', ['table', '--by', 'allocator']],
    ['table-1', ['table', '--by', 'owner']],
    ['callers-1', ['callers', '/./']],
    ['callees-1', ['callees', '/./']],
    ['list-1', ['list', '/./']],
  ])('are all in the document %s of %j, whose bytes are null', async (schema, words) => {
    const document = (await documentOf(words)) as { selection: object };
    expectValid(schema, document);
    expect(document.selection).toMatchObject({ count: await survivors(), bytes: null, counts: true });
  });

  test('add up, heaviest first, in a table for people and in CSV', async () => {
    const { rows } = (await documentOf(['table', '-n', '100000'])) as { rows: { selfCount: number }[] };
    const counts = rows.map(({ selfCount }) => selfCount);
    expect(counts.toSorted((a, b) => b - a)).toEqual(counts);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(await survivors());
    const { stdout } = await runOn('objects-v13', ['table', ...OBJECTS]);
    expect(stdout).toMatch(
      /^Functions by objects\n {2}[\d,]+ objects, created while it was recorded and not destroyed\./,
    );
    expect(stdout).not.toMatch(/allocat|NaN|\?/);
    const csv = await runOn('objects-v13', ['table', ...OBJECTS, '--csv']);
    expect(csv.stdout).not.toContain('NaN');
  });

  test.each([
    ['mixed-v13', [], 'no lifetimes of Python objects were recorded'],
    ['objects-agg-v13', [], 'an aggregated capture does not say where its surviving objects were created'],
    ['objects-v13', ['--window', 'peak'], 'a profile does not keep when objects were created'],
    ['objects-v13', ['--filter', 'lifetime>1s'], 'a profile does not keep how long objects lived'],
  ])('of %s %j are not known, and the error says why', async (name, flags, sentence) => {
    const { stdout, stderr, code } = await runOn(name, ['tree', ...OBJECTS, ...flags]);
    expect([stdout, code]).toEqual(['', 2]);
    expect(stderr).toContain(sentence);
  });
});
