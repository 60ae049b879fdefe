/** The grammar by examples: what a text is in its canonical form. */
import { describe, expect, test } from 'vitest';

import { FILTER_FIELDS } from '../../src/filter/filter-field.js';
import { FILTER_EXAMPLES, FILTER_HELP } from '../../src/filter/filter-help.js';
import { allOf, anyOf, EVERYTHING, not, numberTerm, textTerm, usesField } from '../../src/filter/filter.js';
import { formatFilter } from '../../src/filter/format-filter.js';
import { parseFilter } from '../../src/filter/parse-filter.js';
import { formatPattern, quoteName, type Pattern } from '../../src/filter/pattern.js';
import { parsePattern } from '../../src/filter/read-pattern.js';

describe('the canonical form of', () => {
  test.each([
    // Nothing.
    ['', ''],
    ['  \t\n', ''],
    ['()', ''],
    ['-()', '-()'],
    ['a ()', 'a'],
    ['a or ()', 'a or ()'],
    // Terms of text.
    ['function:load', 'function:load'],
    ['FILE:a.py', 'file:a.py'],
    ['module:"standard library"', 'module:"standard library"'],
    ['thread:"Main"', 'thread:Main'],
    ['thread:12', 'thread:12'],
    ['allocator:MALLOC', 'allocator:MALLOC'],
    ['allocator:pymalloc_malloc', 'allocator:pymalloc_malloc'],
    ['function:""', 'function:""'],
    ['function:-x', 'function:-x'],
    ['function:or', 'function:or'],
    ['file:C:\\app\\x.py', 'file:C:\\app\\x.py'],
    // Terms without a field.
    ['load', 'load'],
    ['<listcomp>', '<listcomp>'],
    ['std::vector<int>', 'std::vector<int>'],
    ['vector<int>', 'vector<int>'],
    ['operator==', 'operator=='],
    ['a->b', 'a->b'],
    ['app.py:12', 'app.py:12'],
    ['größe', 'größe'],
    ['"plain"', 'plain'],
    ['"or"', '"or"'],
    ['"AND"', '"AND"'],
    ['"-x"', '"-x"'],
    ['"!x"', '"!x"'],
    ['"size>1"', '"size>1"'],
    ['"a:b"', '"a:b"'],
    ['"foo(bar)"', '"foo(bar)"'],
    ['"/usr/lib"', '"/usr/lib"'],
    [String.raw`"say \"x\" \\ \n"`, String.raw`"say \"x\" \\ \\n"`],
    ['">=1"', '">=1"'],
    // Regular expressions.
    ['/^a b(c|d)$/', '/^a b(c|d)$/'],
    ['/A/i', '/A/i'],
    [String.raw`file:/usr\/lib/`, String.raw`file:/usr\/lib/`],
    ['/[/]x/', '/[/]x/'],
    ['//', '//'],
    [String.raw`/a\-b/`, String.raw`/a\-b/`],
    [String.raw`/\p{Lu}/`, String.raw`/\p{Lu}/`],
    // Numbers.
    ['size>=1MiB', 'size>=1MiB'],
    ['size>=1m', 'size>=1MiB'],
    ['size>=1024kib', 'size>=1MiB'],
    ['size<1.5K', 'size<1536B'],
    ['size<=1kB', 'size<=1000B'],
    ['size=2MB', 'size=2000000B'],
    ['size>1GB', 'size>1000000000B'],
    ['size>1024', 'size>1KiB'],
    ['size>0', 'size>0B'],
    ['size>1T', 'size>1TiB'],
    ['Count>100', 'count>100'],
    ['count=1e6', 'count=1000000'],
    ['count>.5', 'count>0.5'],
    ['lifetime<2s', 'lifetime<2s'],
    ['lifetime<2000ms', 'lifetime<2s'],
    ['lifetime>=90S', 'lifetime>=90s'],
    ['lifetime>=2m', 'lifetime>=2min'],
    ['lifetime>=120min', 'lifetime>=2h'],
    ['lifetime>0.5ms', 'lifetime>0.5ms'],
    // Combinations.
    ['a b', 'a b'],
    ['a or b', 'a or b'],
    ['a OR b', 'a or b'],
    ['a b or c d', 'a b or c d'],
    ['a (b or c) d', 'a (b or c) d'],
    ['(a b) or c', 'a b or c'],
    ['((a))', 'a'],
    ['(a b) c', 'a b c'],
    ['(a or b) or c', 'a or b or c'],
    ['-a', '-a'],
    ['-a b', '-a b'],
    ['-a or b', '-a or b'],
    ['-(a b)', '-(a b)'],
    ['-(a or b)', '-(a or b)'],
    ['-(a)', '-a'],
    ['--a', 'a'],
    ['-(-a)', 'a'],
    ['-function:x -size>1B', '-function:x -size>1B'],
    ['(a)(b)-c', 'a b -c'],
    ['a\u00a0b', 'a b'],
  ])('%j is %j', (text, canonical) => {
    const filter = parseFilter(text);
    expect(formatFilter(filter)).toBe(canonical);
    expect(parseFilter(canonical)).toEqual(filter);
  });
});

