/**
 * Reads captures that have no profile yet, some at a time and those that came first before the others, and keeps the list
 * of runs up to date while it does.
 */
import { ingest, type CaptureProgress, type IngestOutcome, type IngestRequest } from '@memscope/ingest';
import type { QueryPool } from './query-pool.js';
import type { RunList } from './run-list.js';

/** What of reading a user may choose. */
export type Reading = Pick<IngestRequest, 'temporaryThreshold' | 'maxTicks' | 'symbols'>;

export class RunReader {
  readonly #runs: RunList;
  readonly #pool: QueryPool;
  readonly #signal: AbortSignal;
  readonly #how: Reading;
  readonly #onFault: (trace: string) => void;
  readonly #waiting: string[] = [];
  #reading: Promise<void> | null = null;

  constructor(runs: RunList, pool: QueryPool, signal: AbortSignal, how: Reading, onFault: (trace: string) => void) {
    this.#runs = runs;
    this.#pool = pool;
    this.#signal = signal;
    this.#how = how;
    this.#onFault = onFault;
  }

  /** Reads them, again where they have changed. */
  read(paths: readonly string[]): void {
    for (const path of paths) if (!this.#waiting.includes(path)) this.#waiting.push(path);
    this.#reading ??= this.#readAll().finally(() => (this.#reading = null));
  }

  /** Until nothing is left to be read. */
  async settled(): Promise<void> {
    await this.#reading;
  }

  async #readAll(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#signal.aborted) {
      const paths = this.#waiting.splice(0);
      const described: Promise<void>[] = [];
      for (const outcome of await this.#ingest(paths)) {
        if (outcome.error?.code === 'stillWriting') this.#wait(outcome.path, outcome.error.message);
        else if (outcome.error !== undefined) this.#fail(outcome.path, outcome.error.message);
        else described.push(this.#describe(outcome.path, outcome.profilePath));
      }
      await Promise.all(described);
    }
  }

  /** Nothing where reading found a fault of the program. */
  async #ingest(paths: readonly string[]): Promise<IngestOutcome[]> {
    try {
      return await ingest({
        ...this.#how,
        paths,
        signal: this.#signal,
        onProgress: (progress) => this.#report(progress),
      });
    } catch (error) {
      this.#onFault(error instanceof Error ? (error.stack ?? error.message) : String(error));
      for (const path of paths) this.#fail(path, 'an internal fault: see the terminal of memscope');
      return [];
    }
  }

  #report({ path, readBytes, totalBytes, state }: CaptureProgress): void {
    // One that is looked at once more stays what it is until there is more to say.
    if (state === 'waiting' && this.#runs.stateOf(path) === 'recording') return;
    // Outcomes say the rest.
    if (state === 'waiting' || state === 'reading' || state === 'resolving' || state === 'writing') {
      this.#runs.change(path, { state, readBytes, totalBytes, message: null });
    }
  }

  async #describe(path: string, profilePath: string): Promise<void> {
    try {
      const summary = await this.#pool.summarize(profilePath);
      this.#runs.change(path, { state: 'ready', message: null, ...summary }, profilePath);
    } catch (error) {
      this.#fail(path, error instanceof Error ? error.message : String(error));
    }
  }

  /** Somebody still writes it: no fault, and to be tried again. */
  #wait(path: string, message: string): void {
    if (!this.#signal.aborted) this.#runs.change(path, { state: 'recording', message });
  }

  #fail(path: string, message: string): void {
    if (!this.#signal.aborted) this.#runs.change(path, { state: 'failed', message });
  }
}
