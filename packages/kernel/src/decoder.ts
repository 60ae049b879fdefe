/**
 * From a capture's bytes to operations on the heap, and the tables of names, stacks and sites. A state machine that is
 * fed with chunks of the file, in order and of any size; what was read before damage is a valid result.
 */
import { KernelError } from './error.js';
import { findDamage, type RawDamage, type ReadingState } from './find-damage.js';
import { readHeader, type CaptureHeader } from './header.js';
import type * as raw from './raw-tables.js';
import * as tables from './read-tables.js';
import { CORRUPT, describeReason, DONE, HEADER, MORE } from './status.js';
import type { StopPoint } from './stop-point.js';
import { guard, instantiateDecode, type DecodeExports } from './wasm.js';

/** Bytes of an entry; see assembly/shared/operations.ts. */
export const ENTRY_SIZE = 16;
/** Zeros in a row that may be the end of a capture, however little stands before them. */
const MOST_PADDING = 1n << 28n;
/** Most entries of a block. */
export const BLOCK_LENGTH = 1 << 14;

/** Sites that are new with a block, at most; see assembly/heap/index.ts. */
export const MOST_NEW_SITES = BLOCK_LENGTH + 2;

/** What a decoder hands to a heap. */
export interface OperationBlock {
  /** `length` entries; a view that is valid only during the call. */
  readonly bytes: Uint8Array;
  readonly length: number;
  /** Sites so far. */
  readonly sites: number;
  /** Owners of those that are new with this block; none in an aggregated capture. */
  readonly newOwners: Uint32Array;
}

export interface DecoderOptions {
  /** memray's: a temporary allocation was freed before its thread made this many further ones. Default 1. */
  readonly temporaryThreshold?: number;
  /** Of an arena of Python's allocator, by the header; 0 (the default) where none can be told. */
  arenaBytesOf?(header: CaptureHeader): number;
  /** Where to stop, after a `limit`. */
  readonly stopAt?: StopPoint;
  /** The header is always there when the first block comes. */
  onOperations(block: OperationBlock): void;
}

export interface Decoded {
  readonly header: CaptureHeader;
  readonly compressed: boolean;
  /** Null when the capture's own end was found and all before it was understood. */
  readonly damage: RawDamage | null;
  /** Zeros at the end of an uncompressed file that no record needs; 0 when reading ended before the file did. */
  readonly paddingBytes: number;
  readonly strings: readonly string[];
  readonly frames: raw.RawFrames;
  readonly stacks: raw.RawStacks;
  readonly nativeStacks: raw.RawNativeStacks;
  readonly segments: raw.RawSegments;
  readonly threads: raw.RawThreads;
  readonly owners: raw.RawOwners;
  readonly sites: raw.RawSites;
  readonly sizes: raw.RawSizes;
  /** By allocator number of version 13; deallocators included. */
  readonly recordsByAllocator: readonly number[];
  readonly bytesByAllocator: readonly number[];
  readonly objects: RawObjects;
  /** Names that were cut to 64 KiB (to 1 KiB behind 64 MiB of names). */
  readonly cutNames: number;
}

/** What the heap has to know when all was decoded. */
export interface DecodedLengths {
  readonly sites: number;
  readonly owners: number;
  /** By site. */
  readonly allocator: Uint8Array;
}

/** Python objects whose lifetimes were tracked. */
export interface RawObjects {
  /** Null in an aggregated capture, which lists the survivors alone. */
  readonly created: number | null;
  readonly destroyed: number | null;
  /** Destroyed ones that were created before the recording began. */
  readonly fromBefore: number | null;
  readonly surviving: number;
}

export const DEFAULT_TEMPORARY_THRESHOLD = 1;
/** Each thread remembers so many allocations, and each deallocation looks at all of them. */
export const GREATEST_TEMPORARY_THRESHOLD = 1_000_000;

export class Decoder {
  readonly #decode: DecodeExports;
  readonly #temporaryThreshold: number;
  readonly #arenaBytesOf: (header: CaptureHeader) => number;
  #header: CaptureHeader | null = null;
  #state: ReadingState = 'reading';
  /** Whether the file ended before the capture did. */
  #fileEnded = false;

  /** @throws {RangeError} for a threshold that is no whole number from 0 to `GREATEST_TEMPORARY_THRESHOLD` */
  constructor(options: DecoderOptions) {
    const threshold = options.temporaryThreshold ?? DEFAULT_TEMPORARY_THRESHOLD;
    if (!Number.isInteger(threshold) || threshold < 0 || threshold > GREATEST_TEMPORARY_THRESHOLD) {
      throw new RangeError(`a temporary threshold is 0 to ${GREATEST_TEMPORARY_THRESHOLD}, not ${threshold}`);
    }
    this.#temporaryThreshold = threshold;
    this.#arenaBytesOf = options.arenaBytesOf?.bind(options) ?? (() => 0);
    let knownSites = 0;
    const decode = instantiateDecode({
      operationsReady: (block, length) => {
        const bytes = new Uint8Array(decode.memory.buffer, block >>> 0, length * ENTRY_SIZE);
        const sites = decode.siteLength();
        // An aggregated capture says itself what its sites held.
        const from = this.#header?.layout === 'aggregated' ? sites : knownSites;
        const newOwners = tables.readSiteOwners(decode, from, sites);
        knownSites = sites;
        options.onOperations({ bytes, length, sites, newOwners });
      },
    });
    this.#decode = decode;
    const { recordOffset = 0, entries = 0 } = options.stopAt ?? {};
    decode.stopAt(BigInt(recordOffset), BigInt(entries));
  }

