/** Operations, then the tables of what was decoded → a profile file: keeps the heap and writes. */
import { Heap, type HeapConfig, type HeapLengths, type HeapTables, type OperationBlock } from '@memscope/kernel';
import type { StackTable } from '@memscope/model';
import type { CaptureRows } from '@memscope/store';
import type { ProfileMeta } from '@memscope/store/profile-meta';
import { ProfileWriter } from '@memscope/store/profile-writer';
import { collectGarbage } from './collect-garbage.js';
import { CAPTURE_ID, withUsages, type DecodedSites } from './native-sites.js';

/** A capture's tables, without the sites that have native stacks. */
export interface UnwrittenTables extends CaptureRows {
  readonly stacks: StackTable;
}

export interface ProfilePlan {
  readonly profilePath: string;
  /** Size of the capture, where it is known. */
  readonly expectedBytes?: number;
  readonly sqlSites?: boolean;
}

/**
 * Its methods are called in their order here, `apply` any number of times. Throws `KernelError` and
 * `StoreError`.
 */
export class ProfileBuilder {
  readonly #writer: ProfileWriter;
  /** Null when it has given all it knows: its memory is the most there is. */
  #heap: Heap | null;

  constructor({ profilePath, ...options }: ProfilePlan, heap: HeapConfig) {
    const writer = ProfileWriter.create(profilePath, options);
    this.#writer = writer;
    this.#heap = new Heap(heap, {
      onLifetimes: (batch) => writer.appendLifetimes(batch, batch.ranges),
      onMomentsMerged: (moments) => writer.remapMoments(moments),
      onTickEnded: (tick, sites, held) => writer.noteTick(tick, sites, held),
      onTickPeak: (_, sites, held) => writer.notePeak(sites, held),
    });
  }

  apply(block: OperationBlock): void {
    this.#heap!.apply(block);
  }

  /** What the heap gives after the last block. Sites with native stacks are written. */
  close(lengths: HeapLengths, sites: DecodedSites | null): HeapTables {
    const tables = this.#heap!.finish(lengths);
    this.#heap = null;
    collectGarbage();
    if (sites !== null) this.#writer.appendNativeSites(withUsages(sites, tables), CAPTURE_ID);
    return tables;
  }

  appendTables(tables: UnwrittenTables): void {
    this.#writer.appendStacks(tables.stacks, tables.frames);
    this.#writer.appendTables(tables);
  }

  /** The profile stands at its place. */
  finish(meta: ProfileMeta): void {
    this.#writer.complete(meta);
  }

  /** Leaves no file behind. */
  abort(): void {
    this.#writer.abort();
  }
}
