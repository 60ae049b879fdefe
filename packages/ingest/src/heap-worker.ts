/** The thread of a `ThreadedHeapStage`: takes blocks of operations from the ring until it is closed. */
import { workerData } from 'node:worker_threads';
import { Heap, KernelError, type RawLifetimes } from '@memscope/kernel';
import type { HeapMessage, HeapWorkerConfig } from './heap-stage.js';
import { OperationRing } from './operation-ring.js';

const { config, ring: buffer, port } = workerData as HeapWorkerConfig;
const ring = new OperationRing(buffer);

function send(message: HeapMessage, transferred: ArrayBuffer[] = []): void {
  port.postMessage(message, transferred);
}

/** The batch's views die with the call: copies go, and are given away. */
function sendLifetimes(batch: RawLifetimes): void {
  const site = batch.site.slice();
  const born = batch.born.slice();
  const died = batch.died.slice();
  const count = batch.count.slice();
  const bytes = batch.bytes.slice();
  send(
    { kind: 'lifetimes', batch: { rows: batch.rows, site, born, died, count, bytes } },
    [site, born, died, count, bytes].map((column) => column.buffer as ArrayBuffer),
  );
}

try {
  const heap = new Heap(config, {
    onLifetimes: sendLifetimes,
    onMomentsMerged: (moments) => send({ kind: 'moments', moments: moments.slice() }),
  });
  let sites = 0;
  for (let block = ring.take(false); block; block = ring.take(true)) {
    heap.apply(block);
    sites = block.sites;
  }
  send({ kind: 'done', tables: heap.finish(sites) });
} catch (error) {
  const code = error instanceof KernelError ? error.code : 'internal';
  send({ kind: 'failed', code, message: error instanceof Error ? error.message : String(error) });
  ring.fail();
}
port.close();
