/**
 * Runs of two sides → one row for each owner with what it weighs on either side, by every measure. With repetitions a
 * side's number is the median of its runs, and its range tells how far they lie apart.
 */
import { median } from 'simple-statistics';
import type { OwnUsage } from '../owners/own-usage.js';
import type { RenamedPath } from '../owners/match-files.js';
import { matchOwners, type MatchedOwner } from '../owners/match-owners.js';

/** What owners are compared by; bytes, but for `count` the number of allocations ever made. */
export const COMPARED_MEASURES = ['peak', 'own-peak', 'leaked', 'total', 'temporary', 'count'] as const;
export type ComparedMeasure = (typeof COMPARED_MEASURES)[number];

/** One measure of one side, by row. */
export interface SideColumn {
  readonly median: Float64Array;
  readonly least: Float64Array;
  readonly most: Float64Array;
}

export interface ComparedColumn {
  readonly base: SideColumn;
  readonly head: SideColumn;
}

/** Rows are owners. */
export interface OwnerComparison {
  readonly owners: readonly MatchedOwner[];
  /** Null where a run of either side cannot answer. */
  readonly columns: Readonly<Record<ComparedMeasure, ComparedColumn | null>>;
  /** On how many threads the owner allocated, in the run where it was the most. */
  readonly threads: Uint32Array;
  /** By run of the base and row, then of the head: its row in that run's `OwnerTable`, -1 where the run lacks it. */
  readonly rowOfOwner: { readonly base: readonly Int32Array[]; readonly head: readonly Int32Array[] };
}

export function compareOwners(
  base: readonly OwnUsage[],
  head: readonly OwnUsage[],
  renamed: readonly RenamedPath[] = [],
): OwnerComparison {
  const runs = [...base, ...head];
  const { owners, ownerOfRow } = matchOwners(
    runs.map((run) => run.owners),
    renamed,
  );
  const { length } = owners;
  const spread = (run: number, column: Float64Array): Float64Array => {
    const values = new Float64Array(length);
    const positions = ownerOfRow[run]!;
    for (let row = 0; row < positions.length; row++) values[positions[row]!]! += column[row]!;
    return values;
  };
  const sideOf = (from: number, to: number, measure: ComparedMeasure): SideColumn | null => {
    const columns: Float64Array[] = [];
    for (let run = from; run < to; run++) {
      const column = columnOf(runs[run]!, measure);
      if (column === null) return null;
      columns.push(spread(run, column));
    }
    return summarise(columns, length);
  };
  const compare = (measure: ComparedMeasure): ComparedColumn | null => {
    const [left, right] = [sideOf(0, base.length, measure), sideOf(base.length, runs.length, measure)];
    return left === null || right === null ? null : { base: left, head: right };
  };
  const threads = new Uint32Array(length);
  runs.forEach((run, at) => {
    ownerOfRow[at]!.forEach((owner, row) => (threads[owner] = Math.max(threads[owner]!, run.threads[row]!)));
  });
  const rows = ownerOfRow.map((positions) => {
    const rowOf = new Int32Array(length).fill(-1);
    positions.forEach((owner, row) => (rowOf[owner] = row));
    return rowOf;
  });
  return {
    owners,
    columns: {
      peak: compare('peak'),
      'own-peak': compare('own-peak'),
      leaked: compare('leaked'),
      total: compare('total'),
      temporary: compare('temporary'),
      count: compare('count'),
    },
    threads,
    rowOfOwner: { base: rows.slice(0, base.length), head: rows.slice(base.length) },
  };
}

function columnOf(run: OwnUsage, measure: ComparedMeasure): Float64Array | null {
  if (measure === 'own-peak') return run.ownPeakBytes;
  return measure === 'count' ? run.totalCount : run[`${measure}Bytes`];
}

/** Median and range of each row over the runs of a side. */
function summarise(columns: readonly Float64Array[], length: number): SideColumn {
  const [only] = columns;
  if (columns.length === 1) return { median: only!, least: only!, most: only! };
  const side = { median: new Float64Array(length), least: new Float64Array(length), most: new Float64Array(length) };
  for (let row = 0; row < length; row++) {
    const values = columns.map((column) => column[row]!);
    side.median[row] = median(values);
    side.least[row] = Math.min(...values);
    side.most[row] = Math.max(...values);
  }
  return side;
}
