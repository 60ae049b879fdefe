/** A decoder and a heap in one thread: a capture's bytes in, everything out. */
import { Decoder, type Decoded } from './decoder.js';
import type { CaptureHeader } from './header.js';
import type { StopPoint } from './stop-point.js';
import { Heap, heapConfig, type HeapOptions, type HeapTables } from './heap.js';

export interface CaptureReaderOptions extends HeapOptions {
  /** Beyond this many ticks, time is merged into equal bins. Default 1,000. */
  readonly maxTicks?: number;
  /** memray's: a temporary allocation was freed before its thread made this many further ones. Default 1. */
  readonly temporaryThreshold?: number;
  /** Where to stop, after a `limit`. */
  readonly stopAt?: StopPoint;
  /** See `DecoderOptions`. */
  arenaBytesOf?(header: CaptureHeader): number;
}

/** All that was read of a capture but the lifetimes. */
export interface RawCapture {
  readonly decoded: Decoded;
  readonly heap: HeapTables;
}

export class CaptureReader extends Decoder {
  readonly #options: CaptureReaderOptions;
  #heap: Heap | null = null;

  constructor(options: CaptureReaderOptions = {}) {
    const { temporaryThreshold, stopAt } = options;
    super({
      ...(options.arenaBytesOf ? { arenaBytesOf: options.arenaBytesOf.bind(options) } : {}),
      ...(temporaryThreshold === undefined ? {} : { temporaryThreshold }),
      ...(stopAt === undefined ? {} : { stopAt }),
      onOperations: (block) => this.#heapOf().apply(block),
    });
    this.#options = options;
  }

  /** Bytes of the kernel's memory. */
  override get memoryBytes(): number {
    return super.memoryBytes + (this.#heap?.memoryBytes ?? 0);
  }

  /**
   * The file has ended.
   * @throws {KernelError} when it ended before the header did
   */
  read(): RawCapture {
    const decoded = this.finish();
    return { decoded, heap: this.#heapOf().finish({ sites: decoded.sites.length, owners: decoded.owners.length }) };
  }

  #heapOf(): Heap {
    if (!this.header) throw new Error('operations before the header');
    this.#heap ??= new Heap(heapConfig(this.header, this.#options.maxTicks), this.#options);
    return this.#heap;
  }
}
