/** Rows of an instruction pointer and a generation of memory maps → the first row that has the same two. */
export class SeenAddresses {
  readonly #words: Uint32Array;
  readonly #generation: Uint32Array;
  /** Open addressing, half full at most: rows + 1, 0 = free. There are few addresses beside rows: the cache has them all. */
  #slots = new Uint32Array(1 << 12);
  #taken = 0;
  readonly #highAt: number;

  /** The columns, which are of equal length, are only read. */
  constructor(ip: BigUint64Array, generation: Uint32Array) {
    // Halves, since each look at a BigInt allocates one.
    this.#words = new Uint32Array(ip.buffer, ip.byteOffset, 2 * ip.length);
    this.#generation = generation;
    const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
    this.#highAt = isLittleEndian ? 1 : 0;
  }

  /** The row that was given first with the address and generation of `row`: `row` itself where they are new. */
  firstOf(row: number): number {
    const words = this.#words;
    const slots = this.#slots;
    const low = words[2 * row + 1 - this.#highAt]!;
    const high = words[2 * row + this.#highAt]!;
    const generation = this.#generation[row]!;
    const mask = slots.length - 1;
    let slot = hash(low, high, generation) & mask;
    for (let at = slots[slot]!; at !== 0; at = slots[(slot = (slot + 1) & mask)]!) {
      const other = at - 1;
      if (
        words[2 * other + 1 - this.#highAt] === low &&
        words[2 * other + this.#highAt] === high &&
        this.#generation[other] === generation
      ) {
        return other;
      }
    }
    slots[slot] = row + 1;
    if (2 * ++this.#taken > slots.length) this.#grow();
    return row;
  }

  #grow(): void {
    const words = this.#words;
    const slots = new Uint32Array(2 * this.#slots.length);
    const mask = slots.length - 1;
    for (const at of this.#slots) {
      if (at === 0) continue;
      const row = at - 1;
      let slot =
        hash(words[2 * row + 1 - this.#highAt]!, words[2 * row + this.#highAt]!, this.#generation[row]!) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = at;
    }
    this.#slots = slots;
  }
}

function hash(low: number, high: number, generation: number): number {
  let value = Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b) ^ Math.imul(generation, 0xc2b2ae35);
  value ^= value >>> 15;
  value = Math.imul(value, 0x2c1b3c6d);
  return (value ^ (value >>> 13)) >>> 0;
}
