/**
 * Paths of captures → profiles, in a pool of threads: one task a capture, several side by side. A capture whose profile
 * is still fresh is not read again.
 */
import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import { DEFAULT_MAX_TICKS, DEFAULT_TEMPORARY_THRESHOLD } from '@memscope/kernel';
import { isOutOfMemory } from '@memscope/model';
import { removeTemporaries } from '@memscope/store';
import { Piscina } from 'piscina';
import { memoryRanOut } from './as-ingest-error.js';
import { STANDARD_INPUT, unblockStandardInput } from './capture-file.js';
import {
  PROGRESS_BYTES,
  PROGRESS_CANCELLED,
  PROGRESS_CELLS,
  PROGRESS_STATE,
  RESOLVING,
  WRITING,
  type CaptureTask,
} from './ingest-capture.js';
import { IngestError, type IngestFault } from './ingest-error.js';
import { planCaptures, type CapturePlan, type ReadPlan } from './plan-capture.js';
import type { SymbolRequest } from './symbol-request.js';
import { threadModule } from './thread-module.js';

export interface IngestRequest {
  /** Captures (`-` = standard input) and profiles. */
  readonly paths: readonly string[];
  /** Where the profile goes: a file, for a single capture, or a folder. */
  readonly output?: string;
  /** Read the capture even when its profile is fresh. */
  readonly force?: boolean;
  readonly temporaryThreshold?: number;
  readonly maxTicks?: number;
  /** Threads that decode; by default one a core. */
  readonly jobs?: number;
  /** How native frames are named; by default with what this machine and a bundle beside the capture have. */
  readonly symbols?: SymbolRequest;
  readonly signal?: AbortSignal;
  onProgress?(progress: CaptureProgress): void;
}

export interface CaptureProgress {
  readonly path: string;
  readonly readBytes: number;
  /** Null for standard input. */
  readonly totalBytes: number | null;
  readonly state: 'waiting' | 'reading' | 'resolving' | 'writing' | 'done' | 'reused' | 'failed';
}

export type IngestOutcome =
  | {
      readonly path: string;
      readonly profilePath: string;
      /** The profile was there already. */
      readonly reused: boolean;
      readonly ms: number;
      readonly error?: undefined;
    }
  | { readonly path: string; readonly error: IngestError };

const PROGRESS_INTERVAL_MS = 100;
const STATES: ReadonlyMap<number, CaptureProgress['state']> = new Map([
  [0, 'waiting'],
  [RESOLVING, 'resolving'],
  [WRITING, 'writing'],
]);
/** How long a capture may take to end the programs that it started. */
const CANCEL_GRACE_MS = 2000;
/** From this size on, a second thread for the heap pays for its start. */
const THREADED_BYTES = 2 << 20;

/** Starts the threads that captures are read in; tests bring threads that die. */
export type OpenPool = (threads: number) => Piscina;

/** One outcome for each path, in their order; captures that were not read because of `signal` have failed too. */
export async function ingest(request: IngestRequest, openPool: OpenPool = openWorkers): Promise<IngestOutcome[]> {
  const { signal, maxTicks = DEFAULT_MAX_TICKS } = request;
  const jobs = Math.max(1, request.jobs ?? availableParallelism());
  const plans = planCaptures(request.paths, {
    output: request.output,
    again: request.force === true || maxTicks !== DEFAULT_MAX_TICKS,
    temporaryThreshold: request.temporaryThreshold,
    defaultThreshold: DEFAULT_TEMPORARY_THRESHOLD,
    symbols: request.symbols,
  });
  const reads = plans.filter((plan) => plan.kind === 'read');
  // Every capture that waits listens.
  if (signal && reads.length > 0) setMaxListeners(0, signal);
  if (reads.some(({ path }) => path === STANDARD_INPUT)) unblockStandardInput();
  const pool = reads.length > 0 ? openPool(Math.min(jobs, reads.length)) : null;
  // A heap thread for each decoder, where cores are left.
  const threaded = reads.length * 2 <= jobs;
  try {
    return await Promise.all(
      plans.map((plan) =>
        plan.kind === 'read'
          ? run(pool!, plan, threaded && isLarge(plan), request)
          : Promise.resolve(settle(plan, request)),
      ),
    );
  } finally {
    const closing = pool?.destroy();
    if (signal?.aborted) {
      await closing;
      // A thread that was stopped may have written until now.
      for (const { profilePath } of reads) removeTemporaries(profilePath);
    }
  }
}

function settle(plan: Exclude<CapturePlan, ReadPlan>, request: IngestRequest): IngestOutcome {
  const { path } = plan;
  const failed = plan.kind === 'failed';
  request.onProgress?.({ path, readBytes: 0, totalBytes: 0, state: failed ? 'failed' : 'reused' });
  return failed ? { path, error: plan.error } : { path, profilePath: plan.profilePath, reused: true, ms: 0 };
}

function isLarge({ totalBytes }: ReadPlan): boolean {
  return totalBytes === null || totalBytes >= THREADED_BYTES;
}

function openWorkers(threads: number): Piscina {
  const filename = threadModule('worker').href;
  return new Piscina({ filename, name: 'runCapture', minThreads: threads, maxThreads: threads });
}

async function run(
  pool: Piscina,
  { path, profilePath, totalBytes, stamp, symbols }: ReadPlan,
  threaded: boolean,
  request: IngestRequest,
): Promise<IngestOutcome> {
  const started = performance.now();
  const progress = new Float64Array(new SharedArrayBuffer(8 * PROGRESS_CELLS));
  const tell = (state: CaptureProgress['state']): void =>
    request.onProgress?.({ path, readBytes: progress[PROGRESS_BYTES]!, totalBytes, state });
  tell('waiting');
  const timer = setInterval(() => {
    tell(STATES.get(progress[PROGRESS_STATE]!) ?? 'reading');
  }, PROGRESS_INTERVAL_MS);
  const maxTicks = request.maxTicks ?? DEFAULT_MAX_TICKS;
  const task: CaptureTask = {
    path,
    profilePath,
    temporaryThreshold: request.temporaryThreshold ?? DEFAULT_TEMPORARY_THRESHOLD,
    maxTicks,
    // Other ticks are not what is asked for when the profile is looked for again.
    stamp: maxTicks === DEFAULT_MAX_TICKS ? stamp : null,
    threaded,
    symbols: { task: symbols.task, stamp: symbols.stamp },
    progress,
  };
  const stopping = stopThread(request.signal, progress);
  try {
    const fault = (await pool.run(task, { signal: stopping.signal })) as IngestFault | null;
    tell(fault ? 'failed' : 'done');
    if (fault) return { path, error: new IngestError(fault) };
    return { path, profilePath, reused: false, ms: performance.now() - started };
  } catch (cause) {
    removeTemporaries(profilePath);
    tell('failed');
    const cancelled = request.signal?.aborted === true;
    if (!cancelled && isOutOfMemory(cause)) return { path, error: memoryRanOut(path, cause) };
    const message = cancelled ? 'cancelled' : `the thread that read it died: ${wordsOf(cause)}`;
    return { path, error: new IngestError({ code: cancelled ? 'cancelled' : 'workerDied', path, message }, { cause }) };
  } finally {
    clearInterval(timer);
    stopping.dispose();
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

function wordsOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
