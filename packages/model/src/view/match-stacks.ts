/** Stacks of several runs → which of them look the same. */
import type { JoinedStacks } from '../join/join-sites.js';
import { PathTree } from './path-tree.js';

/** By row: one number for those that look the same; hidden frames are left out. */
export function matchStacks(
  { length, parent, frame }: JoinedStacks['stacks'],
  keyOfFrame: Uint32Array,
  shown: Uint8Array | null,
): Uint32Array {
  const tree = new PathTree(length);
  const matched = new Uint32Array(length);
  for (let row = 1; row < length; row++) {
    const above = matched[parent[row]!]!;
    const own = frame[row]!;
    matched[row] = shown !== null && shown[own] === 0 ? above : tree.child(above, keyOfFrame[own]!);
  }
  return matched;
}
