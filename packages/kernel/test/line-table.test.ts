import { encodeLineTable, instructionOffset, lineTableFamily, randomBelow, seedRandom } from '@memscope/fixtures';
import { describe, expect, it } from 'vitest';
import { expectText } from './expect-reference.js';

const VERSIONS = [12, 13];

/** One code object; each case is an instruction offset and the line that is expected there. */
function expectLines(
  python: string,
  first: number,
  table: ArrayLike<number>,
  cases: readonly [number, number][],
): void {
  const hex = Array.from(table, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const pushes = cases.map(([offset, line], at) => `push @c offset=${offset} line=${line}\nmalloc ${8 * at} 1\npop`);
  expectText([`capture python=${python}`, `code c f f.py first=${first} table=${hex}`, ...pushes].join('\n'), VERSIONS);
}

describe('lines of Python 3.9 and before', () => {
  const table = [10, 1, 200, 2, 6, 0xfe, 0, 127, 4, 127, 255, 0, 255, 0x80];

  it.each(['3.7.0', '3.9.18'])("are CPython's, with address steps of 128 and more (Python %s)", (python) => {
    expectLines(python, 10, table, [
      [0, 10],
      [9, 10],
      [10, 11],
      [209, 11],
      [210, 13],
      [216, 138],
      [219, 138],
      [220, 265],
      [475, 265],
      [729, 265],
      [730, 137],
      [1_000_000, 137],
      [-1, 0],
    ]);
  });

  it('are the first one where the table is a byte short, and none where there is no table', () => {
    expectLines('3.8.0', 5, [1], [[0, 5]]);
    expectLines('3.8.0', 5, [], [[0, 0]]);
  });
});

describe('lines of Python 3.10', () => {
  it('are read in steps of two bytes; a range without a line takes that of the one before, as in memray', () => {
    const table = [4, 0, 6, 1, 2, 0x80, 4, 0xf6, 0, 127, 2, 127];
    expectLines('3.10.13', 10, table, [
      [0, 10],
      [1, 10],
      [2, 11],
      [4, 11],
      [5, 11],
      [6, 1],
      [7, 1],
      [8, 255],
      [9, 0],
      [1_000_000, 0],
      [-2, 0],
    ]);
  });
});

describe('lines of Python 3.11 and later', () => {
  const table = [0xe8, 10, 0x87, 0x12, 0xd9, 4, 9, 0xfa, 0xf0, 0x79, 0x15, 0, 5, 0x46, 0x01];

  it.each(['3.11.0', '3.12.1', '3.13.5', '3.14.0', '3.15.0'])(
    'are read from all kinds of entries (Python %s)',
    (python) => {
      expectLines(python, 1000, table, [
        [0, 1005],
        [2, 1005],
        [16, 1005],
        [18, 1006],
        [20, 1006],
        [22, 1006],
        [26, 1006],
        [28, 306],
        [30, 0],
        [-2, 0],
      ]);
    },
  );

  it('are none behind a table that ends inside an entry', () => {
    expectLines('3.13.5', 5, [0xe8], [[2, 0]]);
    expectLines('3.13.5', 5, [0xf0, 0x41], [[2, 0]]);
  });
});

describe('tables of tens of thousands of entries', () => {
  it.each(['3.9.18', '3.10.13', '3.13.5'])('give every line, asked for in any order (Python %s)', (python) => {
    const [major = 0, minor = 0] = python.split('.').map(Number);
    const family = lineTableFamily((major << 24) | (minor << 16));
    const random = seedRandom(3);
    const lines = Array.from({ length: 20_000 }, () => 1 + randomBelow(random, 5000));
    const table = encodeLineTable(family, 100, lines);
    expect(table.length).toBeGreaterThan(40_000);
    const cases = Array.from({ length: 300 }, (_, at): [number, number] => {
      const entry = at === 0 ? lines.length - 1 : randomBelow(random, lines.length);
      return [instructionOffset(family, entry), lines[entry]!];
    });
    expectLines(python, 100, table, cases);
  });
});
