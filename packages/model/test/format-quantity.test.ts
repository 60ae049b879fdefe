/** Numbers as people read them. */
import { expect, test } from 'vitest';

import { countNoun, formatBytes, formatCount, formatDuration, formatShare } from '../src/analysis/format-quantity.js';

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.00 KiB'],
  [1536, '1.50 KiB'],
  [10_235, '10.0 KiB'],
  [102_400, '100 KiB'],
  [1023 * 1024, '0.999 MiB'],
  [37_439_073, '35.7 MiB'],
  [2 ** 40, '1.00 TiB'],
  [2 ** 63, '8.00 EiB'],
  [-3_355_443, '-3.20 MiB'],
  [Number.NaN, '?'],
])('%d bytes read %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0, '0'],
  [999, '999'],
  [1_187_193, '1,187,193'],
])('%d allocations read %s', (count, text) => {
  expect(formatCount(count)).toBe(text);
});

test.each([
  [0, 10, '0%'],
  [10, 10, '100%'],
  [9_999_999, 10_000_000, '>99.9%'],
  [1, 10_000_000, '<0.1%'],
  [1, 3, '33.3%'],
  [1, 0, '–'],
])('%d of %d reads %s', (part, whole, text) => {
  expect(formatShare(part, whole)).toBe(text);
});

test.each([
  [0, '0 ms'],
  [0.191, '0.19 ms'],
  [43, '43 ms'],
  [3_812, '3.81 s'],
  [59_940, '59.9 s'],
  [59_990, '1 min'],
  [252_000, '4 min 12 s'],
  [7_500_000, '2 h 5 min'],
  [86_400_000 * 3, '3 d'],
])('%d milliseconds read %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});

test.each([
  [0, '0 entries'],
  [1, '1 entry'],
  [1_505, '1,505 entries'],
])('%d of a noun reads %s', (count, text) => {
  expect(countNoun(count, 'entry', 'entries')).toBe(text);
});
