/**
 * Rows of the kernel's memory as columns: rows lie one behind the other, or in segments that a directory lists
 * (assembly/shared/rows.ts).
 */
import type { RawNumbers } from './raw-tables.js';

const SEGMENT_SHIFT = 13;
const SEGMENT_MASK = (1 << SEGMENT_SHIFT) - 1;

/** Calls `take` with the words and the first word of each row from `from` to before `to` of a table in segments. */
export function eachRow(
  { buffer }: WebAssembly.Memory,
  directory: number,
  rowWords: number,
  [from, to]: readonly [number, number],
  take: (words: Uint32Array, at: number, row: number) => void,
): void {
  const words = new Uint32Array(buffer);
  for (let row = from; row < to; row++) take(words, wordOf(words, directory, row, rowWords), row);
}

/** Where a row of a table in segments begins. */
export function wordOf(words: Uint32Array | Int32Array, directory: number, row: number, rowWords: number): number {
  const segment = words[(directory >>> 2) + (row >>> SEGMENT_SHIFT)]!;
  return (segment >>> 2) + (row & SEGMENT_MASK) * rowWords;
}

/** Room for numbers of which none is greater than `greatest`, nor less than `least`. */
export function roomFor(length: number, greatest: number, least = 0): RawNumbers {
  if (least < 0 || greatest >= 2 ** 32) return new Float64Array(length);
  if (greatest >= 2 ** 16) return new Uint32Array(length);
  return greatest >= 2 ** 8 ? new Uint16Array(length) : new Uint8Array(length);
}

interface Column {
  [row: number]: number;
}

export function pick<T extends Column>(
  Type: new (length: number) => T,
  length: number,
  cell: (row: number) => number,
): T {
  const column = new Type(length);
  for (let row = 0; row < length; row++) column[row] = cell(row);
  return column;
}

/** An i64 sum, the lower half first. */
export function sumAt(words: Uint32Array, at: number): number {
  return words[at]! + (words[at + 1]! | 0) * 0x100000000;
}

export function pickBig(length: number, cell: (row: number) => bigint): BigUint64Array {
  const column = new BigUint64Array(length);
  for (let row = 0; row < length; row++) column[row] = cell(row);
  return column;
}
