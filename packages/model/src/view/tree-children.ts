/** The children of every node of a tree, such as a table of paths. A node other than the root that is its own parent is none. */

export interface TreeChildren {
  /** Children of node i stand in `rows` from `start[i]` up to, not including, `start[i + 1]`. */
  readonly start: Uint32Array;
  readonly rows: Uint32Array;
}

/** `weight` is a column of the tree, null for any order; equal ones stay in the order in which they came. */
export function orderChildren(
  tree: { readonly length: number; readonly parent: Uint32Array },
  weight: Float64Array | null,
): TreeChildren {
  const { length, parent } = tree;
  const start = new Uint32Array(length + 1);
  for (let node = 1; node < length; node++) if (parent[node] !== node) start[parent[node]! + 1]!++;
  for (let node = 0; node < length; node++) start[node + 1]! += start[node]!;
  const next = start.slice();
  const rows = new Uint32Array(Math.max(0, length - 1));
  for (let node = 1; node < length; node++) if (parent[node] !== node) rows[next[parent[node]!]!++] = node;
  if (weight === null) return { start, rows };
  for (let node = 0; node < length; node++) {
    const [from, to] = [start[node]!, start[node + 1]!];
    if (to - from > 1) rows.subarray(from, to).sort((a, b) => weight[b]! - weight[a]! || a - b);
  }
  return { start, rows };
}
