/**
 * Where a capture's operations go: to a `ProfileBuilder` in the same thread (local-profile-stage.ts), or to one in a
 * thread of its own, so that decoding, naming and joining on one core overlap with keeping the heap and writing on
 * another. Both write the same profile.
 */
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { Worker, type Transferable } from 'node:worker_threads';
import type { HeapTables, OperationBlock } from '@memscope/kernel';
import type { StackTable } from '@memscope/model';
import type { ProfileMeta } from '@memscope/store/profile-meta';
import { columnBuffers } from './column-buffers.js';
import { IngestError, type IngestFault } from './ingest-error.js';
import type { DecodedSites } from './native-sites.js';
import { OperationRing, RingFailure } from './operation-ring.js';
import type { DecodedEnd, ProfileBeginning, ProfilePlan, ReadLifetimes, UnwrittenTables } from './profile-builder.js';
import { threadModule } from './thread-module.js';

/** Its methods are called in their order here, `apply` any number of times. */
export interface ProfileStage {
  /** Before the first block, when the header is known. */
  begin(beginning: ProfileBeginning): void;
  apply(block: OperationBlock): void;
  /** When the next blocks need not wait for those before them, for who has other things to do meanwhile. */
  ready(): Promise<void>;
  /** After the last block: what the heap gives; where it keeps those of native sites, usage of all of them together. */
  close(end: DecodedEnd): Promise<HeapTables>;
  /** Of native sites, before these. The columns are given away. */
  appendPythonStacks(stacks: StackTable): void;
  /** The columns are given away. Other sites come with the tables. */
  appendNativeSites(sites: DecodedSites): void;
  /** The columns are given away, unless they are `kept` by others. */
  appendTables(tables: UnwrittenTables, areKept: boolean): void;
  /** The profile stands at its place. */
  finish(meta: ProfileMeta): Promise<void>;
  /** Gives up and leaves no file behind. */
  stop(): Promise<void>;
}

/** How long after the last sign of life the death of the stage's thread may come to light. */
const DEATH_MS = 500;

/** How often it is looked whether there is room for blocks. */
const READY_MS = 4;

/** What the stage's thread is started with. */
export interface ProfileWorkerConfig {
  readonly path: string;
  readonly plan: ProfilePlan;
  /** Null once the thread has taken it. */
  ring: SharedArrayBuffer | null;
}

/** What it is then told: a call of each of the stage's methods but `apply`, whose blocks come through the ring. */
export type ProfileWorkerMessage =
  | { readonly kind: 'begin'; readonly beginning: ProfileBeginning }
  | { readonly kind: 'close'; readonly end: DecodedEnd }
  | { readonly kind: 'pythonStacks'; readonly stacks: StackTable }
  | { readonly kind: 'nativeSites'; readonly sites: DecodedSites }
  | { readonly kind: 'tables'; readonly tables: UnwrittenTables }
  | { readonly kind: 'finish'; readonly meta: ProfileMeta };

/** What it says: the heap's tables once, what lifetimes come to, and at its end null or why it failed. */
export type ProfileWorkerAnswer =
  | { readonly kind: 'heap'; readonly heap: HeapTables }
  | { readonly kind: 'lifetimes'; readonly lifetimes: ReadLifetimes }
  | { readonly kind: 'end'; readonly fault: IngestFault | null };

export class ThreadedProfileStage implements ProfileStage {
  /** Null behind the last block. */
  #ring: OperationRing | null = new OperationRing();
  readonly #profilePath: string;
  readonly #worker: Worker;
  readonly #heap: Promise<HeapTables>;
  readonly #end: Promise<IngestFault | null>;

  /**
   * `path` is the capture's, for errors; `onLifetimes` is called once, where a profile in memory can have what lifetimes
   * come to.
   */
  constructor(path: string, plan: ProfilePlan, onLifetimes: (lifetimes: ReadLifetimes) => void) {
    this.#profilePath = plan.profilePath;
    const workerData: ProfileWorkerConfig = { path, plan, ring: this.#ring!.buffer };
    this.#worker = new Worker(threadModule('profile-worker', import.meta.url), { workerData });
    const died = once(this.#worker, 'exit').then(([code]): never => {
      throw new Error(`the thread that keeps the heap ended with code ${code}`);
    });
    const ended = new Promise<IngestFault | null>((resolve) => {
      this.#worker.on('message', (answer: ProfileWorkerAnswer) => {
        if (answer.kind === 'end') resolve(answer.fault);
      });
    });
    const closed = new Promise<HeapTables>((resolve) => {
      this.#worker.on('message', (answer: ProfileWorkerAnswer) => {
        if (answer.kind === 'heap') resolve(answer.heap);
        else if (answer.kind === 'lifetimes') onLifetimes(answer.lifetimes);
      });
    });
    this.#end = Promise.race([ended, died]);
    const failed = this.#end.then((fault): never => {
      throw fault ? new IngestError(fault) : new Error('the thread that keeps the heap ended before its time');
    });
    this.#heap = Promise.race([closed, failed]);
    // Whoever is interested awaits them; until then a failure is no unhandled one.
    for (const each of [died, this.#end, failed, this.#heap]) each.catch(() => undefined);
  }

  begin(beginning: ProfileBeginning): void {
    this.#tell({ kind: 'begin', beginning });
  }

  apply(block: OperationBlock): void {
    this.#ring!.write(block);
  }

  async ready(): Promise<void> {
    while (this.#ring?.isCrowded === true) await Promise.race([setTimeout(READY_MS), this.#end]);
  }

  close(end: DecodedEnd): Promise<HeapTables> {
    this.#ring?.close();
    this.#ring = null;
    this.#tell({ kind: 'close', end });
    return this.#heap;
  }

  appendPythonStacks(stacks: StackTable): void {
    this.#tell({ kind: 'pythonStacks', stacks }, columnBuffers(stacks));
  }

  appendNativeSites(sites: DecodedSites): void {
    this.#tell({ kind: 'nativeSites', sites }, columnBuffers(sites));
  }

  appendTables(tables: UnwrittenTables, areKept: boolean): void {
    this.#tell({ kind: 'tables', tables }, areKept ? [] : columnBuffers(tables));
  }

  async finish(meta: ProfileMeta): Promise<void> {
    this.#tell({ kind: 'finish', meta });
    const fault = await this.#end;
    if (fault) throw new IngestError(fault);
  }

  /** Why the other side of the ring has failed; `cause` where it is not that. Throws why its thread has died. */
  async failure(cause: unknown): Promise<unknown> {
    if (!(cause instanceof RingFailure)) return cause;
    // A thread that has died says so only after the call that waited for it.
    const patience = cause.stalled ? setTimeout(DEATH_MS, null, { ref: false }) : new Promise<null>(() => undefined);
    const fault = await Promise.race([this.#end, patience]);
    return fault ? new IngestError(fault) : cause;
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
    const { removeTemporaries } = await import('@memscope/store');
    removeTemporaries(this.#profilePath);
  }

  #tell(message: ProfileWorkerMessage, given: Transferable[] = []): void {
    this.#worker.postMessage(message, given);
  }
}
