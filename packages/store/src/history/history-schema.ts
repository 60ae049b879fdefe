/**
 * The schema of a history: one SQLite file of the runs of a program, with sums by function. Table and column names are a
 * public interface, as those of a profile; a change to them raises `HISTORY_VERSION`.
 */

/** SQLite's `application_id` of a history: "mshi". */
export const HISTORY_ID = 0x6d736869;
export const HISTORY_VERSION = 1;

const MEASURES = `peak INTEGER NOT NULL, own_peak INTEGER, leaked INTEGER NOT NULL, total INTEGER, temporary INTEGER, count INTEGER`;

/** Statements by table, in the order in which they are made. */
export const HISTORY_TABLES: ReadonlyMap<string, string> = new Map([
  [
    'run',
    `CREATE TABLE run (id INTEGER PRIMARY KEY, commit_id TEXT, branch TEXT, time_ms INTEGER NOT NULL, labels TEXT NOT NULL, together INTEGER NOT NULL, python_version TEXT, trace_python_allocators INTEGER, native_traces INTEGER NOT NULL, least_held INTEGER, least_total INTEGER, least_count INTEGER)`,
  ],
  [
    'repetition',
    `CREATE TABLE repetition (id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL, capture TEXT, start_ms INTEGER, ${MEASURES}, rss INTEGER, duration_ms INTEGER NOT NULL)`,
  ],
  ['function', `CREATE TABLE function (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT, file TEXT)`],
  [
    'usage',
    `CREATE TABLE usage (repetition_id INTEGER NOT NULL, function_id INTEGER NOT NULL, threads INTEGER NOT NULL, ${MEASURES}, PRIMARY KEY (repetition_id, function_id)) WITHOUT ROWID`,
  ],
]);

export const HISTORY_INDEXES: readonly string[] = [
  `CREATE UNIQUE INDEX function_by_name ON function (kind, ifnull(name, ''), ifnull(file, ''), name IS NULL, file IS NULL)`,
  'CREATE INDEX repetition_by_run ON repetition (run_id)',
  'CREATE INDEX run_by_time ON run (time_ms, id)',
];
