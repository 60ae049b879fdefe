/**
 * Runs whose file has gone → out of the list, told to who listens; runs whose profile alone has gone, and those that were
 * still being recorded → read again. Looks at the files again and again: not every file system gives notice, and named
 * files lie in folders that nobody named.
 */
import { statSync } from 'node:fs';
import type { RunList } from './run-list.js';

/** So often a file must be missing: one that is replaced is so for a moment. */
const TIMES_MISSED = 2;

export interface VanishDeals {
  /** The run is out of the list. */
  onRemoved(path: string): void;
  /** Its profile is to be made anew, or at last. */
  readAgain(path: string): void;
}

export class VanishWatch {
  readonly #runs: RunList;
  readonly #deal: VanishDeals;
  readonly #timer: NodeJS.Timeout;
  readonly #missed = new Map<string, number>();

  constructor(runs: RunList, deal: VanishDeals, everyMs: number) {
    this.#runs = runs;
    this.#deal = deal;
    this.#timer = setInterval(() => this.#look(), everyMs);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    for (const { path, profilePath, run } of this.#runs.places()) {
      if (this.#isMissing(path)) {
        this.#runs.remove(path, 'its file was deleted, renamed or moved');
        this.#deal.onRemoved(path);
      } else if (run.state === 'recording') {
        this.#deal.readAgain(path);
      } else if (
        run.state === 'ready' &&
        profilePath !== null &&
        profilePath !== path &&
        this.#isMissing(profilePath)
      ) {
        this.#deal.readAgain(path);
      }
    }
  }

  #isMissing(path: string): boolean {
    const times = hasGone(path) ? (this.#missed.get(path) ?? 0) + 1 : 0;
    if (times === 0 || times >= TIMES_MISSED) this.#missed.delete(path);
    else this.#missed.set(path, times);
    return times >= TIMES_MISSED;
  }
}

/** A file that cannot be looked at, for whatever other reason, may be there. */
function hasGone(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}
