/**
 * Questions about runs → threads that answer them. Each run has a thread of its own choice, which keeps what is expensive
 * to make, also of the sets that the run comes first in; only when that is busy for long does another one help out, so that a slow question blocks no others. A
 * question that nobody waits for any more is given up between its steps; its thread is ended only when it does not come
 * back.
 */
import { availableParallelism } from 'node:os';
import { statSync } from 'node:fs';
import { Piscina } from 'piscina';
import { threadModule } from '@memscope/ingest';
import { newCancelFlag, setCancelled, type Answer, type Question, type RunSummary } from '@memscope/query';
import type { RunPlace, SetPlace } from './open-runs.js';
import type { QueryOutcome, QueryTask, SummaryTask } from './query-worker.js';

export interface PoolOptions {
  /** Threads; by default one a core, from 2 to 4. */
  readonly lanes?: number;
  /** How long a question waits for its run's own thread. */
  readonly patienceMs?: number;
  /** How long after it was cancelled a question may go on. */
  readonly graceMs?: number;
  /** How long a question may take at all. */
  readonly limitMs?: number;
  readonly sourceFolders?: readonly string[];
  /** Text of the rules that views will come with, to make ready what they ask for first. */
  readonly rules?: string | null;
  /** What the threads run; tests bring threads that hang. */
  readonly threadFile?: URL;
  /** Hears of faults of the program. */
  readonly onFault?: (trace: string) => void;
}

/** Why there is no answer. */
export type PoolRefusal = 'cancelled' | 'busy' | 'slow' | 'died';

export class PoolError extends Error {
  override readonly name = 'PoolError';
  readonly refusal: PoolRefusal;

  constructor(refusal: PoolRefusal, options?: ErrorOptions) {
    super(`no answer: ${refusal}`, options);
    this.refusal = refusal;
  }
}

const MOST_WAITING = 200;
/** Runs that are made ready before they are asked for. */
const WARM_RUNS = 2;

interface Job {
  readonly work: (lane: Lane, ended: AbortSignal) => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly isCancelled: () => boolean;
}

interface Lane {
  readonly pool: Piscina;
  readonly waiting: Job[];
  running: boolean;
}

export class QueryPool {
  readonly #lanes: readonly Lane[];
  readonly #laneOfRun = new Map<string, number>();
  readonly #options: Required<Omit<PoolOptions, 'lanes' | 'threadFile'>>;
  #summaries = 0;
  #closed = false;

