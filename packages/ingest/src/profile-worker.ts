/**
 * The thread of a `ThreadedProfileStage`: is told the heap's config, takes blocks from the
 * ring until it is closed, then the end of the story.
 */
import { once } from 'node:events';
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
  const [heap] = (await once(parentPort!, 'message')) as [HeapConfig];
  builder = new ProfileBuilder(plan, heap);
  for (let block = ring.take(false); block; block = ring.take(true)) builder.apply(block);
  const [end] = (await once(parentPort!, 'message')) as [ProfileEnd];
  builder.finish(end);
  parentPort!.postMessage(null);
} catch (cause) {
  builder?.abort();
  parentPort!.postMessage(asIngestError(path, cause).toFault());
  ring.fail();
}
parentPort!.close();
