/**
 * The bulk table `lifetime` summed: by how much the live bytes of each site change at each moment, and how many rows begin
 * and end there. However many allocations there were, a site changes at most once a moment, so that a recording of
 * hundreds of millions of lifetimes has a few million changes. What adds up over lifetimes is read from them (bands over
 * time, the peak of a filter, what grows), and equal to what the lifetimes give. Of single lifetimes only large mappings
 * are kept, and what is told of leaks.
 */
import { NEVER, type LifetimeBatch, type LiveChanges, type SiteChanges, type SiteLifetimes } from '../lifetimes.js';
import { ALLOCATOR_NAMES } from '../tables.js';
import { halfStep, LEAK_STEPS } from './leak-verdict.js';
import { spreadOverTicks } from './live-over-time.js';

/** Of allocations that one row stands for, so that one row is not all of the work at a moment. */
export const MOST_PASSING = 1 << 20;

/** Of a mapping that may be a mere reservation. */
export const LEAST_RESERVED_BYTES = 32 * 1024 * 1024;

/** Batches with a row born in or died in the moments `from`..`to`, as `Profile.lifetimes` gives them. */
export type LifetimeSource = (from: number, to: number) => Iterable<LifetimeBatch>;

/** Sites and moments that are summed at a time: 128 MB. */
const MOST_CELLS = 1 << 22;
/** As many times lifetimes may be read for it. */
const MOST_READINGS = 32;
const PROBED_MOMENTS = 32;
/** Fewer say too little of how something went. */
const LEAST_STEPS = 8;
const MMAP = ALLOCATOR_NAMES.indexOf('mmap');

/**
 * The last ticks of the steps in which leaks are judged; of a recording that is summed by period, the ends of periods that
 * are nearest to equal steps (`periodEnds`, ascending), unless there are only a few of them from the first tick to the last.
 */
export function leakSteps(fromTick: number, toTick: number, periodEnds: Uint32Array | null): Uint32Array {
  const even = spreadOverTicks(fromTick, toTick, LEAK_STEPS);
  const within = periodEnds?.filter((end) => end >= fromTick && end <= toTick);
  if (!within || within.length < Math.min(LEAST_STEPS, even.length)) return even;
  const steps: number[] = [];
  let period = 0;
  for (const end of even) {
    const distance = (at: number): number => Math.abs((within[at] ?? Infinity) - end);
    while (distance(period + 1) <= distance(period)) period++;
    const nearest = end === toTick ? toTick : within[period]!;
    if (nearest > (steps.at(-1) ?? -1)) steps.push(nearest);
  }
  return Uint32Array.from(steps);
}

/** The moment at which half of a recording has passed, as leaks are judged. */
export function halfOfLeaks(ticks: number, periodEnds: Uint32Array | null = null): number {
  const ends = leakSteps(0, ticks, periodEnds);
  return 2 * ends[halfStep(ends.length)]! + 1;
}

/** Where the periods end whose changes are these: before the next one begins, the last one with what follows the last tick. */
export function endsOfPeriods({ moment }: Pick<SiteChanges, 'moment'>, ticks: number): Uint32Array {
  const begins = new Uint8Array(ticks + 2);
  for (let row = 0; row < moment.length; row++) begins[moment[row]! >> 1] = 1;
  begins[ticks + 1] = 1;
  const ends: number[] = [];
  for (let tick = 1; tick <= ticks + 1; tick++) if (begins[tick] === 1) ends.push(tick - 1);
  return Uint32Array.from(ends);
}

export interface SumOptions {
  /** More changes than these are of no use; a few moments tell how many there will be. */
  readonly mostChanges?: number;
  /** Sites and moments that are summed at a time. */
  readonly mostCells?: number;
}

/** `allocator` is that of sites. Null where there are too many sites and ticks for what it may cost, or too many changes. */
export function sumChanges(
  lifetimes: LifetimeSource,
  allocator: Uint8Array,
  ticks: number,
  { mostChanges = Infinity, mostCells = MOST_CELLS }: SumOptions = {},
): LiveChanges | null {
  const sites = allocator.length;
  const moments = 2 * ticks + 2;
  const span = Math.floor(mostCells / Math.max(1, sites));
  if (span === 0 || moments > span * MOST_READINGS) return null;
  const probed = Math.min(span, moments, PROBED_MOMENTS);
  if (countChanges(lifetimes, sites, (moments - probed) >> 1, probed) * (moments / probed) > mostChanges) return null;
  const bySite = {
    firstKeptTick: new Uint32Array(sites).fill(NEVER),
    lastKeptTick: new Uint32Array(sites),
    keptBytes: new Float64Array(sites),
    freedBytes: new Float64Array(sites),
  };
  const found = new ChangeList();
  const large: LifetimeRow[] = [];
  const half = halfOfLeaks(ticks);
  for (let first = 0; first < moments; first += span) {
    const cells = new Cells(sites, first, Math.min(moments, first + span) - 1);
    for (const batch of lifetimes(cells.first, cells.last)) {
      cells.add(batch);
      addBySite(batch, cells, bySite, half, allocator, large);
    }
    found.take(cells);
  }
  return { ...found.finish(), bySite, largeMappings: batchOf(large) };
}

/** Of a cell, which stand side by side: a cell is half a cache line. */
const [BYTES, PASSING, BIRTHS, DEATHS] = [0, 1, 2, 3];
const CELL = 4;

/** Changes at `span` moments from `first` on. */
function countChanges(lifetimes: LifetimeSource, sites: number, first: number, span: number): number {
  const cells = new Cells(sites, first, first + span - 1);
  for (const batch of lifetimes(cells.first, cells.last)) cells.add(batch);
  const found = new ChangeList();
  found.take(cells);
  return found.length;
}

