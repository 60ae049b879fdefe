/**
 * A table of paths as recorded → as it is shown: equal frames have one key, hidden frames leave theirs to the nearest
 * caller that is shown, and with recursion merged a function that calls itself again, directly or not, goes on in its
 * first call.
 */
import type { FrameGroups } from '../frame-groups.js';
import { orderChildren } from '../tree-children.js';
import type { PathTable } from './path-table.js';
import { rewirePaths } from './rewire-paths.js';
import { walkPaths } from './walk-paths.js';

export interface FoldOptions {
  readonly mergeRecursion: boolean;
  /** By frame row: 1 where it is shown; null = all are. */
  readonly shown: Uint8Array | null;
}

export function foldPaths(table: PathTable, groups: FrameGroups, { mergeRecursion, shown }: FoldOptions): PathTable {
  let folded: PathTable = { ...table, key: table.key.map((key) => (key < 0 ? key : groups.canonical[key]!)) };
  if (shown !== null) folded = hidePaths(table, folded.key, shown);
  return mergeRecursion ? mergeCalls(folded, groups) : folded;
}

/** `shown` speaks of the recorded frames: of equal ones some could be hidden. */
function hidePaths(table: PathTable, key: Int32Array, shown: Uint8Array): PathTable {
  const { length, parent } = table;
  const target = new Uint32Array(length);
  for (let row = 1; row < length; row++) {
    const own = table.key[row]!;
    target[row] = own >= 0 && shown[own] === 0 ? target[parent[row]!]! : row;
  }
  return rewirePaths(table, target, target, key);
}

function mergeCalls(table: PathTable, { functionOf, functions }: FrameGroups): PathTable {
  const { length, parent, key } = table;
  const target = new Uint32Array(length);
  const depthOf = new Uint32Array(length);
  // The path that was walked last, by depth, and by function the row + 1 of its latest call; what they replaced, by row.
  const path = new Uint32Array(length);
  const callOf = new Uint32Array(functions.length);
  const pathBefore = new Uint32Array(length);
  const callBefore = new Uint32Array(length);
  const enter = (row: number): void => {
    const own = key[row]!;
    const above = target[parent[row]!]!;
    const depth = depthOf[above]! + 1;
    if (own >= 0) {
      const called = functionOf[own]!;
      const call = callOf[called]! - 1;
      // A call that a return to an earlier one has cut off is not on the path any more.
      if (call >= 0 && depthOf[call]! < depth && path[depthOf[call]!] === call) {
        target[row] = call;
        return;
      }
      callBefore[row] = callOf[called]!;
      callOf[called] = row + 1;
    }
    target[row] = row;
    depthOf[row] = depth;
    pathBefore[row] = path[depth]!;
    path[depth] = row;
  };
  const leave = (row: number): void => {
    if (target[row] !== row) return;
    path[depthOf[row]!] = pathBefore[row]!;
    if (key[row]! >= 0) callOf[functionOf[key[row]!]!] = callBefore[row]!;
  };
  walkPaths(table, orderChildren(table, null), enter, leave);
  return rewirePaths(table, target);
}
