/**
 * Weights of sites and their stacks → a call tree. A node stands for a frame (a function at a line) below its callers;
 * where threads are told apart the first level is theirs.
 *
 * Stacks are a tree already: with threads merged each is its own node, and one descending loop adds up what lies below.
 * Told apart, only stacks that weigh something in a thread become nodes below it.
 */
import type { SiteKeys, SiteWeights } from '../profile.js';
import type { FoldedStacks } from './fold-stacks.js';
import { ROOT_KEY, type PathTree } from './path-tree.js';

/** Columns; row 0 is the root, `parent[i] < i`. There may be nodes that weigh nothing. */
export interface CallTree {
  readonly length: number;
  readonly parent: Uint32Array;
  /** Row of `FrameTable`; -1 in the root; below that a thread: `threadOfKey` gives its row of `ThreadTable`. */
  readonly key: Int32Array;
  /** What was allocated with this node as the innermost. */
  readonly selfBytes: Float64Array;
  readonly selfCount: Float64Array;
  /** The same with everything below. */
  readonly bytes: Float64Array;
  readonly count: Float64Array;
}

/** Key of a row of `ThreadTable`. */
export function keyOfThread(thread: number): number {
  return ROOT_KEY - 1 - thread;
}

/** Row of `ThreadTable` that a key below -1 stands for. */
export function threadOfKey(key: number): number {
  return ROOT_KEY - 1 - key;
}

export function isThreadKey(key: number): boolean {
  return key < ROOT_KEY;
}

/** `stack` holds a row of the recorded stacks by site. */
export function buildCallTree(
  sites: Pick<SiteKeys, 'length' | 'thread'>,
  weights: SiteWeights,
  stack: Uint32Array,
  stacks: FoldedStacks,
  byThread: boolean,
): CallTree {
  const { rowOf } = stacks;
  if (!byThread) {
    const nodes = { length: stacks.length, columns: () => ({ parent: stacks.parent, key: keysOfStacks(stacks) }) };
    return weighNodes(nodes, (add) => {
      for (let site = 0; site < sites.length; site++) {
        const row = stack[site]!;
        add(rowOf === null ? row : rowOf[row]!, weights.bytes[site]!, weights.count[site]!);
      }
    });
  }
  const nodes = new NodeColumns(stacks);
  const nodeOfSite = new Uint32Array(sites.length);
  for (const { thread, rows } of splitByThread(sites, weights)) {
    nodes.startBelow(nodes.append(0, keyOfThread(thread)));
    for (const site of rows) {
      const row = stack[site]!;
      nodeOfSite[site] = nodes.nodeOf(rowOf === null ? row : rowOf[row]!);
    }
  }
  return weighNodes(nodes, (add) => {
    for (let site = 0; site < sites.length; site++) add(nodeOfSite[site]!, weights.bytes[site]!, weights.count[site]!);
  });
}

function keysOfStacks({ frame }: FoldedStacks): Int32Array {
  const key = Int32Array.from(frame);
  key[0] = ROOT_KEY;
  return key;
}

/** Nodes in the making: one for each stack in use, below one top after the other. */
class NodeColumns {
  readonly #stacks: FoldedStacks;
  /** Node of a stack below the present top; 0 = none yet. */
  readonly #nodeOfStack: Uint32Array;
  readonly #path: Uint32Array;
  #top = 0;
  #firstBelowTop = 1;
  #length = 1;
  #parent = new Uint32Array(1024);
  #key = new Int32Array(1024);
  #stackOfNode = new Uint32Array(1024);

  constructor(stacks: FoldedStacks) {
    this.#stacks = stacks;
    this.#nodeOfStack = new Uint32Array(stacks.length);
    this.#path = new Uint32Array(stacks.length);
    this.#key[0] = ROOT_KEY;
  }

  get length(): number {
    return this.#length;
  }

  columns(): { parent: Uint32Array; key: Int32Array } {
    return { parent: this.#parent.subarray(0, this.#length), key: this.#key.subarray(0, this.#length) };
  }

  startBelow(top: number): void {
    for (let node = this.#firstBelowTop; node < this.#length; node++) this.#nodeOfStack[this.#stackOfNode[node]!] = 0;
    this.#top = top;
    this.#firstBelowTop = this.#length;
  }

  nodeOf(stack: number): number {
    const { parent, frame } = this.#stacks;
    const nodeOfStack = this.#nodeOfStack;
    const path = this.#path;
    let depth = 0;
    let row = stack;
    while (row !== 0 && nodeOfStack[row] === 0) {
      path[depth++] = row;
      row = parent[row]!;
    }
    let node = row === 0 ? this.#top : nodeOfStack[row]!;
    while (depth > 0) {
      row = path[--depth]!;
      node = this.append(node, frame[row]!);
      this.#stackOfNode[node] = row;
      nodeOfStack[row] = node;
    }
    return node;
  }

  append(parent: number, key: number): number {
    if (this.#length === this.#parent.length) this.#grow();
    const node = this.#length++;
    this.#parent[node] = parent;
    this.#key[node] = key;
    return node;
  }

  #grow(): void {
    const length = 2 * this.#length;
    const [parent, key, stackOfNode] = [new Uint32Array(length), new Int32Array(length), new Uint32Array(length)];
    parent.set(this.#parent);
    key.set(this.#key);
    stackOfNode.set(this.#stackOfNode);
    [this.#parent, this.#key, this.#stackOfNode] = [parent, key, stackOfNode];
  }
}

/** Columns of a finished tree; `spread` says what each node weighs by itself. */
export function weighNodes(
  nodes: Pick<PathTree, 'length' | 'columns'>,
  spread: (add: (node: number, bytes: number, count: number) => void) => void,
): CallTree {
  const { length } = nodes;
  const { parent, key } = nodes.columns();
  const selfBytes = new Float64Array(length);
  const selfCount = new Float64Array(length);
  spread((node, someBytes, someCount) => {
    selfBytes[node]! += someBytes;
    selfCount[node]! += someCount;
  });
  const bytes = selfBytes.slice();
  const count = selfCount.slice();
  for (let node = length - 1; node > 0; node--) {
    bytes[parent[node]!]! += bytes[node]!;
    count[parent[node]!]! += count[node]!;
  }
  return { length, parent, key, selfBytes, selfCount, bytes, count };
}

/** Sites that weigh something, by thread. */
function splitByThread(
  { length, thread }: Pick<SiteKeys, 'length' | 'thread'>,
  { bytes, count }: SiteWeights,
): { thread: number; rows: number[] }[] {
  const rowsOf = new Map<number, number[]>();
  for (let site = 0; site < length; site++) {
    if (bytes[site] === 0 && count[site] === 0) continue;
    const rows = rowsOf.get(thread[site]!);
    if (rows === undefined) rowsOf.set(thread[site]!, [site]);
    else rows.push(site);
  }
  return [...rowsOf].sort(([a], [b]) => a - b).map(([row, rows]) => ({ thread: row, rows }));
}
