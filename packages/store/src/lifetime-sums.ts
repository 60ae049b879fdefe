/**
 * Lifetimes as they come → what they sum up to: by site and moment, or by site and period and at the greatest heap of each
 * tick, written where that is much less than the lifetimes themselves (packed-changes.ts).
 */
import {
  HeldByPeriod,
  LEAST_RESERVED_BYTES,
  PeakLevelsBuilder,
  sumChanges,
  type HeldSites,
  type LifetimeBatch,
  type LifetimeRanges,
  type NumberColumn,
  type PeriodChanges,
} from '@memscope/model/recorded';
import type { Database } from 'better-sqlite3';
import { decodeLifetimes } from './decode-lifetimes.js';
import { insertChanges, insertCoarseChanges, insertPeakLevels } from './packed-changes.js';
import { insertCohorts } from './packed-cohorts.js';
import { listBatches } from './read-lifetimes.js';
import type { UsageColumns } from './sum-native-sites.js';

export interface SumOptions {
  /** Size of the capture, where it is known. */
  readonly expectedBytes?: number;
  /** From so many lifetimes on they are summed by site and moment, too, where that is much less. */
  readonly summedLifetimes?: number;
  /** From so many on by site and period, else: reading fewer takes no time to speak of. */
  readonly coarseLifetimes?: number;
  /** From so many on by period of birth and of death. */
  readonly cohortLifetimes?: number;
}

const SUMMED_LIFETIMES = 1 << 24;
const COARSE_LIFETIMES = 1 << 20;
const COHORT_LIFETIMES = 1 << 24;
/** Of a compressed capture, a lifetime takes about so much; where there are more than that tells, they are read one by one. */
const LEAST_LIFETIME_BYTES = 24;
/** Sums of more than this share of the lifetimes help nobody. */
const MAX_SUMMED_SHARE = 1 / 8;
/** What grows is looked for in several readings: as many changes as lifetimes are still read sooner. */
const MAX_COARSE_SHARE = 3 / 4;
/** Levels at the greatest heap of each tick take a fifth of what as many lifetimes do; fewer of these are read as soon. */
const MAX_LEVELS_SHARE = 1 / 4;
/** Nor do more changes by moment than can be read in a moment. */
const MOST_CHANGES = 1 << 22;

/** Sites as they are when all lifetimes are known. */
export interface EndedLifetimes {
  readonly ticks: number;
  readonly allocator: Uint8Array;
  readonly held: HeldSites;
}

interface EndedSites extends Pick<UsageColumns, 'totalCount'> {
  readonly allocator: Uint8Array;
  readonly leakedBytes: NumberColumn;
  readonly leakedCount: NumberColumn;
}

/** Columns of what sites hold are copied. */
export function endedLifetimes(
  { allocator, leakedBytes, leakedCount, totalCount }: EndedSites,
  ticks: number,
): EndedLifetimes {
  const held = {
    bytes: new Float64Array(leakedBytes),
    count: new Uint32Array(leakedCount),
    allocated: new Uint32Array(totalCount ?? leakedCount),
  };
  return { ticks, allocator, held };
}

export class LifetimeSums {
  readonly #summedLifetimes: number;
  readonly #coarseLifetimes: number;
  readonly #cohortLifetimes: number;
  /** Null where there are hardly so many lifetimes. */
  readonly #periods: HeldByPeriod | null;
  readonly #levels: PeakLevelsBuilder | null;

  constructor({ expectedBytes, summedLifetimes, coarseLifetimes, cohortLifetimes }: SumOptions) {
    this.#summedLifetimes = summedLifetimes ?? SUMMED_LIFETIMES;
    this.#coarseLifetimes = coarseLifetimes ?? COARSE_LIFETIMES;
    this.#cohortLifetimes = cohortLifetimes ?? COHORT_LIFETIMES;
    const isSmall = (expectedBytes ?? Infinity) < LEAST_LIFETIME_BYTES * this.#coarseLifetimes;
    const areCohorts = (expectedBytes ?? Infinity) >= LEAST_LIFETIME_BYTES * this.#cohortLifetimes;
    this.#periods = isSmall ? null : new HeldByPeriod({ areCohorts });
    this.#levels = isSmall ? null : new PeakLevelsBuilder();
  }

