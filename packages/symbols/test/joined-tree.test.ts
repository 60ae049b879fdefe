import { JoinedTreeBuilder, NATIVE_FRAME, PYTHON_FRAME } from '@memscope/model';
import { expect, test } from 'vitest';

/** A small generator of numbers below `limit` (xorshift). */
function numbersFrom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

test('each parent, kind and frame is one node, however many children there are and in whatever order they come', () => {
  const tree = new JoinedTreeBuilder();
  const nodes = new Map<string, number>();
  const kinds = [PYTHON_FRAME, NATIVE_FRAME] as const;
  const next = numbersFrom(7);
  for (let step = 0; step < 50_000; step++) {
    // Half of the pushes fall on a few nodes, which get hundreds of children.
    const parent = next(tree.length < 10 || step % 2 === 0 ? Math.min(10, tree.length) : tree.length);
    const kind = kinds[next(2)]!;
    const frame = next(step % 2 === 0 ? 400 : 3);
    const node = tree.push(parent, kind, frame);
    const key = `${parent} ${kind} ${frame}`;
    expect(node).toBe(nodes.get(key) ?? nodes.size + 1);
    nodes.set(key, node);
  }
  expect(tree.length).toBe(nodes.size + 1);
  for (const [key, node] of nodes) {
    expect(`${tree.parentOf(node)} ${tree.kindOf(node)} ${tree.frameOf(node)}`).toBe(key);
  }
  expect([...tree.parents(7)]).toEqual(Array.from({ length: nodes.size - 6 }, (_, row) => tree.parentOf(row + 7)));
});
