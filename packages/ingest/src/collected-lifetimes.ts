/**
 * Lifetimes as they come → copies of them, for whoever asks before the file is complete. Where they are more than a
 * profile sums (profile-writer.ts) they are given up: nobody looks at all of them then.
 */
import type { LifetimeBatch } from '@memscope/model';
import { remapLifetimes } from '@memscope/store/remap-lifetimes';

/** 28 MiB. */
const MOST_ROWS = 1 << 20;
/** Of larger captures mostly more would come, and copying them would be for nothing. */
const MOST_CAPTURE_BYTES = 64 << 20;

export class CollectedLifetimes {
  /** Null when they were given up. */
  #batches: LifetimeBatch[] | null;
  #rows = 0;

  /** `captureBytes` is the size of the capture. */
  constructor(captureBytes: number) {
    this.#batches = captureBytes <= MOST_CAPTURE_BYTES ? [] : null;
  }

  /** The batch is copied. */
  add({ rows, site, born, died, count, bytes }: LifetimeBatch): void {
    if (this.#batches === null) return;
    this.#rows += rows;
    if (this.#rows > MOST_ROWS) this.#batches = null;
    else {
      this.#batches.push({
        rows,
        site: site.slice(),
        born: born.slice(),
        died: died.slice(),
        count: count.slice(),
        bytes: bytes.slice(),
      });
    }
  }

  /** Every moment m so far has become `map[m]`. */
  remap(map: Uint32Array): void {
    if (this.#batches === null) return;
    this.#batches = this.#batches.map((batch) => remapLifetimes(batch, map)).filter(({ rows }) => rows > 0);
    this.#rows = this.#batches.reduce((sum, { rows }) => sum + rows, 0);
  }

  /** What there is, given away; null where it was given up. */
  take(): LifetimeBatch[] | null {
    const batches = this.#batches;
    this.#batches = null;
    return batches;
  }
}
