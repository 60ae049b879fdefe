/**
 * One capture → one profile file: reads and decodes, names native frames where there are any, and hands the rest to a
 * stage. Runs in a thread of a pool, or in that of who asks.
 */
import { setImmediate } from 'node:timers/promises';
import {
  Decoder,
  heapConfig,
  KernelError,
  nearerStop,
  wasFinished,
  type Decoded,
  type HeapTables,
  type StopPoint,
} from '@memscope/kernel';
import type { SourceStamp } from '@memscope/store';
import { arenaBytesOf } from './arena-bytes.js';
import { collectGarbage } from './collect-garbage.js';
import { CaptureFile, STANDARD_INPUT, stillWriting } from './capture-file.js';
import { IngestError } from './ingest-error.js';
import type { PythonStacks } from './native-sites.js';
import { ThreadedProfileStage, type ProfileStage } from './profile-stage.js';
import type { ProfilePlan, ReadLifetimes } from './profile-builder.js';
import type { ReadListener, ReadStacks } from './read-profile.js';
import type { NamedStacks, StackTables } from './stack-tables.js';
import type { SymbolPlan } from './symbol-request.js';

export interface CaptureTask {
  readonly path: string;
  readonly profilePath: string;
  readonly temporaryThreshold: number;
  readonly maxTicks: number;
  /** Of the capture, before it is read; null when the profile is not to be used again. */
  readonly stamp: SourceStamp | null;
  /** Keep the heap and write in a thread of its own; pays for large captures where a core is free. */
  readonly threaded: boolean;
  /** Native stacks and sites become rows of SQL, too. */
  readonly sqlSites?: boolean;
  /** How native frames are named; by default with what this machine has. */
  readonly symbols?: Pick<SymbolPlan, 'task' | 'stamp'>;
  /** `PROGRESS_*` cells, read (but for the last) by the thread that waits. */
  readonly progress?: Float64Array;
}

