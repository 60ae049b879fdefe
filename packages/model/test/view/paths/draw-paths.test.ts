/** Drawn paths are the nodes that a plain look at every path finds, with what is too narrow folded; any node can be the root. */
import { describe, expect, it } from 'vitest';

import {
  chooseFunction,
  drawInvertedPaths,
  drawPaths,
  drawRows,
  findCalls,
  keepAbove,
  keepBelow,
  nameFunction,
  rankPaths,
  outermostRows,
  pathsAbove,
  orderChildren,
  select,
  ViewError,
  weighPaths,
  type DrawnPaths,
  type Profile,
} from '../../../src/index.js';
import { profileOf } from '../profile-text.js';
import { ALL_LEAKED } from '../selection-requests.js';
import { plainFunctions, plainLines, plainPaths } from './plain-paths.js';
import { draw, EVERYTHING_DRAWN, pathsOf, type Question } from './draw-text.js';

/** Of a native library, and of the interpreter, whose frames do not show. */
const NATIVE_FRAMES = ['/v/libc10.so!alloc', '/usr/bin/python3.13!cfunction_call', '/usr/bin/python3.13!PyMem_Malloc'];

/** Deterministic, so that a failure comes back. Every other one has native stacks. */
function randomProfile(seed: number): Profile {
  let state = seed;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const python = ['a', 'a:2', 'b', 'c', 'd:7', '/usr/lib/python3.13/json/__init__.py/loads', '‹frozen·runpy›/run'];
  const frames = seed % 2 === 0 ? python : [...python, ...NATIVE_FRAMES];
  const lines = Array.from({ length: 40 }, () => {
    const stack = Array.from({ length: next(7) }, () => frames[next(frames.length)]!).join('>') || '-';
    return `${['main', 'pool', 'io'][next(3)]} malloc ${stack} 0.. ${2 ** next(12)}/${1 + next(3)}`;
  });
  return profileOf(lines.join('\n'), 2);
}

/** In no order: each node's way and weights. */
function nodesOf({ length, parent, key, bytes, count, selfBytes, selfCount }: DrawnPaths): string[] {
  const ways: string[] = [];
  for (let node = 0; node < length; node++) ways.push(node === 0 ? '' : `${ways[parent[node]!]} ${key[node]}`);
  return ways.map((way, node) => [way, bytes[node], count[node], selfBytes[node], selfCount[node]].join('|')).sort();
}

/** But for ids, which are rows of the table. */
function expectAlike(drawn: DrawnPaths, wanted: DrawnPaths): void {
  const none = { id: null, path: null };
  expect({ ...drawn, ...none }).toEqual({ ...wanted, ...none });
}

const OPTIONS: readonly NonNullable<Question['request']>[] = [
  {},
  { splitThreads: true },
  { mergeRecursion: true },
  { frames: 'program' },
  { frames: 'no-standard-library', mergeRecursion: true, splitThreads: true },
  { interpreterFrames: true },
];

describe.each(OPTIONS.map((request) => [JSON.stringify(request), request] as const))('with %s', (_, request) => {
  const profiles = Array.from({ length: 20 }, (_, seed) => randomProfile(seed + 1));

  it('everything drawn is the tree of all paths', () => {
    for (const profile of profiles) {
      const selection = select(profile, { ...ALL_LEAKED, ...request });
      const paths = plainPaths(selection, request);
      for (const of of ['all', 'weighing'] as const) {
        expect(draw(profile, { request, of }).lines.sort()).toEqual(plainLines(selection, paths).sort());
      }
      expect(draw(profile, { request, inverted: true }).lines.sort()).toEqual(
        plainLines(selection, paths, true).sort(),
      );
    }
  });

  it('functions hold what they allocated, and every path that they are on once', () => {
    for (const profile of profiles) {
      const selection = select(profile, { ...ALL_LEAKED, ...request });
      const { functionOf, functions } = selection.groups;
      const table = pathsOf(selection, { request });
      const children = orderChildren(table, null);
      const outermost = outermostRows(table, children, functionOf, functions.length);
      const ranking = rankPaths(table, weighPaths(table, selection.weights), outermost, functionOf, functions.length);
      const { selfBytes, selfCount, bytes, count } = ranking;
      expect(functions.map((_, row) => [selfBytes[row], selfCount[row], bytes[row], count[row]])).toEqual(
        plainFunctions(selection, plainPaths(selection, request)),
      );
      expect(selfBytes.reduce((sum, own) => sum + own, 0)).toBe(selection.bytes);
    }
  });

  it('what is above and below the calls of a function is drawn as a tree cut down to that', () => {
    let found = 0;
    for (const profile of profiles.slice(0, 10)) {
      const selection = select(profile, { ...ALL_LEAKED, ...request });
      const mergingThreads = select(profile, { ...ALL_LEAKED, ...request, splitThreads: false });
      const { groups } = selection;
      const table = pathsOf(selection, { request });
      const children = orderChildren(table, null);
      const weights = weighPaths(table, selection.weights);
      for (const each of groups.functions) {
        const chosen = chooseFunction(nameFunction(each)!, groups);
        const calls = findCalls(table, chosen);
        found += calls.outermost.length;

        const root = [{ id: 0, key: table.key[0]! }];
        const callees = drawRows(table, weights, children, [...calls.outermost], root, EVERYTHING_DRAWN);
        const merged = keepBelow(
          pathsOf(mergingThreads, { request: { ...request, splitThreads: false } }),
          chosen,
          false,
        );
        const cut = weighPaths(merged, selection.weights);
        const cutDown = drawPaths(merged, cut, orderChildren(merged, null), EVERYTHING_DRAWN);
        expect(nodesOf(callees)).toEqual(nodesOf(cutDown));

        const above = pathsAbove(table, weights, calls.outermost);
        const kept = keepAbove(table, chosen, false);
        expect(above.table.length).toBeLessThan(kept.length);
        expectAlike(
          drawInvertedPaths(above.table, above.weights, EVERYTHING_DRAWN),
          drawInvertedPaths(kept, weighPaths(kept, selection.weights), EVERYTHING_DRAWN),
        );
      }
    }
    expect(found).toBeGreaterThan(50);
  });

  it('every drawn node, asked for as the root, shows what was below it and the way to it', () => {
    for (const profile of profiles.slice(0, 5)) {
      for (const inverted of [false, true]) {
        const { drawn } = draw(profile, { request, inverted });
        for (let node = 0; node < drawn.length; node++) {
          const { drawn: zoomed } = draw(profile, { request, inverted, options: { root: drawn.id[node]! } });
          const way: number[] = [];
          for (let at = node; ; at = drawn.parent[at]!) {
            way.unshift(drawn.id[at]!);
            if (at === 0) break;
          }
          expect(zoomed.path.map(({ id }) => id)).toEqual(way);
          expect([zoomed.key[0], zoomed.bytes[0], zoomed.selfCount[0]]).toEqual([
            drawn.key[node],
            drawn.bytes[node],
            drawn.selfCount[node],
          ]);
          const below = new Set([node]);
          for (let at = node + 1; at < drawn.length; at++) if (below.has(drawn.parent[at]!)) below.add(at);
          const ids = Float64Array.from(below, (at) => drawn.id[at]!);
          expect(zoomed.id.toSorted()).toEqual(ids.sort());
        }
      }
    }
  });
});

