/**
 * What a flame graph is drawn from: the nodes of a tree that are at least a pixel wide, as columns, and for each what was
 * folded below it. Filled by the drawing of paths from the roots or inverted.
 */
import type { PathKey, SignedRowColumn } from '../../rows.js';
import { ROOT_KEY } from '../path-tree.js';
import type { PathWeights } from './weigh-paths.js';

/** Columns, callers first; row 0 is the shown root, and its own parent. */
export interface DrawnPaths {
  readonly length: number;
  readonly parent: Uint32Array;
  /** As in `PathTable`. */
  readonly key: SignedRowColumn<PathKey>;
  /** By which the node can be asked for as the root; an exact integer. */
  readonly id: Float64Array;
  readonly bytes: Float64Array;
  readonly count: Float64Array;
  readonly selfBytes: Float64Array;
  readonly selfCount: Float64Array;
  /** Children below a pixel, with all that is below them. */
  readonly foldedBytes: Float64Array;
  readonly foldedCount: Float64Array;
  readonly foldedNodes: Float64Array;
  /** Frames between the node and its caller that do not show; the most where its paths differ. Of inverted trees 0. */
  readonly hiddenFrames: Float64Array;
  /** 1 where all below is folded unless it is asked for: an import. */
  readonly closed: Float64Array;
  /** From the root of everything to the shown one, both included. */
  readonly path: readonly PathStep[];
  /** What the nodes weigh by each of `DrawOptions.beside`. */
  readonly beside: readonly NodeWeights[];
}

/** By node. */
export interface NodeWeights {
  readonly bytes: Float64Array;
  readonly count: Float64Array;
  readonly selfBytes: Float64Array;
  readonly selfCount: Float64Array;
}

export interface PathStep {
  readonly id: number;
  readonly key: PathKey;
}

export interface DrawOptions {
  /** The weight that widths stand for. */
  readonly by: 'bytes' | 'count';
  /** Of the shown root, in pixels: what is narrower than one is folded. */
  readonly width: number;
  /** Id of the node to show as the root; 0 = everything. */
  readonly root: number;
  /** Nodes at the most; where there are more, the innermost levels are folded. */
  readonly most: number;
  /** Levels below the shown root; all unless given. */
  readonly maxDepth?: number;
  /** Draws what is below imports, too. */
  readonly opensImports?: boolean;
  /** Other weights of the same paths, to be summed for the nodes that are drawn. */
  readonly beside?: readonly PathWeights[];
}

/** What a node weighs. */
export interface NodeWeight {
  readonly bytes: number;
  readonly count: number;
  readonly selfBytes: number;
  readonly selfCount: number;
}

const COLUMNS = [
  'id',
  'bytes',
  'count',
  'selfBytes',
  'selfCount',
  'foldedBytes',
  'foldedCount',
  'foldedNodes',
  'hiddenFrames',
  'closed',
] as const;
type ColumnName = (typeof COLUMNS)[number];

/** Nodes in the making. */
export class NodeList {
  #length = 0;
  #parent = new Uint32Array(1024);
  #key = new Int32Array(1024);
  #columns = Object.fromEntries(COLUMNS.map((name) => [name, new Float64Array(1024)])) as Record<
    ColumnName,
    Float64Array
  >;

  get length(): number {
    return this.#length;
  }

