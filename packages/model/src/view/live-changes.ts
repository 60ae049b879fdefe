/**
 * The bulk table `lifetime` summed: by how much the live bytes of each site change at each moment. However many
 * allocations there were, a site changes at most once a moment, so that a recording of hundreds of millions of lifetimes
 * has a few million changes. What adds up over lifetimes (bands over time, the peak of a filter) is read from them, and
 * equal to what the lifetimes give; what asks for single lifetimes (how long they were, since when something is kept) is
 * not.
 */
import { NEVER, type LifetimeBatch } from '../tables.js';

/** None of them is 0; of a site and a moment there is one. */
export interface LiveChanges {
  readonly length: number;
  /** Row of `SiteTable`. */
  readonly site: Uint32Array;
  readonly moment: Uint32Array;
  readonly bytes: Float64Array;
}

/** Batches with a row born in or died in the moments `from`..`to`, as `Profile.lifetimes` gives them. */
export type LifetimeSource = (from: number, to: number) => Iterable<LifetimeBatch>;

/** Sums that are held at a time: 64 MiB. */
const MOST_CELLS = 1 << 23;
/** As many times lifetimes may be read for it. */
const MOST_READINGS = 16;

/** `moments` are those below which every birth lies. Null where there are too many sites for what it may cost. */
export function sumChanges(lifetimes: LifetimeSource, sites: number, moments: number): LiveChanges | null {
  const span = Math.floor(MOST_CELLS / Math.max(1, sites));
  if (span === 0 || moments > span * MOST_READINGS) return null;
  const found = new ChangeList();
  for (let first = 0; first < moments; first += span) {
    const last = Math.min(moments, first + span) - 1;
    const sums = new Float64Array(sites * (last - first + 1));
    for (const batch of lifetimes(first, last)) addBatch(batch, sums, first, last);
    found.take(sums, sites, first);
  }
  return found.finish();
}

/** By moment, then by site: what is read together was often born at the same time. */
function addBatch(
  { rows, site, born, died, bytes }: LifetimeBatch,
  sums: Float64Array,
  first: number,
  last: number,
): void {
  const sites = sums.length / (last - first + 1);
  for (let row = 0; row < rows; row++) {
    const from = born[row]!;
    if (from > last) continue;
    const at = site[row]!;
    if (from >= first) sums[(from - first) * sites + at]! += bytes[row]!;
    const to = died[row]!;
    if (to !== NEVER && to >= first && to <= last) sums[(to - first) * sites + at]! -= bytes[row]!;
  }
}

class ChangeList {
  #length = 0;
  #site = new Uint32Array(1 << 12);
  #moment = new Uint32Array(1 << 12);
  #bytes = new Float64Array(1 << 12);

  /** Sites follow each other: their numbers and moments pack well. */
  take(sums: Float64Array, sites: number, first: number): void {
    const span = sums.length / Math.max(1, sites);
    for (let site = 0; site < sites; site++) {
      for (let at = 0; at < span; at++) {
        const bytes = sums[at * sites + site]!;
        if (bytes === 0) continue;
        if (this.#length === this.#site.length) this.#grow();
        this.#site[this.#length] = site;
        this.#moment[this.#length] = first + at;
        this.#bytes[this.#length++] = bytes;
      }
    }
  }

  finish(): LiveChanges {
    const length = this.#length;
    return {
      length,
      site: this.#site.slice(0, length),
      moment: this.#moment.slice(0, length),
      bytes: this.#bytes.slice(0, length),
    };
  }

  #grow(): void {
    const [site, moment, bytes] = [this.#site, this.#moment, this.#bytes];
    this.#site = new Uint32Array(2 * site.length);
    this.#moment = new Uint32Array(2 * site.length);
    this.#bytes = new Float64Array(2 * site.length);
    this.#site.set(site);
    this.#moment.set(moment);
    this.#bytes.set(bytes);
  }
}
