/** The thread of a `ThreadedHeapStage`: takes blocks of operations from the ring until it is closed. */
import { workerData } from 'node:worker_threads';
import { Heap, KernelError, type RawLifetimes } from '@memscope/kernel';
import { encodeLifetimes } from '@memscope/store';
import type { HeapMessage, HeapWorkerConfig } from './heap-stage.js';
import { OperationRing } from './operation-ring.js';

const { config, ring: buffer, port } = workerData as HeapWorkerConfig;
const ring = new OperationRing(buffer);

function send(message: HeapMessage, transferred: ArrayBuffer[] = []): void {
  port.postMessage(message, transferred);
}

/** Encoding happens here, where the time for it is, and gives a buffer that can be given away. */
function sendLifetimes(columns: RawLifetimes): void {
  const batch = encodeLifetimes(columns);
  send({ kind: 'lifetimes', batch }, [batch.arrow.buffer as ArrayBuffer]);
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