  readonly #soundUpTo = (): StopPoint => ({ recordOffset: Number(this.#decode.soundOffset.value) });

  /** Null until enough bytes have come. */
  get header(): CaptureHeader | null {
    return this.#header;
  }

  /** Was the capture's own end found? */
  get isWhole(): boolean {
    return this.#state === 'done';
  }

  /** Bytes of the decoder's memory. */
  get memoryBytes(): number {
    return this.#decode.memory.buffer.byteLength;
  }

  /** Where the next `length` bytes of the file are to be written; valid until the next call. */
  reserve(length: number): Uint8Array {
    const address = guard(() => this.#decode.reserve(length), this.#soundUpTo) >>> 0;
    return new Uint8Array(this.#decode.memory.buffer, address, length);
  }

  /**
   * Reads on with the first `length` bytes of what `reserve` gave. False when nothing further is needed: the capture's
   * end was found, or damage, or nothing but zeros that are more than any padding.
   * @throws {KernelError} when this is no capture, or its header cannot be read
   */
  commit(length: number): boolean {
    if (this.#state !== 'reading') return false;
    const needsMore = this.#advance(
      () => this.#decode.run(length),
      () => this.#decode.run(0),
    );
    return needsMore && !this.#isEndless();
  }

  /** `reserve`, copy and `commit` in one. */
  feed(chunk: Uint8Array): boolean {
    if (this.#state !== 'reading') return false;
    this.reserve(chunk.length).set(chunk);
    return this.commit(chunk.length);
  }

  /**
   * The file has ended: hands over the last operations and says how much there is, before the tables are copied out.
   * @throws {KernelError} when it ended before the header did
   */
  end(): DecodedLengths {
    const decode = this.#decode;
    if (this.#state === 'reading' && !this.#fileEnded) {
      this.#fileEnded = true;
      this.#advance(
        () => decode.finish(),
        () => (this.#header ? decode.finish() : MORE),
      );
    }
    const header = this.#header;
    if (!header) throw this.#headerless();
    guard(() => {
      decode.flushOperations();
      if (header.trackObjects) decode.placeObjects();
    }, this.#soundUpTo);
    const sites = decode.siteLength();
    return { sites, owners: decode.ownerLength(), allocator: tables.readAllocators(decode, sites) };
  }

  /** `end`, and copies the tables out. Throws the same. */
  finish(): Decoded {
    this.end();
    const decode = this.#decode;
    const header = this.#header!;
    const fileEnded = this.#fileEnded;
    return {
      header,
      compressed: decode.isCompressed() !== 0,
      damage: findDamage(decode, header, this.#state),
      paddingBytes: fileEnded && this.#state !== 'corrupt' ? Number(decode.heldZeros()) : 0,
      strings: tables.readStrings(decode),
      frames: tables.readFrames(decode),
      stacks: tables.readStacks(decode),
      nativeStacks: tables.readNativeStacks(decode),
      segments: tables.readSegments(decode),
      threads: tables.readThreads(decode),
      owners: tables.readOwners(decode),
      sites: tables.readSites(decode, header),
      sizes: tables.readSizes(decode),
      recordsByAllocator: tables.readAllocatorSums(decode, decode.recordCountTable() >>> 0),
      bytesByAllocator: tables.readAllocatorSums(decode, decode.byteCountTable() >>> 0),
      objects: this.#objects(header),
      cutNames: decode.cutNames.value as number,
    };
  }

  /** A pipe may give zeros for ever. What memray makes a file longer by, in advance, is a part of what it has written. */
  #isEndless(): boolean {
    const zeros = this.#decode.heldZeros();
    return zeros > MOST_PADDING && zeros > this.#decode.streamOffset() + BigInt(this.#decode.streamLeft());
  }

  #objects({ layout }: CaptureHeader): RawObjects {
    const decode = this.#decode;
    if (layout === 'aggregated') {
      return { created: null, destroyed: null, fromBefore: null, surviving: Number(decode.survivingObjects.value) };
    }
    return {
      created: Number(decode.objectsCreated.value),
      destroyed: Number(decode.objectsDestroyed.value),
      fromBefore: Number(decode.objectsFromBefore.value),
      surviving: Number(decode.livingObjects()),
    };
  }

  /** True when more bytes are needed. `resume` goes on after each try to read the header. */
  #advance(step: () => number, resume: () => number): boolean {
    let next = guard(step, this.#soundUpTo);
    while (next === HEADER) {
      this.#begin();
      next = guard(resume, this.#soundUpTo);
    }
    if (next === DONE) this.#state = 'done';
    if (next === CORRUPT) this.#state = 'corrupt';
    return this.#state === 'reading';
  }

  /** Reads the header if it is whole. */
  #begin(): void {
    const decode = this.#decode;
    const bytes = new Uint8Array(decode.memory.buffer, decode.streamStart() >>> 0, decode.streamLeft());
    const header = readHeader(bytes);
    if (!header) return;
    this.#header = header;
    decode.begin(
      header.length,
      header.version,
      header.layout === 'aggregated' ? 1 : 0,
      header.nativeTraces ? 1 : 0,
      header.pythonVersionHex ?? 0,
      header.mainThreadId ?? 0n,
      header.mainThreadId === null ? 0 : header.skippedFrames,
      BigInt(header.startMs),
      this.#temporaryThreshold,
      this.#arenaBytesOf(header),
    );
  }

  #headerless(): KernelError {
    if (this.#state === 'corrupt') return new KernelError('damagedHeader', describeReason(this.#decode.failure()), 0);
    return new KernelError('damagedHeader', 'the file ends inside its header', this.#decode.streamLeft());
  }
}
