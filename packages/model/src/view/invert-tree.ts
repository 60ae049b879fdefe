/**
 * A call tree → the tree seen from the innermost frames: below the root stand the frames that allocated, below them
 * their callers. Bytes and counts of a node are those that were allocated along its path; self bytes belong to the
 * paths that end there. It is built level by level, and only below nodes that weigh enough: the whole of it would be as
 * large as all paths together.
 */
import { weighNodes, type CallTree } from './call-tree.js';
import { PathTree } from './path-tree.js';

export interface InvertOptions {
  /** Nodes that weigh less have no children. */
  readonly least: number;
  /** The column that `least` speaks of. */
  readonly by: 'bytes' | 'count';
  readonly maxDepth: number;
}

/** Threads become the outermost callers. */
export function invertTree(tree: CallTree, { least, by, maxDepth }: InvertOptions): CallTree {
  const inverted = new PathTree();
  const self = by === 'bytes' ? tree.selfBytes : tree.selfCount;
  let sources: number[] = [];
  for (let node = 0; node < tree.length; node++) {
    if (tree.selfBytes[node] !== 0 || tree.selfCount[node] !== 0) sources.push(node);
  }
  // Where the path of each source has come to, in the given and in the inverted tree.
  let cursors = Uint32Array.from(sources);
  let ends = new Uint32Array(sources.length);
  const endOfNode = new Uint32Array(tree.length);

  for (let depth = 0; sources.length > 0 && depth < maxDepth; depth++) {
    const weights = new Map<number, number>();
    for (let index = 0; index < sources.length; index++) {
      const source = sources[index]!;
      const cursor = cursors[index]!;
      // What was allocated without any frame stays with the root, or with its thread.
      if (cursor === 0) continue;
      const end = inverted.child(ends[index]!, tree.key[cursor]!);
      ends[index] = end;
      endOfNode[source] = end;
      weights.set(end, (weights.get(end) ?? 0) + self[source]!);
    }
    const going: number[] = [];
    for (let index = 0; index < sources.length; index++) {
      const cursor = cursors[index]!;
      if (cursor !== 0 && tree.parent[cursor] !== 0 && (weights.get(ends[index]!) ?? 0) >= least) going.push(index);
    }
    cursors = Uint32Array.from(going, (index) => tree.parent[cursors[index]!]!);
    ends = Uint32Array.from(going, (index) => ends[index]!);
    sources = going.map((index) => sources[index]!);
  }
  return weighNodes(inverted, (add) => {
    for (let node = 0; node < tree.length; node++) add(endOfNode[node]!, tree.selfBytes[node]!, tree.selfCount[node]!);
  });
}
