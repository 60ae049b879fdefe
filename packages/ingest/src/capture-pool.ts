/**
 * What reads captures: threads of this process (thread-pool.ts) or processes (process-pool.ts), side by side, or the
 * thread that asks (caller-pool.ts).
 */
import type { CaptureTask } from './ingest-capture.js';
import type { IngestFault } from './ingest-error.js';
import type { ReadListener } from './read-profile.js';

export type PoolTask = Omit<CaptureTask, 'progress'>;

export type ReadingState = 'waiting' | 'reading' | 'resolving' | 'writing';

export interface CaptureFate {
  /** Null when the profile was written. */
  readonly fault: IngestFault | null;
  readonly readBytes: number;
}

export interface CapturePool {
  /**
   * Rejects when what read the capture died or was stopped; what it had written by then is removed. The listener hears of
   * pools that share memory with it, of stacks where they share a thread.
   */
  run(
    task: PoolTask,
    signal: AbortSignal | undefined,
    onProgress: (readBytes: number, state: ReadingState) => void,
    listener?: ReadListener,
  ): Promise<CaptureFate>;
  /** Stops what is left; when it resolves, nothing half-written stays. */
  close(): Promise<void>;
}
