/**
 * The call tree of Python stacks, shared by all threads. Row 0 is the empty stack; a parent comes before its children.
 *
 * Each node remembers the child it was last left for and the site it last allocated at: most pushes and allocations
 * repeat those, and then nothing is hashed. A node is half a cache line.
 */
import { allocate, enlarge } from '../shared/arena';
import { ABSENT, findRow, newRowMap, putRow } from '../shared/hash';
import { frameOfCode, frameOfId } from './frames';

@unmanaged
export class Node {
  /** Key of the frame that was pushed last on top of this stack, and the stack it gave (0 = none yet). */
  childKey: u64;
  child: u32;
  parent: u32;
  frame: u32;
  /** Site that allocated last with this stack, with its tag and native stack; see sites.ts. */
  site: u32;
  siteTag: u32;
  siteNative: u32;
}

export const NODE_SHIFT: usize = 5;

export let nodes: usize = allocate(1 << 15);
let capacity: u32 = 1 << 10;
export let nodeCount: u32 = 0;

const nodesByFrame = newRowMap(1 << 10);

appendNode(0, 0);

@inline
export function nodeAt(row: u32): Node {
  return changetype<Node>(nodes + (<usize>row << NODE_SHIFT));
}

function appendNode(parent: u32, frame: u32): u32 {
  if (nodeCount == capacity) {
    nodes = enlarge(nodes, capacity << 5, capacity << 6);
    capacity <<= 1;
  }
  const node = nodeAt(nodeCount);
  node.childKey = 0;
  node.child = 0;
  node.parent = parent;
  node.frame = frame;
  node.site = ABSENT;
  node.siteTag = 0;
  node.siteNative = 0;
  return nodeCount++;
}

/** The stack of `frame` on top of `parent`. */
export function stackOf(parent: u32, frame: u32): u32 {
  const key = ((<u64>parent) << 32) | frame;
  let row = findRow(nodesByFrame, key);
  if (row == ABSENT) {
    row = appendNode(parent, frame);
    putRow(nodesByFrame, key, row);
  }
  return row;
}

/** The stack of the code frame `key` on top of `parent`, remembered as its last child. */
export function pushCodeFrame(parent: u32, key: u64): u32 {
  return remember(parent, key, stackOf(parent, frameOfCode(key)));
}

/** The same for a frame id (versions before 12). */
export function pushFrameId(parent: u32, id: u64): u32 {
  return remember(parent, id, stackOf(parent, frameOfId(id)));
}

function remember(parent: u32, key: u64, child: u32): u32 {
  const node = nodeAt(parent);
  node.childKey = key;
  node.child = child;
  return child;
}
