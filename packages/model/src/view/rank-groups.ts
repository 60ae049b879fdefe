/**
 * A call tree → its functions, modules or lines with self and inclusive bytes. Self is what was allocated with the group
 * innermost; inclusive counts every path once that the group is on, however often it comes back on it. So self bytes
 * add up to the whole, and a group's inclusive bytes are never more than the whole.
 */
import type { CallTree } from './call-tree.js';
import { orderChildren } from './tree-children.js';

/** Columns; one row for each group that weighs something. */
export interface GroupRanking {
  readonly length: number;
  /** Number of the group. */
  readonly group: Uint32Array;
  readonly selfBytes: Float64Array;
  readonly selfCount: Float64Array;
  readonly bytes: Float64Array;
  readonly count: Float64Array;
}

/** `groupOf` gives the group by frame row; `groups` is how many there are. Rows come in the order of their groups. */
export function rankGroups(tree: CallTree, groupOf: Uint32Array, groups: number): GroupRanking {
  const selfBytes = new Float64Array(groups);
  const selfCount = new Float64Array(groups);
  const bytes = new Float64Array(groups);
  const count = new Float64Array(groups);
  visitOnce(tree, groupOf, groups, (node, group, first) => {
    selfBytes[group]! += tree.selfBytes[node]!;
    selfCount[group]! += tree.selfCount[node]!;
    if (!first) return;
    bytes[group]! += tree.bytes[node]!;
    count[group]! += tree.count[node]!;
  });
  const used: number[] = [];
  for (let group = 0; group < groups; group++) if (bytes[group] !== 0 || count[group] !== 0) used.push(group);
  const pick = (column: Float64Array): Float64Array => Float64Array.from(used, (group) => column[group]!);
  return {
    length: used.length,
    group: Uint32Array.from(used),
    selfBytes: pick(selfBytes),
    selfCount: pick(selfCount),
    bytes: pick(bytes),
    count: pick(count),
  };
}

/** Every node with a frame, from the outside in; `first` where none of its callers is of the same group. */
function visitOnce(
  tree: CallTree,
  groupOf: Uint32Array,
  groups: number,
  visit: (node: number, group: number, first: boolean) => void,
): void {
  const { start, rows } = orderChildren(tree, null);
  const open = new Uint32Array(groups);
  // Nodes on the way from the root, and the position of the next child of each.
  const path: number[] = [0];
  const next: number[] = [start[0]!];
  while (path.length > 0) {
    const depth = path.length - 1;
    const node = path[depth]!;
    const at = next[depth]!;
    if (at < start[node + 1]!) {
      next[depth] = at + 1;
      const child = rows[at]!;
      const key = tree.key[child]!;
      if (key >= 0) visit(child, groupOf[key]!, open[groupOf[key]!]!++ === 0);
      path.push(child);
      next.push(start[child]!);
      continue;
    }
    const key = tree.key[node]!;
    if (key >= 0) open[groupOf[key]!]!--;
    path.pop();
    next.pop();
  }
}
