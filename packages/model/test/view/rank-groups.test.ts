import { describe, expect, it, test } from 'vitest';

import {
  drawInvertedPaths,
  drawRows,
  findCalls,
  frameGroupsOf,
  groupSites,
  orderChildren,
  outermostOfSome,
  outermostRows,
  pathsAbove,
  rankPaths,
  select,
  sumByGroup,
  weighPaths,
  type FrameGrouping,
  type PathRanking,
  type Profile,
  type Selection,
} from '../../src/index.js';
import { profileOf } from './profile-text.js';
import { ALL_LEAKED } from './selection-requests.js';
import { EVERYTHING_DRAWN, linesOf, pathsOf } from './paths/draw-text.js';

function selectLeaked(profile: Profile, splitThreads = false): Selection {
  return select(profile, { ...ALL_LEAKED, splitThreads });
}

function rank(selection: Selection, by: FrameGrouping = 'function'): PathRanking {
  const table = pathsOf(selection, {});
  const [groupOf, count] = frameGroupsOf(selection, by);
  const outermost = outermostRows(table, orderChildren(table, null), groupOf, count);
  return rankPaths(table, weighPaths(table, selection.weights), outermost, groupOf, count);
}

const RECURSIVE = profileOf(
  `main malloc a>f>g>f>h 0.. 10/1
   main malloc a>f       0.. 5/1
   main malloc b>g       0.. 3/1
   pool malloc b>g       0.. 2/1`,
  2,
);

/** A stack on which two functions call each other again and again, and a third one at each depth. */
const DEEP = profileOf(
  Array.from({ length: 60 }, (_, depth) => `main malloc ${'a>b>'.repeat(depth + 1)}c 0.. 10/1`).join('\n'),
  2,
);

test.each([
  ['that call themselves', RECURSIVE],
  ['that call each other often', DEEP],
])('outermost calls of some functions %s are those of all', (_, profile) => {
  const selection = selectLeaked(profile);
  const table = pathsOf(selection, {});
  const children = orderChildren(table, null);
  const [groupOf, count] = frameGroupsOf(selection, 'function');
  const all = outermostRows(table, children, groupOf, count);
  for (let chosen = 1; chosen < 1 << count; chosen++) {
    const wanted = Uint8Array.from({ length: count }, (__, group) => (chosen >> group) & 1);
    const some = outermostOfSome(table, () => children, groupOf, wanted);
    expect(some.map((outer) => (wanted[outer - 1] === 1 ? outer : 0))).toEqual(
      all.map((outer) => (wanted[outer - 1] === 1 ? outer : 0)),
    );
  }
});

describe('functions', () => {
  it('count what they allocated themselves, and every path that they are on once', () => {
    const selection = selectLeaked(RECURSIVE, true);
    const { groups } = selection;
    const ranking = rank(selection);
    const rows = groups.functions.map(({ name }, row) => [
      name,
      `self ${ranking.selfBytes[row]}/${ranking.selfCount[row]}`,
      `all ${ranking.bytes[row]}/${ranking.count[row]}`,
    ]);
    expect(rows).toEqual([
      ['a', 'self 0/0', 'all 15/2'],
      ['f', 'self 5/1', 'all 15/2'],
      ['g', 'self 5/2', 'all 15/3'],
      ['h', 'self 10/1', 'all 10/1'],
      ['b', 'self 0/0', 'all 5/2'],
    ]);
  });

  it('leave what was allocated without a frame apart, so that self bytes make the whole', () => {
    const selection = selectLeaked(
      profileOf(
        `main malloc a 0.. 10/1
         main malloc - 0.. 4/2
         pool malloc - 0.. 3/1`,
        2,
      ),
      false,
    );
    const { selfBytes, bytes, count } = rank(selection);
    expect([[...selfBytes], [...bytes], [...count]]).toEqual([
      [10, 7],
      [10, 7],
      [1, 3],
    ]);
  });

  it('are ranked on deep stacks as well', () => {
    const path = Array.from({ length: 1_000 }, (_, depth) => (depth % 2 === 0 ? 'a' : 'b')).join('>');
    const selection = selectLeaked(profileOf(`main malloc ${path} 0.. 7/1`, 1));
    const { bytes, selfBytes } = rank(selection);
    expect([[...bytes], [...selfBytes]]).toEqual([
      [7, 7, 0],
      [0, 7, 0],
    ]);
  });
});

describe('the sandwich', () => {
  /** Callers and callees of the functions of these names, taken as one. */
  function sandwich(names: readonly string[]): { callers: string[]; callees: string[] } {
    const selection = selectLeaked(RECURSIVE);
    const chosen = Uint8Array.from(selection.stackTables.frames.functionName, (name) =>
      names.includes(name ?? '') ? 1 : 0,
    );
    const table = pathsOf(selection, {});
    const weights = weighPaths(table, selection.weights);
    const { outermost } = findCalls(table, chosen);
    const above = pathsAbove(table, weights, outermost);
    const root = [{ id: 0, key: table.key[0]! }];
    const children = orderChildren(table, null);
    return {
      callers: linesOf(drawInvertedPaths(above.table, above.weights, EVERYTHING_DRAWN), selection),
      callees: linesOf(drawRows(table, weights, children, [...outermost], root, EVERYTHING_DRAWN), selection),
    };
  }

  it('has callers and callees of a function, each path counted once at its outermost call', () => {
    const { callers, callees } = sandwich(['f']);
    expect(callers).toEqual(['. 15/2', '  a:1 15/2 (self 15/2)']);
    expect(callees).toEqual(['. 15/2 (self 5/1)', '  g:1 10/1', '    f:1 10/1', '      h:1 10/1 (self 10/1)']);
  });

  it('takes several functions as one', () => {
    const { callers, callees } = sandwich(['f', 'g']);
    expect(callers).toEqual(['. 20/4', '  a:1 15/2 (self 15/2)', '  b:1 5/2 (self 5/2)']);
    expect(callees[0]).toBe('. 20/4 (self 10/3)');
  });

  it('of a function that nothing goes through is empty', () => {
    expect(sandwich(['nobody'])).toEqual({ callers: ['. 0/0'], callees: ['. 0/0'] });
  });
});

describe('groups of sites', () => {
  const profile = profileOf(
    `main malloc a>/x/site-packages/numpy/core.py/f 0.. 10/1
     pool malloc a>/x/site-packages/numpy/core.py/f 0.. 20/1
     pool mmap   a                                  0.. 5/1
     main malloc -                                  0.. 1/1
     main malloc b                                  0..2 9/1`,
    2,
  );

  it.each([
    ['thread', [11, 25]],
    ['allocator', [31, 5]],
    ['module', [30, 5, 1]],
    ['site', [10, 20, 5, 1]],
  ] as const)('by %s hold every byte', (by, expected) => {
    const selection = selectLeaked(profile, true);
    expect([...sumByGroup(selection.weights.bytes, groupSites(selection, by))]).toEqual(expected);
  });

  it('join the sites of all threads when threads are merged', () => {
    const selection = selectLeaked(profile);
    expect([...sumByGroup(selection.weights.bytes, groupSites(selection, 'site'))]).toEqual([30, 5, 1]);
  });
});
