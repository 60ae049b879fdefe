/**
 * A seed and a size to one capture in every form that the stages of the kernel take: raw bytes, one LZ4 frame, and the
 * operations that the decoder makes of them, recorded so that the heap can be fed without a decoder.
 */
import {
  Decoder,
  heapConfig,
  type Decoded,
  type HeapConfig,
  type HeapLengths,
  type OperationBlock,
} from '@memscope/kernel';
import { compressFrames, makeSyntheticCapture, type SyntheticOptions } from '@memscope/fixtures';

import { BenchError } from './bench-error.js';
import { digestOf } from './digest.js';

export interface SyntheticWork {
  readonly version: number;
  readonly raw: Uint8Array;
  readonly lz4: Uint8Array;
  readonly blocks: readonly OperationBlock[];
  readonly lengths: HeapLengths;
  readonly heapConfig: HeapConfig;
  /** Allocations, deallocations, frame pushes and pops, memory records; the few names of frames left out. */
  readonly records: number;
  readonly allocations: number;
  readonly deallocations: number;
}

export interface SyntheticSize {
  readonly seed: number;
  /** Of the raw version 13 file, about. */
  readonly megabytes: number;
}

const FRAMES_PER_ALLOCATION = 9;
/** At most; small captures get as many frees and ticks in proportion. */
const LIVE = 100_000;
const ALLOCATIONS_PER_TICK = 10_000;
/** As many as tell the size of the others. */
const SAMPLE_ALLOCATIONS = 2000;
/** As the reader of files does. */
const CHUNK_BYTES = 1 << 18;

/** Every version does the same work: as many allocations as make `megabytes` in version 13. */
export function allocationsFor({ seed, megabytes }: SyntheticSize): number {
  const sample = makeSyntheticCapture(optionsFor(13, seed, SAMPLE_ALLOCATIONS));
  return Math.max(1, Math.round((megabytes * 1e6 * SAMPLE_ALLOCATIONS) / sample.length));
}

export function makeSyntheticWork(version: number, seed: number, allocations: number): SyntheticWork {
  const raw = makeSyntheticCapture(optionsFor(version, seed, allocations));
  const lz4 = compressFrames(raw);
  const { decoded, blocks } = recordOperations(raw);
  if (digestOf(recordOperations(lz4).blocks) !== digestOf(blocks)) {
    throw new BenchError('disagreement', `the operations of version ${version} differ between raw and LZ4`);
  }
  const counts = decoded.recordsByAllocator;
  const deallocations = counts[1]! + counts[5]! + counts[15]!;
  const memoryRecords = Math.floor(allocations / allocationsPerTick(allocations));
  return {
    version,
    raw,
    lz4,
    blocks,
    lengths: { sites: decoded.sites.length, owners: decoded.owners.length },
    heapConfig: heapConfig(decoded.header),
    records: allocations * (FRAMES_PER_ALLOCATION + 2) + deallocations + memoryRecords,
    allocations,
    deallocations,
  };
}

/** A compressed capture of version 13 whose allocations have native stacks, too: nearly as many sites as allocations. */
export function makeNativeCapture(seed: number, allocations: number): Uint8Array {
  const { header, ...options } = optionsFor(13, seed, allocations);
  return compressFrames(makeSyntheticCapture({ ...options, header: { ...header, nativeTraces: true } }));
}

/** Feeds a whole file, chunk by chunk. */
export function feedAll(decoder: Decoder, bytes: Uint8Array): void {
  for (let from = 0; from < bytes.length; from += CHUNK_BYTES) decoder.feed(bytes.subarray(from, from + CHUNK_BYTES));
}

function optionsFor(version: number, seed: number, allocations: number): SyntheticOptions {
  return {
    seed,
    allocations,
    header: { version },
    framesPerAllocation: FRAMES_PER_ALLOCATION,
    live: Math.min(LIVE, Math.ceil(allocations / 10)),
    allocationsPerTick: allocationsPerTick(allocations),
  };
}

function allocationsPerTick(allocations: number): number {
  return Math.min(ALLOCATIONS_PER_TICK, Math.ceil(allocations / 20));
}

function recordOperations(bytes: Uint8Array): { decoded: Decoded; blocks: OperationBlock[] } {
  const blocks: OperationBlock[] = [];
  const decoder = new Decoder({
    onOperations: ({ bytes: view, ...block }) => blocks.push({ bytes: view.slice(), ...block }),
  });
  feedAll(decoder, bytes);
  return { decoded: decoder.finish(), blocks };
}
