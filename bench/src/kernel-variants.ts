/**
 * One capture in memory → the kernel's stages as variants that can be timed against each other: decoding with a sink
 * that ignores the operations, the heap fed with recorded operations, and both in one thread; raw and compressed.
 */
import {
  CaptureReader,
  Decoder,
  Heap,
  type Decoded,
  type HeapOptions,
  type HeapTables,
  type RawLifetimes,
} from '@memscope/kernel';

import { digestOf } from './digest.js';
import { sum } from './statistics.js';
import { feedAll, type SyntheticWork } from './synthetic-work.js';
import type { Digests, Finished, Variant } from './turns.js';

export const DECODE_RAW = 'decode, raw';
export const DECODE_LZ4 = 'inflate and decode, LZ4';
export const HEAP = 'heap';
export const READ_RAW = 'one thread, raw';
export const READ_LZ4 = 'one thread, LZ4';

export function kernelVariants(work: SyntheticWork): Variant[] {
  return [
    { name: READ_RAW, run: () => readAll(work.raw) },
    { name: READ_LZ4, run: () => readAll(work.lz4) },
    { name: DECODE_RAW, run: () => decodeAll(work.raw) },
    { name: DECODE_LZ4, run: () => decodeAll(work.lz4) },
    { name: HEAP, run: () => applyAll(work) },
  ];
}

function decodeAll(bytes: Uint8Array): Finished {
  let operations = 0;
  const decoder = new Decoder({
    onOperations: (block) => {
      operations += block.length;
    },
  });
  feedAll(decoder, bytes);
  const decoded = decoder.finish();
  return {
    memoryBytes: decoder.memoryBytes,
    digests: () => ({ names: digestOfDecoded(decoded), operations: String(operations) }),
  };
}

function applyAll({ blocks, heapConfig, lengths }: SyntheticWork): Finished {
  const lifetimes = new LifetimeSum();
  const heap = new Heap(heapConfig, lifetimes.options);
  let operations = 0;
  for (const block of blocks) {
    heap.apply(block);
    operations += block.length;
  }
  const tables = heap.finish(lengths);
  return {
    memoryBytes: heap.memoryBytes,
    digests: () => ({ ...digestsOfHeap(tables, lifetimes), operations: String(operations) }),
  };
}

function readAll(bytes: Uint8Array): Finished {
  const lifetimes = new LifetimeSum();
  const reader = new CaptureReader(lifetimes.options);
  feedAll(reader, bytes);
  const { decoded, heap } = reader.read();
  return {
    memoryBytes: reader.memoryBytes,
    digests: () => ({
      names: digestOfDecoded(decoded),
      ...digestsOfHeap(heap, lifetimes),
      totals: totalsOf({
        allocated: sum(heap.usages.totalBytes),
        temporary: sum(decoded.sites.temporaryBytes),
        peak: heap.peakBytes,
        leaked: sum(heap.usages.leakedBytes),
        ticks: heap.ticks.length,
        lifetimes: lifetimes.rows,
      }),
    }),
  };
}

/** What can be asked of a reader and of a stored profile alike. */
export interface Totals {
  readonly allocated: number;
  readonly temporary: number;
  readonly peak: number;
  readonly leaked: number;
  readonly ticks: number;
  readonly lifetimes: number;
}

export function totalsOf({ allocated, temporary, peak, leaked, ticks, lifetimes }: Totals): string {
  return [
    `allocated ${allocated}`,
    `temporary ${temporary}`,
    `peak ${peak}`,
    `leaked ${leaked}`,
    `ticks ${ticks}`,
    `lifetimes ${lifetimes}`,
  ].join(', ');
}

/** Takes batches of lifetimes as a profile would, and keeps only how many there were and one value of each. */
class LifetimeSum {
  rows = 0;
  #mix = 0;

  readonly options: HeapOptions = {
    onLifetimes: ({ rows, site, bytes }: RawLifetimes) => {
      this.rows += rows;
      this.#mix = (Math.imul(this.#mix, 31) + site[rows - 1]! + bytes[0]!) | 0;
    },
  };

  get digest(): string {
    return `${this.rows} rows, ${this.#mix >>> 0}`;
  }
}

/** All tables but what says how the file was stored. */
function digestOfDecoded(decoded: Decoded): string {
  return digestOf(decoded, ['compressed', 'paddingBytes']);
}

function digestsOfHeap(heap: HeapTables, lifetimes: LifetimeSum): Digests {
  return { heap: digestOf(heap), lifetimes: lifetimes.digest };
}
