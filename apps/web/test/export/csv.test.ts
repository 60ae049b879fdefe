import { csvParseRows } from 'd3-dsv';
import { describe, expect, test } from 'vitest';

import { writeCsv } from '../../src/export/csv.js';

describe('CSV', () => {
  test('has plain and exact numbers, and an empty cell for what is not known', () => {
    expect(writeCsv(['a', 'b', 'c'], [[9007199254740991, null, Number.NaN]])).toBe('a,b,c\n9007199254740991,,\n');
  });

  test('keeps commas, quotes and line breaks within their cell', () => {
    const text = writeCsv(['name', 'bytes'], [['a,"b"\nc', 1]]);
    expect(csvParseRows(text.trimEnd())).toEqual([
      ['name', 'bytes'],
      ['a,"b"\\nc', '1'],
    ]);
  });

  test.each(['=cmd|x', '+1', '-1', '@sum', '\uff1d1', ' =1', '\u200b=1'])(
    'never starts a cell as a formula: %j',
    (name) => {
      const cell = csvParseRows(writeCsv(['x'], [[name]]).trimEnd())[1]?.[0] ?? '';
      expect(cell).not.toMatch(/^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/);
    },
  );

  test('has no control and no direction-changing character', () => {
    expect(writeCsv(['x'], [['\u0000\u001b[2J\u202etxt\r\t']])).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
  });
});
