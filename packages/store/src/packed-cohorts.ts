/**
 * Lifetimes that are summed by site, period of birth and period of death ↔ packed columns. `cohort_period` (`last_tick`) are
 * the periods. `cohort` (`site`, `born_period`, `died_period`, `first_born`, `last_born`, `count`, `bytes`) is what dies in a
 * later period than it was born in, in the order of death, then of birth, then of sites: moments of birth count from the
 * first one of their period, and what is never freed has as many for its period of death as there are periods.
 * `cohort_within` (`bytes`) is what dies in the period it was born in, period after period, site after site. `cohort_batch`
 * (`born_in`, `died_in`) says by batch of `lifetime`, then by period, whether the batch has rows of it.
 */
import { NEVER, beginsOf, type Cohorts, type CohortTable } from '@memscope/model/recorded';
import type { Database } from 'better-sqlite3';
import { ANY_WORD } from './byte-planes.js';
import { insertPacked, ONLY_RUNS } from './packed-columns.js';
import type { PackedReader } from './packed-reader.js';

/** Periods and flags take bytes: more than this many are never written. */
const MOST_PERIODS = 255;

export function insertCohorts(database: Database, cohorts: Cohorts): void {
  const { periodEnds, bornIn, diedIn } = cohorts;
  const { site, born, lastBorn, died, count, bytes } = cohorts.crossing();
  const begins = beginsOf(periodEnds);
  const periodAt = new Uint8Array(2 * periodEnds.at(-1)! + 2);
  for (const [period, begin] of begins.entries()) periodAt.fill(period, begin);
  const [bornPeriod, diedPeriod, first, last] = [born, born, born, born].map(({ length }) => new Uint32Array(length));
  for (let row = 0; row < site.length; row++) {
    const period = periodAt[born[row]!]!;
    bornPeriod![row] = period;
    diedPeriod![row] = died[row] === NEVER ? begins.length : periodAt[died[row]!]!;
    first![row] = born[row]! - begins[period]!;
    last![row] = lastBorn[row]! - begins[period]!;
  }
  insertPacked(database, 'cohort_period', 'last_tick', periodEnds);
  insertPacked(database, 'cohort', 'site', site, true, ONLY_RUNS);
  insertPacked(database, 'cohort', 'born_period', bornPeriod!, false, ONLY_RUNS);
  insertPacked(database, 'cohort', 'died_period', diedPeriod!, false, ONLY_RUNS);
  insertPacked(database, 'cohort', 'first_born', first!, false, ONLY_RUNS);
  insertPacked(database, 'cohort', 'last_born', last!, false, ONLY_RUNS);
  insertPacked(database, 'cohort', 'count', count, false, ONLY_RUNS);
  insertPacked(database, 'cohort', 'bytes', bytes, false, ONLY_RUNS);
  insertPacked(database, 'cohort_within', 'bytes', cohorts.within(), false, ONLY_RUNS);
  insertPacked(database, 'cohort_batch', 'born_in', new Uint32Array(bornIn));
  insertPacked(database, 'cohort_batch', 'died_in', new Uint32Array(diedIn));
}

/** Null where lifetimes were too few, or their sums too many. */
export function readCohorts(
  packed: PackedReader,
  { sites, ticks, batches }: { readonly sites: number; readonly ticks: number; readonly batches: number },
): Cohorts | null {
  const rows = packed.count('cohort');
  if (rows === null) return null;
  const periods = packed.count('cohort_period') ?? 0;
  if (periods === 0 || periods > MOST_PERIODS) throw packed.corrupt(`lifetimes are summed over ${periods} periods`);
  const periodEnds = packed.words('cohort_period', 'last_tick', periods, ticks + 1);
  if (periodEnds.at(-1) !== ticks || periodEnds.some((end, at) => at > 0 && end <= periodEnds[at - 1]!))
    throw packed.corrupt('periods do not follow each other');
  const flags = (name: string): Uint8Array => new Uint8Array(packed.words('cohort_batch', name, batches * periods, 2));
  let [crossing, within]: [CohortTable | null, Float64Array | null] = [null, null];
  return {
    periodEnds,
    bornIn: flags('born_in'),
    diedIn: flags('died_in'),
    rows,
    crossing: () => (crossing ??= readCrossing(packed, rows, sites, periodEnds)),
    within: () => (within ??= packed.doubles('cohort_within', 'bytes', periods * sites)),
  };
}

function readCrossing(packed: PackedReader, rows: number, sites: number, periodEnds: Uint32Array): CohortTable {
  const periods = periodEnds.length;
  const words = (name: string, limit: number): Uint32Array => packed.words('cohort', name, rows, limit);
  const from = words('born_period', periods);
  const died = words('died_period', periods + 1);
  const [born, lastBorn] = [words('first_born', ANY_WORD), words('last_born', ANY_WORD)];
  const begins = beginsOf(periodEnds);
  for (let row = 0; row < rows; row++) {
    const [period, to] = [from[row]!, died[row]!];
    const [begin, end] = [begins[period]!, 2 * periodEnds[period]! + 1];
    const [first, last] = [begin + born[row]!, begin + lastBorn[row]!];
    if (to <= period || first > last || last > end) throw packed.corrupt(`row ${row} of cohort is impossible`);
    born[row] = first;
    lastBorn[row] = last;
    died[row] = to === periods ? NEVER : begins[to]!;
  }
  return {
    rows,
    site: words('site', sites),
    born,
    lastBorn,
    died,
    count: packed.doubles('cohort', 'count', rows),
    bytes: packed.doubles('cohort', 'bytes', rows),
  };
}
