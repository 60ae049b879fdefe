/** Whether two sides of repetitions differ, or only as repetitions do. */
import { describe, expect, test } from 'vitest';

import { rangeOf, tellApart } from '../../src/diff/repetitions.js';

describe('two sides', () => {
  test('differ where their ranges do not touch, and cannot be told apart where they do', () => {
    expect(tellApart([20, 21, 22], [23, 24, 25])).toBe(true);
    expect(tellApart([20, 21, 23], [23, 24, 25])).toBe(false);
  });

  test('of one run each cannot tell', () => {
    expect(tellApart([20], [30])).toBeNull();
    expect(tellApart([20], [20])).toBeNull();
  });

  test('of which one is a single run differ by noise where it lies within the other', () => {
    expect(tellApart([20, 20, 20, 22, 22], [22])).toBe(false);
    expect(tellApart([20, 20, 20, 22, 22], [23])).toBeNull();
    expect(tellApart([21], [20, 22])).toBe(false);
  });

  test('differ although one odd run of many lies where the other side does', () => {
    expect(tellApart([24.6, 24.6, 44.1, 24.6, 24.6], [34, 34, 34])).toBe(true);
    expect(tellApart([24.6, 24.6, 44.1, 24.6, 24.6], [34])).toBeNull();
    // Of three nobody knows which one is odd.
    expect(tellApart([20, 20, 80], [79, 79, 79])).toBe(false);
  });

  test('that have enough runs are told apart by their ranks where ranges touch', () => {
    const base = [20, 21, 20, 22, 21, 23, 20, 25];
    const head = [24, 26, 27, 25, 28, 26, 27, 29];
    expect(tellApart(base, head)).toBe(true);
    expect(tellApart(base.slice(-4), head.slice(0, 4))).toBe(false);
    expect(tellApart(base, [20, 21, 22, 25, 21, 23, 20, 22])).toBe(false);
  });
});

test('a range leaves out at most one run in four that lies far from the others', () => {
  expect(rangeOf([20, 80, 20, 20])).toEqual({ least: 20, most: 20 });
  expect(rangeOf([20, 21, 80, 20, 5, 22, 21, 20])).toEqual({ least: 20, most: 22 });
  expect(rangeOf([20, 21, 22, 20, 21, 22, 44, 44, 44, 20, 21, 22])).toEqual({ least: 20, most: 22 });
  expect(rangeOf([10, 11, 20, 21])).toEqual({ least: 10, most: 21 });
  expect(rangeOf([20, 21, 22, 23, 24])).toEqual({ least: 20, most: 24 });
  expect(rangeOf([20, 21, 20, 22, 90])).toEqual({ least: 20, most: 22 });
  expect(rangeOf([1, 21, 20, 22, 22])).toEqual({ least: 20, most: 22 });
  expect(rangeOf([20, 21, 20, 90, 90])).toEqual({ least: 20, most: 90 });
  expect(rangeOf([20, 21, 90])).toEqual({ least: 20, most: 90 });
});
