/**
 * A weighed table of paths → the nodes of the inverted tree that are at least a pixel wide: below the root what
 * allocated, below that its callers, level by level. A node stands for the rows that weigh something by themselves and
 * whose paths, seen from within, begin alike; self bytes of a node belong to paths that end there.
 */
import { ViewError } from '../view-error.js';
import { KeySums, NodeList, type DrawnPaths, type DrawOptions, type NodeWeight, type PathStep } from './drawn-paths.js';
import type { PathTable } from './path-table.js';
import type { PathWeights } from './weigh-paths.js';

/** Rows that weigh something, and by how far each has been followed: the next row of its path, 0 at its end. */
interface Fronts {
  readonly sources: Uint32Array;
  readonly cursors: Uint32Array;
}

/** An id is a source of the node and how many frames of its path the node has come. */
const DEPTHS = 2 ** 20;

/** Throws `ViewError` `outside` where there is no such root. */
export function drawInvertedPaths(
  table: PathTable,
  weights: PathWeights,
  { by, width, root, most }: DrawOptions,
): DrawnPaths {
  const { key } = table;
  const { selfBytes } = weights;
  const self = by === 'bytes' ? selfBytes : weights.selfCount;
  const { fronts, path } = findRoot(table, weights, root);
  const nodes = new NodeList();
  const top = weighFronts(fronts, weights);
  nodes.add(0, path.at(-1)!.key, path.at(-1)!.id, top);
  const least = top[by] / width;
  const frontsOfNode: (Fronts | null)[] = [fronts];
  const depthOfNode = [path.length - 1];
  const sums = new KeySums(key);
  for (let node = 0; node < nodes.length; node++) {
    const own = frontsOfNode[node]!;
    frontsOfNode[node] = null;
    const depth = depthOfNode[node]! + 1;
    for (let index = 0; index < own.sources.length; index++) {
      const cursor = own.cursors[index]!;
      const source = own.sources[index]!;
      if (cursor !== 0) sums.add(key[cursor]!, source, self[source]!, selfBytes[source]!);
    }
    const { kept, foldedBytes, foldedNodes } = sums.take(least, depth < DEPTHS ? most - nodes.length : 0);
    nodes.fold(node, foldedBytes, foldedNodes);
    for (const [at, below] of splitFronts(own, table, kept).entries()) {
      const child = kept[at]!;
      nodes.add(node, child.key, child.first * DEPTHS + depth, weighFronts(below, weights));
      frontsOfNode.push(below);
      depthOfNode.push(depth);
    }
  }
  return nodes.finish(path);
}

function weighFronts({ sources, cursors }: Fronts, weights: PathWeights): NodeWeight {
  let [bytes, count, selfBytes, selfCount] = [0, 0, 0, 0];
  for (let index = 0; index < sources.length; index++) {
    const source = sources[index]!;
    bytes += weights.selfBytes[source]!;
    count += weights.selfCount[source]!;
    if (cursors[index] !== 0) continue;
    selfBytes += weights.selfBytes[source]!;
    selfCount += weights.selfCount[source]!;
  }
  return { bytes, count, selfBytes, selfCount };
}

/** Those whose next row has the key, one row further, for each of the keys. */
function splitFronts(
  { sources, cursors }: Fronts,
  { parent, key }: PathTable,
  keys: readonly { readonly key: number }[],
): Fronts[] {
  if (keys.length === 0) return [];
  const indicesOfKey = new Map<number, number[]>(keys.map((each) => [each.key, []]));
  for (let index = 0; index < sources.length; index++) {
    const cursor = cursors[index]!;
    if (cursor !== 0) indicesOfKey.get(key[cursor]!)?.push(index);
  }
  return [...indicesOfKey.values()].map((indices) => ({
    sources: Uint32Array.from(indices, (index) => sources[index]!),
    cursors: Uint32Array.from(indices, (index) => parent[cursors[index]!]!),
  }));
}

function findRoot(
  { length, parent, key }: PathTable,
  { selfBytes, selfCount }: PathWeights,
  id: number,
): { fronts: Fronts; path: PathStep[] } {
  const source = Math.floor(id / DEPTHS);
  const depth = id % DEPTHS;
  if (source >= length || (source > 0 && parent[source] === source)) {
    throw new ViewError('outside', `there is no node ${id}`);
  }
  const all: number[] = [];
  for (let row = 0; row < length; row++) if (selfBytes[row] !== 0 || selfCount[row] !== 0) all.push(row);
  let fronts: Fronts = { sources: Uint32Array.from(all), cursors: Uint32Array.from(all) };
  const path: PathStep[] = [{ id: 0, key: key[0]! }];
  let row = source;
  for (let step = 1; step <= depth; step++, row = parent[row]!) {
    if (row === 0) throw new ViewError('outside', `there is no node ${id}`);
    const going: number[] = [];
    for (let index = 0; index < fronts.cursors.length; index++) {
      const cursor = fronts.cursors[index]!;
      if (cursor !== 0 && key[cursor] === key[row]) going.push(index);
    }
    const { sources, cursors } = fronts;
    fronts = {
      sources: Uint32Array.from(going, (index) => sources[index]!),
      cursors: Uint32Array.from(going, (index) => parent[cursors[index]!]!),
    };
    const least = fronts.sources.reduce((first, each) => Math.min(first, each), source);
    path.push({ id: least * DEPTHS + step, key: key[row]! });
  }
  return { fronts, path };
}
