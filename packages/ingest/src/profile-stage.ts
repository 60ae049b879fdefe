/**
 * Where a capture's operations go: to a `ProfileBuilder` in the same thread (local-profile-stage.ts), or to one in a
 * thread of its own, so that decoding on one core overlaps with keeping the heap and writing on another. Both write the
 * same profile.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { HeapConfig, OperationBlock } from '@memscope/kernel';
import { IngestError, type IngestFault } from './ingest-error.js';
import { OperationRing, RingFailure } from './operation-ring.js';
import type { ProfileEnd, ProfilePlan } from './profile-builder.js';
import { threadModule } from './thread-module.js';

export interface ProfileStage {
  /** Before the first block, when the header is known. */
  begin(heap: HeapConfig): void;
  apply(block: OperationBlock): void;
  /** After the last block: what the heap gives may be worked out while frames are named. `sites` counts them. */
  close(sites: number): void;
  /** After `close`: the profile stands at its place. */
  finish(end: ProfileEnd): Promise<void>;
  /** Gives up and leaves no file behind. */
  stop(): Promise<void>;
}

/**
 * What the stage's thread is started with. It is told the heap's config; when the ring is closed, how many sites there
 * are; then the end. It answers once: null, or why it failed.
 */
export interface ProfileWorkerConfig {
  readonly path: string;
  readonly plan: ProfilePlan;
  readonly ring: SharedArrayBuffer;
}

export class ThreadedProfileStage implements ProfileStage {
  readonly #ring = new OperationRing();
  readonly #profilePath: string;
  readonly #worker: Worker;
  readonly #answer: Promise<IngestFault | null>;

  /** `path` is the capture's, for errors. */
  constructor(path: string, plan: ProfilePlan) {
    this.#profilePath = plan.profilePath;
    const workerData: ProfileWorkerConfig = { path, plan, ring: this.#ring.buffer };
    this.#worker = new Worker(threadModule('profile-worker'), { workerData });
    const died = once(this.#worker, 'exit').then(([code]): never => {
      throw new Error(`the thread that keeps the heap ended with code ${code}`);
    });
    const answered = once(this.#worker, 'message').then(([answer]) => answer as IngestFault | null);
    this.#answer = Promise.race([answered, died]);
    // Whoever is interested awaits it; until then a failure is no unhandled one.
    this.#answer.catch(() => undefined);
    died.catch(() => undefined);
  }

  begin(heap: HeapConfig): void {
    this.#worker.postMessage(heap);
  }

  apply(block: OperationBlock): void {
    this.#ring.write(block);
  }

  close(sites: number): void {
    this.#ring.close();
    this.#worker.postMessage(sites);
  }

  async finish(end: ProfileEnd): Promise<void> {
    this.#worker.postMessage(end, buffersOf({ ...end.decoded, native: end.native }));
    const fault = await this.#answer;
    if (fault) throw new IngestError(fault);
  }

  /** Why the other side of the ring has failed; `cause` where it is not that. */
  async failure(cause: unknown): Promise<unknown> {
    if (!(cause instanceof RingFailure) || cause.stalled) return cause;
    const fault = await this.#answer;
    return fault ? new IngestError(fault) : cause;
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
    const { removeTemporaries } = await import('@memscope/store');
    removeTemporaries(this.#profilePath);
  }
}

/** The memory of all columns in a record of tables, to be given away instead of copied. */
function buffersOf(record: object): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const value of Object.values(record) as unknown[]) {
    if (ArrayBuffer.isView(value)) buffers.add(value.buffer as ArrayBuffer);
    else if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
      for (const buffer of buffersOf(value)) buffers.add(buffer);
    }
  }
  return [...buffers];
}
