/**
 * A tree of paths under construction: each node is a key under a parent, and is made once. Keys are numbers that the
 * builder of a tree gives a meaning to (a frame, a thread). Nodes come after their parents, so that one descending loop
 * adds up what lies below.
 */

/** Key of the root, row 0. */
export const ROOT_KEY = -1;

const LEAST_ROWS = 1024;
/** 2^32 divided by the golden ratio. */
const GOLDEN = 0x9e3779b1;

export class PathTree {
  #length = 1;
  #parent: Uint32Array;
  #key: Int32Array;
  /** Open addressing: rows, 0 = free; a power of two, at least twice as many as rows. */
  #slots: Uint32Array;

  /** `expected` rows fit without moving. */
  constructor(expected = LEAST_ROWS) {
    const rows = 2 ** Math.ceil(Math.log2(Math.max(LEAST_ROWS, expected + 1)));
    this.#parent = new Uint32Array(rows);
    this.#key = new Int32Array(rows);
    this.#slots = new Uint32Array(2 * rows);
    this.#key[0] = ROOT_KEY;
  }

  get length(): number {
    return this.#length;
  }

  /** Row of the child of `parent` with that key, made if need be. */
  child(parent: number, key: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hashOf(parent, key) & mask;
    for (let row = slots[slot]!; row !== 0; row = slots[slot]!) {
      if (this.#parent[row] === parent && this.#key[row] === key) return row;
      slot = (slot + 1) & mask;
    }
    const row = this.#length++;
    const isFull = row === this.#parent.length;
    if (isFull) this.#grow();
    this.#parent[row] = parent;
    this.#key[row] = key;
    if (isFull) this.#insert(row);
    else slots[slot] = row;
    return row;
  }

  parentOf(row: number): number {
    return this.#parent[row]!;
  }

  keyOf(row: number): number {
    return this.#key[row]!;
  }

  /** Views of the first `length` rows; not to be used after another `child`. */
  columns(): { parent: Uint32Array; key: Int32Array } {
    return { parent: this.#parent.subarray(0, this.#length), key: this.#key.subarray(0, this.#length) };
  }

  #insert(row: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hashOf(this.#parent[row]!, this.#key[row]!) & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = row;
  }

  #grow(): void {
    const rows = this.#parent.length * 2;
    const parent = new Uint32Array(rows);
    parent.set(this.#parent);
    this.#parent = parent;
    const key = new Int32Array(rows);
    key.set(this.#key);
    this.#key = key;
    this.#slots = new Uint32Array(2 * rows);
    for (let row = 1; row < this.#length - 1; row++) this.#insert(row);
  }
}

function hashOf(parent: number, key: number): number {
  const hash = Math.imul(Math.imul(parent, GOLDEN) ^ key, GOLDEN);
  return (hash ^ (hash >>> 15)) >>> 0;
}
