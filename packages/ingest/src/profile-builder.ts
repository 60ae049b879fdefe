/** Operations, then the tables of what was decoded → a profile file: keeps the heap and writes. */
import { Heap, type HeapConfig, type HeapLengths, type HeapTables, type OperationBlock } from '@memscope/kernel';
import type { LifetimeBatch, PeriodChanges, StackTable } from '@memscope/model';
import type { CaptureRows, UsageColumns } from '@memscope/store';
import type { ProfileMeta } from '@memscope/store/profile-meta';
import { endedLifetimes, ProfileWriter, type EndedLifetimes } from '@memscope/store/profile-writer';
import { collectGarbage } from './collect-garbage.js';
import { CollectedLifetimes } from './collected-lifetimes.js';
import { CAPTURE_ID, joinUsages, sumColumns, type DecodedSites } from './native-sites.js';

/** A capture's tables, without the sites that have native stacks. */
export interface UnwrittenTables extends CaptureRows {
  readonly stacks: StackTable;
}

/** What is known when all has been decoded. */
export interface DecodedEnd {
  readonly lengths: HeapLengths;
  /** By site. */
  readonly allocator: Uint8Array;
  /** Whether sites have native stacks, and the heap knows what they hold: they come by themselves. */
  readonly areNative: boolean;
}

/** What the header of a capture tells. */
export interface ProfileBeginning {
  readonly heap: HeapConfig;
  readonly hasNative: boolean;
}

export interface ProfilePlan {
  readonly profilePath: string;
  /** Size of the capture, where it is known. */
  readonly expectedBytes?: number;
  readonly sqlSites?: boolean;
  /** Whether anybody asks for lifetimes before the file is complete. */
  readonly isHandedOver?: boolean;
}

/** Lifetimes as a profile in memory has them; batches may be given away, sums may not. */
export interface ReadLifetimes {
  /** Null where they are too many for memory: the file has them. */
  readonly batches: readonly LifetimeBatch[] | null;
  /** Null where they are few, or their sums too many. */
  readonly coarse: PeriodChanges | null;
}

/**
 * Its methods are called in their order here, `apply` any number of times. Throws `KernelError` and
 * `StoreError`.
 */
export class ProfileBuilder {
  readonly #writer: ProfileWriter;
  readonly #lifetimes: CollectedLifetimes;
  /** Null when it has given all it knows: its memory is the most there is. */
  #heap: Heap | null;
  #ended: EndedLifetimes | null = null;
  /** Of native sites, until they are written. */
  #usages: Partial<UsageColumns> = {};

  /**
   * Lifetimes of a capture with native traces, whose sites are many beside them, are compressed, and nobody asks for them
   * before the file is complete.
   */
  constructor({ profilePath, isHandedOver = false, ...options }: ProfilePlan, { heap, hasNative }: ProfileBeginning) {
    const writer = ProfileWriter.create(profilePath, { ...options, compressed: hasNative });
    const isCollected = isHandedOver && !hasNative;
    const lifetimes = new CollectedLifetimes(isCollected ? (options.expectedBytes ?? Infinity) : Infinity);
    this.#writer = writer;
    this.#lifetimes = lifetimes;
    this.#heap = new Heap(heap, {
      onLifetimes(batch) {
        lifetimes.add(batch);
        writer.appendLifetimes(batch, batch.ranges);
      },
      onMomentsMerged(moments) {
        lifetimes.remap(moments);
        writer.remapMoments(moments);
      },
      onTickEnded: (tick, sites, held) => writer.noteTick(tick, sites, held),
      onTickPeak: (_, sites, held) => writer.notePeak(sites, held),
    });
  }

  apply(block: OperationBlock): void {
    this.#heap!.apply(block);
  }

  /** What the heap gives after the last block; of native sites, whose usage is written next, all of them together. */
  close({ lengths, allocator, areNative }: DecodedEnd): HeapTables {
    // Of native captures this is when most is held: first what the blocks came in goes.
    if (areNative) collectGarbage();
    const tables = this.#heap!.finish(lengths);
    this.#heap = null;
    collectGarbage();
    if (this.#writer.hasSums) this.#ended = endedLifetimes({ allocator, ...tables.usages }, tables.ticks.length);
    if (!areNative) return tables;
    this.#usages = tables.usages;
    return { ...tables, usages: sumColumns(tables.usages) };
  }

  /**
   * Sums of lifetimes, and of native sites; apart from `close`, so that others go on meanwhile with what that gives.
   * What a profile in memory has of lifetimes is told once, as soon as it is known, but for sums by moment.
   */
  appendSums(onRead: (lifetimes: ReadLifetimes) => void): void {
    if (this.#ended === null) onRead({ batches: this.#lifetimes.take(), coarse: null });
    else {
      this.#writer.appendSums(this.#ended, (coarse) => {
        onRead({ batches: coarse === null ? this.#lifetimes.take() : null, coarse });
      });
    }
    this.#ended = null;
    this.#writer.appendNativeUsages(this.#usages);
  }

  /** Of native sites. */
  appendPythonStacks(stacks: StackTable): void {
    this.#writer.appendPythonStacks(stacks);
  }

  /** After `appendSums`. */
  appendNativeSites({ groups, usages }: DecodedSites): void {
    this.#writer.appendNativeUsages(usages);
    this.#writer.appendNativeSites(groups, joinUsages(this.#usages, usages), CAPTURE_ID);
    this.#usages = {};
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