describe('a tree', () => {
  const a = textTerm('name', { kind: 'plain', text: 'a' });
  const b = textTerm('function', { kind: 'regex', source: 'b/', ignoreCase: true });
  const c = numberTerm('size', '>=', 1024);

  test('is what the text says', () => {
    expect(parseFilter(String.raw`a function:/b/i or -size>=1KiB`)).toEqual(
      anyOf(allOf(a, textTerm('function', { kind: 'regex', source: 'b', ignoreCase: true })), not(c)),
    );
  });

  test('made by functions has no needless levels', () => {
    expect(allOf(a)).toBe(a);
    expect(anyOf(a)).toBe(a);
    expect(allOf(a, allOf(b, c), EVERYTHING)).toEqual({ kind: 'all', filters: [a, b, c] });
    expect(anyOf(anyOf(a, b), c)).toEqual({ kind: 'any', filters: [a, b, c] });
    expect(not(not(a))).toBe(a);
    expect(formatFilter(anyOf())).toBe('-()');
  });

  test('is written so that its slashes stay within the expression', () => {
    expect(formatFilter(b)).toBe(String.raw`function:/b\//i`);
  });

  test('tells which fields it asks for', () => {
    const filter = parseFilter('a or -(count>1 lifetime<1s)');
    const fields = ['name', 'count', 'lifetime', 'size', 'file'] as const;
    expect(fields.filter((field) => usesField(filter, field))).toEqual(['name', 'count', 'lifetime']);
  });
});

describe('a pattern on its own', () => {
  test.each([
    ['load model (v2)', { kind: 'plain', text: 'load model (v2)' }],
    ['size>1', { kind: 'plain', text: 'size>1' }],
    ['-x or y', { kind: 'plain', text: '-x or y' }],
    ['"/usr/lib"', { kind: 'plain', text: '/usr/lib' }],
    ['/a b/i', { kind: 'regex', source: 'a b', ignoreCase: true }],
  ])('%j is all of the text', (text, pattern) => {
    expect(parsePattern(text)).toEqual(pattern);
    expect(parsePattern(formatPattern(parsePattern(text)))).toEqual(pattern);
  });
});

describe('the help', () => {
  test('names every field and fits into 80 columns', () => {
    for (const { name } of FILTER_FIELDS) expect(FILTER_HELP).toContain(`\n  ${name}`);
    expect(FILTER_HELP.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test.each(FILTER_EXAMPLES.map(([filter]) => filter))('has an example that is canonical: %s', (filter) => {
    expect(formatFilter(parseFilter(filter))).toBe(filter);
    expect(FILTER_HELP).toContain(filter);
  });
});

test.each(['numpy', 'a "b" c', 'back\\slash', 'or', '-x', '/re/', ')(', 'ü\n', 'x'.repeat(5000)])(
  'a name in quotes is one term that finds the name: %j',
  (name) => {
    const filter = parseFilter(`module:${quoteName(name)}`);
    expect(filter).toMatchObject({ kind: 'text', field: 'module', pattern: { kind: 'plain' } });
    const pattern = (filter as { pattern: Pattern }).pattern;
    const text = (pattern as { text: string }).text;
    expect(name.toLowerCase().startsWith(text.toLowerCase())).toBe(true);
    expect(text.length).toBe(Math.min(name.length, 200));
  },
);
