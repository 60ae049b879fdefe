/** The library built here as a capture has it: addresses in its mapped segments, and the frames resolved for them. */
import { ElfFile, framesOf, placeAddresses, readBuildId } from '../src/index.js';
import type { Positions, ResolvedFrame, ResolvedSymbols } from '../src/index.js';
import { SEGMENT_LOAD } from '../src/elf-file.js';
import { LIBRARY_SOURCE } from './build-library.js';

const LOAD = 0x7f00_0000_0000n;

/** Addresses of the library at `file` as return addresses, as if it had been mapped from `path`. */
export function positionsIn(file: string, path: string, addresses: readonly number[]): Positions {
  const elf = ElfFile.open(file);
  const loaded = elf.segments.filter(({ type }) => type === SEGMENT_LOAD);
  elf.close();
  const rows = loaded.length;
  const segments = {
    length: rows,
    file: new Uint32Array(rows),
    generation: new Uint32Array(rows).fill(1),
    loadAddress: new BigUint64Array(rows).fill(LOAD),
    virtualAddress: BigUint64Array.from(loaded, ({ address }) => address),
    size: BigUint64Array.from(loaded, ({ memorySize }) => memorySize),
  };
  const ips = BigUint64Array.from(addresses, (address) => LOAD + BigInt(address) + 1n);
  const { positions } = placeAddresses(ips, new Uint32Array(ips.length).fill(1), segments, [path]);
  return positions;
}

/** The frames of every position, innermost first. */
export function allFrames(positions: Positions, symbols: ResolvedSymbols): ResolvedFrame[][] {
  return Array.from({ length: positions.length }, (_, row) => framesOf(symbols.frames, row));
}

/** The line of the library's source that holds `text`. */
export function lineOf(text: string): number {
  return LIBRARY_SOURCE.split('\n').findIndex((line) => line.includes(text)) + 1;
}

export function buildIdOf(path: string): string {
  const elf = ElfFile.open(path);
  try {
    return readBuildId(elf)!;
  } finally {
    elf.close();
  }
}
