import { parseFilter, type Pattern } from '@memscope/model';
import { expect, test } from 'vitest';

import { quoteForFilter } from '../../src/state/quote-for-filter.js';

test.each(['numpy', 'a "b" c', 'back\\slash', 'or', '-x', '/re/', ')(', 'ü\n', 'x'.repeat(5000)])(
  'a name in quotes is one term that finds the name: %j',
  (name) => {
    const filter = parseFilter(`module:${quoteForFilter(name)}`);
    expect(filter).toMatchObject({ kind: 'text', field: 'module', pattern: { kind: 'plain' } });
    const pattern = (filter as { pattern: Pattern }).pattern;
    const text = (pattern as { text: string }).text;
    expect(name.toLowerCase().startsWith(text.toLowerCase())).toBe(true);
    expect(text.length).toBe(Math.min(name.length, 200));
  },
);
