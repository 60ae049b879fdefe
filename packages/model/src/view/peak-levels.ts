/**
 * What sites hold at the greatest heap of each tick → by how much that changes from one tick to the next, site by site.
 * Bands over time are read from it, however many lifetimes there were: they show each tick at its greatest heap, and are
 * equal to what the lifetimes give.
 */
import type { PeakLevels } from '../lifetimes.js';

/** Sites times ticks. */
const MOST_CELLS = 1 << 23;
/** So many of them tell whether lifetimes become so many more that levels are worth their room. */
const TOLD_TICKS = 256;
const LEAST_ROWS_PER_CELL = 3;
/** With more sites than leave room for these they are not looked at for long enough to be of use. */
const LEAST_TICKS = 128;
const MOST_CHANGE = 2 ** 31;

/** `isWanted` is asked at the end of each tick; where it says so, `add` is called. */
export class PeakLevelsBuilder {
  readonly #mostCells: number;
  /** By tick, by site: narrow where all of them are small. */
  #changes: (Int32Array | Float64Array)[] = [];
  #last: Float64Array = new Float64Array(0);
  #cells = 0;
  #isGivenUp = false;

  constructor(mostCells = MOST_CELLS) {
    this.#mostCells = mostCells;
  }

  /** There are `sites` sites and `rows` lifetimes so far. */
  isWanted(sites: number, rows: number): boolean {
    if (this.#isGivenUp) return false;
    const areFew = this.#changes.length >= TOLD_TICKS && rows < LEAST_ROWS_PER_CELL * this.#cells;
    const areMany = this.#cells + sites > this.#mostCells || sites * LEAST_TICKS > this.#mostCells;
    if (!areFew && !areMany) return true;
    this.#isGivenUp = true;
    this.#changes = [];
    return false;
  }

  /** What sites held at the greatest heap of the next tick; sites that come later held nothing. The column is given away. */
  add(held: Float64Array): void {
    this.#changes.push(changesTo(held, this.#last));
    this.#cells += held.length;
    this.#last = held;
  }

  /** Every moment m so far has become `map[m]`: of the ticks that have become one, that with the greatest heap tells. */
  remap(map: Uint32Array): void {
    const before = this.#changes;
    if (this.#isGivenUp || before.length === 0) return;
    this.#changes = [];
    this.#cells = 0;
    const live = new Float64Array(this.#last.length);
    let highest = new Float64Array(0);
    this.#last = highest;
    for (const [tick, changes] of before.entries()) {
      for (let site = 0; site < changes.length; site++) live[site]! += changes[site]!;
      // Up to its greatest heap a tick has even moments.
      const target = map[2 * tick]!;
      if (target % 2 === 0) highest = live.slice(0, changes.length);
      const next = map[2 * tick + 2];
      if (next === undefined || next >> 1 !== target >> 1) this.add(highest);
    }
  }

  /** Of `sites` sites and `ticks` ticks, and what follows the last one. Null where those were too many, or nobody told of all ticks. */
  finish(sites: number, ticks: number): PeakLevels | null {
    const steps = ticks + 1;
    if (this.#isGivenUp || this.#changes.length !== steps || sites * steps > this.#mostCells) return null;
    const columns = this.#changes;
    this.#changes = [];
    const areSmall = columns.every((column) => column instanceof Int32Array);
    const changes = areSmall ? new Int32Array(sites * steps) : new Float64Array(sites * steps);
    for (const [step, column] of columns.entries()) {
      for (let site = 0; site < column.length; site++) changes[site * steps + step] = column[site]!;
    }
    return { steps, changes };
  }
}

function changesTo(held: Float64Array, last: Float64Array): Int32Array | Float64Array {
  const known = last.length;
  const narrow = new Int32Array(held.length);
  let areSmall = true;
  for (let site = 0; site < held.length; site++) {
    const change = site < known ? held[site]! - last[site]! : held[site]!;
    if (change >= MOST_CHANGE || change <= -MOST_CHANGE) areSmall = false;
    narrow[site] = change;
  }
  return areSmall ? narrow : held.map((bytes, site) => bytes - (last[site] ?? 0));
}
