/**
 * A run → address space that was set aside and that RSS never backed (analysis/peak/reservations.ts): it costs no memory,
 * and no function is said to have grown because a library reserves a gibibyte in its newer version. Runs without such
 * mappings cost a look at the columns of their sites.
 */
import { findReservations, type Reservation } from '../analysis/peak/reservations.js';
import type { SiteMeasure, SiteWeights } from '../profile.js';
import { NEVER } from '../lifetimes.js';
import type { SelectedRun } from '../view/selection.js';
import type { PassingRows } from '../view/site-weights.js';

export class RunReservations {
  readonly #all: readonly Reservation[];
  readonly #run: SelectedRun;
  readonly #keys: ReadonlySet<string>;

  private constructor(all: readonly Reservation[], run: SelectedRun) {
    this.#all = all;
    this.#run = run;
    this.#keys = new Set(all.map(({ site, born, died }) => `${site} ${born} ${died}`));
  }

  /** Null where the run has none. */
  static of(run: SelectedRun): RunReservations | null {
    const { profile, passes } = run;
    const all = findReservations(profile).filter(({ site, born, died }) => passes === null || passes(site, born, died));
    return all.length === 0 ? null : new RunReservations(all, run);
  }

  /** Sites of the run that ever reserve. */
  get sites(): readonly number[] {
    return this.#all.map(({ site }) => site);
  }

  /** Bytes and counts of the measure that are reservations, by site of the run. `peakTick` is of that run. */
  weigh(measure: SiteMeasure, peakTick: number | null): SiteWeights {
    const { siteCount, window } = this.#run;
    const weights = { bytes: new Float64Array(siteCount), count: new Float64Array(siteCount) };
    const at = 2 * (peakTick ?? 0);
    const [first, last] = window === null ? [0, NEVER - 1] : [2 * window.fromTick, 2 * window.toTick + 1];
    const counts: Readonly<Record<SiteMeasure, (each: Reservation) => boolean>> = {
      peak: ({ born, died }) => born <= at && died > at,
      leaked: ({ born, died }) => born >= first && born <= last && died > last,
      total: () => true,
      temporary: () => false,
      objects: () => false,
    };
    for (const each of this.#all) {
      if (!counts[measure](each)) continue;
      weights.bytes[each.site]! += each.bytes;
      weights.count[each.site]! += each.count;
    }
    return weights;
  }

  /** Rows of `lifetime` that pass the filter and reserve nothing. */
  readonly passesOthers: PassingRows = Object.assign(
    (site: number, born: number, died: number) =>
      (this.#run.passes === null || this.#run.passes(site, born, died)) && !this.#keys.has(`${site} ${born} ${died}`),
    { bySite: false },
  );
}
