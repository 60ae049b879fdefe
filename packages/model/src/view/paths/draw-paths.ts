/**
 * A weighed table of paths → the nodes that are at least a pixel wide, from the roots inwards, level by level. Only what
 * is shown is looked at: a node stands for the rows that look the same on the same path, and their children are told
 * apart when it is their turn.
 */
import type { TreeChildren } from '../tree-children.js';
import { ViewError } from '../view-error.js';
import {
  KeySums,
  NodeList,
  WeightList,
  type DrawnPaths,
  type DrawOptions,
  type NodeWeight,
  type PathStep,
} from './drawn-paths.js';
import type { PathTable } from './path-table.js';
import type { PathWeights } from './weigh-paths.js';

/** Throws `ViewError` `outside` where there is no such root. The id of a node is the least of its rows. */
export function drawPaths(
  table: PathTable,
  weights: PathWeights,
  children: TreeChildren,
  options: DrawOptions,
): DrawnPaths {
  const { rows, path } = findRoot(table, children, options.root);
  return drawRows(table, weights, children, rows, path, options);
}

/** The same from some rows on that are one root, none of them below another; `path` is the way to them. */
export function drawRows(
  { key, hidden, closed }: Pick<PathTable, 'key' | 'hidden' | 'closed'>,
  weights: PathWeights,
  { start, rows }: TreeChildren,
  rootRows: readonly number[],
  path: readonly PathStep[],
  { by, width, most, maxDepth = Infinity, opensImports = false, beside = [] }: Omit<DrawOptions, 'root'>,
): DrawnPaths {
  const { bytes, count, placeOf } = weights;
  const weight = weights[by];
  const nodes = new NodeList();
  const lists = beside.map(() => new WeightList());
  const addBeside = (rows: readonly number[]): void => {
    for (const [at, list] of lists.entries()) list.add(sumRows(rows, beside[at]!));
  };
  nodes.add(0, path.at(-1)!.key, path.at(-1)!.id, sumRows(rootRows, weights));
  addBeside(rootRows);
  const least = rootRows.reduce((sum, row) => sum + weight[placeOf(row)]!, 0) / width;
  const rowsOfNode: (readonly number[] | null)[] = [rootRows];
  const depthOfNode = [0];
  const sums = new KeySums(key);
  for (let node = 0; node < nodes.length; node++) {
    const own = rowsOfNode[node]!;
    rowsOfNode[node] = null;
    for (const above of own) {
      for (let at = start[above]!; at < start[above + 1]!; at++) {
        const row = rows[at]!;
        const place = placeOf(row);
        // Also rows without weight, so that a node has one id in every window.
        sums.add(key[row]!, row, weight[place]!, bytes[place]!, count[place]!);
      }
    }
    const depth = depthOfNode[node]! + 1;
    const isClosed = closed !== undefined && node > 0 && own.every((row) => closed[row] === 1);
    const isShown = depth <= maxDepth && (opensImports || !isClosed);
    nodes.describe(
      node,
      hidden === undefined ? 0 : own.reduce((most, row) => Math.max(most, hidden[row]!), 0),
      isClosed,
    );
    const { kept, ...folded } = sums.take(least, isShown ? most - nodes.length : 0);
    nodes.fold(node, folded);
    if (kept.length === 0) continue;
    const rowsOfKey = new Map<number, number[]>(kept.map((child) => [child.key, []]));
    for (const above of own) {
      for (let at = start[above]!; at < start[above + 1]!; at++) rowsOfKey.get(key[rows[at]!]!)?.push(rows[at]!);
    }
    for (const child of kept) {
      const below = rowsOfKey.get(child.key)!;
      nodes.add(node, child.key, child.first, sumRows(below, weights));
      addBeside(below);
      rowsOfNode.push(below);
      depthOfNode.push(depth);
    }
  }
  return nodes.finish(path, lists);
}

/** The rows that are one node with the row of the id, and the way there. */
function findRoot(
  { length, parent, key }: PathTable,
  { start, rows }: TreeChildren,
  id: number,
): { rows: readonly number[]; path: PathStep[] } {
  if (id >= length || (id > 0 && parent[id] === id)) throw new ViewError('outside', `there is no node ${id}`);
  const keys: number[] = [];
  for (let row = id; row !== 0; row = parent[row]!) keys.push(key[row]!);
  const path: PathStep[] = [{ id: 0, key: key[0]! }];
  let present: number[] = [0];
  for (const own of keys.reverse()) {
    const below: number[] = [];
    let least = length;
    for (const above of present) {
      for (let at = start[above]!; at < start[above + 1]!; at++) {
        const row = rows[at]!;
        if (key[row] !== own) continue;
        below.push(row);
        if (row < least) least = row;
      }
    }
    path.push({ id: least, key: own });
    present = below;
  }
  return { rows: present, path };
}

function sumRows(rows: readonly number[], weights: PathWeights): NodeWeight {
  const places = rows.map(weights.placeOf);
  const sum = (column: Float64Array): number => places.reduce((all, place) => all + column[place]!, 0);
  return {
    bytes: sum(weights.bytes),
    count: sum(weights.count),
    selfBytes: sum(weights.selfBytes),
    selfCount: sum(weights.selfCount),
  };
}