  add(parent: number, key: PathKey, id: number, weight: NodeWeight): number {
    if (this.#length === this.#key.length) this.#grow();
    const node = this.#length++;
    this.#parent[node] = parent;
    this.#key[node] = key;
    const columns = this.#columns;
    columns.id[node] = id;
    columns.bytes[node] = weight.bytes;
    columns.count[node] = weight.count;
    columns.selfBytes[node] = weight.selfBytes;
    columns.selfCount[node] = weight.selfCount;
    return node;
  }

  /** Says what the paths of a node know of themselves. */
  describe(node: number, hiddenFrames: number, closed: boolean): void {
    this.#columns.hiddenFrames[node] = hiddenFrames;
    this.#columns.closed[node] = closed ? 1 : 0;
  }

  /** Says what of the node's children is not shown. */
  fold(node: number, { foldedBytes, foldedCount, foldedNodes }: FoldedChildren): void {
    this.#columns.foldedBytes[node] = foldedBytes;
    this.#columns.foldedCount[node] = foldedCount;
    this.#columns.foldedNodes[node] = foldedNodes;
  }

  finish(path: readonly PathStep[], beside: readonly WeightList[]): DrawnPaths {
    const length = this.#length;
    const cut = (name: ColumnName): Float64Array => this.#columns[name].slice(0, length);
    return {
      length,
      parent: this.#parent.slice(0, length),
      key: this.#key.slice(0, length),
      id: cut('id'),
      bytes: cut('bytes'),
      count: cut('count'),
      selfBytes: cut('selfBytes'),
      selfCount: cut('selfCount'),
      foldedBytes: cut('foldedBytes'),
      foldedCount: cut('foldedCount'),
      foldedNodes: cut('foldedNodes'),
      hiddenFrames: cut('hiddenFrames'),
      closed: cut('closed'),
      path,
      beside: beside.map((list) => list.finish()),
    };
  }

  #grow(): void {
    const length = 2 * this.#length;
    const [parent, key] = [new Uint32Array(length), new Int32Array(length)];
    parent.set(this.#parent);
    key.set(this.#key);
    [this.#parent, this.#key] = [parent, key];
    for (const name of COLUMNS) {
      const column = new Float64Array(length);
      column.set(this.#columns[name]);
      this.#columns[name] = column;
    }
  }
}

/** Weights of nodes in the making, in their order. */
export class WeightList {
  readonly #bytes: number[] = [];
  readonly #count: number[] = [];
  readonly #selfBytes: number[] = [];
  readonly #selfCount: number[] = [];

  add({ bytes, count, selfBytes, selfCount }: NodeWeight): void {
    this.#bytes.push(bytes);
    this.#count.push(count);
    this.#selfBytes.push(selfBytes);
    this.#selfCount.push(selfCount);
  }

  finish(): NodeWeights {
    return {
      bytes: Float64Array.from(this.#bytes),
      count: Float64Array.from(this.#count),
      selfBytes: Float64Array.from(this.#selfBytes),
      selfCount: Float64Array.from(this.#selfCount),
    };
  }
}

/**
 * Sums by key, for telling the children of one node after the other apart: a node may have a hundred thousand, nearly all
 * of them below a pixel, so that nothing is made for each.
 */
export class KeySums {
  readonly #least: number;
  readonly #weight: Float64Array;
  readonly #bytes: Float64Array;
  readonly #counts: Float64Array;
  /** Least row + 1; 0 = not seen. */
  readonly #first: Uint32Array;
  readonly #seen: Int32Array;
  #count = 0;

  constructor(key: Int32Array) {
    const { least, range } = rangeOfKeys(key);
    this.#least = least;
    this.#weight = new Float64Array(range);
    this.#bytes = new Float64Array(range);
    this.#counts = new Float64Array(range);
    this.#first = new Uint32Array(range);
    this.#seen = new Int32Array(range);
  }

  add(key: PathKey, row: number, weight: number, bytes: number, count: number): void {
    const at = key - this.#least;
    const first = this.#first[at]!;
    if (first === 0) this.#seen[this.#count++] = at;
    if (first === 0 || row + 1 < first) this.#first[at] = row + 1;
    this.#weight[at]! += weight;
    this.#bytes[at]! += bytes;
    this.#counts[at]! += count;
  }

  /**
   * Empties it. Keys that weigh at least so much, at the most `most` of them, heaviest first, equal ones by their least
   * row; of the others that weigh anything, how many there were and what they weigh.
   */
  take(least: number, most: number): FoldedChildren & { readonly kept: readonly KeySum[] } {
    const kept: KeySum[] = [];
    let [foldedBytes, foldedCount, foldedNodes] = [0, 0, 0];
    for (let index = 0; index < this.#count; index++) {
      const at = this.#seen[index]!;
      const weight = this.#weight[at]!;
      const bytes = this.#bytes[at]!;
      const count = this.#counts[at]!;
      if (weight > 0 && weight >= least) {
        kept.push({ key: at + this.#least, first: this.#first[at]! - 1, weight, bytes, count });
      } else if (weight > 0) {
        foldedBytes += bytes;
        foldedCount += count;
        foldedNodes++;
      }
      this.#weight[at] = 0;
      this.#bytes[at] = 0;
      this.#counts[at] = 0;
      this.#first[at] = 0;
    }
    this.#count = 0;
    kept.sort((a, b) => b.weight - a.weight || a.first - b.first);
    for (const { bytes, count } of kept.splice(most)) {
      foldedBytes += bytes;
      foldedCount += count;
      foldedNodes++;
    }
    return { kept, foldedBytes, foldedCount, foldedNodes };
  }
}

/** Children that are not shown, with all that is below them. */
export interface FoldedChildren {
  readonly foldedBytes: number;
  readonly foldedCount: number;
  readonly foldedNodes: number;
}

export interface KeySum {
  readonly key: PathKey;
  readonly first: number;
  readonly weight: number;
  readonly bytes: number;
  readonly count: number;
}

/** The places of a few keys in a list, for one list after the other. */
export class KeyPlaces {
  readonly #least: number;
  /** Place + 1; 0 = none. */
  readonly #place: Uint32Array;

  constructor(key: Int32Array) {
    const { least, range } = rangeOfKeys(key);
    this.#least = least;
    this.#place = new Uint32Array(range);
  }

  set(keys: readonly { readonly key: number }[]): void {
    for (const [place, { key }] of keys.entries()) this.#place[key - this.#least] = place + 1;
  }

  clear(keys: readonly { readonly key: number }[]): void {
    for (const { key } of keys) this.#place[key - this.#least] = 0;
  }

  /** -1 where the key is not in the list. */
  of(key: number): number {
    return this.#place[key - this.#least]! - 1;
  }
}

interface KeyRange {
  readonly least: number;
  readonly range: number;
}

/** Of the same paths many windows are drawn. */
const knownRanges = new WeakMap<Int32Array, KeyRange>();

function rangeOfKeys(key: Int32Array): KeyRange {
  const known = knownRanges.get(key);
  if (known !== undefined) return known;
  let [least, most] = [ROOT_KEY, ROOT_KEY];
  for (let row = 0; row < key.length; row++) {
    if (key[row]! < least) least = key[row]!;
    if (key[row]! > most) most = key[row]!;
  }
  const range = { least, range: most - least + 1 };
  knownRanges.set(key, range);
  return range;
}