  /** The batch is only read during the call. */
  add(batch: LifetimeBatch, ranges: LifetimeRanges): void {
    if (ranges.bytes.greatest >= LEAST_RESERVED_BYTES) this.#periods?.addLarge(batch);
    this.#periods?.addLifetimes(batch, ranges);
  }

  /** Every moment m so far has become `map[m]`; batches are given once more to `addRemapped`. */
  remap(map: Uint32Array): void {
    this.#periods?.remap(map);
    this.#levels?.remap(map);
  }

  addRemapped(batch: LifetimeBatch, ranges: LifetimeRanges): void {
    this.#periods?.addLifetimes(batch, ranges);
  }

  /** After a tick has ended and before anything of the next one; `held` is what the `sites` so far hold now. */
  noteTick(tick: number, sites: number, held: () => HeldSites): void {
    if (this.#periods?.endsWith(tick, sites) === true) this.#periods.add(tick, held());
  }

  /** The same for each tick, of `rows` lifetimes so far, and what follows the last one; `held` are bytes at its greatest heap. */
  notePeak(sites: number, rows: number, held: () => Float64Array): void {
    if (this.#levels?.isWanted(sites, rows) === true) this.#levels.add(held());
  }

  /** Whether so many lifetimes are enough to be summed. */
  areMany(rows: number): boolean {
    return rows >= Math.min(this.#summedLifetimes, this.#coarseLifetimes);
  }

  /** Writes the sums of `rows` lifetimes; `onPeriods` as in `ProfileWriter.appendSums`. */
  write(
    database: Database,
    rows: number,
    ended: EndedLifetimes,
    onPeriods?: (changes: PeriodChanges | null) => void,
  ): void {
    if (rows >= this.#cohortLifetimes) this.#writeCohorts(database, ended);
    const isSummed = rows >= this.#summedLifetimes && writeMoments(database, rows, ended);
    if (!isSummed && rows >= this.#coarseLifetimes) this.#writePeriods(database, rows, ended, onPeriods);
  }

  #writeCohorts(database: Database, { allocator, ticks }: EndedLifetimes): void {
    const cohorts = this.#periods?.finishCohorts(allocator.length, ticks);
    if (cohorts) insertCohorts(database, cohorts);
  }

  #writePeriods(
    database: Database,
    rows: number,
    { held, allocator, ticks }: EndedLifetimes,
    onPeriods: ((changes: PeriodChanges | null) => void) | undefined,
  ): void {
    const all = this.#periods?.finish(held, allocator, ticks) ?? null;
    const changes = all !== null && all.length <= rows * MAX_COARSE_SHARE ? all : null;
    onPeriods?.(changes);
    if (changes !== null) insertCoarseChanges(database, changes);
    if (allocator.length * ticks > rows * MAX_LEVELS_SHARE) return;
    const levels = this.#levels?.finish(allocator.length, ticks);
    if (levels) insertPeakLevels(database, levels);
  }
}

/** From the lifetimes in the database; false where the sums were too many. */
function writeMoments(database: Database, rows: number, { allocator, ticks }: EndedLifetimes): boolean {
  const read = database.prepare<[number], Buffer>('SELECT arrow FROM column_batch WHERE rowid = ?').pluck();
  const within = function* (from: number, to: number): Generator<LifetimeBatch> {
    for (const { rowid } of listBatches(database, Number.MAX_SAFE_INTEGER, from, to))
      yield decodeLifetimes(read.get(rowid)!);
  };
  const mostChanges = Math.min(MOST_CHANGES, rows * MAX_SUMMED_SHARE);
  const changes = sumChanges(within, allocator, ticks, { mostChanges });
  if (changes === null || changes.length > mostChanges) return false;
  insertChanges(database, changes);
  return true;
}
