/**
 * A table of paths as recorded → as it is shown: equal frames have one key, hidden frames leave theirs to the nearest
 * caller that is shown, those that only run others show where they end a path, and with recursion merged a function that calls itself again, directly or not, goes on in its
 * first call.
 */
import type { FrameGroups } from '../frame-groups.js';
import { orderChildren } from '../tree-children.js';
import type { PathRow } from '../../rows.js';
import { RUNNER } from '../shown-stacks.js';
import { DROPPED, type PathTable } from './path-table.js';
import { rewirePaths } from './rewire-paths.js';
import { walkPaths } from './walk-paths.js';

export interface FoldOptions {
  readonly mergeRecursion: boolean;
  /** As `hideFrames` says it. */
  readonly shown: Uint8Array | null;
}

export function foldPaths(table: PathTable, groups: FrameGroups, { mergeRecursion, shown }: FoldOptions): PathTable {
  let folded: PathTable = { ...table, key: table.key.map((key) => (key < 0 ? key : groups.canonical[key]!)) };
  if (shown !== null) folded = hidePaths(table, folded.key, shown, groups);
  return mergeRecursion ? mergeCalls(folded, groups) : folded;
}

/** `shown` speaks of the recorded frames: of equal ones some could be hidden. */
function hidePaths(
  table: PathTable,
  key: Int32Array,
  shown: Uint8Array,
  { moduleOf, modules }: FrameGroups,
): PathTable {
  const { length, parent, rowOfSite } = table;
  const target = new Uint32Array(length);
  const ends = new Uint32Array(length);
  const hidden = new Uint32Array(length);
  const isNative = modules.map(({ kind }) => kind === 'native');
  // How many of Python in a row are hidden from a row outwards, itself among them.
  const run = new Uint32Array(length);
  const runners: PathRow[] = [];
  for (let row = 1; row < length; row++) {
    const own = table.key[row]!;
    const above = parent[row]!;
    const look = own < 0 ? 1 : shown[own]!;
    hidden[row] = run[above]!;
    target[row] = look === 1 ? row : target[above]!;
    ends[row] = look === 0 ? ends[above]! : row;
    if (look !== 1) run[row] = run[above]! + (isNative[moduleOf[own]!] ? 0 : 1);
    if (look === RUNNER) runners.push(row);
  }
  if (runners.length > 0) {
    const isEnd = new Uint8Array(length);
    for (const row of rowOfSite) if (row !== DROPPED) isEnd[ends[row]!] = 1;
    for (const row of runners) if (isEnd[row] === 0) ends[row] = target[row]!;
  }
  return { ...rewirePaths(table, target, ends, key), hidden };
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
