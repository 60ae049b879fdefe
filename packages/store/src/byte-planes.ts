/**
 * Columns of whole numbers ↔ planes of their bytes: the lowest bytes of all numbers, then the next ones; and numbers ↔
 * differences to the one before (the first to 0), modulo 2^32 and zigzag coded.
 */
import type { NumberColumn } from '@memscope/model/recorded';

/** Bytes of a number. */
export type Width = 1 | 2 | 4 | 8;

/** Above all numbers of four bytes. */
export const ANY_WORD = 2 ** 32;

export function isWidth(width: number): width is Width {
  return width === 1 || width === 2 || width === 4 || width === 8;
}

// A loop for each kind of array, and for each width: shared ones take several times as long.

export function widthOfNumbers(numbers: NumberColumn): Width {
  if (numbers instanceof Uint8Array) return 1;
  if (numbers instanceof Uint16Array) return widthOfHalves(numbers);
  return numbers instanceof Uint32Array ? widthOfWords(numbers) : widthOfDoubles(numbers);
}

function widthOfHalves(numbers: Uint16Array): Width {
  let bits = 0;
  for (let row = 0; row < numbers.length; row++) bits |= numbers[row]!;
  return widthOf(bits);
}

function widthOfWords(numbers: Uint32Array): Width {
  let bits = 0;
  for (let row = 0; row < numbers.length; row++) bits |= numbers[row]!;
  return widthOf(bits >>> 0);
}

function widthOfDoubles(numbers: Float64Array): Width {
  let greatest = 0;
  for (let row = 0; row < numbers.length; row++) if (numbers[row]! > greatest) greatest = numbers[row]!;
  return widthOf(greatest);
}

function widthOf(greatest: number): Width {
  return greatest < 2 ** 8 ? 1 : greatest < 2 ** 16 ? 2 : greatest < ANY_WORD ? 4 : 8;
}

export function planesOf(numbers: NumberColumn, width: Width): Uint8Array {
  if (numbers instanceof Uint8Array) return numbers;
  const rows = numbers.length;
  const planes = roomFor(rows * width);
  if (width === 1) planes.set(numbers);
  else if (numbers instanceof Uint16Array) addHalfPlanes(numbers, planes);
  else if (width === 8) {
    const low = new Uint32Array(rows);
    const high = new Uint32Array(rows);
    for (let row = 0; row < rows; row++) {
      low[row] = numbers[row]! >>> 0;
      high[row] = Math.floor(numbers[row]! / ANY_WORD);
    }
    addPlanes(low, planes);
    addPlanes(high, planes.subarray(4 * rows));
  } else {
    const words = numbers instanceof Uint32Array ? numbers : new Uint32Array(numbers);
    if (width === 2) addTwoPlanes(words, planes);
    else addPlanes(words, planes);
  }
  return planes;
}

function addPlanes(words: Uint32Array, planes: Uint8Array): void {
  const rows = words.length;
  for (let row = 0; row < rows; row++) {
    const word = words[row]!;
    planes[row] = word;
    planes[rows + row] = word >>> 8;
    planes[2 * rows + row] = word >>> 16;
    planes[3 * rows + row] = word >>> 24;
  }
}

function addTwoPlanes(words: Uint32Array, planes: Uint8Array): void {
  const rows = words.length;
  for (let row = 0; row < rows; row++) {
    planes[row] = words[row]!;
    planes[rows + row] = words[row]! >>> 8;
  }
}

function addHalfPlanes(halves: Uint16Array, planes: Uint8Array): void {
  const rows = halves.length;
  for (let row = 0; row < rows; row++) {
    planes[row] = halves[row]!;
    planes[rows + row] = halves[row]! >>> 8;
  }
}

/** Memory that was used before is there at once; that of other columns was read by now. */
let room = new Uint8Array(0);

function roomFor(bytes: number): Uint8Array {
  if (room.length < bytes) room = new Uint8Array(bytes);
  return room.subarray(0, bytes);
}

export function wordsOf(planes: Uint8Array, rows: number, width: Exclude<Width, 8>): Uint32Array {
  const numbers = new Uint32Array(rows);
  if (width === 1) numbers.set(planes);
  else if (width === 2) for (let row = 0; row < rows; row++) numbers[row] = planes[row]! | (planes[rows + row]! << 8);
  else {
    for (let row = 0; row < rows; row++) numbers[row] = wordAt(planes, rows, row);
  }
  return numbers;
}

export function halvesOf(planes: Uint8Array, rows: number): Uint16Array {
  const numbers = new Uint16Array(rows);
  for (let row = 0; row < rows; row++) numbers[row] = planes[row]! | (planes[rows + row]! << 8);
  return numbers;
}

export function doublesOf(planes: Uint8Array, rows: number, width: Width): Float64Array {
  const numbers = new Float64Array(rows);
  if (width === 1) numbers.set(planes);
  else if (width === 2) for (let row = 0; row < rows; row++) numbers[row] = planes[row]! | (planes[rows + row]! << 8);
  else {
    for (let row = 0; row < rows; row++) numbers[row] = wordAt(planes, rows, row);
    if (width === 8) {
      const high = planes.subarray(4 * rows);
      for (let row = 0; row < rows; row++) numbers[row]! += wordAt(high, rows, row) * ANY_WORD;
    }
  }
  return numbers;
}

function wordAt(planes: Uint8Array, rows: number, row: number): number {
  const low = planes[row]! | (planes[rows + row]! << 8);
  return (low | (planes[2 * rows + row]! << 16) | (planes[3 * rows + row]! << 24)) >>> 0;
}

export function zigzagDeltas(column: Uint32Array): Uint32Array {
  const deltas = new Uint32Array(column.length);
  let before = 0;
  for (let row = 0; row < column.length; row++) {
    const delta = (column[row]! - before) | 0;
    deltas[row] = (delta << 1) ^ (delta >> 31);
    before = column[row]!;
  }
  return deltas;
}

export function addDeltas(numbers: Uint32Array): void {
  let before = 0;
  for (let row = 0; row < numbers.length; row++) {
    const coded = numbers[row]!;
    before = (before + ((coded >>> 1) ^ -(coded & 1))) >>> 0;
    numbers[row] = before;
  }
}
