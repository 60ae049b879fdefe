/**
 * Repetitions of a program → what is kept of them where their captures are not: totals, and what each function holds in
 * each run, by the rows that a comparison of functions has. Functions that are small by every measure are summed, so that
 * it is short enough to be read; what is left out of it is too little to make a change that is worth a word.
 */
import { compareNumbers, durationOf } from '../diff/compare-totals.js';
import { measureRows, type SelectMeasure } from '../diff/compare-rows.js';
import { noiseFloor } from '../diff/noise-floor.js';
import { summarise } from '../diff/side-columns.js';
import { OWNED_ROW_KINDS } from '../diff/row-groups.js';
import type { LeastMeasured, MeasuredOwner, MeasuredRuns } from '../documents/baseline.js';
import type { Selection } from '../view/selection.js';
import { keptFile } from './kept-file.js';

export interface MeasureOptions {
  /** Runs are processes of one program and added up. */
  readonly together: boolean;
  /** Absolute, with slashes: files below it are named from there. */
  readonly project: string;
}

/** The numbers of a row. */
export type Measures = Pick<MeasuredOwner, 'peak' | 'ownPeak' | 'leaked' | 'total' | 'temporary' | 'count'>;
const MEASURES = ['peak', 'ownPeak', 'leaked', 'total', 'temporary', 'count'] as const;

/** `main` is the whole of the runs, all of them a head, by the peak. */
export function measureRuns(main: Selection, select: SelectMeasure, options: MeasureOptions): MeasuredRuns {
  const { runs } = main;
  const { rows, threads, reservedRow, columnsOfRuns } = measureRows(main, select, {
    by: 'function',
    lines: false,
    ...options,
  });
  const { total, temporary, count, 'own-peak': ownPeak, peak, leaked } = columnsOfRuns;
  const columns = { peak, ownPeak, leaked, total, temporary, count };
  const sum = (values: readonly (number | null)[]): number[] | null => {
    const known = values.filter((value) => value !== null);
    if (known.length < values.length) return null;
    return options.together ? [summarise(known, true).value] : known;
  };
  const measuresOf = (row: number): Measures => {
    const of = (name: keyof Measures): number[] | null => sum(columns[name].map((column) => column?.[row] ?? null));
    return { ...mapMeasures(of), peak: of('peak')!, leaked: of('leaked')! };
  };
  const wholeOf = (measure: 'peak' | 'leaked' | 'total' | 'temporary', of: 'bytes' | 'count'): number[] | null => {
    const selection = select(measure);
    const reserved = of === 'count' ? columns.count : columns[measure];
    return sum(
      runs.map((_, run) =>
        selection === null
          ? null
          : selection.runs[run]![of] - (reservedRow < 0 ? 0 : (reserved[run]?.[reservedRow] ?? 0)),
      ),
    );
  };
  const durations = runs.map((run) => durationOf(run));
  const totals: MeasuredRuns['totals'] = {
    peak: wholeOf('peak', 'bytes')!,
    ownPeak: sum(runs.map(({ profile }) => profile.owners().peakBytes?.reduce((all, bytes) => all + bytes, 0) ?? null)),
    leaked: wholeOf('leaked', 'bytes')!,
    total: wholeOf('total', 'bytes'),
    temporary: wholeOf('temporary', 'bytes'),
    count: wholeOf('total', 'count'),
    // Processes share pages, and run at the same time: neither adds up.
    rss: options.together && runs.length > 1 ? null : sum(runs.map(({ profile }) => profile.notes.rssPeakBytes)),
    durationMs: options.together ? [compareNumbers(durations, durations, false).base] : durations,
  };
  const owners = rows.flatMap((row, at): MeasuredOwner[] => {
    const kind = OWNED_ROW_KINDS.find((each) => each === row.kind);
    if (kind === undefined) return [];
    const file = kind === 'imports' || row.file === null ? null : keptFile(row.file, options.project);
    return [{ file, function: row.functionName, kind, threads: threads[at]!, ...measuresOf(at) }];
  });
  const { capture } = main.profile;
  return {
    runs: totals.peak.length,
    together: options.together,
    pythonVersion: capture.pythonVersion?.split('.').slice(0, 2).join('.') ?? null,
    tracePythonAllocators: capture.tracePythonAllocators,
    nativeTraces: capture.nativeTraces,
    totals,
    ...foldSmall(owners, leastOf(totals)),
  };
}

function mapMeasures(of: (name: keyof Measures) => number[] | null): Record<keyof Measures, number[] | null> {
  return Object.fromEntries(MEASURES.map((name) => [name, of(name)])) as Record<keyof Measures, number[] | null>;
}

/** What is left out is at most so much of the least change that is worth a word. */
const LEFT_OUT = 1 / 64;

function leastOf({ peak, total, count }: MeasuredRuns['totals']): LeastMeasured {
  const floor = (measure: 'peak' | 'total' | 'count', whole: readonly number[] | null): number =>
    powerBelow(
      LEFT_OUT *
        noiseFloor(
          { kind: 'function', threads: 1 },
          { measure, peak: Math.min(...peak), total: Math.min(...(whole ?? [0])), repetitions: 1 },
          false,
        ),
    );
  return { held: floor('peak', peak), total: floor('total', total), count: floor('count', count) };
}

/** So that it stays the same where a total changes a little. */
function powerBelow(value: number): number {
  return 2 ** Math.floor(Math.log2(Math.max(1, value)));
}

/** Owners by their place; those that are small by every measure in one. */
function foldSmall(
  owners: readonly MeasuredOwner[],
  least: LeastMeasured,
): Pick<MeasuredRuns, 'least' | 'owners' | 'rest'> {
  const reaches = (values: readonly number[] | null, bound: number): boolean =>
    values !== null && values.some((value) => value >= bound);
  const isListed = ({ kind, peak, ownPeak, leaked, total, temporary, count }: MeasuredOwner): boolean =>
    (kind !== 'function' && kind !== 'native') ||
    [peak, ownPeak, leaked].some((values) => reaches(values, least.held)) ||
    [total, temporary].some((values) => reaches(values, least.total)) ||
    reaches(count, least.count);
  const small = owners.filter((owner) => !isListed(owner));
  return {
    least: small.length === 0 ? null : least,
    owners: owners.filter(isListed).sort(byPlace),
    rest: small.length === 0 ? null : small.map(measuresAlone).reduce(add),
  };
}

function measuresAlone({ peak, ownPeak, leaked, total, temporary, count }: Measures): Measures {
  return { peak, ownPeak, leaked, total, temporary, count };
}

function add(a: Measures, b: Measures): Measures {
  const sum = (left: readonly number[] | null, right: readonly number[] | null): number[] | null =>
    left === null || right === null ? null : left.map((value, run) => value + right[run]!);
  const of = (name: keyof Measures): number[] | null => sum(a[name], b[name]);
  return { ...mapMeasures(of), peak: of('peak')!, leaked: of('leaked')! };
}

/** The order of rows. */
export function byPlace(a: MeasuredOwner, b: MeasuredOwner): number {
  return compare(a.file, b.file) || compare(a.function, b.function) || compare(a.kind, b.kind);
}

/** By code units, so that the order is the same everywhere; what has no name comes first. */
function compare(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  return a < b ? -1 : 1;
}
