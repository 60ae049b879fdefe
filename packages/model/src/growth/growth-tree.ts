/**
 * Stacks → the tree that growth is judged in: all threads together, two nodes for each frame of Python, the function
 * and below it the line, so that the lines of a function are summed before they are judged and may still part. Sites
 * without a Python frame hang below a node of their own (`BARE`) by their native frames, one node each. Nodes come
 * after their parents.
 */
import type { SiteKeys, StackTables } from '../profile.js';
import { JoinedTreeBuilder } from '../join/joined-tree.js';
import { NATIVE_FRAME, PYTHON_FRAME } from '../tables.js';
import { groupFrames } from '../view/frame-groups.js';
import { isGenerated, KIND, kindsOfFrames, resolveKind } from './frame-kind.js';

export interface GrowthTree {
  readonly length: number;
  readonly parent: Uint32Array;
  /** Row of `FrameTable` that stands for the node; meaningless in the root. */
  readonly frame: Uint32Array;
  /** Position in the functions of `groupFrames`, -1 = the root and `BARE`. */
  readonly functionOf: Int32Array;
  /** 1 = a line of the function that its parent is, or what a line allocates itself beside what it calls. */
  readonly isLine: Uint8Array;
  /** As `KIND` says. */
  readonly kind: Uint8Array;
  /** 1 from a frame of the import system on, until one of the application comes again: code may run in an import. */
  readonly isImport: Uint8Array;
  /** 1 where a frame of the application is on the way. */
  readonly throughApplication: Uint8Array;
  /** 1 for the code of a module as a whole. */
  readonly isModule: Uint8Array;
  /** First child and next sibling; 0 = none. */
  readonly firstChild: Uint32Array;
  readonly nextSibling: Uint32Array;
  /** A node of its own for what a line allocates itself, where it also calls others. */
  readonly nodeOfSite: Uint32Array;
}

/** The node of what has no Python frame. */
export const BARE = 1;

export function isBelowBare(node: number, { parent }: Pick<GrowthTree, 'parent'>): boolean {
  let at = node;
  while (at > BARE) at = parent[at]!;
  return at === BARE;
}

/** Nodes as they are found: functions and, of one, its lines. Most stacks are new on top of new ones. */
class GrowthPaths {
  readonly #tree: JoinedTreeBuilder;

  constructor(expected: number) {
    this.#tree = new JoinedTreeBuilder(expected);
  }

  get length(): number {
    return this.#tree.length;
  }

  /** The first node: that of what has no Python frame. */
  bare(): number {
    return this.#tree.push(0, PYTHON_FRAME, 0);
  }

  functionBelow(caller: number, functionRow: number): number {
    return this.#tree.push(caller, PYTHON_FRAME, functionRow + 1);
  }

  lineOf(node: number, line: number): number {
    return this.#tree.push(node, NATIVE_FRAME, Math.max(0, Math.min(line, MOST_LINES)) + 1);
  }

  /** What a node allocates itself, where it also calls others. */
  selfOf(node: number): number {
    return this.#tree.push(node, NATIVE_FRAME, 0);
  }

  /** After the last node. */
  finish(): Pick<GrowthTree, 'parent' | 'firstChild' | 'nextSibling'> {
    return this.#tree.finish();
  }
}

const MOST_LINES = 2 ** 30;

type SiteStacks = Pick<SiteKeys, 'length' | 'pythonStack' | 'nativeStack'>;

/** By Python's stacks of the sites. */
const known = new WeakMap<Uint32Array, GrowthTree>();

/** Grown once for the sites of a profile. */
export function growTree(tables: StackTables, sites: SiteStacks): GrowthTree {
  let tree = known.get(sites.pythonStack);
  if (tree === undefined) known.set(sites.pythonStack, (tree = growNodes(tables, sites)));
  return tree;
}

function growNodes(tables: StackTables, sites: SiteStacks): GrowthTree {
  const nodes = makeNodes(tables, sites);
  return { ...nodes, isModule: modulesOf(nodes.frame, nodes.length, tables) };
}

