/**
 * Addresses and their frames ↔ a JSON document, as caches and symbol bundles hold them. What comes from a file is a
 * stranger's: every length and row is checked, and a document that contradicts itself is refused whole.
 *
 * | field | what it is |
 * |---|---|
 * | `addresses` | virtual addresses, ascending |
 * | `counts` | frames of each address, innermost first |
 * | `functions`, `files` | rows of `strings` by frame, -1 = unknown |
 * | `lines` | by frame, 0 = unknown |
 * | `sources` | by frame, index into `FRAME_SOURCES` |
 */
import { FRAME_SOURCES } from '@memscope/model';
import { FrameColumnsBuilder, type FrameColumns } from './frame-columns.js';
import { MOST_FRAMES_PER_ADDRESS } from './symbolizer/symbolizer-answers.js';

export interface FrameDocument {
  readonly addresses: readonly number[];
  readonly counts: readonly number[];
  readonly functions: readonly number[];
  readonly files: readonly number[];
  readonly lines: readonly number[];
  readonly sources: readonly number[];
  readonly strings: readonly string[];
}

/** Frames of sorted, distinct addresses. */
export interface AddressFrames {
  readonly addresses: Float64Array;
  readonly frames: FrameColumns;
}

export function writeFrameDocument({ addresses, frames }: AddressFrames): FrameDocument {
  const counts = Array.from({ length: frames.length }, (_, row) => frames.start[row + 1]! - frames.start[row]!);
  return {
    addresses: [...addresses],
    counts,
    functions: [...frames.functionName],
    files: [...frames.file],
    lines: [...frames.line],
    sources: [...frames.source],
    strings: frames.strings,
  };
}

/** Null for what is no such document. */
export function readFrameDocument(value: unknown): AddressFrames | null {
  if (typeof value !== 'object' || value === null) return null;
  const document = value as Partial<Record<keyof FrameDocument, unknown>>;
  const { addresses, counts, functions, files, lines, sources, strings } = document;
  if (!isIntegers(addresses, 0, Number.MAX_SAFE_INTEGER) || !isIntegers(counts, 1, MOST_FRAMES_PER_ADDRESS))
    return null;
  if (!Array.isArray(strings) || !strings.every((text) => typeof text === 'string')) return null;
  const lastString = strings.length - 1;
  if (!isIntegers(functions, -1, lastString) || !isIntegers(files, -1, lastString)) return null;
  if (!isIntegers(lines, 0, 0x7fff_ffff) || !isIntegers(sources, 0, FRAME_SOURCES.length - 1)) return null;
  if (addresses.some((address, row) => row > 0 && address <= addresses[row - 1]!)) return null;
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (counts.length !== addresses.length) return null;
  if ([functions, files, lines, sources].some((column) => column.length !== total)) return null;

  const start = new Uint32Array(addresses.length + 1);
  for (const [row, count] of counts.entries()) start[row + 1] = start[row]! + count;
  return {
    addresses: Float64Array.from(addresses),
    frames: {
      length: addresses.length,
      start,
      functionName: Int32Array.from(functions),
      file: Int32Array.from(files),
      line: Uint32Array.from(lines),
      source: Uint8Array.from(sources),
      strings,
    },
  };
}

/** Row of `address`, or -1. */
export function rowOfAddress(addresses: Float64Array, address: number): number {
  let low = 0;
  let high = addresses.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (addresses[middle]! < address) low = middle + 1;
    else high = middle;
  }
  return addresses[low] === address ? low : -1;
}

/** Frames of `addresses` (sorted, distinct), each from the first of `known` that has it; unresolved where none has. */
export function mergeFrames(addresses: Float64Array, known: readonly AddressFrames[]): FrameColumns {
  const builder = new FrameColumnsBuilder();
  for (const address of addresses) {
    let isFound = false;
    for (const { addresses: has, frames } of known) {
      const row = rowOfAddress(has, address);
      if (row < 0) continue;
      builder.copy(frames, row);
      isFound = true;
      break;
    }
    if (!isFound) builder.end();
  }
  return builder.finish();
}

function isIntegers(value: unknown, least: number, most: number): value is number[] {
  return Array.isArray(value) && value.every((cell) => Number.isInteger(cell) && cell >= least && cell <= most);
}