/** By moment, then by site: what is read together was often born at the same time. */
class Cells {
  readonly sites: number;
  readonly first: number;
  readonly last: number;
  readonly sums: Float64Array;

  constructor(sites: number, first: number, last: number) {
    this.sites = sites;
    this.first = first;
    this.last = last;
    this.sums = new Float64Array(CELL * sites * (last - first + 1));
  }

  add({ rows, site, born, died, count, bytes }: LifetimeBatch): void {
    const { sites, first, last, sums } = this;
    for (let row = 0; row < rows; row++) {
      const from = born[row]!;
      if (from > last) continue;
      const to = died[row]!;
      const some = to === NEVER ? 0 : Math.min(count[row]!, MOST_PASSING);
      if (from >= first) {
        const at = CELL * ((from - first) * sites + site[row]!);
        sums[at + BYTES]! += bytes[row]!;
        sums[at + PASSING]! += some;
        sums[at + BIRTHS]!++;
      }
      if (to === NEVER || to < first || to > last) continue;
      const at = CELL * ((to - first) * sites + site[row]!);
      sums[at + BYTES]! -= bytes[row]!;
      sums[at + PASSING]! += some;
      sums[at + DEATHS]!++;
    }
  }
}

/** One lifetime or several that are alike, as a row. */
export interface LifetimeRow {
  readonly site: number;
  readonly born: number;
  readonly died: number;
  readonly count: number;
  readonly bytes: number;
}

/** Whether a row may be a mere reservation, if it is a mapping. */
export function isLarge({ bytes, count }: LifetimeRow): boolean {
  return bytes >= LEAST_RESERVED_BYTES * Math.max(1, count);
}

/** Each row once: with the moments in which it is born. */
function addBySite(
  { rows, site, born, died, count, bytes }: LifetimeBatch,
  { first, last }: Cells,
  { firstKeptTick, lastKeptTick, keptBytes, freedBytes }: SiteLifetimes,
  half: number,
  allocator: Uint8Array,
  large: LifetimeRow[],
): void {
  for (let row = 0; row < rows; row++) {
    const from = born[row]!;
    if (from < first || from > last) continue;
    const at = site[row]!;
    const to = died[row]!;
    const some = bytes[row]!;
    const isMapping = allocator[at] === MMAP;
    if (isMapping && some >= LEAST_RESERVED_BYTES) {
      const one = { site: at, born: from, died: to, count: count[row]!, bytes: some };
      if (isLarge(one)) large.push(one);
    }
    if (to !== NEVER) {
      if (to > half) freedBytes[at]! += some;
      continue;
    }
    if (from <= half) keptBytes[at]! += some;
    // A piece that a partial munmap left was never allocated.
    if (isMapping && some === 0) continue;
    const tick = from >> 1;
    if (tick < firstKeptTick[at]!) firstKeptTick[at] = tick;
    if (tick > lastKeptTick[at]!) lastKeptTick[at] = tick;
  }
}

/** Rows as the columns that a profile's lifetimes come in. */
export function batchOf(rows: readonly LifetimeRow[]): LifetimeBatch {
  return {
    rows: rows.length,
    site: Uint32Array.from(rows, ({ site }) => site),
    born: Uint32Array.from(rows, ({ born }) => born),
    died: Uint32Array.from(rows, ({ died }) => died),
    count: Float64Array.from(rows, ({ count }) => count),
    bytes: Float64Array.from(rows, ({ bytes }) => bytes),
  };
}

type ChangeColumns = Omit<LiveChanges, 'bySite' | 'largeMappings'>;

class ChangeList {
  #length = 0;
  #columns = newColumns(1 << 12);

  get length(): number {
    return this.#length;
  }

  /** Sites follow each other: their numbers and moments pack well. */
  take({ sites, first, last, sums }: Cells): void {
    for (let site = 0; site < sites; site++) {
      for (let moment = first; moment <= last; moment++) {
        const at = CELL * ((moment - first) * sites + site);
        if (sums[at + BIRTHS] === 0 && sums[at + DEATHS] === 0) continue;
        if (this.#length === this.#columns.site.length) this.#grow();
        const row = this.#length++;
        this.#columns.site[row] = site;
        this.#columns.moment[row] = moment;
        this.#columns.bytes[row] = sums[at + BYTES]!;
        this.#columns.births[row] = sums[at + BIRTHS]!;
        this.#columns.deaths[row] = sums[at + DEATHS]!;
        this.#columns.passing[row] = sums[at + PASSING]!;
      }
    }
  }

  finish(): ChangeColumns {
    const length = this.#length;
    const { site, moment, bytes, births, deaths, passing } = this.#columns;
    return {
      length,
      site: site.slice(0, length),
      moment: moment.slice(0, length),
      bytes: bytes.slice(0, length),
      births: births.slice(0, length),
      deaths: deaths.slice(0, length),
      passing: passing.slice(0, length),
    };
  }

  #grow(): void {
    const before = this.#columns;
    const after = newColumns(2 * before.site.length);
    after.site.set(before.site);
    after.moment.set(before.moment);
    after.bytes.set(before.bytes);
    after.births.set(before.births);
    after.deaths.set(before.deaths);
    after.passing.set(before.passing);
    this.#columns = after;
  }
}

function newColumns(length: number): Omit<ChangeColumns, 'length'> {
  return {
    site: new Uint32Array(length),
    moment: new Uint32Array(length),
    bytes: new Float64Array(length),
    births: new Uint32Array(length),
    deaths: new Uint32Array(length),
    passing: new Float64Array(length),
  };
}
