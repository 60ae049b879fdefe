/** A call tree that grows by (parent, kind, frame); each combination is one node, parents come before children. */
import { NATIVE_FRAME, PYTHON_FRAME } from '../tables.js';

const LEAST_CAPACITY = 1 << 10;
/** Children of a node that are found by walking over them; only further ones are hashed. */
const MOST_WALKED = 8;

/**
 * Most nodes of a call tree have one child, and most that are pushed are new on top of new ones: these are appended
 * without looking elsewhere in memory, where a hash table of all nodes misses the cache each time.
 *
 * Row 0 is the empty stack; a parent's row is below its children's.
 */
export class JoinedTreeBuilder {
  #length = 1;
  #parent: Uint32Array<ArrayBuffer>;
  /** Twice the frame's row, one more for a native frame. */
  #key: Uint32Array<ArrayBuffer>;
  #firstChild: Uint32Array<ArrayBuffer>;
  /** The child that was pushed last. */
  #lastChild: Uint32Array<ArrayBuffer>;
  /** In the order in which they were made; 0 = none. */
  #nextSibling: Uint32Array<ArrayBuffer>;
  /** Open addressing: node numbers of children beyond `MOST_WALKED`, 0 = free. */
  #slots: Uint32Array<ArrayBuffer>;
  #hashed = 0;

  /** `expected` rows need no growing. */
  constructor(expected = 0) {
    const capacity = Math.max(LEAST_CAPACITY, expected + 1);
    this.#parent = new Uint32Array(capacity);
    this.#key = new Uint32Array(capacity);
    this.#firstChild = new Uint32Array(capacity);
    this.#lastChild = new Uint32Array(capacity);
    this.#nextSibling = new Uint32Array(capacity);
    // Trees of real captures have one such child in four nodes at most.
    let slots = LEAST_CAPACITY / 2;
    while (2 * slots < capacity) slots *= 2;
    this.#slots = new Uint32Array(slots);
  }

  /** Rows so far, row 0 included. */
  get length(): number {
    return this.#length;
  }

  /** The node of a frame on top of `parent`; `frame` is below 2^31. */
  push(parent: number, kind: number, frame: number): number {
    const key = ((frame << 1) | (kind === NATIVE_FRAME ? 1 : 0)) >>> 0;
    const keys = this.#key;
    const last = this.#lastChild[parent]!;
    if (last === 0) {
      const node = this.#add(parent, key);
      this.#firstChild[parent] = node;
      return node;
    }
    if (keys[last] === key) return last;
    let sibling = this.#firstChild[parent]!;
    for (let walked = 1; ; walked++) {
      if (keys[sibling] === key) return (this.#lastChild[parent] = sibling);
      const next = this.#nextSibling[sibling]!;
      if (walked === MOST_WALKED) break;
      if (next === 0) {
        const node = this.#add(parent, key);
        this.#nextSibling[sibling] = node;
        return node;
      }
      sibling = next;
    }
    return this.#pushHashed(parent, key);
  }

  #pushHashed(parent: number, key: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hashPair(parent, key) & mask;
    for (let node = slots[slot]!; node !== 0; node = slots[(slot = (slot + 1) & mask)]!) {
      if (this.#parent[node] === parent && this.#key[node] === key) return (this.#lastChild[parent] = node);
    }
    const node = this.#add(parent, key);
    slots[slot] = node;
    if (2 * ++this.#hashed > slots.length) this.#growSlots();
    return node;
  }

  #add(parent: number, key: number): number {
    const node = this.#length++;
    this.#parent[node] = parent;
    this.#key[node] = key;
    this.#lastChild[parent] = node;
    if (this.#length === this.#parent.length) this.#grow();
    return node;
  }

  /** Ends the tree, to which nothing can be pushed any more: its columns, with all children of a node in their order; 0 = none. */
  finish(): Readonly<Record<'parent' | 'firstChild' | 'nextSibling', Uint32Array>> {
    const parent = this.#parent.subarray(0, this.#length);
    const firstChild = this.#firstChild.subarray(0, this.#length).fill(0);
    const nextSibling = this.#nextSibling.subarray(0, this.#length);
    for (let node = this.#length - 1; node > 0; node--) {
      nextSibling[node] = firstChild[parent[node]!]!;
      firstChild[parent[node]!] = node;
    }
    return { parent, firstChild, nextSibling };
  }

  /** How many rows there is room for. */
  get capacity(): number {
    return this.#parent.length;
  }

  parentOf(row: number): number {
    return this.#parent[row]!;
  }

  /** The parents of the rows from `from` on; a view, to be read before the tree grows. */
  parents(from: number): Uint32Array {
    return this.#parent.subarray(from, this.#length);
  }

  /** The frames of the rows from `from` on, copied. */
  frames(from: number): Uint32Array {
    const frames = this.#key.slice(from, this.#length);
    for (let at = 0; at < frames.length; at++) frames[at]! >>>= 1;
    return frames;
  }

  /** `PYTHON_FRAME` or `NATIVE_FRAME`. */
  kindOf(row: number): number {
    return (this.#key[row]! & 1) === 1 ? NATIVE_FRAME : PYTHON_FRAME;
  }

  /** Of a `PYTHON_FRAME` a row of the Python frames, of a `NATIVE_FRAME` one of the resolved native frames. */
  frameOf(row: number): number {
    return this.#key[row]! >>> 1;
  }

  #grow(): void {
    const capacity = this.#parent.length * 2;
    this.#parent = widened(this.#parent, capacity);
    this.#key = widened(this.#key, capacity);
    this.#firstChild = widened(this.#firstChild, capacity);
    this.#lastChild = widened(this.#lastChild, capacity);
    this.#nextSibling = widened(this.#nextSibling, capacity);
  }

  #growSlots(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (const node of this.#slots) {
      if (node === 0) continue;
      let slot = hashPair(this.#parent[node]!, this.#key[node]!) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = node;
    }
    this.#slots = slots;
  }
}

/** A copy with room for `length` rows. */
export function widened(column: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const wider = new Uint32Array(length);
  wider.set(column);
  return wider;
}

/** Spreads two numbers over 32 bits. */
export function hashPair(parent: number, key: number): number {
  let value = Math.imul(parent, 0x9e3779b1) ^ Math.imul(key, 0x85ebca6b);
  value ^= value >>> 15;
  value = Math.imul(value, 0x2c1b3c6d);
  return (value ^ (value >>> 13)) >>> 0;
}
