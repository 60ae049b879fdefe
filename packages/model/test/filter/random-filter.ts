/** Random filters and their parts for fast-check: text that needs quotes, bounds that lie next to each other. */
import * as fc from 'fast-check';

import {
  allOf,
  anyOf,
  EVERYTHING,
  not,
  numberTerm,
  textTerm,
  type Comparison,
  type Filter,
} from '../../src/filter/filter.js';
import { ALLOCATOR_WORDS } from '../../src/filter/match-allocators.js';
import type { Pattern } from '../../src/filter/pattern.js';

const plain = fc
  .oneof(
    fc.string({ maxLength: 12, unit: 'binary' }),
    fc.string({ maxLength: 6, unit: fc.constantFrom(...Array.from('a:<>=-!/"\\() \n.1or')) }),
    fc.constantFrom('or', 'and', 'NOT', '', 'size>1', 'main', 'load', '1', 'std::x', 'a:b', '/usr/lib', '<x>', '&&'),
  )
  .map((text): Pattern => ({ kind: 'plain', text }));
const regex = fc
  .tuple(
    fc.constantFrom('', '^m', 'o', String.raw`a\/b`, '[/ ()"]', String.raw`\d`, '(x|"| )', String.raw`\-`, 'O$'),
    fc.boolean(),
  )
  .map(([source, ignoreCase]): Pattern => ({ kind: 'regex', source, ignoreCase }));
export const pattern = fc.oneof(plain, regex);

const textFilter = fc.oneof(
  fc
    .tuple(fc.constantFrom('function', 'file', 'module', 'library', 'category', 'thread', 'name'), pattern)
    .map(([field, value]) => textTerm(field, value)),
  fc
    .oneof(
      regex,
      fc.constantFrom(...ALLOCATOR_WORDS).map((text): Pattern => ({ kind: 'plain', text })),
    )
    .map((value) => textTerm('allocator', value)),
);

export const comparison = fc.constantFrom<Comparison>('<', '<=', '=', '>=', '>');
export const amount = fc.oneof(
  fc.nat(),
  fc.constantFrom(0, 1, 7, 100, 1024, 2048, 1_048_576, 5e-324, 1.5, 60_000, 3_600_000, 2 ** 53, 1e21, 1e300),
  fc.double({ min: 0, max: 1e18, noNaN: true }),
);
const numberFilter = fc
  .tuple(fc.constantFrom('size', 'count', 'lifetime'), comparison, amount)
  .map(([field, sign, value]) => numberTerm(field, sign, value));

export const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    textFilter,
    numberFilter,
    fc.constant(EVERYTHING),
    fc.array(tie('filter'), { maxLength: 3 }).map((parts) => allOf(...parts)),
    fc.array(tie('filter'), { maxLength: 3 }).map((parts) => anyOf(...parts)),
    tie('filter').map(not),
  ),
}));
