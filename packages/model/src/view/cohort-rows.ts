/**
 * Sums of lifetimes of one period of birth and one of death, site by site ↔ rows: while lifetimes come they stand by site, to
 * be found; when none come any more only sites that have something are kept, and in the end all are one table.
 */
import { NEVER, type CohortTable } from '../lifetimes.js';

export const MOST_PERIODS = 64;
/** Period of death of what is never freed. */
export const NO_DEATH = MOST_PERIODS;

/** Of a site, side by side; moments plus one, so that 0 = nothing was added. */
export const [BYTES, COUNT, FIRST, LAST] = [0, 1, 2, 3];
export const COLUMNS = 4;
export type Sums = Float64Array;

/** What is born in one period and dies in another one, site by site; what has no bytes stands apart. */
export interface Cohort {
  readonly born: number;
  readonly died: number;
  readonly isEmpty: boolean;
  readonly site: Uint32Array;
  /** `COLUMNS` a row. */
  readonly sums: Sums;
}

export function keyOf(born: number, died: number, isEmpty: boolean): number {
  return ((died * MOST_PERIODS + born) << 1) | (isEmpty ? 1 : 0);
}

export function cohortOf(key: number, sums: Sums): Cohort {
  const site = sitesOf(sums);
  const kept = new Float64Array(COLUMNS * site.length);
  for (let row = 0; row < site.length; row++) {
    const at = COLUMNS * site[row]!;
    for (let column = 0; column < COLUMNS; column++) kept[COLUMNS * row + column] = sums[at + column]!;
  }
  const pair = key >> 1;
  return {
    born: pair % MOST_PERIODS,
    died: Math.floor(pair / MOST_PERIODS),
    isEmpty: (key & 1) === 1,
    site,
    sums: kept,
  };
}

function sitesOf(sums: Sums): Uint32Array {
  const sites = new Uint32Array(sums.length / COLUMNS);
  let found = 0;
  for (let site = 0; site < sites.length; site++) if (sums[COLUMNS * site + LAST] !== 0) sites[found++] = site;
  return sites.slice(0, found);
}

/** Sums by site of all of them, and of `more`. */
export function joined(cohorts: readonly Cohort[], more: Sums = new Float64Array(0)): Sums {
  const sites = cohorts.reduce((most, { site }) => Math.max(most, (site.at(-1) ?? -1) + 1), more.length / COLUMNS);
  const all = new Float64Array(COLUMNS * sites);
  all.set(more);
  for (const { site, sums } of cohorts) {
    for (let row = 0; row < site.length; row++) {
      const [from, at] = [COLUMNS * row, COLUMNS * site[row]!];
      all[at + BYTES]! += sums[from + BYTES]!;
      all[at + COUNT]! += sums[from + COUNT]!;
      const isNew = all[at + LAST] === 0;
      all[at + FIRST] = isNew ? sums[from + FIRST]! : Math.min(all[at + FIRST]!, sums[from + FIRST]!);
      all[at + LAST] = Math.max(all[at + LAST]!, sums[from + LAST]!);
    }
  }
  return all;
}

/** Cohorts stand in the order of death, then of birth: numbers that follow each other are alike. */
export function tableOf(cohorts: readonly Cohort[], rows: number, begins: Uint32Array): CohortTable {
  const table = {
    rows,
    site: new Uint32Array(rows),
    born: new Uint32Array(rows),
    lastBorn: new Uint32Array(rows),
    died: new Uint32Array(rows),
    count: new Float64Array(rows),
    bytes: new Float64Array(rows),
  };
  let row = 0;
  for (const { died, site, sums } of [...cohorts].sort((a, b) => a.died - b.died || a.born - b.born)) {
    for (let from = 0; from < site.length; from++, row++) {
      const at = COLUMNS * from;
      table.site[row] = site[from]!;
      table.born[row] = sums[at + FIRST]! - 1;
      table.lastBorn[row] = sums[at + LAST]! - 1;
      table.died[row] = died === NO_DEATH ? NEVER : begins[died]!;
      table.count[row] = sums[at + COUNT]!;
      table.bytes[row] = sums[at + BYTES]!;
    }
  }
  return table;
}

/** First moments of periods. */
export function beginsOf(periodEnds: Uint32Array): Uint32Array {
  return periodEnds.map((_, period) => (period === 0 ? 0 : 2 * periodEnds[period - 1]! + 2));
}
