/**
 * The bulk table `lifetime` of a profile for one question, which reads all of it several times: kept as it is decoded the
 * first time, where it is small enough, in the order of the file. To put it in order (kept-lifetimes.ts) pays for many.
 */
import { canAnswer, type LifetimeBatch, type Profile } from '@memscope/model';

const MOST_BYTES = 64 * 2 ** 20;
const ROW_BYTES = 28;

export class DecodedLifetimes {
  readonly #profile: Profile;
  #kept: readonly LifetimeBatch[] | null = null;
  #isLarge: boolean;

  constructor(profile: Profile) {
    this.#profile = profile;
    // Beside sites with native stacks there are few, and memory is scarce.
    this.#isLarge = canAnswer(profile.capture, 'nativeStacks');
  }

  /** At least the rows that live at some moment from `from` to `to`, in any order. */
  *within(from = 0, to = Infinity): Generator<LifetimeBatch> {
    if (this.#kept !== null) yield* this.#kept;
    else if (this.#isLarge || from > 0 || to !== Infinity) yield* this.#profile.lifetimes(from, to);
    else yield* this.#readAll();
  }

  *#readAll(): Generator<LifetimeBatch> {
    let batches: LifetimeBatch[] = [];
    let bytes = 0;
    for (const batch of this.#profile.lifetimes()) {
      bytes += ROW_BYTES * batch.rows;
      if (bytes <= MOST_BYTES) batches.push(batch);
      else {
        batches = [];
        this.#isLarge = true;
      }
      yield batch;
    }
    // Whoever stopped before has not seen all.
    if (!this.#isLarge) this.#kept = batches;
  }
}