/** Who wants a capture to be read. */
export interface CaptureCaller extends ReadListener {
  /** Of who is in the same thread: everything else there gets its turn between two pieces of the file, until it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** Cells of `CaptureTask.progress`: bytes read, what is being done, and 1 to have `RESOLVING` end early. */
export const PROGRESS_BYTES = 0;
export const PROGRESS_STATE = 1;
export const PROGRESS_CANCELLED = 2;
export const PROGRESS_CELLS = 3;
const READING = 1;
export const WRITING = 2;
export const RESOLVING = 3;

/** Large enough that calls cost nothing, small enough to stay in the cache. */
const CHUNK_BYTES = 1 << 18;
const CANCEL_INTERVAL_MS = 50;

/**
 * With so many sites the tables of the decoder are copied when those of the heap have been: side by side, with both their
 * memories, these would be the most that reading takes.
 */
const MANY_SITES = 1 << 21;

/** How often a capture is read that is too large for memory: each time up to a nearer place. */
const MOST_READINGS = 6;

/**
 * A capture that does not fit into memory is read again, up to where it did.
 * @throws {IngestError}
 */
export async function ingestCapture(task: CaptureTask, caller: CaptureCaller = {}): Promise<void> {
  let stopAt: StopPoint = {};
  for (let readings = 1; ; readings++) {
    try {
      return await readCapture(task, caller, stopAt);
    } catch (cause) {
      const stop = stopAfter(cause, stopAt);
      if (stop === null || readings === MOST_READINGS || task.path === STANDARD_INPUT) throw cause;
      stopAt = stop;
    }
  }
}

/** Where to stop after `cause`; null where it is no limit. */
function stopAfter(cause: unknown, last: StopPoint): StopPoint | null {
  if (!(cause instanceof IngestError) || cause.code !== 'limit') return null;
  const { recordOffset, entries } = cause.stop ?? {};
  if (!recordOffset && !entries) return null;
  const isNearer =
    (recordOffset ?? Infinity) < (last.recordOffset ?? Infinity) || (entries ?? Infinity) < (last.entries ?? Infinity);
  return isNearer ? { ...last, ...cause.stop } : nearerStop({ ...last, ...cause.stop });
}

async function readCapture(task: CaptureTask, caller: CaptureCaller, stopAt: StopPoint): Promise<void> {
  let file: CaptureFile | null = null;
  let stage: ProfileStage | null = null;
  try {
    file = new CaptureFile(task.path);
    const { profilePath, temporaryThreshold, sqlSites = false } = task;
    const plan: ProfilePlan = {
      profilePath,
      sqlSites,
      isHandedOver: caller.onRead !== undefined,
      ...(file.size === null ? {} : { expectedBytes: file.size }),
    };
    const giveLifetimes = (lifetimes: ReadLifetimes): void => caller.onRead?.({ kind: 'lifetimes', lifetimes });
    const opened = task.threaded
      ? new ThreadedProfileStage(task.path, plan, giveLifetimes)
      : await openLocalStage(plan, giveLifetimes);
    stage = opened;
    const read = await decode(file, task, caller, stopAt, opened);
    let decoded = read.decoded;
    collectGarbage();
    const sites = decoded.header.nativeTraces ? await import('./native-sites.js') : null;
    let stacks: NamedStacks;
    if (sites === null) {
      const tables = (await import('./stack-tables.js')).pythonStackTables(decoded);
      if (task.threaded) caller.onStacks?.(readStacks(tables));
      stacks = { tables, stamp: null };
    } else {
      const python = sites.pythonStacksOf(decoded);
      opened.appendPythonStacks(sites.copyStacks(python.stacks));
      const written = sites.decodedSites(decoded, python);
      decoded = sites.withoutWritten(decoded);
      opened.appendNativeSites(written);
      stacks = await nativeStacks(decoded, python, task);
    }
    report(task.progress, PROGRESS_STATE, WRITING);
    const source = { path: file.path, totalBytes: file.size ?? file.readBytes, temporaryThreshold };
    const { finishProfile } = await import('./finish-profile.js');
    const heap = await unlessAborted(read.heap, caller);
    const end = { decoded, heap, source, stacks, stamp: task.stamp };
    const finished = finishProfile(opened, end, sites === null ? caller.onRead?.bind(caller) : undefined);
    await unlessAborted(finished, caller);
  } catch (cause) {
    const failure = asUnfinished(await failureOf(stage, cause), file);
    await stage?.stop();
    const { asIngestError } = await import('./as-ingest-error.js');
    throw asIngestError(task.path, failure);
  } finally {
    file?.close();
  }
}

/** A call of its own: the decoder's memory can be given back as soon as its tables are copied. */
async function decode(
  file: CaptureFile,
  task: CaptureTask,
  caller: CaptureCaller,
  stopAt: StopPoint,
  stage: ProfileStage,
): Promise<{ readonly decoded: Decoded; readonly heap: Promise<HeapTables> }> {
  let begun = false;
  const begin = (): void => {
    const header = decoder.header!;
    if (!begun) stage.begin({ heap: heapConfig(header, task.maxTicks), hasNative: header.nativeTraces });
    begun = true;
  };
  const decoder = new Decoder({
    temporaryThreshold: task.temporaryThreshold,
    stopAt,
    arenaBytesOf,
    onOperations(block) {
      begin();
      stage.apply(block);
    },
  });
  for (let isFirst = true; readPiece(file, decoder, task.progress); isFirst = false) {
    // A capture that is being recorded is refused before all of it was read.
    if (isFirst) refuseUnfinished(file, decoder);
    if (caller.signal !== undefined) await takeTurns(caller.signal, stage);
  }
  const { allocator, ...lengths } = decoder.end();
  refuseUnfinished(file, decoder);
  begin();
  const header = decoder.header!;
  const areNative = header.nativeTraces && (await import('./native-sites.js')).isHeapKept({ header });
  const heap = stage.close({ lengths, allocator, areNative });
  // Its fault is thrown where it is awaited.
  heap.catch(() => undefined);
  if (lengths.sites >= MANY_SITES) {
    // What blocks went through.
    collectGarbage();
    await unlessAborted(heap, caller);
  }
  return { decoded: decoder.finish(), heap };
}

function readStacks({ modules, frames, stacks, pythonStack, nativeStack }: StackTables): ReadStacks {
  return { tables: { modules, frames, stacks }, sites: { length: pythonStack.length, pythonStack, nativeStack } };
}

/** Loads what only captures with native traces need. */
async function nativeStacks(decoded: Decoded, python: PythonStacks, task: CaptureTask): Promise<NamedStacks> {
  const { progress } = task;
  const symbols = task.symbols ?? (await import('./symbol-request.js')).planSymbols(task.path);
  report(progress, PROGRESS_STATE, RESOLVING);
  const cancelling = new AbortController();
  const cancel = (): void => {
    if (progress?.[PROGRESS_CANCELLED] !== 1) return;
    cancelling.abort(new IngestError({ code: 'cancelled', path: task.path, message: 'cancelled' }));
  };
  const timer = setInterval(cancel, CANCEL_INTERVAL_MS);
  try {
    const [{ nameNativeFrames }, { nativeStackTables }] = await Promise.all([
      import('./name-native-frames.js'),
      import('./native-tables.js'),
    ]);
    const named = await nameNativeFrames(decoded, symbols.task, cancelling.signal);
    cancel();
    cancelling.signal.throwIfAborted();
    return { tables: nativeStackTables(decoded, python, named), stamp: symbols.stamp };
  } finally {
    clearInterval(timer);
  }
}

/** What a thread that only decodes need not load. */
async function openLocalStage(
  plan: ProfilePlan,
  onLifetimes: (lifetimes: ReadLifetimes) => void,
): Promise<ProfileStage> {
  const { LocalProfileStage } = await import('./local-profile-stage.js');
  return new LocalProfileStage(plan, onLifetimes);
}

/** A stage in another thread knows itself why the ring to it failed. */
function failureOf(stage: ProfileStage | null, cause: unknown): unknown {
  return stage instanceof ThreadedProfileStage ? stage.failure(cause) : cause;
}

/** Whether there is more. */
function readPiece(file: CaptureFile, decoder: Decoder, progress: Float64Array | undefined): boolean {
  report(progress, PROGRESS_STATE, READING);
  const read = file.read(decoder.reserve(CHUNK_BYTES));
  if (read === 0) return false;
  const more = decoder.commit(read);
  report(progress, PROGRESS_BYTES, file.readBytes);
  return more;
}

async function takeTurns(signal: AbortSignal, stage: ProfileStage): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
  await stage.ready();
}

/** What another thread is waited for is given up when the caller gives up. */
function unlessAborted<T>(awaited: Promise<T>, { signal }: CaptureCaller): Promise<T> {
  if (signal === undefined) return awaited;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    void awaited.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Throws where the capture is still being recorded: what is there now is but a part. */
function refuseUnfinished(file: CaptureFile, { header, isWhole }: Decoder): void {
  if (header === null || isWhole || wasFinished(header)) return;
  const writer = file.writer(header.pid);
  if (writer !== undefined)
    throw new IngestError({ code: 'stillWriting', path: file.path, message: stillWriting(writer) });
}

/** A file that is being recorded into may not even have its header. */
function asUnfinished(cause: unknown, file: CaptureFile | null): unknown {
  if (!(cause instanceof KernelError) || !['notCapture', 'damagedHeader'].includes(cause.code)) return cause;
  const writer = file?.writer(0);
  if (file === null || writer === undefined || writer === null) return cause;
  return new IngestError({ code: 'stillWriting', path: file.path, message: stillWriting(writer) }, { cause });
}

function report(progress: Float64Array | undefined, cell: number, value: number): void {
  if (progress) progress[cell] = value;
}
