/**
 * Lifetimes as they come → sums by site, period of birth and period of death, over a few dozen periods, however many
 * lifetimes there are. Where a question tells only ends of periods apart, they say what the lifetimes say; in periods that
 * it cuts, it looks at the lifetimes themselves (cut-lifetimes.ts). What is born and dies within one period, which is most,
 * is never added up here: it is what was freed in the period less what had come before it.
 */
import { NEVER, type Cohorts, type LifetimeBatch, type LifetimeRanges } from '../lifetimes.js';
import {
  beginsOf,
  BYTES,
  cohortOf,
  COLUMNS,
  COUNT,
  FIRST,
  joined,
  keyOf,
  LAST,
  MOST_PERIODS,
  NO_DEATH,
  tableOf,
  type Cohort,
  type Sums,
} from './cohort-rows.js';

const LEAST_PERIODS = 16;
/** Rows: a small part of the lifetimes that they sum up, or few. */
const MAX_SHARE = 1 / 64;
const FEW_ROWS = 1 << 17;
const LEAST_SITES = 1 << 10;
const LEAST_TICKS = 1 << 10;

/** Bytes freed by period and site, of periods with these last ticks. */
export type FreedByPeriod = (ends: readonly number[]) => readonly Float64Array[];

export class CohortBuilder {
  /** Last ticks of the periods that have ended. */
  #ends: number[] = [];
  /** Least ticks of a period. */
  #length = 1;
  /** Whether anything came since the last period ended: without it, none ends. */
  #isFresh = false;
  /** By tick; the ticks to come belong to the period under way. */
  #periodAt = new Uint8Array(LEAST_TICKS);
  /** By `keyOf`: those that are being added to, and those that were. */
  readonly #open = new Map<number, Sums>();
  #closed = new Map<number, Cohort>();
  /** By batch: 1 for each period that it has rows born in; then for each that it has rows dying in. */
  #touched: Uint8Array[] = [];
  /** All zeros, to be used again. */
  #spare: Sums[] = [];
  #lifetimes = 0;

  /** A period may end with this tick. */
  endPeriod(lastTick: number): void {
    if (!this.#isFresh || lastTick - (this.#ends.at(-1) ?? -1) < this.#length) return;
    this.#isFresh = false;
    this.#close();
    this.#ends.push(lastTick);
    this.#periodAt.fill(this.#ends.length, lastTick + 1);
    while (this.#ends.length >= MOST_PERIODS || (this.#ends.length > 1 && this.#rows > mostRows(this.#lifetimes))) {
      this.#halve();
    }
  }

  #halve(): void {
    this.#length *= 2;
    this.#keep(this.#ends.filter((_, at) => at % 2 === 1));
  }

  get #rows(): number {
    let rows = 0;
    for (const { site } of this.#closed.values()) rows += site.length;
    return rows;
  }

  /** Only these are still known as ends of periods. */
  keepEnds(ends: readonly number[]): void {
    const kept = new Set(ends);
    this.#keep(this.#ends.filter((end) => kept.has(end)));
  }

  /** With these ends of periods to choose from, and nothing in them; there are `ticks` ticks so far. */
  restart(ends: readonly number[], ticks: number): void {
    this.#open.clear();
    this.#closed.clear();
    this.#touched = [];
    this.#lifetimes = 0;
    this.#isFresh = false;
    const step = Math.ceil((ends.length + 1) / MOST_PERIODS);
    this.#ends = ends.filter((_, at) => at % step === step - 1);
    this.#length = Math.max(1, Math.ceil(ticks / Math.max(1, this.#ends.length)));
    this.#findPeriods();
  }

