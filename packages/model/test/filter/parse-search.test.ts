import { expect, test } from 'vitest';

import { formatFilter, parseFilter, parseSearch } from '../../src/index.js';

test.each([
  ['numpy', 'numpy or library:/^numpy$/i'],
  ['"C library"', '"C library" or library:/^C library$/i'],
  ['-lib.so', '-(lib.so or library:/^lib\\.so$/i)'],
  ['numpy size>1MiB', '(numpy or library:/^numpy$/i) size>1MiB'],
  // What says where it is looked for is looked for there alone.
  ['/^numpy/ or module:numpy', '/^numpy/ or module:numpy'],
  ['', ''],
])('a search for %s is the filter %s', (text, filter) => {
  expect(formatFilter(parseSearch(text))).toBe(filter);
  expect(parseFilter(formatFilter(parseSearch(text)))).toEqual(parseSearch(text));
});