/** A call of its own: what nodes are looked up in can be given back as soon as all are known. */
function makeNodes(
  tables: StackTables,
  { length: siteCount, pythonStack, nativeStack }: SiteStacks,
): Omit<GrowthTree, 'isModule'> {
  const { stacks, frames } = tables;
  const { functionOf: functionOfFrame } = groupFrames(tables);
  const kindOfFrame = kindsOfFrames(tables);
  const stackOfSite = pythonStack.slice();
  if (nativeStack !== null) {
    for (let site = 0; site < siteCount; site++) if (pythonStack[site] === 0) stackOfSite[site] = nativeStack[site]!;
  }
  const used = usedStacks(stackOfSite, stacks.parent);
  const paths = new GrowthPaths(2 * used.length);
  const columns = new NodeColumns(2 * used.length);
  const nodeOfStack = new Uint32Array(stacks.length);
  columns.add(paths.bare(), 0, 0, -1, KIND.native, 0, false);
  for (let at = 0; at < used.length; at++) {
    const stack = used[at]!;
    const frame = stacks.frame[stack]!;
    const above = stacks.parent[stack]!;
    const caller = above === 0 && kindOfFrame[frame] === KIND.native ? BARE : nodeOfStack[above]!;
    const kind = resolveKind(
      kindOfFrame[frame]!,
      frames.functionName[frame] ?? null,
      columns.kind[caller]!,
      columns.isText[caller] === 1,
    );
    let node = paths.functionBelow(caller, functionOfFrame[frame]!);
    columns.add(node, caller, frame, functionOfFrame[frame]!, kind, 0, isGenerated(kindOfFrame[frame]!));
    if (kind !== KIND.native) {
      const line = paths.lineOf(node, frames.line[frame]!);
      columns.add(line, node, frame, functionOfFrame[frame]!, kind, 1, isGenerated(kindOfFrame[frame]!));
      node = line;
    }
    nodeOfStack[stack] = node;
  }
  const nodeOfSite = new Uint32Array(siteCount);
  for (let site = 0; site < siteCount; site++) {
    const node = nodeOfStack[stackOfSite[site]!]! || BARE;
    nodeOfSite[site] = node;
    // A node that has one of its own had others before.
    if (columns.hasChildren[node] === 0) continue;
    // What a line allocates itself may grow beside a cache that it calls.
    const self = paths.selfOf(node);
    const frame = columns.frame[node]!;
    columns.add(self, node, frame, columns.functionOf[node]!, columns.kind[node]!, 1, columns.isText[node] === 1);
    nodeOfSite[site] = self;
  }
  const { length } = paths;
  return { length, ...columns.finish(length), ...paths.finish(), nodeOfSite };
}

/** By node, whose `frame` it is: 1 for the code of a module as a whole. */
function modulesOf(frame: Uint32Array, length: number, { frames }: StackTables): Uint8Array {
  const isModuleFrame = new Uint8Array(frames.length);
  for (let row = 0; row < frames.length; row++) if (frames.functionName[row] === '<module>') isModuleFrame[row] = 1;
  const isModule = new Uint8Array(length);
  for (let node = BARE + 1; node < length; node++) isModule[node] = isModuleFrame[frame[node]!]!;
  return isModule;
}

/** Rows of stacks that sites have, and of their callers, callers first. */
function usedStacks(stackOfSite: Uint32Array, parent: Uint32Array): Uint32Array {
  const isUsed = new Uint8Array(parent.length);
  for (let site = 0; site < stackOfSite.length; site++) isUsed[stackOfSite[site]!] = 1;
  let count = 0;
  for (let stack = parent.length - 1; stack > 0; stack--) {
    if (isUsed[stack] === 0) continue;
    isUsed[parent[stack]!] = 1;
    count++;
  }
  const rows = new Uint32Array(count);
  for (let stack = 1, at = 0; stack < parent.length; stack++) if (isUsed[stack] === 1) rows[at++] = stack;
  return rows;
}

/** Columns that grow with the tree. */
class NodeColumns {
  #capacity: number;
  frame: Uint32Array;
  functionOf: Int32Array;
  isLine: Uint8Array;
  kind: Uint8Array;
  isImport: Uint8Array;
  throughApplication: Uint8Array;
  isText: Uint8Array;
  hasChildren: Uint8Array;
  #length = 1;

  /** `expected` nodes fit without moving. */
  constructor(expected: number) {
    const capacity = Math.max(1024, expected + 2);
    this.#capacity = capacity;
    this.frame = new Uint32Array(capacity);
    this.functionOf = new Int32Array(capacity).fill(-1);
    this.isLine = new Uint8Array(capacity);
    this.kind = new Uint8Array(capacity);
    this.isImport = new Uint8Array(capacity);
    this.throughApplication = new Uint8Array(capacity);
    this.isText = new Uint8Array(capacity);
    this.hasChildren = new Uint8Array(capacity);
  }

