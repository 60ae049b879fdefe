/**
 * Stacks as recorded → stacks as they are shown: equal frames are one, hidden frames leave theirs to the nearest caller
 * that is shown, and with recursion merged a function that calls itself again, directly or not, goes on in its first
 * call.
 */
import type { StackTable } from '../tables.js';
import type { FrameGroups } from './frame-groups.js';
import { PathTree } from './path-tree.js';

export interface FoldedStacks {
  readonly length: number;
  /** Row 0 is the empty stack; `parent[i] < i`. */
  readonly parent: Uint32Array;
  /** Row of `FrameTable`, the first of those that look the same; meaningless in row 0. */
  readonly frame: Uint32Array | Int32Array;
  /** Row here by row of the recorded stacks; null = the same. */
  readonly rowOf: Uint32Array | null;
}

export interface FoldOptions {
  readonly mergeRecursion: boolean;
  /** By frame row: 1 where it is shown; null = all are. */
  readonly shown: Uint8Array | null;
  /** Rows of stacks that matter, their callers included by themselves; null = all. */
  readonly used: Uint32Array | null;
}

export function foldStacks(
  stacks: StackTable,
  groups: FrameGroups,
  { mergeRecursion, shown, used }: FoldOptions,
): FoldedStacks {
  const { length, parent, frame } = stacks;
  const { canonical } = groups;
  if (shown === null && !mergeRecursion && canonical.every((first, row) => first === row)) {
    return { length, parent, frame, rowOf: null };
  }
  const tree = new PathTree(used === null ? length : 1);
  const rowOf = new Uint32Array(length);
  // Functions on the way to each node, several to a bit: a clear one saves looking at all its callers.
  const onTheWay = new Uint32Array(mergeRecursion ? 2 * length : 0);
  const needed = used === null ? null : withCallers(used, parent);
  for (let row = 1; row < length; row++) {
    if (needed !== null && needed[row] === 0) continue;
    const own = frame[row]!;
    const above = rowOf[parent[row]!]!;
    if (shown !== null && shown[own] === 0) {
      rowOf[row] = above;
      continue;
    }
    if (!mergeRecursion) {
      rowOf[row] = tree.child(above, canonical[own]!);
      continue;
    }
    const called = groups.functionOf[own]!;
    const hash = Math.imul(called, 0x9e3779b1);
    const [word, bit] = [hash >>> 31, 1 << (hash >>> 26)];
    const mayRecur = (onTheWay[2 * above + word]! & bit) !== 0;
    const known = mayRecur ? firstCall(tree, above, called, groups) : 0;
    if (known !== 0) {
      rowOf[row] = known;
      continue;
    }
    const node = tree.child(above, canonical[own]!);
    rowOf[row] = node;
    onTheWay[2 * node] = onTheWay[2 * above]!;
    onTheWay[2 * node + 1] = onTheWay[2 * above + 1]!;
    onTheWay[2 * node + word]! |= bit;
  }
  const { parent: foldedParent, key } = tree.columns();
  return { length: tree.length, parent: foldedParent, frame: key, rowOf };
}

function withCallers(used: Uint32Array, parent: Uint32Array): Uint8Array {
  const needed = new Uint8Array(parent.length);
  for (const row of used) needed[row] = 1;
  for (let row = parent.length - 1; row > 0; row--) if (needed[row] === 1) needed[parent[row]!] = 1;
  return needed;
}

/** The node among `node` and its callers that is of the function, 0 = none. */
function firstCall(tree: PathTree, node: number, called: number, { functionOf }: FrameGroups): number {
  let at = node;
  while (at !== 0 && functionOf[tree.keyOf(at)] !== called) at = tree.parentOf(at);
  return at;
}
