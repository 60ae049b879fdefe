/**
 * The rows of one stack of a call tree, outermost first. Loading the next stack walks down from its innermost row only
 * until it meets the one before it: stacks that follow each other mostly share their outer frames.
 *
 * A parent that does not come before its row is none: no damaged tree leads in a circle.
 */
export class StackPath {
  rows = new Uint32Array(64);
  length = 0;
  readonly #parent: Uint32Array;
  readonly #depth: Uint32Array;

  /** Row 0 of `parent` is the empty stack. */
  constructor(parent: Uint32Array) {
    this.#parent = parent;
    this.#depth = depthsOf(parent);
  }

  /** Returns how many of the outermost rows are those of the stack before. */
  load(stack: number): number {
    const depth = this.#depth[stack] ?? 0;
    if (depth > this.rows.length) {
      const wider = new Uint32Array(2 * depth);
      wider.set(this.rows);
      this.rows = wider;
    }
    let at = depth;
    let row = stack;
    while (at > 0 && (at > this.length || this.rows[at - 1] !== row)) {
      this.rows[--at] = row;
      row = parentOf(this.#parent, row);
    }
    this.length = depth;
    return at;
  }
}

/** Found once for a table, whose stacks are joined anew for each window. */
const depthsOfParents = new WeakMap<Uint32Array, Uint32Array>();

function depthsOf(parent: Uint32Array): Uint32Array {
  let depths = depthsOfParents.get(parent);
  if (depths === undefined) {
    depths = new Uint32Array(parent.length);
    for (let row = 1; row < parent.length; row++) depths[row] = depths[parentOf(parent, row)]! + 1;
    depthsOfParents.set(parent, depths);
  }
  return depths;
}

/** Whole numbers, in half the bytes where they are small: there are millions of stacks. */
export type SumColumn = Uint16Array | Uint32Array;

/** For each row the sum of `weight[key]` over its own key and those of all rows above; 0 for row 0. */
export function sumsToRoot(parent: Uint32Array, key: Uint32Array, weight: Uint8Array | Uint32Array): SumColumn {
  const small = new Uint16Array(parent.length);
  if (sumInto(small, parent, key, weight)) return small;
  const large = new Uint32Array(parent.length);
  sumInto(large, parent, key, weight);
  return large;
}

/** False where a sum does not fit. */
function sumInto(sums: SumColumn, parent: Uint32Array, key: Uint32Array, weight: Uint8Array | Uint32Array): boolean {
  for (let row = 1; row < parent.length; row++) {
    const sum = sums[parentOf(parent, row)]! + weight[key[row]!]!;
    sums[row] = sum;
    if (sums[row] !== sum) return false;
  }
  return true;
}

function parentOf(parent: Uint32Array, row: number): number {
  const above = parent[row]!;
  return above < row ? above : 0;
}
