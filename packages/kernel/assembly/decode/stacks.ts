/**
 * The call tree of Python stacks, shared by all threads. Row 0 is the empty stack; a parent comes before its children.
 *
 * Most pushes repeat what was pushed last on the same stack: each node remembers that key and child, so that another key
 * is seen without touching the wrong child. Where stacks branch, a small cache finds children by parent and key. Only the
 * rest is looked up by its frame.
 */
import { allocate, allocateZeroed, enlarge, release } from '../shared/arena';
import { ABSENT, mix, mix2 } from '../shared/hash';
import { frameOfCode, frameOfId } from './frames';

@unmanaged
export class Node {
  /** What was pushed last on top of this stack, and the stack after that, 0 = none yet. */
  lastKey: u64;
  child: u32;
  parent: u32;
  /** Key of the frame that was pushed last to come here. */
  key: u64;
  frame: u32;
  /** Site that allocated last with this stack, with its tag and native stack; see sites.ts. */
  site: u32;
  siteTag: u32;
  siteNative: u32;
}

const NODE_SIZE: u32 = offsetof<Node>();

/** The table takes whole blocks of memory, which are powers of two; a node is none. */
let nodeBytes: u32 = 1 << 15;
export let nodes: usize = allocate(nodeBytes);
export let nodeCount: u32 = 0;

/** Open addressing, linear probing, half full at most: rows of nodes by parent and frame, which they have themselves; 0 = free. */
let slots: usize = allocateZeroed(4 << 10);
let slotsMask: u32 = (1 << 10) - 1;

/** Rows of children by the hash of parent and key, the last one of each place; 0 = none yet. */
const BRANCHES: u32 = 1 << 16;
const branches = allocateZeroed(BRANCHES << 2);

appendNode(0, 0);

@inline
export function nodeAt(row: u32): Node {
  return changetype<Node>(nodes + <usize>row * NODE_SIZE);
}

function appendNode(parent: u32, frame: u32): u32 {
  if (nodeCount == nodeBytes / NODE_SIZE) {
    nodes = enlarge(nodes, nodeBytes, nodeBytes << 1);
    nodeBytes <<= 1;
  }
  const node = nodeAt(nodeCount);
  node.lastKey = 0;
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
  let slot = hashOf(parent, frame) & slotsMask;
  while (true) {
    const row = load<u32>(slotAt(slot));
    if (row == 0) break;
    const node = nodeAt(row);
    if (node.parent == parent && node.frame == frame) return row;
    slot = (slot + 1) & slotsMask;
  }
  const row = appendNode(parent, frame);
  store<u32>(slotAt(slot), row);
  if (nodeCount * 2 > slotsMask) growSlots();
  return row;
}

@inline
function hashOf(parent: u32, frame: u32): u32 {
  return mix(((<u64>parent) << 32) | frame);
}

@inline
function slotAt(slot: u32): usize {
  return slots + (<usize>slot << 2);
}

function growSlots(): void {
  release(slots, (slotsMask + 1) << 2);
  slotsMask = (slotsMask << 1) | 1;
  slots = allocateZeroed((slotsMask + 1) << 2);
  for (let row: u32 = 1; row < nodeCount; row++) {
    const node = nodeAt(row);
    let slot = hashOf(node.parent, node.frame) & slotsMask;
    while (load<u32>(slotAt(slot)) != 0) slot = (slot + 1) & slotsMask;
    store<u32>(slotAt(slot), row);
  }
}

/** The stack of the code frame `key` on top of `parent`. */
@inline
export function pushCodeFrame(parent: u32, key: u64): u32 {
  const node = nodeAt(parent);
  return node.lastKey == key && node.child ? node.child : branch(parent, key, true);
}

/** The same for a frame id (versions before 12). */
@inline
export function pushFrameId(parent: u32, id: u64): u32 {
  const node = nodeAt(parent);
  return node.lastKey == id && node.child ? node.child : branch(parent, id, false);
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
  const node = nodeAt(parent);
  node.lastKey = key;
  node.child = child;
  return child;
}
