/**
 * Paths of captures → profiles: a single capture is read in a thread, or by who asks, several in processes side by side. A
 * capture whose profile is still fresh is not read again.
 */
import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { DEFAULT_MAX_TICKS, DEFAULT_TEMPORARY_THRESHOLD } from '@memscope/kernel';
import { isOutOfMemory, type Profile } from '@memscope/model/recorded';
import { STANDARD_INPUT, unblockStandardInput } from './capture-file.js';
import type { CapturePool, PoolTask, ReadingState } from './capture-pool.js';
import { IngestError, memoryRanOut } from './ingest-error.js';
import { planCaptures, type CapturePlan, type ReadPlan } from './plan-capture.js';
import { ReadProfile, type ReadStacks } from './read-profile.js';
import type { SymbolRequest } from './symbol-request.js';

export interface IngestRequest {
  /** Captures (`-` = standard input) and profiles. */
  readonly paths: readonly string[];
  /** Where the profile goes: a file, for a single capture, or a folder. */
  readonly output?: string;
  /** Read the capture even when its profile is fresh. */
  readonly force?: boolean;
  readonly temporaryThreshold?: number;
  readonly maxTicks?: number;
  /** Whether profiles have native stacks and sites as rows of SQL, too. */
  readonly sqlSites?: boolean;
  /** Captures that are read at a time; by default one a core. */
  readonly jobs?: number;
  /**
   * A single capture may be read in the thread that asks, which starts no other for it, and in which everything else gets
   * its turn every few milliseconds.
   */
  readonly inCaller?: boolean;
  /** How native frames are named; by default with what this machine and a bundle beside the capture have. */
  readonly symbols?: SymbolRequest;
  readonly signal?: AbortSignal;
  onProgress?(progress: CaptureProgress): void;
  /**
   * A capture has been read, and its profile is being written: until the outcome is known it throws `NotWritten` for what
   * only the file has. Captures that are read by other processes, and those with native stacks, are told of by their
   * outcome alone. Whoever asked the profile closes it.
   */
  onRead?(path: string, profile: Profile): void;
  /**
   * Stacks of such a capture are known, and it takes a while until all else is: what can be found out of them alone may be
   * by then. Only told where the capture is read by the thread that asks.
   */
  onStacks?(path: string, stacks: ReadStacks): void;
}

export interface CaptureProgress {
  readonly path: string;
  readonly readBytes: number;
  /** Null for standard input. */
  readonly totalBytes: number | null;
  readonly state: ReadingState | 'done' | 'reused' | 'failed';
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

/** From this size on, a second thread for the heap pays for its start. */
const THREADED_BYTES = 2 << 20;

/** A smaller capture with native stacks does not take much memory. */
const APART_BYTES = 8 << 20;

/**
 * Starts what `jobs` captures are read in at a time; `place` is where a single one is. Tests bring threads that die.
 */
export type OpenPool = (jobs: number, place: ReadingPlace) => CapturePool | Promise<CapturePool>;

type ReadingPlace = 'caller' | 'thread' | 'process';

/** One outcome for each path, in their order; captures that were not read because of `signal` have failed too. */
export async function ingest(request: IngestRequest, openPool: OpenPool = openCapturePool): Promise<IngestOutcome[]> {
  const { signal, maxTicks = DEFAULT_MAX_TICKS } = request;
  const jobs = Math.max(1, request.jobs ?? availableParallelism());
  const plans = planCaptures(request.paths, {
    output: request.output,
    again: request.force === true || maxTicks !== DEFAULT_MAX_TICKS,
    temporaryThreshold: request.temporaryThreshold,
    defaultThreshold: DEFAULT_TEMPORARY_THRESHOLD,
    symbols: request.symbols,
    sqlSites: request.sqlSites === true,
  });
  const reads = plans.filter((plan) => plan.kind === 'read');
  // Every capture that waits listens.
  if (signal && reads.length > 0) setMaxListeners(0, signal);
  if (reads.some(({ path }) => path === STANDARD_INPUT)) unblockStandardInput();
  const pool = reads.length > 0 ? await openPool(Math.min(jobs, reads.length), await placeOf(reads, request)) : null;
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
    const closing = pool?.close();
    // Processes are told to end with the next turn: what comes after reading may be long in coming to one.
    await (signal?.aborted ? closing : setImmediate());
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

/**
 * One capture alone has nobody to spare, but leaves its memory behind when it is read in this process. What pools stand
 * on is loaded only where there is something to read.
 */
async function openCapturePool(jobs: number, place: ReadingPlace): Promise<CapturePool> {
  if (jobs > 1 || place === 'process') return new (await import('./process-pool.js')).ProcessPool(jobs);
  if (place === 'caller') return new (await import('./caller-pool.js')).CallerPool();
  return new (await import('./thread-pool.js')).ThreadPool(1);
}

/**
 * A capture with native stacks may take more memory to read than what follows should have to add to, and longer at a time
 * to name them than anybody should wait; so may what does not come from a file.
 */
async function placeOf([first, ...others]: readonly ReadPlan[], { inCaller }: IngestRequest): Promise<ReadingPlace> {
  if (first === undefined || others.length > 0 || first.totalBytes === null) return 'thread';
  const isLarge = first.totalBytes >= APART_BYTES;
  if (!isLarge && inCaller !== true) return 'thread';
  const { hasNativeTraces } = await import('./native-traces.js');
  if (hasNativeTraces(first.path)) return isLarge ? 'process' : 'thread';
  return inCaller === true ? 'caller' : 'thread';
}

async function run(
  pool: CapturePool,
  { path, profilePath, totalBytes, stamp, symbols }: ReadPlan,
  threaded: boolean,
  request: IngestRequest,
): Promise<IngestOutcome> {
  const started = performance.now();
  let readBytes = 0;
  const tell = (state: CaptureProgress['state']): void => request.onProgress?.({ path, readBytes, totalBytes, state });
  tell('waiting');
  const maxTicks = request.maxTicks ?? DEFAULT_MAX_TICKS;
  const task: PoolTask = {
    path,
    profilePath,
    temporaryThreshold: request.temporaryThreshold ?? DEFAULT_TEMPORARY_THRESHOLD,
    maxTicks,
    // Other ticks are not what is asked for when the profile is looked for again.
    stamp: maxTicks === DEFAULT_MAX_TICKS ? stamp : null,
    threaded,
    sqlSites: request.sqlSites === true,
    symbols: { task: symbols.task, stamp: symbols.stamp },
  };
  const read = request.onRead && new ReadProfile(profilePath);
  try {
    const fate = await pool.run(
      task,
      request.signal,
      (bytes, state) => {
        readBytes = bytes;
        tell(state);
      },
      read && {
        onRead(part) {
          const profile = read.add(part);
          if (profile !== null) request.onRead?.(path, profile);
        },
        onStacks: (stacks) => request.onStacks?.(path, stacks),
      },
    );
    if (fate.fault === null) read?.finish();
    readBytes = fate.readBytes;
    tell(fate.fault ? 'failed' : 'done');
    if (fate.fault) return { path, error: new IngestError(fate.fault) };
    return { path, profilePath, reused: false, ms: performance.now() - started };
  } catch (cause) {
    tell('failed');
    const cancelled = request.signal?.aborted === true;
    if (!cancelled && isOutOfMemory(cause)) return { path, error: memoryRanOut(path, cause) };
    const message = cancelled ? 'cancelled' : `the thread that read it died: ${wordsOf(cause)}`;
    return { path, error: new IngestError({ code: cancelled ? 'cancelled' : 'workerDied', path, message }, { cause }) };
  }
}

function wordsOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
