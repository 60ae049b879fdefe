/** A history and which of its runs → those, with what was measured of each, by time. */
import type { Database } from 'better-sqlite3';
import { OWNED_ROW_KINDS, type HistoryRun, type MeasuredOwner, type MeasuredRuns } from '@memscope/model';
import { asHistory, damagedHistory, openHistory } from './history-file.js';

export interface RunChoice {
  /** Null: of any. */
  readonly branch: string | null;
  /** All of these a run has to have. */
  readonly labels: Readonly<Record<string, string>>;
  /** The last so many of those; null: all. */
  readonly last: number | null;
}

/** Of a file from anywhere no more are taken. */
const MOST_RUNS = 100_000;

/** Throws `StoreError`. */
export function readRuns(path: string, choice: RunChoice): HistoryRun[] {
  const database = openHistory(path);
  try {
    return asHistory(path, () => readAll(database, path, choice));
  } finally {
    database.close();
  }
}

/** By name. Throws `StoreError`. */
export function readBranches(path: string): string[] {
  const database = openHistory(path);
  try {
    return asHistory(path, () =>
      database
        .prepare<[], string>('SELECT DISTINCT branch FROM run WHERE branch IS NOT NULL ORDER BY branch LIMIT 1000')
        .pluck()
        .all(),
    );
  } finally {
    database.close();
  }
}

interface RunRow {
  readonly id: number;
  readonly commit_id: string | null;
  readonly branch: string | null;
  readonly time_ms: number;
  readonly labels: string;
  readonly together: number;
  readonly python_version: string | null;
  readonly trace_python_allocators: number | null;
  readonly native_traces: number;
  readonly least_held: number | null;
  readonly least_total: number | null;
  readonly least_count: number | null;
}

interface MeasureRow {
  readonly peak: number;
  readonly own_peak: number | null;
  readonly leaked: number;
  readonly total: number | null;
  readonly temporary: number | null;
  readonly count: number | null;
}

interface RepetitionRow extends MeasureRow {
  readonly id: number;
  readonly capture: string | null;
  readonly start_ms: number | null;
  readonly rss: number | null;
  readonly duration_ms: number;
}

interface UsageRow extends MeasureRow {
  readonly repetition_id: number;
  readonly function_id: number;
  readonly threads: number;
}

interface FunctionRow {
  readonly id: number;
  readonly kind: string;
  readonly name: string | null;
  readonly file: string | null;
}

function readAll(database: Database, path: string, { branch, labels, last }: RunChoice): HistoryRun[] {
  const rows = database
    .prepare<[string | null, string | null, number], RunRow>(
      'SELECT * FROM run WHERE (? IS NULL OR branch IS ?) ORDER BY time_ms DESC, id DESC LIMIT ?',
    )
    .all(branch, branch, MOST_RUNS);
  const chosen = rows.flatMap((row) => {
    const own = parseLabels(row.labels, path);
    return Object.entries(labels).every(([name, value]) => own[name] === value) ? [{ row, labels: own }] : [];
  });
  const functions = new Map(
    database
      .prepare<[], FunctionRow>('SELECT id, kind, name, file FROM function')
      .all()
      .map((row) => [row.id, row]),
  );
  const repetitionsOf = database.prepare<[number], RepetitionRow>(
    'SELECT * FROM repetition WHERE run_id = ? ORDER BY id',
  );
  const usageOf = database.prepare<[number], UsageRow>('SELECT * FROM usage WHERE repetition_id = ?');
  return chosen
    .slice(0, last ?? chosen.length)
    .reverse()
    .map(({ row, labels: own }): HistoryRun => {
      checkNames({ commit: row.commit_id, branch: row.branch, pythonVersion: row.python_version }, path);
      if (!Number.isSafeInteger(row.time_ms)) throw damagedHistory(path, 'the time of a run is no number');
      const repetitions = repetitionsOf.all(row.id);
      if (repetitions.length === 0) throw damagedHistory(path, `run ${row.id} is empty`);
      const usage = repetitions.map(({ id }) => usageOf.all(id));
      for (const each of [...repetitions, ...usage.flat()]) checkRow(each, path);
      return {
        run: row.id,
        commit: row.commit_id,
        branch: row.branch,
        timeMs: row.time_ms,
        labels: own,
        repetitions: repetitions.length,
        capturePath: repetitions[0]!.capture,
        captures: repetitions.map(({ capture, start_ms: startMs }) => ({ path: capture, startMs })),
        measured: measuredOf(row, repetitions, usage, functions, path),
      };
    });
}

