/**
 * A weighed table of paths → its functions or modules with self and inclusive bytes. Inclusive counts every path once
 * that the group is on, however often it comes back on it: which rows are a group's outermost on their path is found
 * once for a table, then any weights take one loop.
 */
import type { PathKey } from '../../rows.js';
import { ROOT_KEY } from '../path-tree.js';
import type { TreeChildren } from '../tree-children.js';
import type { PathTable } from './path-table.js';
import { walkPaths } from './walk-paths.js';
import type { PathWeights } from './weigh-paths.js';

/** By row: its group + 1 where none of its callers is of the same group, else 0. `groupOf` is by frame row. */
export function outermostRows(
  table: PathTable,
  children: TreeChildren,
  groupOf: Uint32Array,
  groups: number,
): Uint32Array {
  const { key } = table;
  const outermost = new Uint32Array(table.length);
  const open = new Uint32Array(groups);
  const isFrame = (own: PathKey): boolean => own > ROOT_KEY && own < groupOf.length;
  const enter = (row: number): void => {
    const own = key[row]!;
    if (isFrame(own) && open[groupOf[own]!]!++ === 0) outermost[row] = groupOf[own]! + 1;
  };
  const leave = (row: number): void => {
    const own = key[row]!;
    if (isFrame(own)) open[groupOf[own]!]!--;
  };
  walkPaths(table, children, enter, leave);
  return outermost;
}

/** Columns by group; the one behind the last stands for paths without any frame. */
export interface PathRanking {
  readonly selfBytes: Float64Array;
  readonly selfCount: Float64Array;
  readonly bytes: Float64Array;
  readonly count: Float64Array;
}

export function rankPaths(
  { length, key }: PathTable,
  weights: PathWeights,
  outermost: Uint32Array,
  groupOf: Uint32Array,
  groups: number,
): PathRanking {
  const selfBytes = new Float64Array(groups + 1);
  const selfCount = new Float64Array(groups + 1);
  const bytes = new Float64Array(groups + 1);
  const count = new Float64Array(groups + 1);
  for (let row = 0; row < length; row++) {
    const own = key[row]!;
    if (weights.count[row] === 0 && weights.bytes[row] === 0) continue;
    // Arenas are no frame, and in no group.
    if (own >= groupOf.length) continue;
    const group = own > ROOT_KEY ? groupOf[own]! : groups;
    selfBytes[group]! += weights.selfBytes[row]!;
    selfCount[group]! += weights.selfCount[row]!;
    const outer = outermost[row]!;
    if (outer === 0) continue;
    bytes[outer - 1]! += weights.bytes[row]!;
    count[outer - 1]! += weights.count[row]!;
  }
  bytes[groups] = selfBytes[groups]!;
  count[groups] = selfCount[groups]!;
  return { selfBytes, selfCount, bytes, count };
}
