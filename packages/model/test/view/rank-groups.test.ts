import { describe, expect, it } from 'vitest';

import { groupSites, rankGroups, sandwich, select, sumByGroup, type Profile, type Selection } from '../../src/index.js';
import { profileOf } from './profile-text.js';
import { ALL_LEAKED } from './selection-requests.js';
import { drawTree } from './tree-text.js';

function selectLeaked(profile: Profile, mergeThreads = true): Selection {
  return select(profile, { ...ALL_LEAKED, mergeThreads });
}

const RECURSIVE = profileOf(
  `main malloc a>f>g>f>h 0.. 10/1
   main malloc a>f       0.. 5/1
   main malloc b>g       0.. 3/1
   pool malloc b>g       0.. 2/1`,
  2,
);

describe('functions', () => {
  it('count what they allocated themselves, and every path that they are on once', () => {
    const selection = selectLeaked(RECURSIVE, false);
    const { groups } = selection;
    const ranking = rankGroups(selection.tree(), groups.functionOf, groups.functions.length);
    const rows = Array.from(ranking.group, (group, row) => [
      groups.functions[group]!.name,
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
    const { groups } = selection;
    const ranking = rankGroups(selection.tree(), groups.functionOf, groups.functions.length);
    expect([[...ranking.selfBytes], ranking.frameless]).toEqual([[10], { bytes: 7, count: 3 }]);
  });

  it('are ranked on deep stacks as well', () => {
    const path = Array.from({ length: 1_000 }, (_, depth) => (depth % 2 === 0 ? 'a' : 'b')).join('>');
    const selection = selectLeaked(profileOf(`main malloc ${path} 0.. 7/1`, 1));
    const { groups } = selection;
    const { bytes, selfBytes } = rankGroups(selection.tree(), groups.functionOf, groups.functions.length);
    expect([[...bytes], [...selfBytes]]).toEqual([
      [7, 7],
      [0, 7],
    ]);
  });
});

describe('the sandwich', () => {
  it('has callers and callees of a function, each path counted once at its outermost call', () => {
    const selection = selectLeaked(RECURSIVE);
    const { frames } = selection.stackTables;
    const f = Uint8Array.from(frames.functionName, (name) => (name === 'f' ? 1 : 0));
    const { callers, callees, bytes, count, selfBytes, selfCount } = sandwich(selection.tree(), f);
    expect([bytes, count, selfBytes, selfCount]).toEqual([15, 2, 5, 1]);
    expect(drawTree(callers, RECURSIVE)).toEqual(['. 15/2', '  a:1 15/2 (self 15/2)']);
    expect(drawTree(callees, RECURSIVE)).toEqual([
      '. 15/2 (self 5/1)',
      '  g:1 10/1',
      '    f:1 10/1',
      '      h:1 10/1 (self 10/1)',
    ]);
  });

  it('takes several functions as one', () => {
    const selection = selectLeaked(RECURSIVE);
    const chosen = Uint8Array.from(selection.stackTables.frames.functionName, (name) =>
      name === 'f' || name === 'g' ? 1 : 0,
    );
    const { callers, callees } = sandwich(selection.tree(), chosen);
    expect(drawTree(callers, RECURSIVE)).toEqual(['. 20/4', '  a:1 15/2 (self 15/2)', '  b:1 5/2 (self 5/2)']);
    expect(drawTree(callees, RECURSIVE)[0]).toBe('. 20/4 (self 10/3)');
  });
});

describe('the part of the tree that goes through some frames', () => {
  it('has the same numbers for their functions as the whole tree, and nothing else', () => {
    const selection = selectLeaked(RECURSIVE, false);
    const { functionName } = selection.stackTables.frames;
    const g = Uint8Array.from(functionName, (name) => (name === 'g' ? 1 : 0));
    expect(drawTree(selection.treeThrough(g), RECURSIVE)).toEqual([
      '. 15/3',
      '  [main] 13/2',
      '    a:1 10/1',
      '      f:1 10/1',
      '        g:1 10/1',
      '          f:1 10/1',
      '            h:1 10/1 (self 10/1)',
      '    b:1 3/1',
      '      g:1 3/1 (self 3/1)',
      '  [pool] 2/1',
      '    b:1 2/1',
      '      g:1 2/1 (self 2/1)',
    ]);
    expect(sandwich(selection.treeThrough(g), g)).toEqual(sandwich(selection.tree(), g));
  });

  it('is only the root where nothing goes through them', () => {
    const selection = selectLeaked(RECURSIVE);
    const none = new Uint8Array(selection.stackTables.frames.length);
    expect(drawTree(selection.treeThrough(none), RECURSIVE)).toEqual(['. 0/0']);
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
    const selection = selectLeaked(profile, false);
    expect([...sumByGroup(selection.weights.bytes, groupSites(selection, by))]).toEqual(expected);
  });

  it('join the sites of all threads when threads are merged', () => {
    const selection = selectLeaked(profile, true);
    expect([...sumByGroup(selection.weights.bytes, groupSites(selection, 'site'))]).toEqual([30, 5, 1]);
  });
});
