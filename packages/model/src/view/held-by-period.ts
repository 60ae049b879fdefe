/**
 * What sites hold at the ends of a hundred or two periods of a recording → by how much that changes from one to the next,
 * however many lifetimes there are. A period is some ticks, one behind the other; where there are too many, every other
 * end is forgotten. What lived at the end of a period comes out exactly, what lived within one does not: what grows is
 * judged by such sums, as if fewer ticks had been recorded, and nothing else is.
 */
import type { Cohorts, LifetimeBatch, LifetimeRanges, SiteChanges, SiteLifetimes } from '../lifetimes.js';
import { ALLOCATOR_NAMES } from '../tables.js';
import { batchOf, isLarge, type LifetimeRow } from './live-changes.js';
import { LifetimesByPeriod } from './lifetimes-by-period.js';

const MOST_PERIODS = 256;
/** Sites times periods: 16 MB. */
const MOST_CELLS = 1 << 20;
/** Where sites are many, still so many periods; of more sites nothing is summed. */
const FEW_PERIODS = 128;
const MOST_SITES = 24 * 1024;
/** Of mappings that are kept one by one; where there are more, nothing is summed. */
const MOST_LARGE = 1 << 16;
const MMAP = ALLOCATOR_NAMES.indexOf('mmap');

/** At one moment, by site; sites that come later hold nothing yet. Columns are given away. */
export interface HeldSites {
  readonly bytes: Float64Array;
  /** Allocations that are live, and all there were so far, modulo 2^32. */
  readonly count: Uint32Array;
  readonly allocated: Uint32Array;
}

/** Of all periods, at the first moment of each. */
export interface PeriodChanges extends SiteChanges {
  readonly passing: null;
  readonly bySite: SiteLifetimes;
}

interface PeriodEnd {
  readonly lastTick: number;
  readonly held: HeldSites;
}

/** `endsWith` is asked at the end of each tick; where it says so, `add` is called. */
export class HeldByPeriod {
  readonly #mostPeriods: number;
  #ends: PeriodEnd[] = [];
  /** Ticks of a period. */
  #length = 1;
  #large: LifetimeRow[] = [];
  readonly #lifetimes: LifetimesByPeriod;
  #isGivenUp = false;

  /** `areCohorts`: whether `finishCohorts` will be asked for. */
  constructor({ mostPeriods = MOST_PERIODS, areCohorts = true } = {}) {
    this.#mostPeriods = mostPeriods;
    this.#lifetimes = new LifetimesByPeriod(areCohorts);
  }

