/** What is no filter: where the carets stand, and what the message says. */
import { describe, expect, test } from 'vitest';

import { FilterError } from '../../src/filter/filter-error.js';
import { parseFilter } from '../../src/filter/parse-filter.js';
import { parsePattern } from '../../src/filter/read-pattern.js';
import { pointAtFilterError, type TextDisplay } from '../../src/filter/point-at-filter-error.js';

const PLAIN: TextDisplay = { width: 200, show: (text) => text, measure: (shown) => shown.length };

function errorOf(run: () => unknown): FilterError {
  try {
    run();
  } catch (error) {
    if (error instanceof FilterError) return error;
    throw error;
  }
  throw new Error('no error');
}

describe('an error points at its place:', () => {
  test.each([
    ['a funcion:x', '  ^^^^^^^', 'no field is called "funcion": did you mean function:NAME?'],
    ['func:x', '^^^^', 'did you mean function:NAME?'],
    [
      'colour:x',
      '^^^^^^',
      'there are function, file, line, module, library, category, application, owner, thread, allocator, size, count, lifetime',
    ],
    ['name:x', '^^^^', 'no field is called "name"'],
    ['function:', '^^^^^^^^^', 'nothing behind function:'],
    ['function: x', '^^^^^^^^^', 'no space'],
    ['-function:)', ' ^^^^^^^^^', 'nothing behind function:'],
    ['function=x', '^^^^^^^^^', 'function:NAME'],
    ['size:1', '^^^^^', 'size>=1MiB'],
    ['size>', '^^^^^', 'nothing behind size>'],
    ['size >= 1MiB', '     ^^', 'no spaces'],
    ['size >=1MiB', '     ^^^^^^', 'no spaces'],
    ['size>=1XB', '      ^^^', 'none of B, KiB'],
    ['size>=1constructor', '      ^^^^^^^^^^^^', 'none of B, KiB'],
    ['size>=MiB', '      ^^^', 'not a number'],
    ['size>=1,000', '      ^^^^^', 'not a number'],
    ['size==1', '     ^^', 'not a number'],
    ['size>-1', '     ^^', 'not a number'],
    ['size>1e999', '     ^^^^^', 'too large'],
    ['siez>1', '^^^^', 'did you mean size>=1MiB?'],
    ['count>10k', '      ^^^', 'plain number'],
    ['lifetime<2', '         ^', 'ms, s, min or h'],
    ['lifetime<2d', '         ^^', 'none of ms, s, min, h'],
    ['allocator:mallok', '          ^^^^^^', 'did you mean malloc?'],
    ['allocator:jemalloc', '          ^^^^^^^^', 'did you mean'],
    ['allocator:"my own"', '          ^^^^^^^^', 'there are'],
    ['a or', '  ^^', 'nothing behind or'],
    ['a or or b', '  ^^', 'nothing behind or'],
    ['or a', '^^', 'nothing before or'],
    ['(or a)', ' ^^', 'nothing before or'],
    ['(a or)', '   ^^', 'nothing behind or'],
    ['a and b', '  ^^^', 'side by side'],
    ['a AND b', '  ^^^', 'write "AND"'],
    ['a && b', '  ^^', 'side by side'],
    ['a || b', '  ^^', 'write or'],
    ['not a', '^^^', 'write -'],
    ['!a', '^', 'write -'],
    ['a - b', '  ^', 'directly before'],
    ['a -', '  ^', 'directly before'],
    ['(-)', ' ^', 'directly before'],
    ['a (b (c) d', '  ^', 'not closed'],
    ['a) b', ' ^', 'closes nothing'],
    ['foo(bar)', '   ^', 'needs quotes'],
    ['foo"bar"', '   ^', 'space is missing'],
    ['function:"a"b', '            ^', 'space is missing'],
    ['/a/(b)', '   ^', 'needs quotes'],
    ['size>1(a)', '      ^', 'needs quotes'],
    ['x "abc', '  ^', 'not closed'],
    [String.raw`"abc\"`, '^', 'not closed'],
    ['file:/app', '     ^', 'for a path write "/app"'],
    ['file:/usr/lib/x.py', '          ^^^^^^^^', 'for a path write "/usr/lib/x.py"'],
    ['/a/g', '   ^', 'only the letter i'],
  ])('%s', (text, carets, words) => {
    const error = errorOf(() => parseFilter(text));
    expect(pointAtFilterError(error, PLAIN)).toEqual([text, carets]);
    expect(error.message).toContain(words);
    expect([error.name, error.code, error.filter]).toEqual(['FilterError', 'syntax', text]);
  });

  test.each([
    ['a /(b/', '  ^^^^', ''],
    ['file:/*/i', '     ^^^^', ''],
    [String.raw`/\p{Nothing}/`, '^^^^^^^^^^^^^', ''],
    ['/(?i)x/', '^^^^^^^', 'write /…/i'],
  ])('%s, which is no regular expression', (text, carets, words) => {
    const error = errorOf(() => parseFilter(text));
    expect(pointAtFilterError(error, PLAIN)).toEqual([text, carets]);
    expect(error.code).toBe('pattern');
    expect(error.message).toMatch(/^not a regular expression: \S/);
    expect(error.message).toContain(words);
  });

  test.each([
    ['', ''],
    ['/usr/lib/x.py', '     ^^^^^^^^'],
    ['/a/ b', '   ^^'],
    ['"a', '^'],
    ['/(/', '^^^'],
  ])('the pattern %j', (text, carets) => {
    const error = errorOf(() => parsePattern(text));
    expect(pointAtFilterError(error, PLAIN)).toEqual([text, carets || '^']);
  });
});

