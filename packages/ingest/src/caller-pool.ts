/**
 * Reads one capture in the thread that asks: to start another would take longer than many captures do to be read. A heap
 * that is kept apart and the writing still have a thread of their own where the capture is large. Everything else in the
 * thread gets its turn between two pieces of the file.
 */
import type { CaptureFate, CapturePool, PoolTask, ReadingState } from './capture-pool.js';
import { compileInTurn } from './compile-in-turn.js';
import { PROGRESS_BYTES, PROGRESS_CANCELLED, PROGRESS_CELLS } from './ingest-capture.js';
import type { ReadListener } from './read-profile.js';
import { readingState } from './reading-state.js';
import { runCapture } from './run-capture.js';

const PROGRESS_INTERVAL_MS = 100;

export class CallerPool implements CapturePool {
  constructor() {
    compileInTurn();
  }

  async run(
    task: PoolTask,
    signal: AbortSignal = new AbortController().signal,
    onProgress: (readBytes: number, state: ReadingState) => void,
    listener?: ReadListener,
  ): Promise<CaptureFate> {
    const progress = new Float64Array(PROGRESS_CELLS);
    const tell = (): void => onProgress(progress[PROGRESS_BYTES]!, readingState(progress));
    const timer = setInterval(tell, PROGRESS_INTERVAL_MS);
    const cancel = (): void => void (progress[PROGRESS_CANCELLED] = 1);
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const fault = await runCapture({ ...task, progress }, { ...listener, signal });
      // What was given up has a fault of its own.
      if (fault !== null) signal.throwIfAborted();
      return { fault, readBytes: progress[PROGRESS_BYTES]! };
    } finally {
      clearInterval(timer);
      signal.removeEventListener('abort', cancel);
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
