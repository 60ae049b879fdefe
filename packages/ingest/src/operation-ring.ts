/**
 * A ring of operation blocks in shared memory, from one thread that decodes to one that keeps the heap. Both sides
 * block: the writer while all slots are full, the reader while all are empty.
 *
 *   head   Int32  [written, read, closed, failed], then per slot [length, sites, new owners]
 *   slots         SLOTS blocks of operations, each with the owners of its new sites behind it
 */
import { BLOCK_LENGTH, ENTRY_SIZE, MOST_NEW_SITES, type OperationBlock } from '@memscope/kernel';

/** Enough (16 MiB) that neither side waits while the other does something longer, such as starting or writing. */
const SLOTS = 64;
const WRITTEN = 0;
const READ = 1;
const CLOSED = 2;
const FAILED = 3;
const SLOT_CELLS = 3;
const HEAD_LENGTH = 4 + SLOTS * SLOT_CELLS;
const BLOCK_BYTES = BLOCK_LENGTH * ENTRY_SIZE;
const SLOT_BYTES = BLOCK_BYTES + MOST_NEW_SITES * Uint32Array.BYTES_PER_ELEMENT;
/** No block of operations takes that long: the other side is gone. */
const STALLED_MS = 60_000;

export class OperationRing {
  readonly buffer: SharedArrayBuffer;
  readonly #head: Int32Array;
  readonly #slots: Uint8Array;

  /** A new ring, or the other side's. */
  constructor(buffer?: SharedArrayBuffer) {
    this.buffer = buffer ?? new SharedArrayBuffer(HEAD_LENGTH * 4 + SLOTS * SLOT_BYTES);
    this.#head = new Int32Array(this.buffer, 0, HEAD_LENGTH);
    this.#slots = new Uint8Array(this.buffer, HEAD_LENGTH * 4);
  }

  /** Copies a block in. Throws when the reader has failed. */
  write(block: OperationBlock): void {
    const head = this.#head;
    const written = Atomics.load(head, WRITTEN);
    for (;;) {
      const read = Atomics.load(head, READ);
      if (Atomics.load(head, FAILED)) throw new RingFailure(false);
      if (((written - read) | 0) < SLOTS) break;
      if (Atomics.wait(head, READ, read, STALLED_MS) === 'timed-out') throw new RingFailure(true);
    }
    const slot = (written >>> 0) % SLOTS;
    this.#slots.set(block.bytes, slot * SLOT_BYTES);
    this.#ownersOf(slot, block.newOwners.length).set(block.newOwners);
    const cell = 4 + slot * SLOT_CELLS;
    head[cell] = block.length;
    head[cell + 1] = block.sites;
    head[cell + 2] = block.newOwners.length;
    Atomics.store(head, WRITTEN, (written + 1) | 0);
    Atomics.notify(head, WRITTEN);
  }

  /** Whether a good many blocks wait to be taken. */
  get isCrowded(): boolean {
    const head = this.#head;
    if (Atomics.load(head, FAILED)) return false;
    return ((Atomics.load(head, WRITTEN) - Atomics.load(head, READ)) | 0) > (SLOTS * 3) / 4;
  }

  /** No further block will come. */
  close(): void {
    Atomics.store(this.#head, CLOSED, 1);
    Atomics.notify(this.#head, WRITTEN);
  }

  /** The next block, whose bytes stay until `take` is called again; null after the last one. */
  take(previous: boolean): OperationBlock | null {
    const head = this.#head;
    if (previous) {
      Atomics.add(head, READ, 1);
      Atomics.notify(head, READ);
    }
    const read = Atomics.load(head, READ);
    for (;;) {
      // In this order: a block that came before the ring was closed must not be missed.
      const closed = Atomics.load(head, CLOSED);
      if (Atomics.load(head, WRITTEN) !== read) break;
      if (closed) return null;
      // Closing wakes the waiter, but may come between the check and the wait.
      Atomics.wait(head, WRITTEN, read, 100);
    }
    const slot = (read >>> 0) % SLOTS;
    const cell = 4 + slot * SLOT_CELLS;
    const length = head[cell]!;
    const bytes = this.#slots.subarray(slot * SLOT_BYTES, slot * SLOT_BYTES + length * ENTRY_SIZE);
    return { bytes, length, sites: head[cell + 1]!, newOwners: this.#ownersOf(slot, head[cell + 2]!) };
  }

  #ownersOf(slot: number, length: number): Uint32Array {
    return new Uint32Array(this.buffer, this.#slots.byteOffset + slot * SLOT_BYTES + BLOCK_BYTES, length);
  }

  /** The reader gives up; the writer's next call throws. */
  fail(): void {
    Atomics.store(this.#head, FAILED, 1);
    Atomics.notify(this.#head, READ);
  }
}

/** The other side has failed, and says itself why; or it has `stalled`, and says nothing. */
export class RingFailure extends Error {
  readonly stalled: boolean;

  constructor(stalled: boolean) {
    super(stalled ? 'the thread that keeps the heap does not go on' : 'the thread that keeps the heap has failed');
    this.stalled = stalled;
  }
}
