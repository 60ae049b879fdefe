/** Operations, then the tables of what was decoded → a profile file: keeps the heap and writes. */
import { Heap, type HeapConfig, type HeapLengths, type HeapTables, type OperationBlock } from '@memscope/kernel';
import type { StackTable } from '@memscope/model';
import type { CaptureRows } from '@memscope/store';
import type { ProfileMeta } from '@memscope/store/profile-meta';
import { endedLifetimes, ProfileWriter, type EndedLifetimes } from '@memscope/store/profile-writer';
import { collectGarbage } from './collect-garbage.js';
import { CAPTURE_ID, withUsages, type DecodedSites } from './native-sites.js';

/** A capture's tables, without the sites that have native stacks. */
export interface UnwrittenTables extends CaptureRows {
  readonly stacks: StackTable;
}

/** What is known when all has been decoded. */
export interface DecodedEnd {
  readonly lengths: HeapLengths;
  /** By site. */
  readonly allocator: Uint8Array;
  /** Those of a capture with native stacks. */
  readonly nativeSites: DecodedSites | null;
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
  #ended: EndedLifetimes | null = null;

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
  close({ lengths, allocator, nativeSites }: DecodedEnd): HeapTables {
    const tables = this.#heap!.finish(lengths);
    this.#heap = null;
    collectGarbage();
    if (nativeSites !== null) this.#writer.appendNativeSites(withUsages(nativeSites, tables), CAPTURE_ID);
    if (this.#writer.hasSums) this.#ended = endedLifetimes({ allocator, ...tables.usages }, tables.ticks.length);
    return tables;
  }

  /** Apart from `close`, so that others can go on meanwhile with what that gives. */
  appendSums(): void {
    if (this.#ended !== null) this.#writer.appendSums(this.#ended);
    this.#ended = null;
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
