/** What a function does for its callers now, or they for themselves again, is a shift and no growth. */
import { describe, expect, test } from 'vitest';

import { findShifts, type FlowOf } from '../../src/diff/find-shifts.js';

const MIB = 2 ** 20;
const [FULL, THUMBNAIL, HELPER, OTHER] = [0, 1, 2, 3];

/** By row how much it changed; `flows`: by callee and caller how much more it holds below that one. */
function shiftsOf(
  changes: readonly number[],
  flows: readonly (readonly [callee: number, caller: number, more: number])[],
): string[] {
  const rows = changes.map((change, row) => ({ row, change, aboveNoise: true })).filter(({ change }) => change !== 0);
  const flowOf: FlowOf = (row, isCaller) =>
    new Map(flows.flatMap(([callee, caller, more]) => (callee === row && isCaller(caller) ? [[caller, more]] : [])));
  return findShifts(rows, flowOf).map(({ from, to, amount }) => `${from.row} to ${to.row} ${amount}`);
}

describe('a helper', () => {
  test('that was extracted has taken from its callers what they allocate less', () => {
    const flows = [
      [HELPER, FULL, 20 * MIB],
      [HELPER, THUMBNAIL, 4 * MIB],
    ] as const;
    expect(shiftsOf([-20 * MIB, -4 * MIB, 24 * MIB], flows)).toEqual([
      `${FULL} to ${HELPER} ${20 * MIB}`,
      `${THUMBNAIL} to ${HELPER} ${4 * MIB}`,
    ]);
  });

  test('that was inlined has left it to them', () => {
    const flows = [[HELPER, FULL, -20 * MIB]] as const;
    expect(shiftsOf([20 * MIB, 0, -24 * MIB], flows)).toEqual([`${HELPER} to ${FULL} ${20 * MIB}`]);
  });

  test('and another one may share what a caller allocates less', () => {
    const flows = [
      [HELPER, FULL, 15 * MIB],
      [OTHER, FULL, 5 * MIB],
    ] as const;
    expect(shiftsOf([-20 * MIB, 0, 15 * MIB, 5 * MIB], flows)).toEqual([
      `${FULL} to ${HELPER} ${15 * MIB}`,
      `${FULL} to ${OTHER} ${5 * MIB}`,
    ]);
  });

  test('that allocates more than its callers did has grown', () => {
    expect(shiftsOf([-20 * MIB, 0, 30 * MIB], [[HELPER, FULL, 30 * MIB]])).toEqual([]);
  });

  test('has taken nothing where small sizes agree by chance', () => {
    expect(shiftsOf([-2000, 0, 2000], [[HELPER, FULL, 2000]])).toEqual([]);
  });
});