type Measures = Pick<MeasuredOwner, 'peak' | 'ownPeak' | 'leaked' | 'total' | 'temporary' | 'count'>;

function measuredOf(
  run: RunRow,
  repetitions: readonly RepetitionRow[],
  usage: readonly (readonly UsageRow[])[],
  functions: ReadonlyMap<number, FunctionRow>,
  path: string,
): MeasuredRuns {
  const totals = measuresOf(repetitions);
  const rows = new Map<number, (UsageRow | null)[]>();
  for (const [at, list] of usage.entries()) {
    for (const row of list) {
      const each = rows.get(row.function_id) ?? repetitions.map(() => null);
      each[at] = row;
      rows.set(row.function_id, each);
    }
  }
  const owners: MeasuredOwner[] = [];
  let rest: Measures | null = null;
  for (const [id, each] of rows) {
    const named = functions.get(id);
    const kind = OWNED_ROW_KINDS.find((known) => known === named?.kind);
    const known = each.find((row) => row !== null)!;
    const nothing = { ...known, peak: 0, leaked: 0 };
    const measures = measuresOf(each.map((row) => row ?? withZeros(nothing)));
    if (named?.kind === 'rest') rest = measures;
    else if (named === undefined || kind === undefined) {
      throw damagedHistory(path, `function ${id} is missing`);
    } else {
      checkNames({ function: named.name, file: named.file }, path);
      const threads = Math.max(...each.map((row) => row?.threads ?? 0));
      owners.push({ file: named.file, function: named.name, kind, threads, ...measures });
    }
  }
  return {
    runs: repetitions.length,
    together: run.together === 1,
    pythonVersion: run.python_version,
    tracePythonAllocators: run.trace_python_allocators === null ? null : run.trace_python_allocators === 1,
    nativeTraces: run.native_traces === 1,
    totals: {
      ...totals,
      rss: allKnown(repetitions.map(({ rss }) => rss)),
      durationMs: repetitions.map(({ duration_ms }) => duration_ms),
    },
    least:
      run.least_held === null
        ? null
        : { held: run.least_held, total: run.least_total ?? 0, count: run.least_count ?? 0 },
    owners,
    rest,
  };
}

/** Null stays null. */
function withZeros(row: MeasureRow): MeasureRow {
  const zero = (value: number | null): number | null => (value === null ? null : 0);
  return {
    peak: 0,
    own_peak: zero(row.own_peak),
    leaked: 0,
    total: zero(row.total),
    temporary: zero(row.temporary),
    count: zero(row.count),
  };
}

function checkNames(names: Readonly<Record<string, unknown>>, path: string): void {
  for (const [what, name] of Object.entries(names)) {
    if (name !== null && typeof name !== 'string') throw damagedHistory(path, `${what} of a run is no text`);
  }
}

/** Columns of SQLite hold what they are given. */
function checkRow(row: object, path: string): void {
  for (const [name, value] of Object.entries(row)) {
    const isName = name === 'capture';
    const isFine = value === null || (isName ? typeof value === 'string' : Number.isSafeInteger(value) && value >= 0);
    if (!isFine) throw damagedHistory(path, `${name} of a run is no number`);
  }
}

function measuresOf(rows: readonly MeasureRow[]): Measures {
  return {
    peak: rows.map(({ peak }) => peak),
    ownPeak: allKnown(rows.map(({ own_peak }) => own_peak)),
    leaked: rows.map(({ leaked }) => leaked),
    total: allKnown(rows.map(({ total }) => total)),
    temporary: allKnown(rows.map(({ temporary }) => temporary)),
    count: allKnown(rows.map(({ count }) => count)),
  };
}

function allKnown(values: readonly (number | null)[]): number[] | null {
  const known = values.filter((value) => value !== null);
  return known.length < values.length ? null : known;
}

function parseLabels(text: string, path: string): Record<string, string> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw damagedHistory(path, 'labels of a run are none');
  }
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, String(each)]));
}
