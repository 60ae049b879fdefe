/** What is shown to type finds the row and no other, whatever names hold: read by a shell, then as a filter. */
import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { commandOf, viewOf } from '../../src/analysis/findings/finding-view.js';
import { termOfRows } from '../../src/diff/row-term.js';
import { formatFilter } from '../../src/filter/format-filter.js';
import { matchOwners } from '../../src/filter/match-owners.js';
import { parseFilter } from '../../src/filter/parse-filter.js';
import { foldCase, testUnbounded } from '../../src/filter/pattern-tester.js';
import { OWNER_KINDS } from '../../src/tables.js';
import { printable } from '../../src/text/printable.js';

const LIBRARIES = ['numpy', 'application', 'system'];

const row = (name: string, file = `/srv/${name}.py`) => ({ kind: 'function' as const, name, file });

function filterOf(names: readonly string[], at: number): string {
  const term = termOfRows(
    [at],
    names.map((name) => row(name)),
    new Set(LIBRARIES),
  );
  return term === null ? '' : formatFilter(term);
}

/** Positions of the functions whose own memory passes. */
function found(filter: string, names: readonly string[]): number[] {
  const parsed = parseFilter(filter);
  const terms = parsed.kind === 'all' ? parsed.filters : [parsed];
  const owner = terms.find((term) => term.kind === 'text' && term.field === 'owner');
  if (owner?.kind !== 'text') return [];
  const hits = matchOwners(
    owner.pattern,
    {
      attributions: LIBRARIES.map((library) => ({ library, category: 'math' })),
      ofSite: new Int32Array(names.length),
      functions: {
        kind: Uint8Array.from(names, () => OWNER_KINDS.indexOf('function')),
        functionName: [...names],
        file: names.map((name) => `/srv/${name}.py`),
      },
      functionOf: Uint32Array.from(names.keys()),
    },
    testUnbounded,
  );
  return [...hits.keys()].filter((at) => hits[at] === 1);
}

const name = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12, unit: 'binary' }),
  fc.string({
    minLength: 1,
    maxLength: 8,
    unit: fc.constantFrom(...Array.from('a\'"\\`$!*?[]{}()|&;<>#~%= \n\r\t\u{1b}\u202e\0u{1b}é名')),
  }),
  fc.constantFrom(
    'load',
    'load_rows',
    'Load',
    '<module>',
    '--base',
    'a --filter b',
    '-x',
    '\\u{41}',
    '/a/',
    'or',
    '$(id)',
    '::error::x',
    'a:b',
  ),
);

test('the row of the name and, since filters do, of those that differ in case alone', () => {
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 6 }), (names) => {
      for (const [at, each] of names.entries()) {
        const filter = filterOf(names, at);
        expect(printable(filter)).toBe(filter);
        const expected = [...names.keys()].filter((other) => foldCase(names[other]!) === foldCase(each));
        expect([filter, found(filter, names)]).toEqual([filter, expected]);
      }
    }),
  );
});

test('a POSIX shell takes the command for the words that were meant', () => {
  const filters = fc.sample(name, { numRuns: 200, seed: 1 }).map((each) => filterOf([each], 0));
  const commands = filters.map((filter) => commandOf(viewOf('tree', { filter }), ["/srv/it's a.bin"]));
  const script = commands.map((command) => command.replace(/^memscope /, "printf '%s\\0' ")).join('\n');
  const words = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
  expect(words).toEqual(filters.flatMap((filter) => ['tree', "/srv/it's a.bin", '--filter', filter]));
});

describe('the term of', () => {
  test('a very long name is its beginning, as long as it has to be to find no other', () => {
    const long = 'x'.repeat(5000);
    expect(filterOf([long, 'load'], 0)).toBe(`owner:${'x'.repeat(58)}`);
    const names = [`${'x'.repeat(100)}a`, `${'x'.repeat(100)}b`];
    expect(found(filterOf(names, 0), names)).toEqual([0]);
    expect(filterOf(['\u{1b}'.repeat(65_000)], 0).length).toBeLessThan(2100);
  });

  test('one of several functions of a name has the file', () => {
    const rows = [row('<module>', '/srv/a.py'), row('<module>', '/srv/b b.py')];
    expect(formatFilter(termOfRows([1], rows, new Set())!)).toBe('owner:<module> file:"b b.py"');
  });

  test('memory that moved names where it was, and a name that both have once', () => {
    const rows = [
      row('keep', '/srv/a.py'),
      row('make', '/srv/a.py'),
      row('keep', '/srv/b.py'),
      row('keep', '/srv/c.py'),
    ];
    expect(formatFilter(termOfRows([0, 1], rows.slice(0, 2), new Set())!)).toBe('owner:keep or owner:make');
    expect(formatFilter(termOfRows([0, 2], rows.slice(0, 3), new Set())!)).toBe('owner:keep');
    expect(formatFilter(termOfRows([0, 2], rows, new Set())!)).toBe('owner:keep file:a.py or owner:keep file:b.py');
  });

  test('a function that is called like a library is told by its frames', () => {
    expect(filterOf(['numpy'], 0)).toBe('function:numpy');
  });

  test("arenas of Python's objects is their name; the import system and what is reserved have none", () => {
    const term = (kind: 'objects' | 'imports' | 'reserved') =>
      termOfRows([0], [{ kind, name: 'x y', file: null }], new Set());
    expect(formatFilter(term('objects')!)).toBe('owner:"x y"');
    expect([term('imports'), term('reserved')]).toEqual([null, null]);
  });
});
