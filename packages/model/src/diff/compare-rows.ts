/**
 * A selection of two sides by each measure → rows with what they weigh on either side. Reservations are taken out of
 * the rows that made them and are a row of their own.
 */
import { canAnswer } from '../answers.js';
import type { SiteKeys, SiteMeasure } from '../profile.js';
import type { SelectedRun, Selection } from '../view/selection.js';
import type { ComparedGrouping, ComparedMeasure } from './compared-measures.js';
import type { JudgedRows } from './judge-changes.js';
import { findOwnPeaks } from './row-own-peaks.js';
import type { FindCaller } from './row-callers.js';
import { groupRows, named, type GroupedRow, type RowGroups } from './row-groups.js';
import { RunReservations } from './run-reservations.js';
import { compareColumns, type ComparedColumn } from './side-columns.js';
import { sortSites, type SitesOfRows } from './sites-of-rows.js';

export interface ComparedRows extends JudgedRows {
  readonly rows: readonly GroupedRow[];
  readonly sitesOfRows: SitesOfRows;
  readonly findCaller: FindCaller | null;
  /** Null where a run cannot answer. */
  readonly columns: Readonly<Record<ComparedMeasure, ComparedColumn | null>>;
  /** Row of the reservations, -1 = there are none. */
  readonly reservedRow: number;
}

export interface CompareOptions {
  readonly by: ComparedGrouping;
  readonly lines: boolean;
  /** Runs of a side are processes of one program, not repetitions. */
  readonly together: boolean;
}

/** Null where the selection cannot be had. */
export type SelectMeasure = (measure: SiteMeasure) => Selection | null;

const RESERVED = 'reserved address space';
/** Of rows that differ most, as many as are looked at for their own peaks, and as many ticks of rows in all. */
const MOST_OWN_PEAKS = 2000;
const MOST_OWN_PEAK_TICKS = 1 << 22;

/** The same, of each run alone: columns in the order of `Selection.runs`. */
export interface MeasuredRows extends Omit<ComparedRows, 'columns'> {
  /** Null where that run cannot answer. */
  readonly columnsOfRuns: Readonly<Record<ComparedMeasure, readonly (Float64Array | null)[]>>;
}

/** `main` is the selection that rows are made of. */
export function compareRows(main: Selection, select: SelectMeasure, options: CompareOptions): ComparedRows {
  const { columnsOfRuns, ...rows } = measureRows(main, select, options);
  const { peak, leaked, total, temporary, count, 'own-peak': ownPeak } = columnsOfRuns;
  const sides = (columns: readonly (Float64Array | null)[]): ComparedColumn | null =>
    summariseSides(columns, main, options);
  return {
    ...rows,
    columns: {
      peak: sides(peak),
      'own-peak': sides(ownPeak),
      leaked: sides(leaked),
      total: sides(total),
      temporary: sides(temporary),
      count: sides(count),
    },
  };
}

/** Null where a run cannot answer. */
function summariseSides(
  columns: readonly (Float64Array | null)[],
  { runs }: Selection,
  { together }: CompareOptions,
): ComparedColumn | null {
  const known = columns.filter((column) => column !== null);
  if (known.length < columns.length) return null;
  const pick = (side: SelectedRun['side']): Float64Array[] => known.filter((_, run) => runs[run]!.side === side);
  return compareColumns({ base: pick('base'), head: pick('head') }, together);
}

/** What rows are, and which sites they have, whatever these weigh. */
interface SortedRows extends RowGroups {
  readonly sitesOfRows: SitesOfRows;
  readonly threads: Uint32Array;
}

/** Of functions, which are the same in every window and filter of a set: found once for its table of sites. */
const functionsOfSites = new WeakMap<SiteKeys, SortedRows>();

function sortRows(main: Selection, { by, lines }: CompareOptions): SortedRows {
  const isLasting = by === 'function' && !lines;
  const known = isLasting ? functionsOfSites.get(main.sites) : undefined;
  if (known !== undefined) return known;
  const groups = groupRows(main, by, lines);
  // What is reserved may be a row behind them, without sites.
  const sitesOfRows = sortSites(groups.rowOfSite, groups.rows.length + 1);
  const sorted = { ...groups, sitesOfRows, threads: threadsOfRows(sitesOfRows, main) };
  if (isLasting) functionsOfSites.set(main.sites, sorted);
  return sorted;
}