  /** Batches come in the order in which they are stored. */
  add(batch: LifetimeBatch, { site, born, lastDeath }: LifetimeRanges): void {
    this.#coverTick(Math.max(born.greatest, lastDeath) >> 1);
    this.#lifetimes += batch.rows;
    this.#isFresh = true;
    const touched = new Uint8Array(2 * (MOST_PERIODS + 1));
    this.#touched.push(touched);
    addRows(batch, this.#periodAt, touched, (key) => this.#sumsOf(key, site.greatest));
  }

  /** There are `ticks` ticks. Null where few periods are left that have not too many rows. */
  finish(freed: FreedByPeriod, ticks: number): Cohorts | null {
    for (;;) {
      this.#close();
      const ends = [...this.#ends, ticks];
      if (this.#length > 1 && ends.length < LEAST_PERIODS) return null;
      const rows = this.#rows;
      if (rows <= mostRows(this.#lifetimes)) return this.#tell(rows, Uint32Array.from(ends), freed(ends));
      this.#halve();
    }
  }

  #tell(rows: number, periodEnds: Uint32Array, freed: readonly Float64Array[]): Cohorts {
    const periods = periodEnds.length;
    const bornIn = new Uint8Array(this.#touched.length * periods);
    const diedIn = new Uint8Array(this.#touched.length * periods);
    for (const [batch, flags] of this.#touched.entries()) {
      bornIn.set(flags.subarray(0, periods), batch * periods);
      diedIn.set(flags.subarray(MOST_PERIODS + 1, MOST_PERIODS + 1 + periods), batch * periods);
    }
    const crossing = tableOf([...this.#closed.values()], rows, beginsOf(periodEnds));
    const within = this.#within(freed);
    return { periodEnds, bornIn, diedIn, rows, crossing: () => crossing, within: () => within };
  }

  #within(freed: readonly Float64Array[]): Float64Array {
    const sites = freed[0]!.length;
    const within = new Float64Array(freed.length * sites);
    for (const [period, bytes] of freed.entries()) within.set(bytes, period * sites);
    for (const { died, site, sums } of this.#closed.values()) {
      if (died === NO_DEATH) continue;
      for (let row = 0; row < site.length; row++) within[died * sites + site[row]!]! -= sums[COLUMNS * row + BYTES]!;
    }
    return within;
  }

  #coverTick(tick: number): void {
    const known = this.#periodAt;
    if (tick < known.length) return;
    this.#periodAt = new Uint8Array(2 * tick).fill(this.#ends.length);
    this.#periodAt.set(known);
  }

  #findPeriods(): void {
    let from = 0;
    for (const [period, end] of this.#ends.entries()) {
      this.#coverTick(end);
      this.#periodAt.fill(period, from, end + 1);
      from = end + 1;
    }
    this.#periodAt.fill(this.#ends.length, from);
  }

  /** With room for `site`. */
  #sumsOf(key: number, site: number): Sums {
    const sums = this.#open.get(key);
    if (sums !== undefined && COLUMNS * site < sums.length) return sums;
    const length = COLUMNS * Math.max(LEAST_SITES, site + (site >> 2) + 1);
    const spare = this.#spare.pop();
    const wider = spare !== undefined && spare.length >= length ? spare : new Float64Array(length);
    if (sums !== undefined) wider.set(sums);
    this.#open.set(key, wider);
    return wider;
  }

  /** Only sites that have something are kept of what is no longer added to. */
  #close(): void {
    for (const [key, sums] of this.#open) {
      const before = this.#closed.get(key);
      this.#closed.set(key, cohortOf(key, before === undefined ? sums : joined([before], sums)));
      this.#spare.push(sums.fill(0));
    }
    this.#open.clear();
  }

  /** Periods that do not end with one of `ends` go on to the end of the next one. */
  #keep(ends: number[]): void {
    this.#close();
    const periodOf = [...this.#ends.map((end) => ends.filter((kept) => kept < end).length), ends.length];
    const groups = new Map<number, Cohort[]>();
    for (const cohort of this.#closed.values()) {
      const died = cohort.died === NO_DEATH ? NO_DEATH : periodOf[cohort.died]!;
      const born = periodOf[cohort.born]!;
      if (born === died) continue;
      const key = keyOf(born, died, cohort.isEmpty);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [cohort]);
      else group.push(cohort);
    }
    this.#closed = new Map();
    for (const [key, cohorts] of groups) this.#closed.set(key, cohortOf(key, joined(cohorts)));
    this.#touched = this.#touched.map((before) => {
      const after = new Uint8Array(before.length);
      for (const [from, to] of periodOf.entries()) {
        if (before[from] === 1) after[to] = 1;
        if (before[MOST_PERIODS + 1 + from] === 1) after[MOST_PERIODS + 1 + to] = 1;
      }
      return after;
    });
    this.#ends = ends;
    this.#findPeriods();
  }
}

/** A function of its own, called for each batch: the engine compiles it well after a few of them. */
function addRows(
  { rows, site, born, died, count, bytes }: LifetimeBatch,
  periodAt: Uint8Array,
  touched: Uint8Array,
  sumsOf: (key: number) => Sums,
): void {
  const open: (Sums | null)[] = Array<Sums | null>(keyOf(0, MOST_PERIODS + 1, false)).fill(null);
  for (let row = 0; row < rows; row++) {
    const moment = born[row]!;
    const end = died[row]!;
    const from = periodAt[moment >> 1]!;
    const to = end === NEVER ? NO_DEATH : periodAt[end >> 1]!;
    touched[from] = 1;
    touched[MOST_PERIODS + 1 + to] = 1;
    if (from === to) continue;
    const some = bytes[row]!;
    const key = keyOf(from, to, some === 0);
    const sums = (open[key] ??= sumsOf(key));
    const at = COLUMNS * site[row]!;
    sums[at + BYTES]! += some;
    sums[at + COUNT]! += count[row]!;
    if (sums[at + LAST] === 0) sums[at + FIRST] = sums[at + LAST] = moment + 1;
    else if (moment < sums[at + FIRST]!) sums[at + FIRST] = moment + 1;
    else if (moment >= sums[at + LAST]!) sums[at + LAST] = moment + 1;
  }
}

function mostRows(lifetimes: number): number {
  return Math.max(FEW_ROWS, lifetimes * MAX_SHARE);
}