  /** Whether a period ends with the tick that has just ended, when so many sites are known. */
  endsWith(tick: number, sites: number): boolean {
    if (sites > MOST_SITES) this.#giveUp();
    if (this.#isGivenUp) return false;
    const most = Math.min(this.#mostPeriods, Math.max(FEW_PERIODS, Math.floor(MOST_CELLS / Math.max(1, sites))));
    while (this.#ends.length >= most) {
      this.#ends = this.#ends.filter((_, at) => at % 2 === 1);
      this.#length *= 2;
      this.#lifetimes.keepEnds(this.#endTicks());
    }
    return tick - (this.#ends.at(-1)?.lastTick ?? -1) >= this.#length;
  }

  add(tick: number, held: HeldSites): void {
    this.#ends.push({ lastTick: tick, held });
    this.#lifetimes.endPeriod(tick);
  }

  /** Sums by site what is kept and freed. What is never freed comes when all ticks have ended. */
  addLifetimes(batch: LifetimeBatch, ranges: LifetimeRanges): void {
    if (!this.#isGivenUp) this.#lifetimes.add(batch, ranges);
  }

  /** Keeps what may be a large mapping: only when sites are known it is told from other rows of `lifetime`. */
  addLarge({ rows, site, born, died, count, bytes }: LifetimeBatch): void {
    for (let row = 0; row < rows && !this.#isGivenUp; row++) {
      const each = { site: site[row]!, born: born[row]!, died: died[row]!, count: count[row]!, bytes: bytes[row]! };
      if (isLarge(each) && this.#large.push(each) > MOST_LARGE) this.#giveUp();
    }
  }

  /** Every moment m so far has become `map[m]`; lifetimes are added anew. Of ends of periods, those remain that still end a tick. */
  remap(map: Uint32Array): void {
    const ticks = map.length >> 1;
    const tickOf = (tick: number): number => map[2 * tick]! >> 1;
    this.#ends = this.#ends
      .filter(({ lastTick }) => lastTick + 1 >= ticks || tickOf(lastTick + 1) !== tickOf(lastTick))
      .map(({ lastTick, held }) => ({ lastTick: tickOf(lastTick), held }));
    this.#length = Math.max(1, Math.ceil((tickOf(ticks - 1) + 1) / Math.max(1, this.#ends.length)));
    this.#large = this.#large
      .map((row) => ({ ...row, born: map[row.born]!, died: map[row.died] ?? row.died }))
      .filter(({ born, died }) => born < died);
    this.#lifetimes.restart(this.#endTicks(), tickOf(ticks - 1) + 1);
  }

  /** `last` is what sites hold in the end, `allocator` theirs; there are `ticks` ticks. Null where there were too many sites, or nobody told of ticks. */
  finish(last: HeldSites, allocator: Uint8Array, ticks: number): PeriodChanges | null {
    if (this.#isGivenUp || this.#ends.length === 0) return null;
    const room = last.bytes.length * (this.#ends.length + 1);
    // Other threads see them as they are, without a copy.
    const changes = {
      site: new Uint32Array(new SharedArrayBuffer(4 * room)),
      moment: new Uint32Array(new SharedArrayBuffer(4 * room)),
      bytes: new Float64Array(new SharedArrayBuffer(8 * room)),
      births: new Uint32Array(new SharedArrayBuffer(4 * room)),
      deaths: new Uint32Array(new SharedArrayBuffer(4 * room)),
    };
    let length = 0;
    let before = NOTHING_HELD;
    let moment = 0;
    for (const { lastTick, held } of [...this.#ends, { lastTick: 0, held: last }]) {
      length = addChanges(changes, length, moment, before, held);
      [before, moment] = [held, 2 * (lastTick + 1)];
    }
    return {
      length,
      site: changes.site.subarray(0, length),
      moment: changes.moment.subarray(0, length),
      bytes: changes.bytes.subarray(0, length),
      births: changes.births.subarray(0, length),
      deaths: changes.deaths.subarray(0, length),
      passing: null,
      largeMappings: batchOf(this.#large.filter(({ site }) => allocator[site] === MMAP)),
      bySite: this.#lifetimes.finish(allocator, Uint32Array.of(...this.#endTicks(), ticks), ticks),
    };
  }

  /** Sums by period of birth and of death, of all lifetimes; null as in `finish`, and where they would be too many. */
  finishCohorts(sites: number, ticks: number): Cohorts | null {
    if (this.#isGivenUp || this.#ends.length === 0) return null;
    return this.#lifetimes.finishCohorts(sites, ticks);
  }

  #endTicks(): number[] {
    return this.#ends.map(({ lastTick }) => lastTick);
  }

  #giveUp(): void {
    this.#isGivenUp = true;
    this.#ends = [];
    this.#large = [];
  }
}

/** Of what was allocated, as much as was freed in the period: the rest is kept for now. And all that was freed. */
export function passingOf(births: number, deaths: number): number {
  return deaths + Math.min(births, deaths);
}

const NOTHING_HELD: HeldSites = {
  bytes: new Float64Array(0),
  count: new Uint32Array(0),
  allocated: new Uint32Array(0),
};

/** Appends a row for each site where anything changed, at the moment `at`; the new length. */
function addChanges(
  { site, moment, bytes, births, deaths }: Pick<PeriodChanges, 'site' | 'moment' | 'bytes' | 'births' | 'deaths'>,
  length: number,
  at: number,
  before: HeldSites,
  held: HeldSites,
): number {
  const known = before.bytes.length;
  let row = length;
  for (let each = 0; each < held.bytes.length; each++) {
    const isKnown = each < known;
    const change = held.bytes[each]! - (isKnown ? before.bytes[each]! : 0);
    const born = (held.allocated[each]! - (isKnown ? before.allocated[each]! : 0)) >>> 0;
    const more = (held.count[each]! - (isKnown ? before.count[each]! : 0)) | 0;
    // Cutting a mapping in two makes one more of it, without an allocation.
    const died = Math.max(0, born - more);
    if (change === 0 && born === 0 && died === 0) continue;
    site[row] = each;
    moment[row] = at;
    bytes[row] = change;
    births[row] = born;
    deaths[row] = died;
    row++;
  }
  return row;
}
