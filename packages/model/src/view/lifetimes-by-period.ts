/**
 * Lifetimes as they come → by site what is told of leaks: when the first and the last of what is never freed were
 * allocated, and how much of it was there half-way; and what was freed after that. Where half of the recording is comes to
 * light only at its end: until then what is kept and freed stands by period (held-by-period.ts).
 */
import { NEVER, type Cohorts, type LifetimeBatch, type LifetimeRanges, type SiteLifetimes } from '../lifetimes.js';
import { ALLOCATOR_NAMES } from '../tables.js';
import { CohortBuilder } from './cohorts.js';
import { halfOfLeaks } from './live-changes.js';

const MMAP = ALLOCATOR_NAMES.indexOf('mmap');
const LEAST_SITES = 1 << 10;

/** Bytes of a period by site; null = none so far. */
type Sums = (Float64Array | null)[];

export class LifetimesByPeriod {
  /** Last ticks of the periods that have ended. */
  #ends: number[] = [];
  /** By period, the one under way being the last: freed in it, and born in it and never freed. */
  #freed: Sums = [null];
  #kept: Sums = [null];
  /** Of what is never freed, and apart from it of what has no bytes: pieces of mappings, where sites map. */
  readonly #births = new BirthTicks();
  readonly #pieces = new BirthTicks();
  readonly #cohorts: CohortBuilder | null;

  constructor(areCohorts: boolean) {
    this.#cohorts = areCohorts ? new CohortBuilder() : null;
  }

  endPeriod(lastTick: number): void {
    this.#cohorts?.endPeriod(lastTick);
    this.#ends.push(lastTick);
    this.#freed.push(null);
    this.#kept.push(null);
  }

  /** Some periods go on to the end of the next one. */
  keepEnds(ends: readonly number[]): void {
    this.#cohorts?.keepEnds(ends);
    const before = this.#ends;
    const [freed, kept] = [this.#freed, this.#kept];
    this.#begin(ends);
    let to = 0;
    for (const [at, sums] of freed.entries()) {
      while (to < ends.length && at < before.length && ends[to]! < before[at]!) to++;
      const target = at < before.length ? to : ends.length;
      this.#freed[target] = addSums(this.#freed[target]!, sums);
      this.#kept[target] = addSums(this.#kept[target]!, kept[at]!);
    }
  }

  /** With these periods, and nothing in them; there are `ticks` ticks so far. */
  restart(ends: readonly number[], ticks: number): void {
    this.#cohorts?.restart(ends, ticks);
    this.#begin(ends);
  }

  #begin(ends: readonly number[]): void {
    this.#ends = [...ends];
    this.#freed = Array<null>(ends.length + 1).fill(null);
    this.#kept = Array<null>(ends.length + 1).fill(null);
  }

  add(batch: LifetimeBatch, ranges: LifetimeRanges): void {
    this.#cohorts?.add(batch, ranges);
    const lastSite = ranges.site.greatest;
    const { rows, site, born, died, bytes } = batch;
    for (let row = 0; row < rows;) {
      if (died[row] === NEVER) {
        this.#keep(site[row]!, born[row]! >> 1, bytes[row]!);
        row++;
        continue;
      }
      // Rows come nearly in the order of their deaths.
      const period = this.#periodOf(died[row]! >> 1);
      const first = period === 0 ? 0 : 2 * this.#ends[period - 1]! + 2;
      const end = this.#ends[period];
      row = addRun(
        this.#sumsOf(this.#freed, period, lastSite),
        batch,
        row,
        first,
        end === undefined ? NEVER : 2 * end + 2,
      );
    }
  }

