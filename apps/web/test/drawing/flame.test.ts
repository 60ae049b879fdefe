import type { FlameHead, FlameLabel } from '@memscope/model';
import { describe, expect, test } from 'vitest';

import type { FlameAnswer } from '../../src/api/question.js';
import { colourFrame } from '../../src/drawing/frame-colour.js';
import { layoutFlame, ROW_HEIGHT } from '../../src/drawing/flame-boxes.js';
import { factsOf, labelOnFrame, sentenceOf } from '../../src/drawing/flame-label.js';
import { narrowFrames } from '../../src/drawing/narrow-frames.js';
import { buildFlameTree, neighbourOf, type FlameNode, type FlameTree } from '../../src/drawing/flame-tree.js';
import { PALETTES } from '../../src/drawing/palette.js';
import { sparklinePath } from '../../src/views/leaks/sparkline.js';
import { nestSmallTree } from '../../src/drawing/nest-small-tree.js';

const labelOf = (name: string): FlameLabel => ({
  kind: name === 'all' ? 'all' : 'application',
  name,
  file: name === 'all' ? null : '/app/x.py',
  line: 1,
  module: 'application',
  library: 'application',
  category: 'application',
  function: name === 'all' ? null : `${name}\n/app/x.py`,
});

/** Nodes as [name, row of the parent, bytes]. */
function answerOf(nodes: readonly (readonly [string, number, number])[], path: FlameHead['path'] = []): FlameAnswer {
  const whole = nodes[0]?.[2] ?? 0;
  const column = (read: (node: readonly [string, number, number], row: number) => number): Float64Array =>
    Float64Array.from(nodes, read);
  return {
    head: {
      labels: nodes.map(([name]) => labelOf(name)),
      rootBytes: whole,
      rootCount: 1,
      bytes: whole,
      count: 10,
      baseBytes: null,
      baseCount: null,
      weigh: null,
      wholeBytes: whole,
      suggestion: null,
      wholeCount: 10,
      foldedNodes: 0,
      foldedBytes: 0,
      path,
    },
    length: nodes.length,
    column: {
      parent: column(([, parent]) => parent),
      label: column((_, row) => row),
      bytes: column(([, , bytes]) => bytes),
      count: column(() => 1),
      selfBytes: column(() => 0),
      selfCount: column(() => 0),
      foldedBytes: column(() => 0),
      foldedNodes: column(() => 0),
      id: column((_, row) => row + 100),
    },
  };
}

const SMALL = answerOf([
  ['all', 0, 100],
  ['a', 0, 60],
  ['b', 0, 40],
  ['c', 1, 30],
  ['d', 2, 40],
]);

/** As "a(c) b(d)". */
function outline({ top }: FlameTree): string {
  const of = (node: FlameTree['top']): string =>
    node.label.name + (node.children.length === 0 ? '' : `(${node.children.map(of).join(' ')})`);
  return of(top);
}

