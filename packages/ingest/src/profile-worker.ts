/**
 * The thread of a `ThreadedProfileStage`: does what it is told, one message after the other. With the heap's config it
 * takes blocks from the ring until that is closed.
 */
import { on } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import type { HeapTables } from '@memscope/kernel';
import { asIngestError } from './as-ingest-error.js';
import { columnBuffers } from './column-buffers.js';
import { OperationRing } from './operation-ring.js';
import { ProfileBuilder, type ProfileBeginning, type ReadLifetimes } from './profile-builder.js';
import type { ProfileWorkerAnswer, ProfileWorkerConfig, ProfileWorkerMessage } from './profile-stage.js';

const config = workerData as ProfileWorkerConfig;
const { path, plan } = config;
/** Null when all blocks were taken: it is as large as the tables of many captures. */
let ring: OperationRing | null = new OperationRing(config.ring!);
config.ring = null;

/** Ends with the last message. */
async function build(): Promise<void> {
  let builder: ProfileBuilder | null = null;
  try {
    for await (const [each] of on(parentPort!, 'message')) {
      const message = each as ProfileWorkerMessage;
      if (message.kind === 'begin') builder = readAll(message.beginning);
      else if (message.kind === 'close') {
        sayHeap(builder!.close(message.end));
        builder!.appendSums(sayLifetimes);
      } else if (message.kind === 'pythonStacks') builder!.appendPythonStacks(message.stacks);
      else if (message.kind === 'nativeSites') builder!.appendNativeSites(message.sites);
      else if (message.kind === 'tables') builder!.appendTables(message.tables);
      else return builder!.finish(message.meta);
    }
  } catch (cause) {
    builder?.abort();
    throw cause;
  }
}

function readAll(beginning: ProfileBeginning): ProfileBuilder {
  const builder = new ProfileBuilder(plan, beginning);
  try {
    for (let block = ring!.take(false); block; block = ring!.take(true)) builder.apply(block);
    ring = null;
  } catch (cause) {
    builder.abort();
    throw cause;
  }
  return builder;
}

function sayHeap(heap: HeapTables): void {
  parentPort!.postMessage({ kind: 'heap', heap } satisfies ProfileWorkerAnswer, columnBuffers(heap));
}

function sayLifetimes(lifetimes: ReadLifetimes): void {
  if (plan.isHandedOver !== true) return;
  parentPort!.postMessage(
    { kind: 'lifetimes', lifetimes } satisfies ProfileWorkerAnswer,
    columnBuffers(lifetimes.batches ?? []),
  );
}

function say(answer: ProfileWorkerAnswer): void {
  parentPort!.postMessage(answer);
}

try {
  await build();
  say({ kind: 'end', fault: null });
} catch (cause) {
  say({ kind: 'end', fault: asIngestError(path, cause).toFault() });
  ring?.fail();
}
parentPort!.close();
