/**
 * Where a capture's operations go: to a heap in the same thread, or to one in a thread of its own, so that decoding and
 * keeping the heap overlap. Both give the same lifetimes in the same order.
 */
import { once } from 'node:events';
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';
import {
  Heap,
  KernelError,
  type HeapConfig,
  type HeapTables,
  type KernelErrorCode,
  type OperationBlock,
} from '@memscope/kernel';
import { encodeLifetimes, type EncodedLifetimes } from '@memscope/store';
import { OperationRing, RingFailure } from './operation-ring.js';
import { threadModule } from './thread-module.js';

/** Takes what a heap gives while it runs: batches encoded for the profile, and views that live during the call. */
export interface LifetimeSink {
  appendEncoded(batch: EncodedLifetimes): void;
  remapMoments(moments: Uint32Array): void;
}

export interface HeapStage {
  apply(block: OperationBlock): void;
  /** After the last block. */
  finish(sites: number): Promise<HeapTables>;
  /** Gives up. */
  stop(): void;
}

export class LocalHeapStage implements HeapStage {
  readonly #heap: Heap;

  constructor(config: HeapConfig, sink: LifetimeSink) {
    this.#heap = new Heap(config, {
      onLifetimes: (batch) => sink.appendEncoded(encodeLifetimes(batch)),
      onMomentsMerged: (moments) => sink.remapMoments(moments),
    });
  }

  apply(block: OperationBlock): void {
    this.#heap.apply(block);
  }

  finish(sites: number): Promise<HeapTables> {
    return Promise.resolve(this.#heap.finish(sites));
  }

  stop(): void {
    // Nothing runs outside this thread.
  }
}

/** What the heap's thread is started with. */
export interface HeapWorkerConfig {
  readonly config: HeapConfig;
  readonly ring: SharedArrayBuffer;
  readonly port: MessagePort;
}

/** What it tells. */
export type HeapMessage =
  | { readonly kind: 'lifetimes'; readonly batch: EncodedLifetimes }
  | { readonly kind: 'moments'; readonly moments: Uint32Array }
  | { readonly kind: 'done'; readonly tables: HeapTables }
  | { readonly kind: 'failed'; readonly code: KernelErrorCode | 'internal'; readonly message: string };

export class ThreadedHeapStage implements HeapStage {
  readonly #ring = new OperationRing();
  readonly #port: MessagePort;
  readonly #worker: Worker;
  readonly #sink: LifetimeSink;

  constructor(config: HeapConfig, sink: LifetimeSink) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#sink = sink;
    const workerData: HeapWorkerConfig = { config, ring: this.#ring.buffer, port: port2 };
    this.#worker = new Worker(threadModule('heap-worker'), { workerData, transferList: [port2] });
  }

  apply(block: OperationBlock): void {
    try {
      this.#ring.write(block);
    } catch (cause) {
      if (cause instanceof RingFailure) this.#receive();
      throw cause;
    }
    this.#receive();
  }

  /** Works off what the heap has sent so far. */
  #receive(): HeapTables | null {
    for (;;) {
      const received = receiveMessageOnPort(this.#port);
      if (!received) return null;
      const message = received.message as HeapMessage;
      if (message.kind === 'lifetimes') this.#sink.appendEncoded(message.batch);
      else if (message.kind === 'moments') this.#sink.remapMoments(message.moments);
      else if (message.kind === 'done') return message.tables;
      else if (message.code === 'internal') throw new Error(message.message);
      else throw new KernelError(message.code, message.message, 0);
    }
  }

  async finish(sites: number): Promise<HeapTables> {
    this.#ring.write({ bytes: new Uint8Array(0), length: 0, sites });
    this.#ring.close();
    const [exit] = (await once(this.#worker, 'exit')) as [number];
    const tables = this.#receive();
    this.#port.close();
    if (!tables) throw new Error(`the heap's thread ended with code ${exit}`);
    return tables;
  }

  stop(): void {
    this.#port.close();
    void this.#worker.terminate();
  }
}
