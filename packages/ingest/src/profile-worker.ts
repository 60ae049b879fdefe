/**
 * The thread of a `ThreadedProfileStage`: is told the heap's config, takes blocks from the ring until it is closed, works
 * out what the heap gives, and is told the end of the story.
 */
import { on } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import type { HeapConfig } from '@memscope/kernel';
import { asIngestError } from './as-ingest-error.js';
import { OperationRing } from './operation-ring.js';
import { ProfileBuilder, type ProfileEnd } from './profile-builder.js';
import type { ProfileWorkerConfig } from './profile-stage.js';

const { path, plan, ring: buffer } = workerData as ProfileWorkerConfig;
const ring = new OperationRing(buffer);
let builder: ProfileBuilder | null = null;

try {
  const messages = on(parentPort!, 'message');
  const next = async (): Promise<unknown> => ((await messages.next()).value as [unknown])[0];
  builder = new ProfileBuilder(plan, (await next()) as HeapConfig);
  for (let block = ring.take(false); block; block = ring.take(true)) builder.apply(block);
  builder.closeHeap((await next()) as number);
  builder.finish((await next()) as ProfileEnd);
  parentPort!.postMessage(null);
} catch (cause) {
  builder?.abort();
  parentPort!.postMessage(asIngestError(path, cause).toFault());
  ring.fail();
}
parentPort!.close();
