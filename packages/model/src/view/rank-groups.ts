/**
 * A call tree → its functions, modules or lines with self and inclusive bytes. Self is what was allocated with the group
 * innermost; inclusive counts every path once that the group is on, however often it comes back on it. So self bytes
 * add up to the whole, and a group's inclusive bytes are never more than the whole.
 */
import type { CallTree } from './call-tree.js';

/** Columns; one row for each group that weighs something. */
export interface GroupRanking {
  readonly length: number;
  /** Allocated without any frame that is shown; with all self bytes of the groups it makes the whole. */
  readonly frameless: { readonly bytes: number; readonly count: number };
  /** Number of the group. */
  readonly group: Uint32Array;
  readonly selfBytes: Float64Array;
  readonly selfCount: Float64Array;
  readonly bytes: Float64Array;
  readonly count: Float64Array;
}

/** `groupOf` gives the group by frame row; `groups` is how many there are. Rows come in the order of their groups. */
export function rankGroups(tree: CallTree, groupOf: Uint32Array, groups: number): GroupRanking {
  const { length, parent, key } = tree;
  const selfBytes = new Float64Array(groups);
  const selfCount = new Float64Array(groups);
  const bytes = new Float64Array(groups);
  const count = new Float64Array(groups);
  const frameless = { bytes: 0, count: 0 };
  for (let node = 0; node < length; node++) {
    const own = key[node]!;
    if (own >= 0) {
      selfBytes[groupOf[own]!]! += tree.selfBytes[node]!;
      selfCount[groupOf[own]!]! += tree.selfCount[node]!;
    } else {
      frameless.bytes += tree.selfBytes[node]!;
      frameless.count += tree.selfCount[node]!;
    }
  }
  const { firstChild, nextSibling } = linkChildren(tree);
  // How many nodes of a group are on the way from the root to the present one.
  const open = new Uint32Array(groups);
  let node = 0;
  for (let next = firstChild[0]!; next !== 0;) {
    node = next;
    const own = key[node]!;
    if (own >= 0 && open[groupOf[own]!]!++ === 0) {
      bytes[groupOf[own]!]! += tree.bytes[node]!;
      count[groupOf[own]!]! += tree.count[node]!;
    }
    next = firstChild[node]!;
    while (next === 0 && node !== 0) {
      const left = key[node]!;
      if (left >= 0) open[groupOf[left]!]!--;
      next = nextSibling[node]!;
      node = parent[node]!;
    }
  }
  const used: number[] = [];
  for (let group = 0; group < groups; group++) if (bytes[group] !== 0 || count[group] !== 0) used.push(group);
  const pick = (column: Float64Array): Float64Array => Float64Array.from(used, (group) => column[group]!);
  return {
    length: used.length,
    frameless,
    group: Uint32Array.from(used),
    selfBytes: pick(selfBytes),
    selfCount: pick(selfCount),
    bytes: pick(bytes),
    count: pick(count),
  };
}

/** Children that weigh something as lists, in their order; 0 = none. Walking them needs no stack: the parent is known. */
function linkChildren({ length, parent, bytes, count }: CallTree): {
  firstChild: Uint32Array;
  nextSibling: Uint32Array;
} {
  const firstChild = new Uint32Array(length);
  const nextSibling = new Uint32Array(length);
  for (let node = length - 1; node > 0; node--) {
    if (bytes[node] === 0 && count[node] === 0) continue;
    nextSibling[node] = firstChild[parent[node]!]!;
    firstChild[parent[node]!] = node;
  }
  return { firstChild, nextSibling };
}