export function measureRows(main: Selection, select: SelectMeasure, options: CompareOptions): MeasuredRows {
  const { rowOfSite, rows: grouped, findCaller, sitesOfRows, threads } = sortRows(main, options);
  const { runs } = main;
  const reservations = runs.map((run) => RunReservations.of(run));
  const reservedRow = reservations.some((each) => each !== null) ? grouped.length : -1;
  const rows = reservedRow < 0 ? grouped : [...grouped, named('reserved', RESERVED)];
  const sumRuns = (measure: SiteMeasure, of: 'bytes' | 'count'): (Float64Array | null)[] => {
    const selection = select(measure);
    return runs.map((_, position) => {
      if (selection === null) return null;
      const { firstSite, siteCount, peakTick } = selection.runs[position]!;
      const column = selection.weights[of];
      const reserved = reservations[position]?.weigh(measure, peakTick)[of];
      const sums = new Float64Array(rows.length);
      for (let site = firstSite; site < firstSite + siteCount; site++) sums[rowOfSite[site]!]! += column[site]!;
      reserved?.forEach((weight, site) => {
        if (weight === 0) return;
        sums[rowOfSite[firstSite + site]!]! -= weight;
        sums[reservedRow]! += weight;
      });
      return sums;
    });
  };
  const peak = sumRuns('peak', 'bytes');
  return {
    rows,
    threads,
    sitesOfRows,
    findCaller,
    reservedRow,
    columnsOfRuns: {
      peak,
      'own-peak': ownPeaks(main, rows, rowOfSite, options, reservations, peak),
      leaked: sumRuns('leaked', 'bytes'),
      total: sumRuns('total', 'bytes'),
      temporary: sumRuns('temporary', 'bytes'),
      count: sumRuns('total', 'count'),
    },
  };
}

/**
 * By run. Of a row that is one owner of a whole run, what the profile says; of others what lifetimes say. Rows beyond
 * those that differ most at the peak have what they held there. A profile that knows own peaks and no lifetimes was made
 * of such rows, with nothing reserved in them.
 */
function ownPeaks(
  main: Selection,
  rows: readonly GroupedRow[],
  rowOfSite: Uint32Array,
  options: CompareOptions,
  reservations: readonly (RunReservations | null)[],
  peaks: readonly (Float64Array | null)[],
): (Float64Array | null)[] {
  const { runs, isWhole } = main;
  const isOwners = options.by === 'function' && !options.lines && isWhole;
  const asked = new Uint8Array(rows.length);
  if (isOwners) {
    for (const [row, { kind }] of rows.entries()) if (kind === 'imports') asked[row] = 1;
    for (const [position, { firstSite }] of runs.entries()) {
      for (const site of reservations[position]?.sites ?? []) asked[rowOfSite[firstSite + site]!] = 1;
    }
  } else {
    const peak = summariseSides(peaks, main, options);
    if (peak === null) return runs.map(() => null);
    const ticks = Math.max(1, ...runs.map(({ profile }) => profile.ticks().length));
    markMostDiffering(peak, Math.min(MOST_OWN_PEAKS, Math.ceil(MOST_OWN_PEAK_TICKS / ticks)), asked);
  }
  return runs.map((run, position) => {
    const known = isOwners ? ownersPeaks(run, rowOfSite, rows.length) : peaks[position]!;
    if (isOwners && !canAnswer(run.profile.capture, 'lifetimes')) return known;
    const found = findOwnPeaks(run, rowOfSite, asked, reservations[position]!);
    if (found === null || known === null) return null;
    const own = known.slice();
    for (let row = 0; row < own.length; row++) if (asked[row] === 1) own[row] = found[row]!;
    return own;
  });
}

/** Sets 1 for as many rows as `most`, those that differ most. */
function markMostDiffering({ base, head }: ComparedColumn, most: number, asked: Uint8Array): void {
  const differs = head.value.map((bytes, row) => Math.abs(bytes - base.value[row]!));
  const least = differs.length > most ? differs.toSorted()[differs.length - most]! : 0;
  let left = most;
  for (let row = 0; row < differs.length && left > 0; row++) {
    const bytes = differs[row]!;
    if (bytes === 0 || bytes < least) continue;
    asked[row] = 1;
    left--;
  }
}

function ownersPeaks({ profile, firstSite }: SelectedRun, rowOfSite: Uint32Array, rows: number): Float64Array | null {
  const { peakBytes } = profile.owners();
  if (peakBytes === null) return null;
  const { owner } = profile.siteKeys();
  const peaks = new Float64Array(rows);
  for (let site = 0; site < owner.length; site++) peaks[rowOfSite[firstSite + site]!] = peakBytes[owner[site]!]!;
  return peaks;
}

/** By row, of the run in which they are the most. */
function threadsOfRows({ starts, sites: sorted }: SitesOfRows, { sites, runs }: Selection): Uint32Array {
  const most = new Uint32Array(starts.length - 1);
  // A row of a run has a number, which a thread keeps once it was counted for it.
  const counted = new Float64Array(sites.thread.reduce((greatest, thread) => Math.max(greatest, thread), 0) + 1);
  let number = 0;
  for (let row = 0; row < most.length; row++) {
    let at = starts[row]!;
    const end = starts[row + 1]!;
    for (const { firstSite, siteCount } of runs) {
      number++;
      let count = 0;
      for (; at < end && sorted[at]! < firstSite + siteCount; at++) {
        const thread = sites.thread[sorted[at]!]!;
        if (counted[thread] === number) continue;
        counted[thread] = number;
        count++;
      }
      most[row] = Math.max(most[row]!, count);
    }
  }
  return most;
}
