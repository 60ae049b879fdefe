/**
 * The call tree of Python stacks, shared by all threads. Row 0 is the empty stack; a parent comes before its children.
 *
 * Most pushes repeat what was pushed last on the same stack: each node remembers that child, and each child the key that
 * led to it. Where stacks branch, a small cache finds children by parent and key. Only the rest is looked up by its
 * frame. A node is half a cache line.
 */
import { allocate, allocateZeroed, enlarge } from '../shared/arena';
import { ABSENT, findRow, mix2, newRowMap, putRow } from '../shared/hash';
import { frameOfCode, frameOfId } from './frames';

@unmanaged
export class Node {
  /** Key of the frame that was pushed last to come here. */
  key: u64;
  parent: u32;
  /** The stack after the last push on top of this one, 0 = none yet. */
  child: u32;
  frame: u32;
  /** Site that allocated last with this stack, with its tag and native stack; see sites.ts. */
  site: u32;
  siteTag: u32;
  siteNative: u32;
}

const NODE_SHIFT: u32 = 5;

export let nodes: usize = allocate(1 << 15);
let capacity: u32 = 1 << 10;
export let nodeCount: u32 = 0;

const nodesByFrame = newRowMap(1 << 10);

/** Rows of children by the hash of parent and key, the last one of each place; 0 = none yet. */
const BRANCHES: u32 = 1 << 16;
const branches = allocateZeroed(BRANCHES << 2);

appendNode(0, 0);

@inline
export function nodeAt(row: u32): Node {
  return changetype<Node>(nodes + (<usize>row << NODE_SHIFT));
}

function appendNode(parent: u32, frame: u32): u32 {
  if (nodeCount == capacity) {
    nodes = enlarge(nodes, capacity << NODE_SHIFT, capacity << (NODE_SHIFT + 1));
    capacity <<= 1;
  }
  const node = nodeAt(nodeCount);
  node.key = 0;
  node.parent = parent;
  node.child = 0;
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

/** The stack of the code frame `key` on top of `parent`. */
@inline
export function pushCodeFrame(parent: u32, key: u64): u32 {
  const child = nodeAt(parent).child;
  return child && nodeAt(child).key == key ? child : branch(parent, key, true);
}

/** The same for a frame id (versions before 12). */
@inline
export function pushFrameId(parent: u32, id: u64): u32 {
  const child = nodeAt(parent).child;
  return child && nodeAt(child).key == id ? child : branch(parent, id, false);
}

/** The stack after another push than the last one on top of `parent`. */
function branch(parent: u32, key: u64, byCode: bool): u32 {
  const place = branches + ((<usize>(mix2(key, parent) & (BRANCHES - 1))) << 2);
  let child = load<u32>(place);
  if (child == 0 || nodeAt(child).key != key || nodeAt(child).parent != parent) {
    child = stackOf(parent, byCode ? frameOfCode(key) : frameOfId(key));
    nodeAt(child).key = key;
    // A first child is found without.
    if (nodeAt(parent).child) store<u32>(place, child);
  }
  nodeAt(parent).child = child;
  return child;
}
