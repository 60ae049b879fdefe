/** All rows are asked for page by page, and nothing is asked for ever. */
import { expect, test } from 'vitest';

import { askAllRows } from '../../src/api/ask-all-rows.js';

function pagesOf(held: number, rowCount: number): { asked: number[]; ask: Parameters<typeof askAllRows<number>>[0] } {
  const asked: number[] = [];
  return {
    asked,
    ask: (offset, limit) => {
      asked.push(offset);
      const rows = Array.from({ length: Math.max(0, Math.min(limit, held - offset)) }, (_, row) => offset + row);
      return Promise.resolve({ rowCount, rows });
    },
  };
}

test.each([0, 1, 1999, 2000, 2001, 5000])('%d rows come once each, in their order', async (count) => {
  const { ask, asked } = pagesOf(count, count);
  expect(await askAllRows(ask)).toEqual(Array.from({ length: count }, (_, row) => row));
  expect(asked).toHaveLength(Math.max(1, Math.ceil(count / 2000)));
});

test('a report that holds fewer rows than it counts gives those it holds', async () => {
  expect(await askAllRows(pagesOf(300, 4000).ask)).toHaveLength(300);
});

test('more rows than a spreadsheet opens are refused', async () => {
  await expect(askAllRows(pagesOf(10, 1_000_001).ask)).rejects.toThrow(RangeError);
});
