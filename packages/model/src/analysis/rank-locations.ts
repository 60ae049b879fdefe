/**
 * Columns of source lines with what each holds → the heaviest lines, and what their modules hold. There are tens of
 * thousands of lines in a large capture, and lists show a few: only those become objects.
 */
import type { LocationUsage, Usage } from '../profile.js';
import type { FrameTable } from '../tables.js';
import { moduleOfFile, type FileModule, type PythonModuleKind } from './module-of-file.js';
import type { Measure } from './usage-sum.js';

export interface AnalysisLocation extends LocationUsage {
  readonly module: FileModule;
}

export interface ModuleUsage extends Usage {
  readonly name: string;
  readonly kind: PythonModuleKind;
}

/** `Usage` by row; what a capture cannot answer is null. */
export type UsageColumns<Column = Float64Array> = {
  readonly [Name in keyof Usage]: null extends Usage[Name] ? Column | null : Column;
};

export interface LocationColumns {
  /** Row of `FrameTable`, -1 = no frame. */
  readonly frame: Int32Array;
  readonly usage: UsageColumns;
}

/** What `rankLocations` reads of `FrameTable`. */
export type LocationNames = Pick<FrameTable, 'functionName' | 'file' | 'line'>;

export interface RankedLocations {
  /** The greatest first, no more than were asked for. */
  readonly locations: readonly AnalysisLocation[];
  /** Of all lines, the greatest first. */
  readonly modules: readonly ModuleUsage[];
}

export function usageAt(columns: UsageColumns, row: number): Usage {
  return {
    peakBytes: columns.peakBytes[row]!,
    peakCount: columns.peakCount[row]!,
    leakedBytes: columns.leakedBytes[row]!,
    leakedCount: columns.leakedCount[row]!,
    totalBytes: columns.totalBytes?.[row] ?? null,
    totalCount: columns.totalCount?.[row] ?? null,
    temporaryBytes: columns.temporaryBytes?.[row] ?? null,
    temporaryCount: columns.temporaryCount?.[row] ?? null,
  };
}

/** At most `most` locations, null for all; equal ones in the order of their rows. */
export function rankLocations(
  { frame, usage }: LocationColumns,
  names: LocationNames,
  measure: Measure,
  most: number | null,
): RankedLocations {
  const { length } = frame;
  const compare = orderOf(usage, measure);
  // Thousands of lines share a file, and several files a module.
  const moduleOf = remember(moduleOfFile);
  const groupOfName = new Map<string, number>();
  const groupOfFile = remember((file: string | null): number => {
    const { name, kind } = moduleOf(file);
    const key = `${kind}\0${name}`;
    const known = groupOfName.get(key);
    if (known !== undefined) return known;
    groupOfName.set(key, groupOfName.size);
    return groupOfName.size - 1;
  });
  const groupOfRow = new Uint32Array(length);
  for (let row = 0; row < length; row++) groupOfRow[row] = groupOfFile(names.file[frame[row]!] ?? null);
  const groups = groupOfName.size;
  // The greatest line of each module: it stands for its module among equal ones.
  const greatest = new Int32Array(groups).fill(-1);
  for (let row = 0; row < length; row++) {
    const best = greatest[groupOfRow[row]!]!;
    if (best < 0 || compare(row, best) < 0) greatest[groupOfRow[row]!] = row;
  }
  const sums = mapUsage(usage, (column) => sumBy(column, groupOfRow, groups));
  const compareSums = orderOf(sums, measure);
  const moduleOrder = [...greatest.keys()].sort(
    (a, b) => compareSums(a, b) || compare(greatest[a]!, greatest[b]!) || greatest[a]! - greatest[b]!,
  );
  return {
    locations: Array.from(greatestRows(length, compare, most ?? length), (row) => {
      const own = frame[row]!;
      const file = names.file[own] ?? null;
      return {
        functionName: names.functionName[own] ?? null,
        file,
        line: names.line[own] ?? 0,
        ...usageAt(usage, row),
        module: moduleOf(file),
      };
    }),
    modules: moduleOrder.map((group) => {
      const { name, kind } = moduleOf(names.file[frame[greatest[group]!]!] ?? null);
      return { name, kind, ...usageAt(sums, group) };
    }),
  };
}

/** Greatest first; equal ones by peak, then total, as `orderBy` has it, then by what leaked. */
function orderOf(usage: UsageColumns, measure: Measure): (a: number, b: number) => number {
  const { peakBytes: peak, totalBytes: total, leakedBytes: leaked } = usage;
  const weight = {
    peak,
    leaked: usage.leakedBytes,
    total,
    count: usage.totalCount,
    temporary: usage.temporaryBytes,
  }[measure];
  return (a, b) =>
    (weight === null ? 0 : weight[b]! - weight[a]!) ||
    peak[b]! - peak[a]! ||
    (total === null ? 0 : total[b]! - total[a]!) ||
    leaked[b]! - leaked[a]!;
}

/** The first `most` rows in an order; equal ones in their own. */
function greatestRows(length: number, compare: (a: number, b: number) => number, most: number): Uint32Array {
  if (most >= length) return Uint32Array.from({ length }, (_, row) => row).sort((a, b) => compare(a, b) || a - b);
  const rows: number[] = [];
  for (let row = 0; row < length; row++) {
    if (rows.length >= most && (most === 0 || compare(row, rows[most - 1]!) >= 0)) continue;
    let [from, to] = [0, rows.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (compare(row, rows[middle]!) < 0) to = middle;
      else from = middle + 1;
    }
    rows.splice(from, 0, row);
    if (rows.length > most) rows.pop();
  }
  return Uint32Array.from(rows);
}

export function mapUsage<Column>(usage: UsageColumns<Column>, map: (column: Column) => Float64Array): UsageColumns {
  const mapped = (column: Column | null): Float64Array | null => (column === null ? null : map(column));
  return {
    peakBytes: map(usage.peakBytes),
    peakCount: map(usage.peakCount),
    leakedBytes: map(usage.leakedBytes),
    leakedCount: map(usage.leakedCount),
    totalBytes: mapped(usage.totalBytes),
    totalCount: mapped(usage.totalCount),
    temporaryBytes: mapped(usage.temporaryBytes),
    temporaryCount: mapped(usage.temporaryCount),
  };
}

export function sumBy(column: Float64Array, groupOf: Uint32Array, groups: number): Float64Array {
  const sums = new Float64Array(groups);
  for (let row = 0; row < column.length; row++) sums[groupOf[row]!]! += column[row]!;
  return sums;
}

/** Asks once for each key. */
function remember<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) known.set(key, (value = make(key)));
    return value;
  };
}