describe('bounds', () => {
  test.each([
    ['characters', 'x'.repeat(10_001), 10_000, 1],
    ['characters of 10,000 parentheses', '('.repeat(10_000) + ')'.repeat(10_000), 10_000, 10_000],
    ['levels', `${'('.repeat(101)}a${')'.repeat(101)}`, 100, 1],
    ['levels, not closed', '('.repeat(10_000), 100, 1],
    ['levels of not', `${'-'.repeat(101)}a`, 100, 1],
    ['terms', 'a '.repeat(201), 400, 1],
    ['lifetimes', 'lifetime>1s '.repeat(17), 16 * 12, 11],
  ])('on %s are errors where they are passed', (_, text, position, length) => {
    const error = errorOf(() => parseFilter(text));
    expect([error.code, error.position, error.length]).toEqual(['syntax', position, length]);
  });

  test.each([
    ['characters', 'x'.repeat(10_000)],
    ['levels', `${'('.repeat(100)}a${')'.repeat(100)}`],
    ['terms', 'a '.repeat(200)],
    ['lifetimes', 'lifetime>1s '.repeat(16)],
  ])('on %s may be reached', (_, text) => {
    expect(() => parseFilter(text)).not.toThrow();
  });

  test('on patterns are those on filters', () => {
    expect(errorOf(() => parsePattern('x'.repeat(10_001))).position).toBe(10_000);
  });
});

describe('a line that is too wide', () => {
  const ys = 'y '.repeat(50);
  test.each([
    ['at its start', `funcion:x ${ys}`, 0, 7, 'funcion:x y y y y y…', '^^^^^^^'],
    ['at its end', `${ys}or`, 100, 2, '… y y y y y y y y or', '                  ^^'],
    ['behind its end', ys, 100, 0, '…y y y y y y y y y ', '                   ^'],
    ['in its middle', `${ys}and ${ys}`, 100, 3, '…y y y y and y y y …', '         ^^^'],
    ['that is all of it', 'x'.repeat(100), 0, 100, 'xxxxxxxxxxxxxxxxxxx…', '^^^^^^^^^^^^^^^^^^^^'],
    ['that is long', `${ys}${'x'.repeat(100)} ${ys}`, 100, 100, '…y y xxxxxxxxx… y y…', '     ^^^^^^^^^^'],
  ])('is cut around a place %s', (_, filter, position, length, line, carets) => {
    const place = { filter, position, length };
    expect(pointAtFilterError(place, { ...PLAIN, width: 20 })).toEqual([line, carets]);
  });
});

test('carets stand beneath what is shown, with escapes and wide letters', () => {
  const display: TextDisplay = {
    width: 80,
    show: (text) => text.replaceAll('\u001b', '\\x1b'),
    measure: (shown) => Array.from(shown).reduce((sum, letter) => sum + (letter >= '\u3000' ? 2 : 1), 0),
  };
  const error = errorOf(() => parseFilter('\u001b[31m 関数 funcion:x'));
  expect(pointAtFilterError(error, display)).toEqual(['\\x1b[31m 関数 funcion:x', `${' '.repeat(14)}^^^^^^^`]);
});

test('an error of a megabyte is shown at once', () => {
  const error = errorOf(() => parseFilter('\u001b\u0301😀'.repeat(250_000)));
  const [line, carets] = pointAtFilterError(error, {
    ...PLAIN,
    width: 100,
    show: (text) => text.replaceAll('\u001b', '\\x1b'),
  });
  expect(line.length).toBeLessThanOrEqual(100);
  expect(carets.length).toBeLessThanOrEqual(100);
  expect(carets).toContain('^');
});
