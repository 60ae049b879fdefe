/** A small tree, one row a node, callers first → the nested nodes that are laid out as a flame graph. */
import type { SmallTree } from '@memscope/model';

import type { FlameNode, FlameTree } from './flame-tree.js';

type Changes = Pick<FlameNode, 'mark' | 'change'>;

/** Null where nothing weighs anything. */
export function nestSmallTree(
  { parent, label }: SmallTree,
  weight: readonly number[],
  changedOf: (row: number) => Changes = () => ({ mark: null, change: '' }),
): FlameTree | null {
  const nodes: FlameNode[] = [];
  let depth = 0;
  for (const [row, each] of label.entries()) {
    const caller = row === 0 ? null : (nodes[parent[row]!] ?? null);
    if (row > 0 && caller === null) continue;
    const level = caller === null ? 0 : caller.depth + 1;
    const node: FlameNode = {
      row,
      id: row,
      label: each,
      value: weight[row] ?? 0,
      ...changedOf(row),
      amount: '',
      depth: level,
      parent: caller,
      children: [],
      fade: false,
      hide: false,
    };
    caller?.children.push(node);
    nodes[row] = node;
    depth = Math.max(depth, level);
  }
  const top = nodes[0];
  return top === undefined || !(top.value > 0) ? null : { top, nodes, depth };
}
