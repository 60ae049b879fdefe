/**
 * A profile whose answers are read once: what every question needs stays in memory, the bulk table of lifetimes while it
 * is small enough. Columns are shared between questions, so nobody may change them.
 */
import {
  NEVER,
  type LifetimeBatch,
  type Profile,
  type SiteMeasure,
  type SiteWeights,
  type TickTable,
} from '@memscope/model';
import { checkCancelled } from './cancel-flag.js';

/** Decoded lifetimes that are kept at the most. */
const LIFETIME_BYTES = 64 * 2 ** 20;

interface KeptBatch {
  readonly batch: LifetimeBatch;
  readonly firstBorn: number;
  readonly lastDied: number;
}

export function cacheProfile(profile: Profile): Profile {
  const weights = new Map<SiteMeasure, SiteWeights | null>();
  let ticks: TickTable | null = null;
  const lifetimes = new KeptLifetimes(profile);
  return {
    path: profile.path,
    capture: profile.capture,
    notes: profile.notes,
    ticks: () => (ticks ??= profile.ticks()),
    threads: () => profile.threads(),
    sizeClasses: () => profile.sizeClasses(),
    usageByLocation: () => profile.usageByLocation(),
    usageByThread: () => profile.usageByThread(),
    usageByAllocator: () => profile.usageByAllocator(),
    usageByLibrary: () => profile.usageByLibrary(),
    stackTables: () => profile.stackTables(),
    siteKeys: () => profile.siteKeys(),
    siteWeights(measure) {
      let known = weights.get(measure);
      if (known === undefined) weights.set(measure, (known = profile.siteWeights(measure)));
      return known;
    },
    sourceLines: () => profile.sourceLines(),
    tables: () => profile.tables(),
    lifetimes: (from, to) => lifetimes.within(from, to),
    close: () => profile.close(),
  };
}

class KeptLifetimes {
  readonly #profile: Profile;
  #kept: readonly KeptBatch[] | null = null;
  #tooLarge = false;

  constructor(profile: Profile) {
    this.#profile = profile;
  }

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
      checkCancelled();
      if (firstBorn <= to && lastDied >= from) yield batch;
    }
  }

  /** Null where there are too many. */
  #keep(): readonly KeptBatch[] | null {
    if (this.#kept !== null || this.#tooLarge) return this.#kept;
    const kept: KeptBatch[] = [];
    let size = 0;
    for (const batch of this.#profile.lifetimes()) {
      checkCancelled();
      const { site, born, died, count, bytes } = batch;
      for (const column of [site, born, died, count, bytes]) size += column.byteLength;
      if (size > LIFETIME_BYTES) {
        this.#tooLarge = true;
        return null;
      }
      kept.push({ batch, ...rangeOf(batch) });
    }
    return (this.#kept = kept);
  }
}

function rangeOf({ rows, born, died }: LifetimeBatch): { firstBorn: number; lastDied: number } {
  let [firstBorn, lastDied] = [NEVER, 0];
  for (let row = 0; row < rows; row++) {
    firstBorn = Math.min(firstBorn, born[row]!);
    lastDied = Math.max(lastDied, died[row]!);
  }
  return { firstBorn, lastDied: lastDied === NEVER ? Infinity : lastDied };
}
