/** One capture → one profile file: reads, decodes, keeps the heap, writes. Runs in one of the pool's threads. */
import { Decoder, DEFAULT_MAX_TICKS, heapConfig, KernelError } from '@memscope/kernel';
import { ProfileWriter, sourceStamp, StoreError } from '@memscope/store';
import { CaptureFile, STANDARD_INPUT } from './capture-file.js';
import { captureTables } from './capture-tables.js';
import { LocalHeapStage, ThreadedHeapStage, type HeapStage, type LifetimeSink } from './heap-stage.js';
import { fromStoreError, IngestError } from './ingest-error.js';

export interface CaptureTask {
  readonly path: string;
  readonly profilePath: string;
  readonly temporaryThreshold: number;
  readonly maxTicks: number;
  /** Keep the heap in a thread of its own; pays for large captures where a core is free. */
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
  let writer: ProfileWriter | null = null;
  let stage: HeapStage | null = null;
  try {
    file = new CaptureFile(task.path);
    // Without a stamp the profile is not used again: a pipe is gone, and other ticks are not what is asked for next time.
    const again = task.path !== STANDARD_INPUT && file.size !== null && task.maxTicks === DEFAULT_MAX_TICKS;
    const stamp = again ? sourceStamp(task.path) : null;
    const sizes = file.size === null ? {} : { expectedBytes: file.size };
    const decoder = new Decoder({
      temporaryThreshold: task.temporaryThreshold,
      onOperations: (block) => stageOf().apply(block),
    });
    const writerOf = (): ProfileWriter => (writer ??= ProfileWriter.create(task.profilePath, sizes));
    const sink: LifetimeSink = {
      appendEncoded: (batch) => writerOf().appendEncoded(batch),
      remapMoments: (moments) => writerOf().remapMoments(moments),
    };
    const makeStage = (): HeapStage => {
      const config = heapConfig(decoder.header!, task.maxTicks);
      return task.threaded ? new ThreadedHeapStage(config, sink) : new LocalHeapStage(config, sink);
    };
    const stageOf = (): HeapStage => (stage ??= makeStage());

    readAll(file, decoder, task.progress);
    const decoded = decoder.finish();
    if (!decoded.header.records && decoded.damage?.kind === 'killed' && file.isBeingWritten(decoded.header.pid)) {
      const message = `process ${decoded.header.pid} is still recording into it`;
      throw new IngestError({ code: 'stillWriting', path: task.path, message });
    }
    const heap = await stageOf().finish(decoded.sites.length);
    report(task.progress, PROGRESS_STATE, WRITING);
    const totalBytes = file.size ?? file.readBytes;
    const source = { path: file.path, totalBytes, temporaryThreshold: task.temporaryThreshold };
    writerOf().finish(captureTables(decoded, heap, source), stamp);
  } catch (cause) {
    (stage as HeapStage | null)?.stop();
    (writer as ProfileWriter | null)?.abort();
    throw asIngestError(task.path, cause);
  } finally {
    file?.close();
  }
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

function asIngestError(path: string, cause: unknown): IngestError {
  if (cause instanceof IngestError) return cause;
  if (cause instanceof KernelError) {
    return new IngestError({ code: cause.code, path, message: cause.message, offset: cause.offset }, { cause });
  }
  if (cause instanceof StoreError) return fromStoreError(path, cause);
  const message = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  return new IngestError({ code: 'internal', path, message }, { cause });
}
