/**
 * A call tree → the nodes that are worth showing: heavy enough, not too deep, and no more than were asked for. A node is
 * never shown without its callers, since it weighs at most as much as they do.
 */
import { orderChildren, type CallTree, type TreeChildren } from '@memscope/model';

export interface ShowOptions {
  readonly by: 'bytes' | 'count';
  /** Nodes that weigh less are folded. */
  readonly least: number;
  /** Levels below the root. */
  readonly maxDepth: number;
  /** Nodes below the root; null = as many as there are. */
  readonly most: number | null;
}

export interface ShownNodes {
  readonly tree: CallTree;
  /** 1 for each node that is shown; the root always is. */
  readonly shown: Uint8Array;
  /** Nodes that would be shown were there no bound on their number. */
  readonly left: number;
  /** Children of each node, heaviest first, those that are not shown among them. */
  readonly children: TreeChildren;
}

export function showNodes(tree: CallTree, { by, least, maxDepth, most }: ShowOptions): ShownNodes {
  const weight = tree[by];
  const depth = new Uint32Array(tree.length);
  const candidates: number[] = [];
  for (let node = 1; node < tree.length; node++) {
    depth[node] = depth[tree.parent[node]!]! + 1;
    if (weight[node]! >= least && weight[node]! > 0 && depth[node]! <= maxDepth) candidates.push(node);
  }
  const left = most === null ? 0 : Math.max(0, candidates.length - most);
  // Of equal ones the caller comes first: it has the lower number.
  if (most !== null && left > 0) {
    candidates.sort((a, b) => weight[b]! - weight[a]! || a - b);
    candidates.length = most;
  }
  const shown = new Uint8Array(tree.length);
  shown[0] = 1;
  for (const node of candidates) shown[node] = 1;
  return { tree, shown, left, children: orderChildren(tree, weight) };
}

export function shownChildren({ shown, children: { start, rows } }: ShownNodes, node: number): number[] {
  const nodes: number[] = [];
  for (let at = start[node]!; at < start[node + 1]!; at++) if (shown[rows[at]!] !== 0) nodes.push(rows[at]!);
  return nodes;
}

/** How many children are folded, and what they weigh together. */
export function foldedBelow(
  { tree, shown, children: { start, rows } }: ShownNodes,
  node: number,
): { nodes: number; bytes: number; count: number } {
  const folded = { nodes: 0, bytes: 0, count: 0 };
  for (let at = start[node]!; at < start[node + 1]!; at++) {
    const child = rows[at]!;
    if (shown[child] !== 0) continue;
    folded.nodes++;
    folded.bytes += tree.bytes[child]!;
    folded.count += tree.count[child]!;
  }
  return folded;
}
