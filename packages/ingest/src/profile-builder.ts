/** Operations, then what was decoded → a profile file: keeps the heap and writes what it gives. */
import { Heap, type Decoded, type HeapConfig, type HeapTables, type OperationBlock } from '@memscope/kernel';
import type { SourceStamp, SymbolStamp } from '@memscope/store';
import { ProfileWriter } from '@memscope/store/profile-writer';
import { captureTables, type CaptureSource } from './capture-tables.js';
import type { StackTables } from './stack-tables.js';

export interface ProfilePlan {
  readonly profilePath: string;
  /** Size of the capture, where it is known. */
  readonly expectedBytes?: number;
}

/** What is known when the capture has been read. */
export interface ProfileEnd {
  readonly decoded: Decoded;
  readonly source: CaptureSource;
  /** Stacks of a capture with native traces, and how they were named; null for others. */
  readonly native: { readonly tables: StackTables; readonly stamp: SymbolStamp } | null;
  /** Null when the profile is not to be used again. */
  readonly stamp: SourceStamp | null;
}

/** Throws `KernelError` and `StoreError`. */
export class ProfileBuilder {
  readonly #writer: ProfileWriter;
  readonly #heap: Heap;
  #heapTables: HeapTables | null = null;

  constructor({ profilePath, ...options }: ProfilePlan, heap: HeapConfig) {
    const writer = ProfileWriter.create(profilePath, options);
    this.#writer = writer;
    this.#heap = new Heap(heap, {
      onLifetimes: (batch) => writer.appendLifetimes(batch, batch.ranges),
      onMomentsMerged: (moments) => writer.remapMoments(moments),
    });
  }

  apply(block: OperationBlock): void {
    this.#heap.apply(block);
  }

  /** After the last block. */
  closeHeap(sites: number): void {
    this.#heapTables = this.#heap.finish(sites);
  }

  /** After `closeHeap`. */
  finish({ decoded, source, native, stamp }: ProfileEnd): void {
    const tables = captureTables(decoded, this.#heapTables!, source, native && native.tables);
    this.#writer.finish(tables, stamp, native && native.stamp);
  }

  /** Leaves no file behind. */
  abort(): void {
    this.#writer.abort();
  }
}
