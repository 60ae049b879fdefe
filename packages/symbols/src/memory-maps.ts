/**
 * From instruction pointers to the segments that were mapped there. A generation of memory maps replaces the one before
 * it; a segment lies at load address + virtual address.
 */

/** Mapped segments of files, by generation: a capture's raw table. */
export interface MappedSegments {
  readonly length: number;
  /** Row of the capture's strings. */
  readonly file: Uint32Array;
  readonly generation: Uint32Array;
  readonly loadAddress: BigUint64Array;
  readonly virtualAddress: BigUint64Array;
  readonly size: BigUint64Array;
}

/** Row of a capture's segments by instruction pointer and generation. */
export class MemoryMaps {
  readonly #segments: MappedSegments;
  /** By generation, sorted by start. */
  readonly #rows = new Map<number, Uint32Array>();
  readonly #starts = new Map<number, BigUint64Array>();

  constructor(segments: MappedSegments) {
    this.#segments = segments;
    const byGeneration = new Map<number, number[]>();
    for (let row = 0; row < segments.length; row++) {
      const generation = segments.generation[row]!;
      const rows = byGeneration.get(generation);
      if (rows) rows.push(row);
      else byGeneration.set(generation, [row]);
    }
    const startOf = (row: number): bigint =>
      BigInt.asUintN(64, segments.loadAddress[row]! + segments.virtualAddress[row]!);
    for (const [generation, rows] of byGeneration) {
      rows.sort((a, b) => Number(startOf(a) > startOf(b)) - Number(startOf(a) < startOf(b)) || a - b);
      this.#rows.set(generation, Uint32Array.from(rows));
      this.#starts.set(generation, BigUint64Array.from(rows, startOf));
    }
  }

  /** `ip` is a return address: the call stands one byte before it. -1 = in no map. */
  segmentOf(ip: bigint, generation: number): number {
    const starts = this.#starts.get(generation);
    if (!starts || ip === 0n) return -1;
    const address = ip - 1n;
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (starts[middle]! <= address) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return -1;
    const row = this.#rows.get(generation)![low - 1]!;
    return address - starts[low - 1]! < this.#segments.size[row]! ? row : -1;
  }

  /** Row of the capture's strings; -1 = in no map. */
  fileOf(ip: bigint, generation: number): number {
    const row = this.segmentOf(ip, generation);
    return row < 0 ? -1 : this.#segments.file[row]!;
  }

  /** Where the call before `ip` stands in the file's own virtual addresses, given the segment it lies in. */
  virtualAddressOf(ip: bigint, segment: number): bigint {
    return BigInt.asUintN(64, ip - 1n - this.#segments.loadAddress[segment]!);
  }
}
