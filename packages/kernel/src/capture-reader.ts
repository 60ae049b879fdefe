/**
 * Reads one capture: a state machine that is fed with chunks of the file, in order and of any size, and gives the raw
 * tables at the end. What was read before damage is a valid result.
 */
import { KernelError } from './error.js';
import { readHeader, type CaptureHeader } from './header.js';
import * as tables from './raw-tables.js';
import { CORRUPT, describeReason, DONE, HEADER, isCompressionReason } from './status.js';
import { instantiateKernel, type KernelExports } from './wasm.js';

/** A batch of the bulk table `lifetime`. The columns are views into the kernel, valid only during the call. */
export interface RawLifetimes {
  readonly rows: number;
  readonly site: Uint32Array;
  readonly born: Uint32Array;
  /** 0xffffffff = never. */
  readonly died: Uint32Array;
  readonly count: Float64Array;
  readonly bytes: Float64Array;
}

export interface CaptureReaderOptions {
  /** Beyond this many ticks, time is merged into equal bins. */
  readonly maxTicks?: number;
  /** memray's: a temporary allocation was freed before its thread made this many further ones. */
  readonly temporaryThreshold?: number;
  onLifetimes?(batch: RawLifetimes): void;
  /** Moments of all batches so far have been renumbered: m has become `moments[m]`. A view like the batches'. */
  onMomentsMerged?(moments: Uint32Array): void;
}

/** Why reading ended early. Offsets and lengths in bytes. */
export interface RawDamage {
  readonly kind: 'killed' | 'cut' | 'corrupt';
  readonly fileOffset: number;
  readonly recordOffset: number;
  readonly reason: string;
}

export interface RawCapture {
  readonly header: CaptureHeader;
  readonly compressed: boolean;
  /** Null when the capture's own end was found and all before it was understood. */
  readonly damage: RawDamage | null;
  /** Zeros at the end of an uncompressed file that no record needs. */
  readonly paddingBytes: number;
  readonly strings: readonly string[];
  readonly frames: tables.RawFrames;
  readonly stacks: tables.RawStacks;
  readonly nativeStacks: tables.RawNativeStacks;
  readonly segments: tables.RawSegments;
  readonly threads: tables.RawThreads;
  readonly sites: tables.RawSites;
  readonly ticks: tables.RawTicks;
  readonly sizes: tables.RawSizes;
  readonly recordsByAllocator: readonly number[];
  readonly bytesByAllocator: readonly number[];
  /** Greatest live heap; in an aggregated capture the sum of what its rows held at the peak. */
  readonly peakBytes: number;
  /** Row of `ticks` (its length = after the last one). */
  readonly peakTick: number;
  readonly heapBytes: number;
  /** Highest heap after the last tick. */
  readonly tailPeakBytes: number;
  readonly memoryRecords: number;
  readonly rssPeakBytes: number;
  /** Milliseconds since the start. */
  readonly rssPeakMs: number;
  readonly replacedCount: number;
  readonly replacedBytes: number;
  readonly objectsCreated: number;
  readonly objectsDestroyed: number;
  readonly survivingObjects: number;
}

export const DEFAULT_MAX_TICKS = 1000;
export const DEFAULT_TEMPORARY_THRESHOLD = 1;
const LIMIT = 'its stacks and live allocations need more than 4 GiB';

export class CaptureReader {
  readonly #kernel: KernelExports;
  readonly #maxTicks: number;
  readonly #temporaryThreshold: number;
  #header: CaptureHeader | null = null;
  #state: 'reading' | 'done' | 'corrupt' = 'reading';

