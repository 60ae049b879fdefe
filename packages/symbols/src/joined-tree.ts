/** A call tree that grows by (parent, kind, frame); each combination is one node, parents come before children. */
import { NATIVE_FRAME, PYTHON_FRAME } from '@memscope/model';

/** Row 0 is the empty stack; `parent[i] < i`. */
export interface JoinedTree {
  readonly length: number;
  readonly parent: Uint32Array;
  /** `PYTHON_FRAME`: `frame` is a row of the Python frames; `NATIVE_FRAME`: a row of the resolved native frames. */
  readonly kind: Uint8Array;
  readonly frame: Uint32Array;
}

const LEAST_CAPACITY = 1 << 10;

export class JoinedTreeBuilder {
  #length = 1;
  #parent: Uint32Array<ArrayBuffer>;
  /** Twice the frame's row, one more for a native frame. */
  #key: Uint32Array<ArrayBuffer>;
  #lastChild: Uint32Array<ArrayBuffer>;
  /** Open addressing: node numbers, 0 = free. */
  #slots: Uint32Array<ArrayBuffer>;

  /** `expected` rows need no growing. */
  constructor(expected = 0) {
    let capacity = LEAST_CAPACITY;
    while (capacity <= expected) capacity *= 2;
    this.#parent = new Uint32Array(capacity);
    this.#key = new Uint32Array(capacity);
    this.#lastChild = new Uint32Array(capacity);
    this.#slots = new Uint32Array(capacity * 2);
  }

  /** Rows so far, row 0 included. */
  get length(): number {
    return this.#length;
  }

  /** The node of a frame on top of `parent`; `frame` is below 2^31. */
  push(parent: number, kind: number, frame: number): number {
    const key = ((frame << 1) | (kind === NATIVE_FRAME ? 1 : 0)) >>> 0;
    const last = this.#lastChild[parent]!;
    if (last !== 0 && this.#key[last] === key) return last;
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hash(parent, key) & mask;
    for (let node = slots[slot]!; node !== 0; node = slots[(slot = (slot + 1) & mask)]!) {
      if (this.#parent[node] === parent && this.#key[node] === key) {
        this.#lastChild[parent] = node;
        return node;
      }
    }
    const node = this.#length++;
    this.#parent[node] = parent;
    this.#key[node] = key;
    slots[slot] = node;
    this.#lastChild[parent] = node;
    if (this.#length === this.#parent.length) this.#grow();
    return node;
  }

  finish(): JoinedTree {
    const length = this.#length;
    const kind = new Uint8Array(length);
    const frame = new Uint32Array(length);
    const keys = this.#key;
    for (let row = 0; row < length; row++) {
      kind[row] = (keys[row]! & 1) === 1 ? NATIVE_FRAME : PYTHON_FRAME;
      frame[row] = keys[row]! >>> 1;
    }
    return { length, parent: this.#parent.slice(0, length), kind, frame };
  }

  #grow(): void {
    const capacity = this.#parent.length * 2;
    this.#parent = widened(this.#parent, capacity);
    this.#key = widened(this.#key, capacity);
    this.#lastChild = widened(this.#lastChild, capacity);
    const slots = new Uint32Array(capacity * 2);
    const mask = slots.length - 1;
    const [parent, key] = [this.#parent, this.#key];
    for (let node = 1; node < this.#length; node++) {
      let slot = hash(parent[node]!, key[node]!) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = node;
    }
    this.#slots = slots;
  }
}

function widened(column: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const wider = new Uint32Array(length);
  wider.set(column);
  return wider;
}

function hash(parent: number, key: number): number {
  let value = Math.imul(parent, 0x9e3779b1) ^ Math.imul(key, 0x85ebca6b);
  value ^= value >>> 15;
  value = Math.imul(value, 0x2c1b3c6d);
  return (value ^ (value >>> 13)) >>> 0;
}