  /** Nodes are numbered as they are made; one that is known already stays as it is. */
  add(
    node: number,
    parent: number,
    frame: number,
    functionOf: number,
    kind: number,
    isLine: number,
    isText: boolean,
  ): void {
    if (node < this.#length) return;
    if (node >= this.#capacity) this.#grow();
    this.#length = node + 1;
    this.hasChildren[parent] = 1;
    this.frame[node] = frame;
    this.functionOf[node] = functionOf;
    this.kind[node] = kind;
    this.isLine[node] = isLine;
    this.isText[node] = isText && kind === KIND.application ? 1 : 0;
    const isApplication = kind === KIND.application;
    this.isImport[node] = kind === KIND.imports || (this.isImport[parent] === 1 && !isApplication) ? 1 : 0;
    this.throughApplication[node] = isApplication || this.throughApplication[parent] === 1 ? 1 : 0;
  }

  /** Views of the columns, which must not grow any more: there is little room to spare. */
  finish(
    length: number,
  ): Pick<GrowthTree, 'frame' | 'functionOf' | 'isLine' | 'kind' | 'isImport' | 'throughApplication'> {
    return {
      frame: this.frame.subarray(0, length),
      functionOf: this.functionOf.subarray(0, length),
      isLine: this.isLine.subarray(0, length),
      kind: this.kind.subarray(0, length),
      isImport: this.isImport.subarray(0, length),
      throughApplication: this.throughApplication.subarray(0, length),
    };
  }

  #grow(): void {
    this.#capacity *= 2;
    const wider = <Column extends Uint8Array | Uint32Array | Int32Array>(from: Column, to: Column): Column => {
      to.set(from);
      return to;
    };
    this.frame = wider(this.frame, new Uint32Array(this.#capacity));
    this.functionOf = wider(this.functionOf, new Int32Array(this.#capacity));
    this.isLine = wider(this.isLine, new Uint8Array(this.#capacity));
    this.kind = wider(this.kind, new Uint8Array(this.#capacity));
    this.isImport = wider(this.isImport, new Uint8Array(this.#capacity));
    this.throughApplication = wider(this.throughApplication, new Uint8Array(this.#capacity));
    this.isText = wider(this.isText, new Uint8Array(this.#capacity));
    this.hasChildren = wider(this.hasChildren, new Uint8Array(this.#capacity));
  }
}

/** The line of Python that a site allocates at, whether or not that calls others. */
export function lineOfSite(site: number, { nodeOfSite, isLine, parent }: GrowthTree): number {
  const node = nodeOfSite[site]!;
  return isLine[parent[node]!] === 1 ? parent[node]! : node;
}

/** The node's function and the line of it, if the node is a line; outermost first. */
export function wayTo(node: number, { parent }: Pick<GrowthTree, 'parent'>): number[] {
  const way: number[] = [];
  for (let at = node; at !== 0; at = parent[at]!) way.push(at);
  return way.reverse();
}

/** 1 for the nodes, and for all that lies below them. */
export function markBelow(nodes: readonly number[], { length, parent }: GrowthTree): Uint8Array {
  const isBelow = new Uint8Array(length);
  for (const node of nodes) isBelow[node] = 1;
  for (let node = 1; node < length; node++) if (isBelow[parent[node]!] === 1) isBelow[node] = 1;
  return isBelow;
}

/** What `column` has of the node of each site. There are millions of sites: `from` with a function takes many times as long. */
export function ofSites<Column extends Uint8Array | Int32Array>(column: Column, { nodeOfSite }: GrowthTree): Column {
  const picked = new (column.constructor as new (length: number) => Column)(nodeOfSite.length);
  for (let site = 0; site < picked.length; site++) picked[site] = column[nodeOfSite[site]!]!;
  return picked;
}

/** The deepest node that both lie below. */
export function commonCaller(a: number, b: number, { parent }: Pick<GrowthTree, 'parent'>): number {
  let [one, other] = [a, b];
  while (one !== other) {
    if (one > other) one = parent[one]!;
    else other = parent[other]!;
  }
  return one;
}