  constructor(options: CaptureReaderOptions = {}) {
    this.#maxTicks = options.maxTicks ?? DEFAULT_MAX_TICKS;
    this.#temporaryThreshold = options.temporaryThreshold ?? DEFAULT_TEMPORARY_THRESHOLD;
    this.#kernel = instantiateKernel({
      lifetimesReady: (rows) => options.onLifetimes?.(this.#batch(rows)),
      momentsMerged: (moments, length) =>
        options.onMomentsMerged?.(new Uint32Array(this.#kernel.memory.buffer, moments, length)),
    });
  }

  /** Null until enough bytes have come. */
  get header(): CaptureHeader | null {
    return this.#header;
  }

  /** Bytes of the kernel's memory. */
  get memoryBytes(): number {
    return this.#kernel.memory.buffer.byteLength;
  }

  /** Where the next `length` bytes of the file are to be written; valid until the next call. */
  reserve(length: number): Uint8Array {
    const address = this.#guard(() => this.#kernel.reserve(length)) >>> 0;
    return new Uint8Array(this.#kernel.memory.buffer, address, length);
  }

  /**
   * Reads on with the `length` bytes written to what `reserve` gave. False when nothing further is needed: the
   * capture's end was found, or damage.
   * @throws {KernelError} when this is no capture, or its header cannot be read
   */
  commit(length: number): boolean {
    if (this.#state !== 'reading') return false;
    return this.#advance(this.#guard(() => this.#kernel.run(length)));
  }

  /** `reserve`, copy and `commit` in one. */
  feed(chunk: Uint8Array): boolean {
    if (this.#state !== 'reading') return false;
    this.reserve(chunk.length).set(chunk);
    return this.commit(chunk.length);
  }

  #advance(status: number): boolean {
    let next = status;
    while (next === HEADER) {
      if (!this.#begin()) return true;
      next = this.#guard(() => this.#kernel.run(0));
    }
    if (next === DONE) this.#state = 'done';
    if (next === CORRUPT) this.#state = 'corrupt';
    return this.#state === 'reading';
  }

  /** True when the header is whole. */
  #begin(): boolean {
    if (this.#header) return true;
    const bytes = new Uint8Array(this.#kernel.memory.buffer, this.#kernel.streamStart() >>> 0, this.#kernel.streamLeft());
    const header = readHeader(bytes);
    if (!header) return false;
    this.#header = header;
    const duration = Math.max(0, header.endMs - header.startMs);
    this.#kernel.begin(
      header.length,
      header.version,
      header.layout === 'aggregated' ? 1 : 0,
      header.nativeTraces ? 1 : 0,
      header.pythonVersionHex ?? 0,
      header.mainThreadId ?? 0n,
      header.mainThreadId === null ? 0 : header.skippedFrames,
      BigInt(Math.max(0, header.startMs)),
      BigInt(duration),
      this.#maxTicks,
      this.#temporaryThreshold,
    );
    return true;
  }

  /**
   * The file has ended.
   * @throws {KernelError} when it ended before the header did
   */
  finish(): RawCapture {
    const kernel = this.#kernel;
    if (this.#state === 'reading') this.#advance(this.#guard(() => kernel.finish()));
    const header = this.#header;
    if (!header) throw this.#headerless();
    this.#guard(() => kernel.close());
    const sites = tables.readSites(kernel);
    const aggregated = header.layout === 'aggregated';
    return {
      header,
      compressed: kernel.isCompressed() !== 0,
      damage: this.#damage(header),
      paddingBytes: Number(kernel.heldZeros()),
      strings: tables.readStrings(kernel),
      frames: tables.readFrames(kernel),
      stacks: tables.readStacks(kernel),
      nativeStacks: tables.readNativeStacks(kernel),
      segments: tables.readSegments(kernel),
      threads: tables.readThreads(kernel),
      sites,
      ticks: tables.readTicks(kernel),
      sizes: tables.readSizes(kernel),
      recordsByAllocator: tables.readAllocatorSums(kernel, kernel.recordCountTable()),
      bytesByAllocator: tables.readAllocatorSums(kernel, kernel.byteCountTable()),
      peakBytes: aggregated ? sites.peakBytes.reduce((sum, bytes) => sum + bytes, 0) : Number(kernel.peakBytes()),
      peakTick: kernel.highestTick(),
      heapBytes: Number(kernel.heapBytes()),
      tailPeakBytes: Number(kernel.tailPeakBytes()),
      memoryRecords: Number(kernel.memoryRecords()),
      rssPeakBytes: Number(kernel.rssPeak()),
      rssPeakMs: Number(kernel.rssPeakTime()),
      replacedCount: Number(kernel.replacedCount()),
      replacedBytes: Number(kernel.replacedBytes()),
      objectsCreated: Number(kernel.objectsCreated.value),
      objectsDestroyed: Number(kernel.objectsDestroyed.value),
      survivingObjects: Number(kernel.survivingObjects.value),
    };
  }

  #damage(header: CaptureHeader): RawDamage | null {
    const kernel = this.#kernel;
    const recordOffset = Number(kernel.streamOffset());
    const fileOffset = Number(kernel.takenOffset());
    const left = kernel.streamLeft();
    if (this.#state === 'done') return null;
    if (this.#state === 'corrupt') {
      const reason = kernel.failure();
      const where = isCompressionReason(reason) ? 'in the compressed file' : 'in the records';
      return { kind: 'corrupt', fileOffset, recordOffset, reason: `${describeReason(reason)} ${where}` };
    }
    if (kernel.isCompressed() && !kernel.atFrameEnd()) {
      return { kind: 'cut', fileOffset, recordOffset, reason: 'the compressed file ends in the middle of a frame' };
    }
    if (header.version <= 7 && left < 4 && header.records > 0) return null;
    const reason =
      left > 0 ? 'the file ends in the middle of a record' : 'the file ends without the end mark of a finished capture';
    return { kind: kernel.isCompressed() ? 'cut' : 'killed', fileOffset, recordOffset, reason };
  }

  #headerless(): KernelError {
    const kernel = this.#kernel;
    if (this.#state === 'corrupt') return new KernelError('damagedHeader', describeReason(kernel.failure()), 0);
    const bytes = new Uint8Array(kernel.memory.buffer, kernel.streamStart() >>> 0, kernel.streamLeft());
    return new KernelError('damagedHeader', 'the file ends inside its header', bytes.length);
  }

  #batch(rows: number): RawLifetimes {
    const { buffer } = this.#kernel.memory;
    const column = (index: number): number => this.#kernel.lifetimeColumn(index) >>> 0;
    return {
      rows,
      site: new Uint32Array(buffer, column(0), rows),
      born: new Uint32Array(buffer, column(1), rows),
      died: new Uint32Array(buffer, column(2), rows),
      count: new Float64Array(buffer, column(3), rows),
      bytes: new Float64Array(buffer, column(4), rows),
    };
  }

  #guard<T>(step: () => T): T {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      throw new KernelError('limit', LIMIT, 0, { cause: error });
    }
  }
}
