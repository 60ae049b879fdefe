/** One capture → one profile file: reads and decodes, and hands the rest to a stage. Runs in one of the pool's threads. */
import { Decoder, heapConfig } from '@memscope/kernel';
import type { SourceStamp } from '@memscope/store';
import { CaptureFile } from './capture-file.js';
import { IngestError } from './ingest-error.js';
import type { ProfilePlan } from './profile-builder.js';
import { ThreadedProfileStage, type ProfileStage } from './profile-stage.js';

export interface CaptureTask {
  readonly path: string;
  readonly profilePath: string;
  readonly temporaryThreshold: number;
  readonly maxTicks: number;
  /** Of the capture, before it is read; null when the profile is not to be used again. */
  readonly stamp: SourceStamp | null;
  /** Keep the heap and write in a thread of its own; pays for large captures where a core is free. */
  readonly threaded: boolean;
  /** `PROGRESS_*` cells, read by the thread that waits. */
  readonly progress?: Float64Array;
}

/** Cells of `CaptureTask.progress`: bytes read, and what is being done. */
export const PROGRESS_BYTES = 0;
export const PROGRESS_STATE = 1;
export const READING = 1;
export const WRITING = 2;

/** Large enough that calls cost nothing, small enough to stay in the cache. */
const CHUNK_BYTES = 1 << 18;

/** @throws {IngestError} */
export async function ingestCapture(task: CaptureTask): Promise<void> {
  let file: CaptureFile | null = null;
  let stage: ProfileStage | null = null;
  try {
    file = new CaptureFile(task.path);
    const { profilePath, temporaryThreshold } = task;
    const plan: ProfilePlan = { profilePath, ...(file.size === null ? {} : { expectedBytes: file.size }) };
    const opened = task.threaded ? new ThreadedProfileStage(task.path, plan) : await openLocalStage(plan);
    stage = opened;
    let begun = false;
    const begin = (): void => {
      if (!begun) opened.begin(heapConfig(decoder.header!, task.maxTicks));
      begun = true;
    };
    const decoder = new Decoder({
      temporaryThreshold,
      onOperations(block) {
        begin();
        opened.apply(block);
      },
    });

    readAll(file, decoder, task.progress);
    const decoded = decoder.finish();
    if (!decoded.header.records && decoded.damage?.kind === 'killed' && file.isBeingWritten(decoded.header.pid)) {
      const message = `process ${decoded.header.pid} is still recording into it`;
      throw new IngestError({ code: 'stillWriting', path: task.path, message });
    }
    report(task.progress, PROGRESS_STATE, WRITING);
    const source = { path: file.path, totalBytes: file.size ?? file.readBytes, temporaryThreshold };
    begin();
    await opened.finish({ decoded, source, stamp: task.stamp });
  } catch (cause) {
    const failure = await failureOf(stage, cause);
    await stage?.stop();
    const { asIngestError } = await import('./as-ingest-error.js');
    throw asIngestError(task.path, failure);
  } finally {
    file?.close();
  }
}

/** What a thread that only decodes need not load. */
async function openLocalStage(plan: ProfilePlan): Promise<ProfileStage> {
  const { LocalProfileStage } = await import('./local-profile-stage.js');
  return new LocalProfileStage(plan);
}

/** A stage in another thread knows itself why the ring to it failed. */
function failureOf(stage: ProfileStage | null, cause: unknown): unknown {
  return stage instanceof ThreadedProfileStage ? stage.failure(cause) : cause;
}

function readAll(file: CaptureFile, decoder: Decoder, progress: Float64Array | undefined): void {
  report(progress, PROGRESS_STATE, READING);
  for (;;) {
    const read = file.read(decoder.reserve(CHUNK_BYTES));
    if (read === 0) return;
    const more = decoder.commit(read);
    report(progress, PROGRESS_BYTES, file.readBytes);
    if (!more) return;
  }
}

function report(progress: Float64Array | undefined, cell: number, value: number): void {
  if (progress) progress[cell] = value;
}