  /** `periodEnds` are all of them, the last one with what follows the last tick. */
  finish(allocator: Uint8Array, periodEnds: Uint32Array, ticks: number): SiteLifetimes {
    const sites = allocator.length;
    for (let site = 0; site < sites; site++) if (allocator[site] !== MMAP) this.#births.addOf(site, this.#pieces);
    const half = halfOfLeaks(ticks, periodEnds) >> 1;
    const sumOf = (all: Sums, isCounted: (end: number) => boolean): Float64Array => {
      let sum: Float64Array | null = null;
      for (const [period, sums] of all.entries()) if (isCounted(periodEnds[period]!)) sum = addSums(sum, sums);
      return fitted(sum ?? new Float64Array(0), new Float64Array(sites), 0);
    };
    return {
      firstKeptTick: fitted(this.#births.first, new Uint32Array(sites), NEVER),
      lastKeptTick: fitted(this.#births.last, new Uint32Array(sites), 0),
      keptBytes: sumOf(this.#kept, (end) => end <= half),
      freedBytes: sumOf(this.#freed, (end) => end > half),
    };
  }

  /** There are so many `sites` and `ticks`; null as in `CohortBuilder.finish`. */
  finishCohorts(sites: number, ticks: number): Cohorts | null {
    const ends = [...this.#ends, ticks];
    const freedIn = (last: readonly number[]): Float64Array[] =>
      last.map((end, period) => {
        const after = last[period - 1] ?? -1;
        let sum: Float64Array | null = null;
        for (const [at, sums] of this.#freed.entries())
          if (ends[at]! > after && ends[at]! <= end) sum = addSums(sum, sums);
        return fitted(sum ?? new Float64Array(0), new Float64Array(sites), 0);
      });
    return this.#cohorts?.finish(freedIn, ticks) ?? null;
  }

  #keep(site: number, tick: number, bytes: number): void {
    const sums = this.#sumsOf(this.#kept, this.#periodOf(tick), site);
    sums[site]! += bytes;
    (bytes === 0 ? this.#pieces : this.#births).add(site, tick);
  }

  #periodOf(tick: number): number {
    let [from, to] = [0, this.#ends.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.#ends[middle]! < tick) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  /** With room for `site`. */
  #sumsOf(all: Sums, period: number, site: number): Float64Array {
    const sums = all[period]!;
    if (sums !== null && site < sums.length) return sums;
    const wider = new Float64Array(Math.max(LEAST_SITES, site + (site >> 2) + 1));
    if (sums !== null) wider.set(sums);
    return (all[period] = wider);
  }
}

/** Adds the rows from `from` on that die in the moments `first` to before `past`; the first row that does not. */
function addRun(
  sums: Float64Array,
  { rows, site, died, bytes }: LifetimeBatch,
  from: number,
  first: number,
  past: number,
): number {
  let row = from;
  for (; row < rows && died[row]! >= first && died[row]! < past; row++) sums[site[row]!]! += bytes[row]!;
  return row;
}

/** By site, `NEVER` and 0 where there is none. */
class BirthTicks {
  first = new Uint32Array(0);
  last = new Uint32Array(0);

  add(site: number, tick: number): void {
    if (site >= this.first.length) {
      const length = Math.max(LEAST_SITES, site + (site >> 2) + 1);
      this.first = fitted(this.first, new Uint32Array(length), NEVER);
      this.last = fitted(this.last, new Uint32Array(length), 0);
    }
    if (tick < this.first[site]!) this.first[site] = tick;
    if (tick > this.last[site]!) this.last[site] = tick;
  }

  addOf(site: number, { first, last }: BirthTicks): void {
    if (site >= first.length || first[site] === NEVER) return;
    this.add(site, first[site]!);
    this.add(site, last[site]!);
  }
}

function addSums(sums: Float64Array | null, more: Float64Array | null): Float64Array | null {
  if (sums === null || more === null) return sums ?? more;
  const [long, short] = sums.length >= more.length ? [sums, more] : [more, sums];
  const all = long.slice();
  for (let site = 0; site < short.length; site++) all[site]! += short[site]!;
  return all;
}

/** The column as far as there is room, and `rest` behind it. */
function fitted<Column extends Float64Array | Uint32Array>(column: Column, room: Column, rest: number): Column {
  const known = Math.min(column.length, room.length);
  for (let site = 0; site < room.length; site++) room[site] = site < known ? column[site]! : rest;
  return room;
}
