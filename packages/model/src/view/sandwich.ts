/**
 * A call tree and some functions → who calls them and what they call. Bytes of a path count once, at its outermost call
 * of one of the functions: a recursion shows among the callees.
 */
import { weighNodes, type CallTree } from './call-tree.js';
import { PathTree } from './path-tree.js';

export interface Sandwich {
  /** From the functions outwards: the root is the functions, below it their callers. */
  readonly callers: CallTree;
  /** From the functions inwards: the root is the functions, below it what they call. */
  readonly callees: CallTree;
  readonly bytes: number;
  readonly count: number;
  /** Allocated by the functions themselves. */
  readonly selfBytes: number;
  readonly selfCount: number;
}

/** `chosen` is 1 for each frame row that belongs to one of the functions. */
export function sandwich(tree: CallTree, chosen: Uint8Array): Sandwich {
  const { length, parent, key } = tree;
  const callees = new PathTree();
  const callers = new PathTree();
  // Node among the callees + 1; 0 = not below a chosen function.
  const calleeOf = new Uint32Array(length);
  const callerOf = new Uint32Array(length);
  const outermost: number[] = [];
  for (let node = 1; node < length; node++) {
    if (tree.bytes[node] === 0 && tree.count[node] === 0) continue;
    const above = calleeOf[parent[node]!]!;
    const own = key[node]!;
    if (above !== 0) {
      calleeOf[node] = callees.child(above - 1, own) + 1;
    } else if (own >= 0 && chosen[own] !== 0) {
      calleeOf[node] = 1;
      outermost.push(node);
    }
  }
  for (const node of outermost) {
    let caller = 0;
    for (let at = parent[node]!; at !== 0; at = parent[at]!) caller = callers.child(caller, key[at]!);
    callerOf[node] = caller;
  }
  const calleeTree = weighNodes(callees, (add) => {
    for (let node = 1; node < length; node++) {
      if (calleeOf[node] !== 0) add(calleeOf[node]! - 1, tree.selfBytes[node]!, tree.selfCount[node]!);
    }
  });
  return {
    callees: calleeTree,
    callers: weighNodes(callers, (add) => {
      for (const node of outermost) add(callerOf[node]!, tree.bytes[node]!, tree.count[node]!);
    }),
    bytes: calleeTree.bytes[0]!,
    count: calleeTree.count[0]!,
    selfBytes: calleeTree.selfBytes[0]!,
    selfCount: calleeTree.selfCount[0]!,
  };
}
