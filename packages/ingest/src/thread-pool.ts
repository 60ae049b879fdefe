/**
 * Reads captures in threads, one capture a thread at a time. What a thread tells of its progress, and how it is stopped,
 * goes through shared memory, since it has no time for messages.
 */
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { removeTemporaries } from '@memscope/store';
import { Piscina } from 'piscina';
import { compileInTurn } from './compile-in-turn.js';
import type { CaptureFate, CapturePool, PoolTask, ReadingState } from './capture-pool.js';
import { PROGRESS_BYTES, PROGRESS_CANCELLED, PROGRESS_CELLS, PROGRESS_STATE, RESOLVING } from './ingest-capture.js';
import { readingState } from './reading-state.js';
import type { ThreadTask } from './worker.js';
import type { ReadListener, ReadPart } from './read-profile.js';
import { threadModule } from './thread-module.js';

const PROGRESS_INTERVAL_MS = 100;
/** How long a capture may take to end the programs that it started. */
const CANCEL_GRACE_MS = 2000;

/** What threads run, for tests that bring their own. */
export interface ThreadOptions {
  readonly filename?: string;
  readonly resourceLimits?: { readonly maxOldGenerationSizeMb: number };
}

export class ThreadPool implements CapturePool {
  readonly #pool: Piscina;
  /** Profiles whose writing was stopped. */
  readonly #stopped = new Set<string>();

  constructor(
    threads: number,
    { filename = threadModule('worker', import.meta.url).href, resourceLimits }: ThreadOptions = {},
  ) {
    compileInTurn();
    this.#pool = new Piscina({
      filename,
      name: 'runCapture',
      minThreads: threads,
      maxThreads: threads,
      ...(resourceLimits && { resourceLimits }),
    });
  }

  async run(
    task: PoolTask,
    signal: AbortSignal | undefined,
    onProgress: (readBytes: number, state: ReadingState) => void,
    listener?: ReadListener,
  ): Promise<CaptureFate> {
    const onRead = listener?.onRead?.bind(listener);
    const progress = new Float64Array(new SharedArrayBuffer(8 * PROGRESS_CELLS));
    const tell = (): void => onProgress(progress[PROGRESS_BYTES]!, readingState(progress));
    const timer = setInterval(tell, PROGRESS_INTERVAL_MS);
    const stopping = stopThread(signal, progress);
    const { port1: parts, port2: handOver } = new MessageChannel();
    if (onRead) parts.on('message', onRead);
    const whole: ThreadTask = { ...task, progress, ...(onRead && { handOver }) };
    try {
      const transferList = onRead ? [handOver] : [];
      const fault = (await this.#pool.run(whole, { signal: stopping.signal, transferList })) as CaptureFate['fault'];
      // The end of a short reading may be known before its parts were looked at.
      for (let each; (each = receiveMessageOnPort(parts)) !== undefined;) onRead?.(each.message as ReadPart);
      return { fault, readBytes: progress[PROGRESS_BYTES]! };
    } catch (cause) {
      this.#stopped.add(task.profilePath);
      this.#clean();
      throw cause;
    } finally {
      clearInterval(timer);
      parts.close();
      stopping.dispose();
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
    // A thread that was stopped may have written until now.
    this.#clean();
  }

  #clean(): void {
    for (const profilePath of this.#stopped) removeTemporaries(profilePath);
  }
}

/** A thread is stopped at once; one that has started programs is given the time to end them. */
function stopThread(
  signal: AbortSignal | undefined,
  progress: Float64Array,
): { signal: AbortSignal; dispose: () => void } {
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const cancel = (): void => {
    progress[PROGRESS_CANCELLED] = 1;
    if (progress[PROGRESS_STATE] === RESOLVING) timer = setTimeout(() => stop.abort(), CANCEL_GRACE_MS);
    else stop.abort();
  };
  if (signal?.aborted) cancel();
  else signal?.addEventListener('abort', cancel, { once: true });
  return {
    signal: stop.signal,
    dispose() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
    },
  };
}