describe('what is drawn', () => {
  const profile = profileOf(
    `main malloc a>b  0.. 90/1
     main malloc a>c  0.. 5/40
     main malloc a>d  0.. 4/1
     main malloc a    0.. 1/1`,
    2,
  );

  it('leaves out what is narrower than a pixel and says how much', () => {
    expect(draw(profile, { options: { width: 20 } }).lines).toEqual([
      '. 100/43',
      '  a:1 100/43 (self 1/1) +1 of 4',
      '    b:1 90/1 (self 90/1)',
      '    c:1 5/40 (self 5/40)',
    ]);
    expect(draw(profile, { options: { width: 19 } }).lines.at(-1)).toBe('    b:1 90/1 (self 90/1)');
  });

  it('is as wide as its allocations when these are asked for', () => {
    expect(draw(profile, { options: { width: 20, by: 'count' } }).lines).toEqual([
      '. 100/43',
      '  a:1 100/43 (self 1/1) +2 of 94',
      '    c:1 5/40 (self 5/40)',
    ]);
  });

  it('has a pixel of the shown root, not of everything', () => {
    const wide = profileOf('main malloc a>b>c 0.. 1/1\n main malloc a>b 0.. 3/1\n main malloc x 0.. 996/1', 2);
    const { drawn } = draw(wide);
    const id = drawn.id[drawn.key.indexOf(drawn.key[2]!, 2)]!;
    expect(draw(wide, { options: { width: 10 } }).lines).toEqual(['. 1000/3 +1 of 4', '  x:1 996/1 (self 996/1)']);
    expect(draw(wide, { options: { width: 10, root: id } }).lines[0]).toBe('a:1 4/2');
    expect(draw(wide, { options: { width: 10, root: id } }).lines).toHaveLength(3);
  });

  it('is bounded: the innermost levels are folded', () => {
    expect(draw(profile, { options: { most: 2 } }).lines).toEqual(['. 100/43', '  a:1 100/43 (self 1/1) +3 of 99']);
    expect(draw(profile, { inverted: true, options: { most: 1 } }).lines).toEqual(['. 100/43 +4 of 100']);
  });

  it('has no node that does not exist', () => {
    for (const root of [99, 2 ** 40]) {
      expect(() => draw(profile, { options: { root } })).toThrow(ViewError);
      expect(() => draw(profile, { inverted: true, options: { root } })).toThrow(ViewError);
    }
    expect(() => draw(profile, { inverted: true, options: { root: 2 ** 20 + 9 } })).toThrow(ViewError);
  });

  it('takes stacks of any depth', () => {
    const deep = Array.from({ length: 1000 }, (_, depth) => `f${depth % 5}`).join('>');
    const { drawn } = draw(profileOf(`main malloc ${deep} 0.. 8/1`, 2));
    expect(drawn.length).toBe(1001);
    expect(draw(profileOf(`main malloc ${deep} 0.. 8/1`, 2), { request: { mergeRecursion: true } }).drawn.length).toBe(
      6,
    );
  });
});
