/**
 * Paths of captures → profiles, in a pool of threads: one task a capture, several side by side. A capture whose profile
 * is still fresh is not read again.
 */
import { availableParallelism } from 'node:os';
import { statSync } from 'node:fs';
import { extname } from 'node:path';
import { DEFAULT_MAX_TICKS, DEFAULT_TEMPORARY_THRESHOLD } from '@memscope/kernel';
import { isFresh, openProfile, profilePathFor, removeTemporaries, sourceStamp, StoreError } from '@memscope/store';
import { Piscina } from 'piscina';
import { STANDARD_INPUT } from './capture-file.js';
import { PROGRESS_BYTES, PROGRESS_STATE, WRITING, type CaptureTask } from './ingest-capture.js';
import { IngestError, type IngestFault } from './ingest-error.js';
import { isProfile } from './profile-file.js';

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
  readonly signal?: AbortSignal;
  onProgress?(progress: CaptureProgress): void;
}

export interface CaptureProgress {
  readonly path: string;
  readonly readBytes: number;
  /** Null for standard input. */
  readonly totalBytes: number | null;
  readonly state: 'waiting' | 'reading' | 'writing' | 'done' | 'reused' | 'failed';
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
/** From this size on, a second thread for the heap pays for its start. */
const THREADED_BYTES = 4 << 20;

/** One outcome for each path, in their order. Rejects only when cancelled. */
export async function ingest(request: IngestRequest): Promise<IngestOutcome[]> {
  const jobs = Math.max(1, request.jobs ?? availableParallelism());
  const plans = request.paths.map((path) => plan(path, request));
  const waiting = plans.filter((each) => each.kind === 'read');
  const pool = waiting.length > 0 ? openPool(Math.min(jobs, waiting.length)) : null;
  // A heap thread for each decoder, where cores are left.
  const threaded = waiting.length * 2 <= jobs || (waiting.length === 1 && jobs > 1);
  try {
    return await Promise.all(
      plans.map((each) => {
        if (each.kind !== 'read') {
          request.onProgress?.({ path: each.path, readBytes: 0, totalBytes: 0, state: stateOf(each) });
          return each.outcome;
        }
        return run(pool!, each, threaded && isLarge(each), request);
      }),
    );
  } finally {
    await pool?.destroy();
  }
}

interface ReadPlan {
  readonly kind: 'read';
  readonly path: string;
  readonly profilePath: string;
  readonly totalBytes: number | null;
}

type Plan = ReadPlan | { readonly kind: 'settled'; readonly path: string; readonly outcome: IngestOutcome };

function stateOf(plan: Plan & { kind: 'settled' }): CaptureProgress['state'] {
  return plan.outcome.error ? 'failed' : 'reused';
}

function isLarge(plan: ReadPlan): boolean {
  return plan.totalBytes === null || plan.totalBytes >= THREADED_BYTES;
}

/** Decides without reading the capture whether it must be read. */
function plan(path: string, request: IngestRequest): Plan {
  const settled = (outcome: IngestOutcome): Plan => ({ kind: 'settled', path, outcome });
  try {
    if (path !== STANDARD_INPUT && isProfile(path)) {
      openProfile(path).close();
      return settled({ path, profilePath: path, reused: true, ms: 0 });
    }
    const profilePath = profilePathFor(path, request.output);
    const stat = path === STANDARD_INPUT ? undefined : statSync(path, { throwIfNoEntry: false });
    const totalBytes = stat?.isFile() ? stat.size : null;
    const temporaryThreshold = request.temporaryThreshold ?? DEFAULT_TEMPORARY_THRESHOLD;
    const reusable = !request.force && request.maxTicks === undefined && totalBytes !== null;
    if (reusable && isFresh(profilePath, sourceStamp(path), { temporaryThreshold })) {
      return settled({ path, profilePath, reused: true, ms: 0 });
    }
    return { kind: 'read', path, profilePath, totalBytes };
  } catch (cause) {
    if (!(cause instanceof StoreError)) throw cause;
    const code = cause.code === 'cannotWrite' || cause.code === 'cannotRead' ? cause.code : 'notCapture';
    return settled({ path, error: new IngestError({ code, path, message: cause.message }, { cause }) });
  }
}

function openPool(threads: number): Piscina {
  const extension = extname(import.meta.url);
  return new Piscina({
    filename: new URL(`./worker${extension}`, import.meta.url).href,
    name: 'runCapture',
    minThreads: threads,
    maxThreads: threads,
    execArgv: extension === '.ts' ? ['--import', 'tsx'] : [],
  });
}

async function run(
  pool: Piscina,
  { path, profilePath, totalBytes }: ReadPlan,
  threaded: boolean,
  request: IngestRequest,
): Promise<IngestOutcome> {
  const started = performance.now();
  const progress = new Float64Array(new SharedArrayBuffer(16));
  const tell = (state: CaptureProgress['state']): void =>
    request.onProgress?.({ path, readBytes: progress[PROGRESS_BYTES]!, totalBytes, state });
  tell('waiting');
  const timer = setInterval(() => {
    const state = progress[PROGRESS_STATE]!;
    tell(state === 0 ? 'waiting' : state === WRITING ? 'writing' : 'reading');
  }, PROGRESS_INTERVAL_MS);
  const task: CaptureTask = {
    path,
    profilePath,
    temporaryThreshold: request.temporaryThreshold ?? DEFAULT_TEMPORARY_THRESHOLD,
    maxTicks: request.maxTicks ?? DEFAULT_MAX_TICKS,
    threaded,
    progress,
  };
  try {
    const options = request.signal ? { signal: request.signal } : {};
    const fault = (await pool.run(task, options)) as IngestFault | null;
    tell(fault ? 'failed' : 'done');
    if (fault) return { path, error: new IngestError(fault) };
    return { path, profilePath, reused: false, ms: performance.now() - started };
  } catch (cause) {
    removeTemporaries(profilePath);
    tell('failed');
    const cancelled = request.signal?.aborted === true;
    const message = cancelled ? 'cancelled' : `the thread that read it died: ${wordsOf(cause)}`;
    return { path, error: new IngestError({ code: cancelled ? 'cancelled' : 'workerDied', path, message }, { cause }) };
  } finally {
    clearInterval(timer);
  }
}

function wordsOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
