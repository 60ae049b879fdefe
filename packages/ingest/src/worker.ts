/**
 * What the pool's threads run: one capture a task. Errors cross threads as plain objects. Until they decode, nobody gets
 * on, so that they start with little: no package's index.
 */
import type { MessagePort } from 'node:worker_threads';
import { columnBuffers } from './column-buffers.js';
import type { CaptureTask } from './ingest-capture.js';
import type { IngestFault } from './ingest-error.js';
import type { ReadPart } from './read-profile.js';
import { runCapture as run } from './run-capture.js';

export interface ThreadTask extends CaptureTask {
  /** Who asks for what was read before it is all written, in `ReadPart`s. */
  readonly handOver?: MessagePort;
}

export function runCapture({ handOver, ...task }: ThreadTask): Promise<IngestFault | null> {
  if (handOver === undefined) return run(task);
  return run(task, { onRead: (part) => handOver.postMessage(part, givenBuffers(part)) });
}

/** Tables are still to be written. */
function givenBuffers(part: ReadPart): ReturnType<typeof columnBuffers> {
  return part.kind === 'lifetimes' ? columnBuffers(part.lifetimes.batches ?? []) : [];
}
