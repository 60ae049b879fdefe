/**
 * A weighed table of paths → its functions or modules with self and inclusive bytes. Inclusive counts every path once
 * that the group is on, however often it comes back on it: which rows are a group's outermost on their path is found
 * once for a table, then any weights take one loop. Of few groups that is found without a walk over all paths.
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

/** Steps for each row of the table that few groups may take; where they call each other more often, a walk is quicker. */
const MOST_STEPS = 4;

/** The same of the groups that are `wanted` (1 by group); of others it says nothing. */
export function outermostOfSome(
  table: PathTable,
  children: () => TreeChildren,
  groupOf: Uint32Array,
  wanted: Uint8Array,
): Uint32Array {
  const { length, parent, key } = table;
  const outermost = new Uint32Array(length);
  // By row: the nearest call of a wanted group, itself or above; 0 = none.
  const callOf = new Uint32Array(length);
  let steps = 0;
  for (let row = 1; row < length; row++) {
    const above = callOf[parent[row]!]!;
    const own = key[row]!;
    if (own <= ROOT_KEY || own >= groupOf.length || wanted[groupOf[own]!] === 0) {
      callOf[row] = above;
      continue;
    }
    const group = groupOf[own]!;
    let call = above;
    for (; call !== 0 && groupOf[key[call]!] !== group; call = callOf[parent[call]!]!) steps++;
    if (steps > MOST_STEPS * length) return outermostRows(table, children(), groupOf, wanted.length);
    if (call === 0) outermost[row] = group + 1;
    callOf[row] = row;
  }
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
  { key }: PathTable,
  weights: PathWeights,
  outermost: Uint32Array,
  groupOf: Uint32Array,
  groups: number,
): PathRanking {
  const selfBytes = new Float64Array(groups + 1);
  const selfCount = new Float64Array(groups + 1);
  const bytes = new Float64Array(groups + 1);
  const count = new Float64Array(groups + 1);
  const { weighing } = weights;
  for (let place = 0; place < weighing.length; place++) {
    const row = weighing[place]!;
    const own = key[row]!;
    // Arenas are no frame, and in no group.
    if (own >= groupOf.length) continue;
    const group = own > ROOT_KEY ? groupOf[own]! : groups;
    selfBytes[group]! += weights.selfBytes[place]!;
    selfCount[group]! += weights.selfCount[place]!;
    const outer = outermost[row]!;
    if (outer === 0) continue;
    bytes[outer - 1]! += weights.bytes[place]!;
    count[outer - 1]! += weights.count[place]!;
  }
  bytes[groups] = selfBytes[groups]!;
  count[groups] = selfCount[groups]!;
  return { selfBytes, selfCount, bytes, count };
}
