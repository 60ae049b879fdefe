/** CSV that programs read back unchanged and spreadsheets open without running anything. */
import { spawnSync } from 'node:child_process';
import { csvParseRows } from 'd3-dsv';
import { describe, expect, test } from 'vitest';

import { writeCsv, type CsvCell } from '../../src/text/csv.js';

const cellsOf = (...cells: CsvCell[]): string =>
  writeCsv({ columns: cells.map((_, index) => `c${index}`), rows: [cells] }).split('\n')[1] ?? '';

test('the titles come first, and every line ends in LF', () => {
  const columns = ['function', 'peak_bytes'];
  expect(
    writeCsv({
      columns,
      rows: [
        ['main', 1],
        ['load', 2],
      ],
    }),
  ).toBe('function,peak_bytes\nmain,1\nload,2\n');
  expect(writeCsv({ columns, rows: [] })).toBe('function,peak_bytes\n');
});

test('commas and quotes are quoted', () => {
  expect(cellsOf('a,b', 'say "x"', 'plain')).toBe('"a,b","say ""x""",plain');
});

test('numbers are plain and exact, negative ones too; what is not known is an empty cell', () => {
  expect(cellsOf(0, 2 ** 53 - 1, -5, 0.25, 2n ** 64n - 1n, null, Number.NaN, '')).toBe(
    '0,9007199254740991,-5,0.25,18446744073709551615,,,',
  );
});

describe('a text that starts with', () => {
  const signs = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
  test.each(signs)('%s is no formula any more', (sign) => {
    expect(cellsOf(`${sign}1+1`)).toBe(`'${sign}1+1`);
    expect(cellsOf(`${sign}1,"x"`)).toBe(`"'${sign}1,""x"""`);
  });

  test.each(signs)('spaces or tabs and then %s is none either', (sign) => {
    expect(cellsOf(` ${sign}1`)).toBe(`' ${sign}1`);
    expect(cellsOf(`\t${sign}1`)).toBe(`'\\t${sign}1`);
    expect(cellsOf(` \t \r\n${sign}1`)).toBe(`' \\t \\r\\n${sign}1`);
  });

  test.each([
    ['\u0000=1+1', "'\\0=1+1"],
    ['\u000b=1+1', "'\\x0b=1+1"],
    ['\u00a0=1+1', "'\\xa0=1+1"],
    ['\u3000=1+1', "'\\u{3000}=1+1"],
    ['\u200b=1+1', "'\\u{200b}=1+1"],
    ['\ufeff@SUM(A1)', "'\\u{feff}@SUM(A1)"],
  ])('%j shows that, and is no formula', (given, shown) => {
    expect(cellsOf(given)).toBe(shown);
  });

  test('a sign only later is left as it is', () => {
    expect(cellsOf('a=b', 'x -1', "'=1", 'operator==')).toBe("a=b,x -1,'=1,operator==");
  });
});

test('a title is no formula, whoever named it', () => {
  expect(writeCsv({ columns: ['live_bytes: x', ' =1+1'], rows: [] })).toBe("live_bytes: x,' =1+1\n");
});

test('hostile names stay in their cell, and no control and no direction-changing character is left', () => {
  const names = [
    '\u001b[31mred\u001b[0m',
    '\u009b2J\u0007clear',
    'first\nsecond\r\tthird',
    'user\u202enimda\u202c',
    'lone\ud800surrogate',
    '\u200binvisible\ufeff',
    `a,"b"\nc`,
    `${'long_'.repeat(20_000)}end`,
  ];
  const text = writeCsv({ columns: ['function'], rows: names.map((name) => [name]) });
  expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
  expect(csvParseRows(text.trimEnd())).toHaveLength(names.length + 1);
});

const python = spawnSync('python3', ['--version']).status === 0;
if (!python) process.stderr.write('model: no python3 here, so its csv module does not check what is written\n');

test.skipIf(!python)('another program reads back what was written', () => {
  const cells = ['a,b', '"', '""', 'x"y,z', 'Straße', '漢字', ' spaces ', '', "it's"];
  const input = writeCsv({ columns: cells.map((_, index) => `c${index}`), rows: [cells] });
  const script = 'import csv, json, sys; print(json.dumps(list(csv.reader(sys.stdin, strict=True))[1]))';
  const { stdout } = spawnSync('python3', ['-c', script], {
    input,
    encoding: 'utf8',
    env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
  });
  expect(JSON.parse(stdout)).toEqual(cells);
});
