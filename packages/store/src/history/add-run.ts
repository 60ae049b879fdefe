/** A run with what was measured of it → rows of a history, all of them or none. */
import type { Database } from 'better-sqlite3';
import type { HistoryRun, MeasuredRuns } from '@memscope/model';
import { asWriting, openOrMakeHistory } from './history-file.js';

/** A run that nobody numbered yet. */
export interface NewRun extends Omit<HistoryRun, 'run' | 'repetitions' | 'capturePath'> {
  /** By repetition; of processes that were added up, all. */
  readonly captures: readonly { readonly path: string; readonly startMs: number | null }[];
}

export interface AddedRun {
  readonly run: number;
  /** False where the same recordings were there already, with the same commit, branch and labels. */
  readonly isNew: boolean;
}

/** Makes the file where there is none. Throws `StoreError`. */
export function addRun(path: string, run: NewRun): AddedRun {
  const database = openOrMakeHistory(path);
  try {
    return asWriting(path, () => database.transaction(() => insert(database, run)).immediate());
  } finally {
    database.close();
  }
}

function insert(database: Database, run: NewRun): AddedRun {
  const { commit, branch, timeMs, labels, measured, captures } = run;
  const written = writeLabels(labels);
  const known = findSame(database, run, written);
  if (known !== null) return { run: known, isNew: false };
  const { together, pythonVersion, tracePythonAllocators, nativeTraces, least, totals } = measured;
  const id = Number(
    database
      .prepare(
        'INSERT INTO run (commit_id, branch, time_ms, labels, together, python_version, trace_python_allocators, native_traces, least_held, least_total, least_count) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      )
      .run(
        commit,
        branch,
        Math.round(timeMs),
        written,
        together ? 1 : 0,
        pythonVersion,
        tracePythonAllocators === null ? null : tracePythonAllocators ? 1 : 0,
        nativeTraces ? 1 : 0,
        least?.held ?? null,
        least?.total ?? null,
        least?.count ?? null,
      ).lastInsertRowid,
  );
  const addRepetition = database.prepare(
    'INSERT INTO repetition (run_id, capture, start_ms, peak, own_peak, leaked, total, temporary, count, rss, duration_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const repetitions = Array.from({ length: measured.runs }, (_, at) => {
    const capture = captures[at];
    const { rss, durationMs } = totals;
    return Number(
      addRepetition.run(
        id,
        capture?.path ?? null,
        roundedOf(capture?.startMs ?? null),
        ...measuresAt(totals, at),
        rss?.[at] ?? null,
        durationMs?.[at] ?? 0,
      ).lastInsertRowid,
    );
  });
  insertUsage(database, measured, repetitions);
  return { run: id, isNew: true };
}

function roundedOf(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}

function insertUsage(database: Database, { owners, rest }: MeasuredRuns, repetitions: readonly number[]): void {
  const find = database
    .prepare<[string, string | null, string | null], number>(
      'SELECT id FROM function WHERE kind = ? AND name IS ? AND file IS ?',
    )
    .pluck();
  const addFunction = database.prepare('INSERT INTO function (kind, name, file) VALUES (?, ?, ?)');
  const addUsage = database.prepare(
    'INSERT INTO usage (repetition_id, function_id, threads, peak, own_peak, leaked, total, temporary, count) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const numberOf = (kind: string, name: string | null, file: string | null): number =>
    find.get(kind, name, file) ?? Number(addFunction.run(kind, name, file).lastInsertRowid);
  for (const [at, repetition] of repetitions.entries()) {
    for (const owner of owners) {
      const id = numberOf(owner.kind, owner.function, owner.file);
      addUsage.run(repetition, id, owner.threads, ...measuresAt(owner, at));
    }
    if (rest !== null) addUsage.run(repetition, numberOf('rest', null, null), 1, ...measuresAt(rest, at));
  }
}

function measuresAt(
  {
    peak,
    ownPeak,
    leaked,
    total,
    temporary,
    count,
  }: Pick<MeasuredRuns['totals'], 'peak' | 'ownPeak' | 'leaked' | 'total' | 'temporary' | 'count'>,
  at: number,
): (number | null)[] {
  return [
    peak[at]!,
    ownPeak?.[at] ?? null,
    leaked[at]!,
    total?.[at] ?? null,
    temporary?.[at] ?? null,
    count?.[at] ?? null,
  ];
}

/** The run that the same recordings were added as; null where they are new. */
function findSame(database: Database, { commit, branch, captures, measured }: NewRun, labels: string): number | null {
  const starts = captures.map(({ startMs }) => startMs);
  if (starts.length === 0 || starts.includes(null)) return null;
  const runs = database
    .prepare<[string | null, string | null, string], number>(
      'SELECT id FROM run WHERE commit_id IS ? AND branch IS ? AND labels = ?',
    )
    .pluck()
    .all(commit, branch, labels);
  const repetitionsOf = database.prepare<[number], { start: number | null; peak: number }>(
    'SELECT start_ms AS start, peak FROM repetition WHERE run_id = ? ORDER BY id',
  );
  const wanted = JSON.stringify(measured.totals.peak.map((peak, at) => [Math.round(starts[at] ?? 0), peak]));
  return (
    runs.find((run) => JSON.stringify(repetitionsOf.all(run).map(({ start, peak }) => [start, peak])) === wanted) ??
    null
  );
}

/** Sorted by name, so that equal labels are equal texts. */
export function writeLabels(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))));
}
