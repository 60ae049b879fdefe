/** CSV that programs read back unchanged and spreadsheets open without running anything. */
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';

import { writeCsv, type CsvCell } from '../../src/terminal/csv.js';
import { HOSTILE_NAMES } from '../hostile-profile.js';

const cellsOf = (...cells: CsvCell[]): string =>
  writeCsv({ columns: cells.map((_, index) => `c${index}`), rows: [cells] }).split('\n')[1] ?? '';

test('the titles come first, and every line ends in LF', () => {
  const rows = [
    ['main', 1],
    ['load', 2],
  ] as const;
  expect(writeCsv({ columns: ['function', 'peak_bytes'], rows })).toBe('function,peak_bytes\nmain,1\nload,2\n');
  expect(writeCsv({ columns: ['function', 'peak_bytes'], rows: [] })).toBe('function,peak_bytes\n');
});

test('commas and quotes are quoted', () => {
  expect(cellsOf('a,b', 'say "x"', 'plain')).toBe('"a,b","say ""x""",plain');
});

test('numbers are plain and exact, negative ones too; null is an empty cell', () => {
  expect(cellsOf(0, 2 ** 53 - 1, -5, 0.25, 2n ** 64n - 1n, null, '')).toBe(
    '0,9007199254740991,-5,0.25,18446744073709551615,,',
  );
});

describe('a text that starts with', () => {
  test.each(['=', '+', '-', '@', '＝', '＋', '－', '＠'])('%s is no formula any more', (sign) => {
    expect(cellsOf(`${sign}1+1`)).toBe(`'${sign}1+1`);
    expect(cellsOf(`${sign}1,"x"`)).toBe(`"'${sign}1,""x"""`);
  });

  test.each([
    ['\t=1+1', '\\t=1+1'],
    ['\r=1+1', '\\r=1+1'],
    ['\n=1+1', '\\n=1+1'],
    ['\u0000=1+1', '\\0=1+1'],
    ['\u200b=1+1', '\\u{200b}=1+1'],
  ])('%j shows that, and is no formula', (given, shown) => {
    expect(cellsOf(given)).toBe(shown);
  });
});

test('hostile names stay in their cell, and no control character is left', () => {
  const text = writeCsv({ columns: ['function'], rows: HOSTILE_NAMES.map((name) => [name]) });
  expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
  expect(text.split('\n')).toHaveLength(HOSTILE_NAMES.length + 2);
});

const python = spawnSync('python3', ['--version']).status === 0;
if (!python) process.stderr.write('cli: no python3 here, so its csv module does not check what is written\n');

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
