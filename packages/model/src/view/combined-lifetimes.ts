/**
 * Lifetimes as they come, of which only segments of time are told apart → fewer rows: what one site has of a segment of
 * birth and one of death that are near each other, which most have, becomes one; the others stand as they came.
 */
import { NEVER, type LifetimeBatch } from '../lifetimes.js';
import { BYTES, COLUMNS, COUNT, FIRST, LAST, type Sums } from './cohort-rows.js';

/** Segments of time from the birth to the death; of so many sites there are sums. */
const NEAR = 3;
const MOST_SITES = 1 << 16;
const LEAST_ROWS = 1 << 12;

/** Columns by row, with room for more rows than there are. */
interface Columns {
  readonly site: Uint32Array;
  readonly born: Uint32Array;
  readonly lastBorn: Uint32Array;
  readonly died: Uint32Array;
  readonly count: Float64Array;
  readonly bytes: Float64Array;
}

/** Rows that stand for several: `born` is the first birth, `died` the first moment of the segment of death. */
export interface CombinedRows extends LifetimeBatch {
  readonly lastBorn: Uint32Array;
}

export class CombinedLifetimes {
  readonly #segmentAt: Uint16Array;
  readonly #bornFrom: number;
  readonly #sites: number;
  /** By `2 * (segment of birth * (NEAR + 1) + segments until death)`, and one more where there are 0 bytes. */
  #sums: (Sums | undefined)[] = [];
  #columns = columnsFor(LEAST_ROWS);
  #rows = 0;

  /** `segmentAt` is by moment and never falls; what is born before `bornFrom` is left out. */
  constructor(segmentAt: Uint16Array, bornFrom: number, sites: number) {
    this.#segmentAt = segmentAt;
    this.#bornFrom = bornFrom;
    this.#sites = sites;
  }

  /** Of those that stand as they came. */
  get rows(): number {
    return this.#rows;
  }

  /** The batch is only read during the call. */
  add(batch: LifetimeBatch): void {
    this.#reserve(batch.rows);
    const near = this.#sites > MOST_SITES ? -1 : NEAR;
    const sumsOf = (key: number): Sums => (this.#sums[key] ??= new Float64Array(COLUMNS * this.#sites));
    this.#rows = addRows(batch, this.#segmentAt, this.#bornFrom, near, sumsOf, this.#columns, this.#rows);
  }

  /** All of them, and forgets them. */
  take(): CombinedRows {
    const firstOf: number[] = [];
    for (const [moment, segment] of this.#segmentAt.entries()) firstOf[segment] ??= moment;
    for (const [key, sums] of this.#sums.entries()) {
      const pair = key >> 1;
      if (sums !== undefined) this.#takeSums(sums, firstOf[Math.floor(pair / (NEAR + 1)) + (pair % (NEAR + 1))]!);
    }
    const rows = this.#rows;
    const { site, born, lastBorn, died, count, bytes } = this.#columns;
    this.#sums = [];
    this.#columns = columnsFor(LEAST_ROWS);
    this.#rows = 0;
    return {
      rows,
      site: site.slice(0, rows),
      born: born.slice(0, rows),
      lastBorn: lastBorn.slice(0, rows),
      died: died.slice(0, rows),
      count: count.slice(0, rows),
      bytes: bytes.slice(0, rows),
    };
  }

  #takeSums(sums: Sums, died: number): void {
    this.#reserve(this.#sites);
    const columns = this.#columns;
    for (let site = 0, at = 0; site < this.#sites; site++, at += COLUMNS) {
      if (sums[at + LAST] === 0) continue;
      const row = this.#rows++;
      columns.site[row] = site;
      columns.born[row] = sums[at + FIRST]! - 1;
      columns.lastBorn[row] = sums[at + LAST]! - 1;
      columns.died[row] = died;
      columns.count[row] = sums[at + COUNT]!;
      columns.bytes[row] = sums[at + BYTES]!;
    }
  }

  #reserve(more: number): void {
    const before = this.#columns;
    const wanted = this.#rows + more;
    if (wanted <= before.site.length) return;
    const after = columnsFor(Math.max(wanted, 2 * before.site.length));
    for (const name of Object.keys(after) as (keyof Columns)[]) after[name].set(before[name]);
    this.#columns = after;
  }
}

/** A function of its own, called for each batch: the engine compiles it well after a few of them. How many rows there are then. */
function addRows(
  { rows, site, born, died, count, bytes }: LifetimeBatch,
  segmentAt: Uint16Array,
  bornFrom: number,
  near: number,
  sumsOf: (key: number) => Sums,
  columns: Columns,
  known: number,
): number {
  const open: (Sums | null)[] = Array<Sums | null>(2 * (NEAR + 1) * (segmentAt.at(-1)! + 1)).fill(null);
  const moments = segmentAt.length;
  let length = known;
  for (let row = 0; row < rows; row++) {
    const from = born[row]!;
    if (from < bornFrom) continue;
    const to = died[row]!;
    const some = bytes[row]!;
    const segment = segmentAt[from]!;
    const distance = to < moments ? segmentAt[to]! - segment : NEVER;
    if (distance > near) {
      columns.site[length] = site[row]!;
      columns.born[length] = columns.lastBorn[length] = from;
      columns.died[length] = to;
      columns.count[length] = count[row]!;
      columns.bytes[length] = some;
      length++;
      continue;
    }
    const key = 2 * (segment * (NEAR + 1) + distance) + (some === 0 ? 1 : 0);
    const sums = (open[key] ??= sumsOf(key));
    const at = COLUMNS * site[row]!;
    sums[at + BYTES]! += some;
    sums[at + COUNT]! += count[row]!;
    if (sums[at + LAST] === 0) sums[at + FIRST] = sums[at + LAST] = from + 1;
    else if (from < sums[at + FIRST]!) sums[at + FIRST] = from + 1;
    else if (from >= sums[at + LAST]!) sums[at + LAST] = from + 1;
  }
  return length;
}

function columnsFor(rows: number): Columns {
  return {
    site: new Uint32Array(rows),
    born: new Uint32Array(rows),
    lastBorn: new Uint32Array(rows),
    died: new Uint32Array(rows),
    count: new Float64Array(rows),
    bytes: new Float64Array(rows),
  };
}
