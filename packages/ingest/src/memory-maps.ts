/**
 * From instruction pointers to the files that were mapped there. A generation of memory maps replaces the one before
 * it; a segment lies at load address + virtual address.
 */
import type { RawSegments } from '@memscope/kernel';

/** File (a row of the capture's strings) by instruction pointer and generation; -1 = in no map. */
export class MemoryMaps {
  readonly #starts: BigUint64Array[] = [];
  readonly #ends: BigUint64Array[] = [];
  readonly #files: Uint32Array[] = [];

  constructor(segments: RawSegments) {
    const byGeneration = new Map<number, number[]>();
    for (let row = 0; row < segments.length; row++) {
      const generation = segments.generation[row]!;
      const rows = byGeneration.get(generation);
      if (rows) rows.push(row);
      else byGeneration.set(generation, [row]);
    }
    for (const [generation, rows] of byGeneration) {
      const startOf = (row: number): bigint =>
        BigInt.asUintN(64, segments.loadAddress[row]! + segments.virtualAddress[row]!);
      rows.sort((a, b) => (startOf(a) < startOf(b) ? -1 : 1));
      this.#starts[generation] = BigUint64Array.from(rows, startOf);
      this.#ends[generation] = BigUint64Array.from(rows, (row) =>
        BigInt.asUintN(64, startOf(row) + segments.size[row]!),
      );
      this.#files[generation] = Uint32Array.from(rows, (row) => segments.file[row]!);
    }
  }

  /** `ip` is a return address: the call stands one byte before it. */
  fileOf(ip: bigint, generation: number): number {
    const starts = this.#starts[generation];
    if (!starts || ip === 0n) return -1;
    const address = ip - 1n;
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (starts[middle]! <= address) low = middle + 1;
      else high = middle;
    }
    const row = low - 1;
    return row >= 0 && address < this.#ends[generation]![row]! ? this.#files[generation]![row]! : -1;
  }
}
