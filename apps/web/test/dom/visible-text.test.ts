import type { FlameLabel } from '@memscope/model';
import { describe, expect, test } from 'vitest';

import { nameOf, placeOf, shortPlaceOf, visible, visibleFunction } from '../../src/dom/visible-text.js';

const label = (changes: Partial<FlameLabel>): FlameLabel => ({
  kind: 'package',
  name: 'f',
  file: '/usr/lib/python3/site-packages/pandas/core/frame.py',
  line: 12,
  library: null,
  category: null,
  module: 'pandas',
  function: null,
  ...changes,
});

describe('a name on the page', () => {
  test('shows control, bidi and invisible characters as escapes', () => {
    expect(visible('a\u202eb\u0000\n\u200b<i>')).toBe('a\\u{202e}b\\0\\n\\u{200b}<i>');
  });

  test('that is long says how much is left out, and keeps its end', () => {
    const shown = visible(`${'a'.repeat(300)}END`, 100);
    expect(shown).toMatch(/^a{70} …203 more… a{27}END$/);
  });

  test('of 100 kB is shown in a moment, and short', () => {
    const shown = visible('\u202e'.repeat(100_000), 160);
    expect(shown.length).toBeLessThan(200);
    expect(shown).toMatch(/more…$/);
  });

  test('is a question mark where it is empty', () => {
    expect(nameOf(label({ name: '' }))).toBe('?');
  });

  test('has the place of its code as people know it', () => {
    expect(placeOf(label({}))).toBe('pandas/core/frame.py:12');
    expect(placeOf(label({ line: 0 }))).toBe('pandas/core/frame.py');
    expect(placeOf(label({ kind: 'native', file: null, module: 'libc.so.6' }))).toBe('libc.so.6');
    expect(placeOf(label({ kind: 'thread' }))).toBe('');
    expect(shortPlaceOf(label({}))).toBe('frame.py:12');
    expect(shortPlaceOf(label({ file: '/app/site-packages/pandas/__init__.py' }))).toBe('pandas/__init__.py:12');
  });

  test('of a function holds its file', () => {
    expect(visibleFunction('<module>\n/x/site-packages/pandas/api.py')).toBe('<module> pandas/api.py');
    expect(visibleFunction('malloc')).toBe('malloc');
  });
});