describe('a flame graph', () => {
  test('nests the rows of its answer', () => {
    const tree = buildFlameTree(SMALL, false)!;
    expect(outline(tree)).toBe('all(a(c) b(d))');
    expect(tree.depth).toBe(2);
    expect(buildFlameTree(SMALL, true)!.top.value).toBe(1);
  });

  test('has the callers of the shown root above it, as wide as it is', () => {
    const path = [
      { id: 1, label: labelOf('all') },
      { id: 2, label: labelOf('main') },
      { id: 100, label: labelOf('a') },
    ];
    const tree = buildFlameTree(answerOf([['a', 0, 60]], path), false)!;
    expect(outline(tree)).toBe('all(main(a))');
    expect([tree.top.value, tree.top.fade, tree.top.id]).toEqual([60, true, 1]);
    expect(tree.nodes[0]!.fade).toBe(false);
  });

  test('is none where there is nothing, and leaves out rows that hang nowhere', () => {
    expect(buildFlameTree(answerOf([]), false)).toBeNull();
    expect(buildFlameTree(answerOf([['all', 0, 0]]), false)).toBeNull();
    const broken = answerOf([
      ['all', 0, 9],
      ['a', 7, 5],
      ['b', -1, 5],
      ['c', 0, 5],
    ]);
    expect(outline(buildFlameTree(broken, false)!)).toBe('all(c)');
  });

  test('is laid out in shares of its width, without what is below a pixel', () => {
    const tree = buildFlameTree(SMALL, false)!;
    const { boxes, height } = layoutFlame(tree, 1000, false);
    const box = (name: string): number[] => {
      const { x, y, width } = boxes.find(({ node }) => node.label.name === name)!;
      return [x, y, width];
    };
    expect(height).toBe(3 * ROW_HEIGHT);
    expect([box('a'), box('b'), box('c'), box('d')]).toEqual([
      [0, ROW_HEIGHT, 600],
      [600, ROW_HEIGHT, 400],
      [0, 2 * ROW_HEIGHT, 300],
      [600, 2 * ROW_HEIGHT, 400],
    ]);
    expect(layoutFlame(tree, 1000, true).boxes[0]!.y).toBe(2 * ROW_HEIGHT);
    expect(layoutFlame(tree, 2, false).boxes).toHaveLength(2);
  });

  test('has its narrow frames in one path of each colour', () => {
    const { boxes } = layoutFlame(buildFlameTree(SMALL, false)!, 100, false);
    const paths = narrowFrames(
      boxes.filter(({ width }) => width < 50),
      ({ label }) => (label.name === 'c' ? 'red' : 'blue'),
    );
    expect(Object.fromEntries(paths)).toEqual({
      red: 'M0.00 40h29.00v19h-29.00z',
      blue: 'M60.00 20h39.00v19h-39.00zM60.00 40h39.00v19h-39.00z',
    });
  });

  test('is walked with arrows: callers, the heaviest callee, and across at the same depth', () => {
    const tree = buildFlameTree(SMALL, false)!;
    const [all, a, b, c, d] = tree.nodes;
    expect(neighbourOf(all!, 'callee')).toBe(a);
    expect(neighbourOf(c!, 'caller')).toBe(a);
    expect(neighbourOf(a!, 'right')).toBe(b);
    expect(neighbourOf(c!, 'right')).toBe(d);
    expect(neighbourOf(d!, 'left')).toBe(c);
    expect(neighbourOf(all!, 'caller')).toBe(all);
    expect(neighbourOf(d!, 'callee')).toBe(d);
  });

  test('has every frame reached by arrows alone, from the outermost one, also below a zoomed one', () => {
    // Callers anywhere before their callees, so that levels have gaps and ends at different depths.
    const rows = Array.from({ length: 400 }, (_, row) => {
      const parent = row === 0 ? 0 : (Math.imul(row, 2654435761) >>> 8) % Math.min(row, 40 + (row >> 2));
      return [row === 0 ? 'all' : `f${row}`, parent, 1000 - row] as const;
    });
    const path = [7, 8].map((id) => ({ id, label: labelOf(`caller ${id}`) }));
    for (const above of [[], path]) {
      const tree = buildFlameTree(answerOf(rows, above), false)!;
      const reached = new Set<FlameNode>();
      let node = tree.top;
      for (let level: FlameNode | null = node; level !== null;) {
        node = level;
        for (let next = neighbourOf(node, 'left'); next !== node; next = neighbourOf(node, 'left')) node = next;
        // Down from the first that calls something, after its level was walked to the right end.
        level = null;
        for (let next: FlameNode | null = node; next !== null;) {
          node = next;
          reached.add(node);
          const below = neighbourOf(node, 'callee');
          if (below !== node) level ??= below;
          const right = neighbourOf(node, 'right');
          next = right === node ? null : right;
        }
      }
      expect(reached.size).toBe(rows.length + above.length);
      for (const each of [...reached].slice(-20)) {
        let up = each;
        while (neighbourOf(up, 'caller') !== up) up = neighbourOf(up, 'caller');
        expect(up).toBe(tree.top);
      }
    }
  });

  test('says of a frame what it is, what it holds, and its share', () => {
    const tree = buildFlameTree(SMALL, false)!;
    const sentence = sentenceOf(factsOf(tree.nodes[1]!, SMALL, false));
    expect(sentence).toBe(
      'a, /app/x.py:1, inclusive 60 B 1 allocation 60.0% of all, self 0 B 0 allocations 0%, in application',
    );
    expect(labelOnFrame(tree.nodes[1]!)).toBe('a  60 B 60.0%  x.py:1');
  });
});

describe('the colour of a frame', () => {
  const colours = { palette: PALETTES.light, surface: '#ffffff', quiet: '#dddddd', matched: null };
  const of = (library: string): string => colourFrame({ ...labelOf('f'), library, category: 'package' }, colours);

  test('is its owner’s, and the same for a library wherever it is', () => {
    expect(of('numpy')).toBe(of('numpy'));
    expect(new Set(['numpy', 'pandas', 'torch', 'json', 'scipy', 'PIL', 'a', 'b', 'c'].map(of)).size).toBe(3);
    expect(colourFrame(labelOf('all'), colours)).toBe('#dddddd');
    const isShown = ({ category }: FlameLabel): boolean => category === 'gpu';
    expect(colourFrame({ ...labelOf('f'), category: 'gpu' }, { ...colours, isShown })).toBe(
      PALETTES.light.category.gpu,
    );
    expect(colourFrame(labelOf('f'), { ...colours, isShown })).not.toBe(colourFrame(labelOf('f'), colours));
  });

  test('is pale where a search does not match, and as it was where it does', () => {
    const searched = { ...colours, matched: new Set(['f\n/app/x.py']) };
    expect(colourFrame(labelOf('f'), searched)).toBe(colourFrame(labelOf('f'), colours));
    expect(colourFrame(labelOf('g'), searched)).not.toBe(colourFrame(labelOf('g'), colours));
  });
});

test('small trees nest the same way', () => {
  const tree = {
    parent: [0, 0, 1],
    label: ['f', 'g', 'h'].map(labelOf),
    bytes: [9, 5, 2],
    count: [3, 2, 1],
    compared: null,
  };
  expect(outline(nestSmallTree(tree, tree.bytes)!)).toBe('f(g(h))');
  expect(nestSmallTree({ ...tree, bytes: [0, 0, 0] }, [0, 0, 0])).toBeNull();
});

test('sparklines reach from 0 to their greatest value', () => {
  expect(sparklinePath([0, 10, 5], 100, 22)).toBe('M0.0 21.0L50.0 1.0L100.0 11.0');
  expect([sparklinePath([], 100, 20), sparklinePath([0, 0], 100, 20)]).toEqual(['', '']);
});
