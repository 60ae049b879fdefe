/**
 * Ways that grow → the imports that they lead through. What is imported once holds what it holds and never grows; a plugin
 * or template that is executed anew for each request grows through the import system, and what that keeps, its code and
 * its names, grows with it: below such a line it is counted as the work that it is.
 */
import type { GrowingWay } from './find-ways.js';
import { KIND } from './frame-kind.js';
import { markBelow, wayTo, type GrowthTree } from './growth-tree.js';

/** The tree with those imports as work; null where no way leads through one. */
export function withRepeatedImports(ways: readonly GrowingWay[], tree: GrowthTree): GrowthTree | null {
  const repeated = new Set<number>();
  for (const { node } of ways) {
    const first = wayTo(node, tree).find((at) => tree.kind[at] === KIND.imports);
    if (first !== undefined && tree.isImport[first] === 1 && tree.throughApplication[first] === 1) repeated.add(first);
  }
  if (repeated.size === 0) return null;
  const isRepeated = markBelow([...repeated], tree);
  return { ...tree, isImport: tree.isImport.map((is, node) => (isRepeated[node] === 1 ? 0 : is)) };
}
