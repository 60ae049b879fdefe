/** Rows of a list of a diff: which are named, and what the others add up to. */
import { describe, expect, test } from 'vitest';

import { listedRows, remarkOn, type DiffRow } from '../../src/index.js';

function row(kind: DiffRow['kind'], change: number, aboveNoise: boolean): DiffRow {
  const none = {
    function: null,
    file: null,
    line: null,
    way: null,
    from: null,
    basis: null,
    caller: null,
    suggestion: null,
  };
  return { kind, name: kind, ...none, base: 0, head: change, change, status: 'new', aboveNoise };
}

const ROWS = [row('function', 9216, true), row('objects', 2048, false), row('native', 1024, false)];

describe('the rows of a list', () => {
  test("name Python's own objects even within the noise, and say what the others add up to", () => {
    const { listed, worthy, others } = listedRows(ROWS, 10, 'peak');
    expect(listed.map(({ kind }) => kind)).toEqual(['function', 'objects']);
    expect([worthy, others]).toEqual([2, '1 other: +1.00 KiB']);
    expect(remarkOn(ROWS[1]!)).toMatch(/a sample .* which line keeps them is not known; unchanged runs may differ/);
    expect(remarkOn(ROWS[0]!)).toBeNull();
  });

  test('beyond the room there is are among the others', () => {
    expect(listedRows(ROWS, 1, 'peak').others).toBe('2 others: +3.00 KiB');
    expect(listedRows(ROWS, null, 'peak').others).toBe('1 other: +1.00 KiB');
  });

  test('are no numbers of arenas', () => {
    expect(listedRows(ROWS, 10, 'count').others).toBe('2 others: +3,072');
  });
});
