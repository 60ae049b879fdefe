/**
 * A weighed table of paths → the nodes of the inverted tree that are at least a pixel wide: below the root what
 * allocated, below that its callers, level by level. A node stands for the rows that weigh something by themselves and
 * whose paths, seen from within, begin alike; self bytes of a node belong to paths that end there.
 */
import { RowSet } from '../row-set.js';
import { ViewError } from '../view-error.js';
import {
  KeyPlaces,
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

/** Rows that weigh something, and by how far each has been followed: the next row of its path, 0 at its end. */
interface Fronts {
  /** Rows where the root is sought, then positions among the root's. */
  readonly sources: Uint32Array;
  readonly cursors: Uint32Array;
}

/** An id is a source of the node and how many frames of its path the node has come. */
const DEPTHS = 2 ** 20;

/** Throws `ViewError` `outside` where there is no such root. */
export function drawInvertedPaths(
  table: Omit<PathTable, 'rowOfSite'>,
  weights: PathWeights,
  { by, width, root, most, maxDepth = Infinity, beside = [] }: DrawOptions,
): DrawnPaths {
  const { key } = table;
  const { fronts, path } = findRoot(table, [weights, ...beside], root);
  // What is read for each frame of each path stands close together; rows ascend.
  const rowOfSource = fronts.sources;
  const gatherOwn = ({ selfBytes, selfCount, placeOf }: PathWeights): SourceWeights => {
    const places = rowOfSource.map(placeOf);
    return { bytes: gather(selfBytes, places), count: gather(selfCount, places) };
  };
  const own = gatherOwn(weights);
  const ownBeside = beside.map(gatherOwn);
  const lists = beside.map(() => new WeightList());
  const addBeside = (of: Fronts): void => {
    for (const [at, list] of lists.entries()) list.add(weighFronts(of, ownBeside[at]!));
  };
  const { bytes, count } = own;
  const weight = own[by];
  const all: Fronts = { ...fronts, sources: rowOfSource.map((_, source) => source) };
  const nodes = new NodeList();
  const top = weighFronts(all, own);
  nodes.add(0, path.at(-1)!.key, path.at(-1)!.id, top);
  addBeside(all);
  const least = top[by] / width;
  const frontsOfNode: (Fronts | null)[] = [all];
  const depthOfNode = [path.length - 1];
  const sums = new KeySums(key);
  const places = new KeyPlaces(key);
  for (let node = 0; node < nodes.length; node++) {
    const here = frontsOfNode[node]!;
    frontsOfNode[node] = null;
    const depth = depthOfNode[node]! + 1;
    for (let index = 0; index < here.sources.length; index++) {
      const cursor = here.cursors[index]!;
      const source = here.sources[index]!;
      if (cursor !== 0) sums.add(key[cursor]!, source, weight[source]!, bytes[source]!, count[source]!);
    }
    const isShown = depth < DEPTHS && depth < path.length + maxDepth;
    const { kept, ...folded } = sums.take(least, isShown ? most - nodes.length : 0);
    nodes.fold(node, folded);
    for (const [at, below] of splitFronts(here, table, kept, places).entries()) {
      const child = kept[at]!;
      nodes.add(node, child.key, rowOfSource[child.first]! * DEPTHS + depth, weighFronts(below, own));
      addBeside(below);
      frontsOfNode.push(below);
      depthOfNode.push(depth);
    }
  }
  return nodes.finish(path, lists);
}

/** By source. */
interface SourceWeights {
  readonly bytes: Float64Array;
  readonly count: Float64Array;
}

function weighFronts({ sources, cursors }: Fronts, own: SourceWeights): NodeWeight {
  let [bytes, count, selfBytes, selfCount] = [0, 0, 0, 0];
  for (let index = 0; index < sources.length; index++) {
    const source = sources[index]!;
    bytes += own.bytes[source]!;
    count += own.count[source]!;
    if (cursors[index] !== 0) continue;
    selfBytes += own.bytes[source]!;
    selfCount += own.count[source]!;
  }
  return { bytes, count, selfBytes, selfCount };
}

function gather(column: Float64Array, places: Uint32Array): Float64Array {
  const gathered = new Float64Array(places.length);
  for (let at = 0; at < places.length; at++) gathered[at] = column[places[at]!]!;
  return gathered;
}

/** Those whose next row has the key, one row further, for each of the keys. */
function splitFronts(
  { sources, cursors }: Fronts,
  { parent, key }: Pick<PathTable, 'parent' | 'key'>,
  keys: readonly { readonly key: number }[],
  places: KeyPlaces,
): Fronts[] {
  if (keys.length === 0) return [];
  places.set(keys);
  const lengths = new Uint32Array(keys.length);
  for (let index = 0; index < cursors.length; index++) {
    const cursor = cursors[index]!;
    const place = cursor === 0 ? -1 : places.of(key[cursor]!);
    if (place >= 0) lengths[place]!++;
  }
  const fronts = Array.from(lengths, (length) => ({
    sources: new Uint32Array(length),
    cursors: new Uint32Array(length),
  }));
  const next = lengths.fill(0);
  for (let index = 0; index < cursors.length; index++) {
    const cursor = cursors[index]!;
    const place = cursor === 0 ? -1 : places.of(key[cursor]!);
    if (place < 0) continue;
    const front = fronts[place]!;
    const at = next[place]!++;
    front.sources[at] = sources[index]!;
    front.cursors[at] = parent[cursor]!;
  }
  places.clear(keys);
  return fronts;
}

function findRoot(
  { length, parent, key }: Omit<PathTable, 'rowOfSite'>,
  weights: readonly PathWeights[],
  id: number,
): { fronts: Fronts; path: PathStep[] } {
  const source = Math.floor(id / DEPTHS);
  const depth = id % DEPTHS;
  if (source >= length || (source > 0 && parent[source] === source)) {
    throw new ViewError('outside', `there is no node ${id}`);
  }
  const own = new RowSet(length);
  for (const { selfBytes, selfCount, weighing } of weights) {
    for (let place = 0; place < weighing.length; place++) {
      if (selfBytes[place] !== 0 || selfCount[place] !== 0) own.add(weighing[place]!);
    }
  }
  const all = own.rows();
  let fronts: Fronts = { sources: all, cursors: all };
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
