import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortByNumber, sortBySize } from '../../src/diff/sort-columns.js';

describe('rows in the order of their numbers', () => {
  it('are those of a stable comparison', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(6)), (numbers) => {
        const { starts, order } = sortByNumber(Uint32Array.from(numbers), 7);
        expect([...order]).toEqual([...numbers.keys()].sort((a, b) => numbers[a]! - numbers[b]!));
        for (let number = 0; number < 7; number++) {
          const rows = [...order.subarray(starts[number], starts[number + 1])];
          expect(rows).toEqual([...numbers.keys()].filter((row) => numbers[row] === number));
        }
      }),
    );
  });

  it('keep the order that they came in where sizes are equal', () => {
    const sizes = fc.oneof(fc.nat(3), fc.maxSafeNat());
    fc.assert(
      fc.property(fc.array(sizes), (of) => {
        const before = [...of.keys()].reverse();
        const order = sortBySize(Float64Array.from(of), Uint32Array.from(before));
        expect([...order]).toEqual([...before].sort((a, b) => of[a]! - of[b]!));
      }),
    );
  });
});