  constructor(options: PoolOptions = {}) {
    const {
      lanes = Math.min(4, Math.max(2, availableParallelism())),
      threadFile = threadModule('query-worker', import.meta.url),
    } = options;
    const filename = threadFile.href;
    this.#lanes = Array.from({ length: lanes }, () => ({
      pool: new Piscina({ filename, minThreads: 1, maxThreads: 1, idleTimeout: Infinity, recordTiming: false }),
      waiting: [],
      running: false,
    }));
    // A thread that dies with nothing to do is replaced; without a listener it would take the server along.
    for (const { pool } of this.#lanes) {
      pool.on('error', (error: Error) => {
        if (!this.#closed) this.#options.onFault(error.stack ?? error.message);
      });
    }
    this.#options = {
      patienceMs: 1000,
      graceMs: 10_000,
      limitMs: 60_000,
      sourceFolders: [],
      rules: null,
      onFault: () => undefined,
      ...options,
    };
  }

  /** `signal` = nobody waits any more. Throws `PoolError`. */
  async ask(runs: SetPlace, question: Question, signal: AbortSignal): Promise<Answer> {
    const cancel = newCancelFlag();
    const { sourceFolders, onFault } = this.#options;
    const task: QueryTask = { runs, question, cancel, sourceFolders };
    const { answer, trace } = await this.#submit<QueryOutcome>(
      runs.head[0]!.profilePath,
      (lane, ended) => lane.pool.run(task, { name: 'runQuery', signal: ended }),
      signal,
      () => setCancelled(cancel),
    );
    if (trace !== null) onFault(trace);
    if (answer === null) throw new PoolError('cancelled');
    return answer;
  }

  /** Throws what opening the profile throws. */
  async summarize(profilePath: string): Promise<RunSummary> {
    const { ino, size, mtimeNs } = statSync(profilePath, { bigint: true });
    const run: RunPlace = { profilePath, identity: `${ino}-${size}-${mtimeNs}` };
    const task: SummaryTask = { run, warm: this.#summaries++ < WARM_RUNS, rules: this.#options.rules };
    return this.#submit<RunSummary>(
      profilePath,
      (lane, ended) => lane.pool.run(task, { name: 'runSummary', signal: ended }),
      new AbortController().signal,
      () => undefined,
    );
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const lane of this.#lanes) for (const job of lane.waiting.splice(0)) job.reject(new PoolError('cancelled'));
    await Promise.all(this.#lanes.map(({ pool }) => pool.destroy()));
  }

  #submit<T>(
    run: string,
    start: (lane: Lane, ended: AbortSignal) => Promise<unknown>,
    signal: AbortSignal,
    cancel: () => void,
  ): Promise<T> {
    const own = this.#laneOf(run);
    const lane = this.#lanes[own]!;
    const { patienceMs } = this.#options;
    return new Promise<T>((resolve, reject) => {
      if (lane.waiting.length >= MOST_WAITING) return reject(new PoolError('busy'));
      const job: Job = {
        work: (at, ended) => start(at, ended),
        resolve: resolve as (value: unknown) => void,
        reject,
        isCancelled: () => signal.aborted,
      };
      signal.addEventListener('abort', cancel, { once: true });
      lane.waiting.push(job);
      this.#next(lane);
      if (!lane.waiting.includes(job)) return;
      const timer = setTimeout(() => this.#helpOut(job, own), patienceMs);
      timer.unref();
    });
  }

  #laneOf(run: string): number {
    let lane = this.#laneOfRun.get(run);
    if (lane === undefined) this.#laneOfRun.set(run, (lane = this.#laneOfRun.size % this.#lanes.length));
    return lane;
  }

  /** Moves a job that has waited long to the next thread, if that has nothing to do. */
  #helpOut(job: Job, own: number): void {
    const { waiting } = this.#lanes[own]!;
    const other = this.#lanes[(own + 1) % this.#lanes.length]!;
    const at = waiting.indexOf(job);
    if (at < 0) return;
    if (other.running || other.waiting.length > 0) {
      setTimeout(() => this.#helpOut(job, own), this.#options.patienceMs).unref();
      return;
    }
    waiting.splice(at, 1);
    other.waiting.push(job);
    this.#next(other);
  }

  #next(lane: Lane): void {
    if (lane.running) return;
    const job = lane.waiting.shift();
    if (job === undefined) return;
    if (job.isCancelled()) {
      job.reject(new PoolError('cancelled'));
      return this.#next(lane);
    }
    lane.running = true;
    void this.#run(lane, job).finally(() => {
      lane.running = false;
      this.#next(lane);
    });
  }

  async #run(lane: Lane, job: Job): Promise<void> {
    const { graceMs, limitMs } = this.#options;
    const ended = new AbortController();
    const started = performance.now();
    // A thread that keeps answers warm is worth waiting for, but not for ever.
    let cancelledAt: number | null = null;
    const watch = setInterval(
      () => {
        const now = performance.now();
        if (job.isCancelled()) cancelledAt ??= now;
        if (now - started > limitMs || (cancelledAt !== null && now - cancelledAt > graceMs)) ended.abort();
      },
      Math.max(5, Math.min(250, graceMs / 4)),
    );
    try {
      job.resolve(await job.work(lane, ended.signal));
    } catch (error) {
      if (!ended.signal.aborted) job.reject(error);
      else job.reject(new PoolError(job.isCancelled() ? 'cancelled' : 'slow', { cause: error }));
    } finally {
      clearInterval(watch);
    }
  }
}
