/** Names out of a stranger's capture in a comment of a pull request: text, and nothing else. */
import { describe, expect, test } from 'vitest';

import { code, escapeText } from '../../src/diff/diff-markdown.js';

/** As GitHub finds the cells of a row: an escaped character is none of its bars. */
const barsOf = (cell: string): number => cell.replaceAll(/\\./g, '').split('|').length - 1;

const NAMES = ['a|b', 'a\\|b', 'a\\\\|b', 'a\\\\\\|`b`', '``|``', '|\\', '\\|@team', '<img src=x>\\|', 'a\n|b'];

describe('a name in a cell', () => {
  test.each(NAMES)('does not end it: %j', (name) => {
    expect(barsOf(code(name))).toBe(0);
    expect(barsOf(escapeText(name))).toBe(0);
    expect(code(name)).not.toContain('\n');
  });

  test('is a code span, or HTML with nothing but text in it', () => {
    expect(code('a|`b`')).toBe('`` a\\|`b` ``');
    expect(code('<b>\\|@x')).toBe('<code>\\<b\\>\\\\\\|@<!-- -->x</code>');
  });
});

test('text links to nothing and calls nobody', () => {
  expect(escapeText('@team sees #12 at https://x.y or www.x.y')).toBe(
    '@<!-- -->team sees #<!-- -->12 at https:<!-- -->//x.y or www.<!-- -->x.y',
  );
  expect(escapeText('[a](b) *c* <d> &amp; `e`')).toBe('\\[a\\](b) \\*c\\* \\<d\\> \\&amp; \\`e\\`');
});
