/**
 * A drawn tree → the nodes that are worth showing: no more than were asked for, the heaviest. A node is
 * never shown without its callers, since it weighs at most as much as they do.
 */
import { orderChildren, type DrawnPaths, type NodeWeights, type TreeChildren } from '@memscope/model';

export interface ShownNodes {
  readonly tree: DrawnPaths;
  /** With a base, of which `tree` shows both sides: what is the head's. Null without. */
  readonly head: NodeWeights | null;
  /** 1 for each node that is shown; the root always is. */
  readonly shown: Uint8Array;
  /** Nodes that would be shown were there no bound on their number. */
  readonly left: number;
  /** Children of each node, heaviest first, those that are not shown among them. */
  readonly children: TreeChildren;
}

/** `most` nodes below the root; null = as many as there are. */
export function showNodes(
  tree: DrawnPaths,
  by: 'bytes' | 'count',
  most: number | null,
  head: NodeWeights | null = null,
): ShownNodes {
  const weight = tree[by];
  const candidates = Array.from({ length: tree.length - 1 }, (_, index) => index + 1);
  const left = most === null ? 0 : Math.max(0, candidates.length - most);
  // Of equal ones the caller comes first, then what came first in the recording: ids are rows of it.
  if (most !== null && left > 0) {
    candidates.sort((a, b) => weight[b]! - weight[a]! || tree.id[a]! - tree.id[b]!);
    candidates.length = most;
  }
  const shown = new Uint8Array(tree.length);
  shown[0] = 1;
  for (const node of candidates) shown[node] = 1;
  return { tree, head, shown, left, children: orderChildren(tree, weight) };
}

export function shownChildren({ shown, children: { start, rows } }: ShownNodes, node: number): number[] {
  const nodes: number[] = [];
  for (let at = start[node]!; at < start[node + 1]!; at++) if (shown[rows[at]!] !== 0) nodes.push(rows[at]!);
  return nodes;
}

/** Whether there was no room for a child, however heavy; other folded ones are light, or too deep. */
export function hasLeft({ shown, children: { start, rows } }: ShownNodes, node: number): boolean {
  for (let at = start[node]!; at < start[node + 1]!; at++) if (shown[rows[at]!] === 0) return true;
  return false;
}

export interface FoldedNodes {
  nodes: number;
  bytes: number;
  count: number;
}

/** How many children are folded, and what they weigh together. */
export function foldedBelow({ tree, shown, children: { start, rows } }: ShownNodes, node: number): FoldedNodes {
  const folded: FoldedNodes = {
    nodes: tree.foldedNodes[node]!,
    bytes: tree.foldedBytes[node]!,
    count: tree.foldedCount[node]!,
  };
  for (let at = start[node]!; at < start[node + 1]!; at++) {
    const child = rows[at]!;
    if (shown[child] !== 0) continue;
    folded.nodes++;
    folded.bytes += tree.bytes[child]!;
    folded.count += tree.count[child]!;
  }
  return folded;
}
