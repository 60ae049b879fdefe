/** Rows of a table, each once, taken in order: a bit for each row, so that few of millions are found in no time. */
export class RowSet {
  readonly #bits: Uint32Array;

  constructor(length: number) {
    this.#bits = new Uint32Array((length + 31) >>> 5);
  }

  add(row: number): void {
    this.#bits[row >>> 5]! |= 1 << (row & 31);
  }

  /** Takes them out, the last first; `take` may add rows before its own. */
  drain(take: (row: number) => void): void {
    const bits = this.#bits;
    for (let word = bits.length - 1; word >= 0; word--) {
      for (let left = bits[word]!; left !== 0; left = bits[word]!) {
        const bit = 31 - Math.clz32(left);
        bits[word] = left & ~(1 << bit);
        take(word * 32 + bit);
      }
    }
  }

  /** What it holds now, ascending, and where each of these stands. */
  index(): RowIndex {
    const rows = this.rows();
    const bits = this.#bits.slice();
    const before = new Uint32Array(bits.length);
    for (let word = 1; word < bits.length; word++) before[word] = before[word - 1]! + countBits(bits[word - 1]!);
    const none = rows.length;
    const placeOf = (row: number): number => {
      const word = bits[row >>> 5]!;
      const bit = 1 << (row & 31);
      return (word & bit) === 0 ? none : before[row >>> 5]! + countBits(word & (bit - 1));
    };
    return { rows, placeOf };
  }

  /** Ascending. */
  rows(): Uint32Array {
    const bits = this.#bits;
    let length = 0;
    for (let word = 0; word < bits.length; word++) length += countBits(bits[word]!);
    const rows = new Uint32Array(length);
    let at = 0;
    for (let word = 0; word < bits.length; word++) {
      for (let left = bits[word]!; left !== 0; left &= left - 1) {
        rows[at++] = word * 32 + 31 - Math.clz32(left & -left);
      }
    }
    return rows;
  }
}

export interface RowIndex {
  /** Ascending. */
  readonly rows: Uint32Array;
  /** Position in `rows`; behind the last where the row is not among them. */
  readonly placeOf: (row: number) => number;
}

/** In 32 bits (Warren, Hacker's Delight, 5-1). */
function countBits(word: number): number {
  let pairs = word - ((word >>> 1) & 0x55555555);
  pairs = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((pairs + (pairs >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
