/**
 * The bulk table `lifetime` of a profile, decoded once while it is small enough, and put in order so that a question
 * about a moment or a window looks at little of it: what is freed before the end first, then what is not, each by birth.
 * Batches then hold rows of nearly the same time, and those that nobody lived in are passed over.
 */
import { markedRows, NEVER, type LifetimeBatch, type Profile } from '@memscope/model';
import { checkCancelled } from './cancel-flag.js';

/** Decoded lifetimes that are kept at the most. */
const KEPT_BYTES = 64 * 2 ** 20;
const BATCH_ROWS = 1 << 13;

interface KeptBatch {
  readonly batch: LifetimeBatch;
  readonly firstBorn: number;
  readonly lastDied: number;
}

export class KeptLifetimes {
  readonly #profile: Profile;
  readonly #mostBytes: number;
  #kept: readonly KeptBatch[] | null = null;
  #tooLarge = false;

  /** `share` of what is kept of one run at the most, where there are many. */
  constructor(profile: Profile, share = 1) {
    this.#profile = profile;
    this.#mostBytes = share * KEPT_BYTES;
  }

  /** At least the rows that live at some moment from `from` to `to`, in any order. Throws `CancelledError`. */
  *within(from = 0, to = Infinity): Generator<LifetimeBatch> {
    const kept = this.#keep();
    if (kept === null) {
      for (const batch of this.#profile.lifetimes(from, to)) {
        checkCancelled();
        yield batch;
      }
      return;
    }
    for (const { batch, firstBorn, lastDied } of kept) {
      if (firstBorn > to || lastDied < from) continue;
      checkCancelled();
      yield batch;
    }
  }

  /** As `Profile.markedLifetimes`. */
  *marked(marked: Uint8Array, wanted: Uint8Array): Generator<LifetimeBatch> {
    const kept = this.#keep();
    if (kept === null) {
      yield* this.#profile.markedLifetimes(marked, wanted);
      return;
    }
    for (const { batch } of kept) {
      checkCancelled();
      yield markedRows(batch, marked);
    }
  }

  /** Null where there are too many. */
  #keep(): readonly KeptBatch[] | null {
    if (this.#kept !== null || this.#tooLarge) return this.#kept;
    const batches: LifetimeBatch[] = [];
    let size = 0;
    for (const batch of this.#profile.lifetimes()) {
      checkCancelled();
      const { site, born, died, count, bytes } = batch;
      for (const column of [site, born, died, count, bytes]) size += column.byteLength;
      if (size > this.#mostBytes) {
        this.#tooLarge = true;
        return null;
      }
      batches.push(batch);
    }
    return (this.#kept = cutBatches(orderByBirth(batches, 2 * this.#profile.ticks().length + 1)));
  }
}

/** Counting sort; births beyond `lastMoment` stand together. */
function orderByBirth(batches: readonly LifetimeBatch[], lastMoment: number): LifetimeBatch {
  const places = lastMoment + 2;
  const placeOf = (born: number, died: number): number =>
    Math.min(born, lastMoment + 1) + (died === NEVER ? places : 0);
  const start = new Uint32Array(2 * places + 1);
  for (const { rows, born, died } of batches) {
    for (let row = 0; row < rows; row++) start[placeOf(born[row]!, died[row]!) + 1]!++;
  }
  for (let place = 0; place < 2 * places; place++) start[place + 1]! += start[place]!;
  const rows = start[2 * places]!;
  const ordered = {
    rows,
    site: new Uint32Array(rows),
    born: new Uint32Array(rows),
    died: new Uint32Array(rows),
    count: new Float64Array(rows),
    bytes: new Float64Array(rows),
  };
  for (const batch of batches) {
    for (let row = 0; row < batch.rows; row++) {
      const at = start[placeOf(batch.born[row]!, batch.died[row]!)]!++;
      ordered.site[at] = batch.site[row]!;
      ordered.born[at] = batch.born[row]!;
      ordered.died[at] = batch.died[row]!;
      ordered.count[at] = batch.count[row]!;
      ordered.bytes[at] = batch.bytes[row]!;
    }
  }
  return ordered;
}

function cutBatches({ rows, site, born, died, count, bytes }: LifetimeBatch): KeptBatch[] {
  const kept: KeptBatch[] = [];
  for (let from = 0; from < rows; from += BATCH_ROWS) {
    const to = Math.min(rows, from + BATCH_ROWS);
    const batch = {
      rows: to - from,
      site: site.subarray(from, to),
      born: born.subarray(from, to),
      died: died.subarray(from, to),
      count: count.subarray(from, to),
      bytes: bytes.subarray(from, to),
    };
    kept.push({ batch, ...rangeOf(batch) });
  }
  return kept;
}

function rangeOf({ rows, born, died }: LifetimeBatch): { firstBorn: number; lastDied: number } {
  let [firstBorn, lastDied] = [NEVER, 0];
  for (let row = 0; row < rows; row++) {
    if (born[row]! < firstBorn) firstBorn = born[row]!;
    if (died[row]! > lastDied) lastDied = died[row]!;
  }
  return { firstBorn, lastDied: lastDied === NEVER ? Infinity : lastDied };
}
