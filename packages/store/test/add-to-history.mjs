/** A job of a test: adds runs to a history, or begins to and never ends. `node add-to-history.mjs FILE NAME COUNT|hang` */
import Database from 'better-sqlite3';
import { addRun } from '@memscope/store';

const [, , path, name, count] = process.argv;

if (count === 'hang') {
  const database = new Database(path, { timeout: 60_000 });
  // Pages that do not fit go to the file before the transaction ends: what is left behind has to be taken back.
  database.pragma('cache_size = 2');
  database.exec('BEGIN IMMEDIATE');
  const add = database.prepare(
    "INSERT INTO run (commit_id, branch, time_ms, labels, together, native_traces) VALUES (?, 'main', 1, '{}', 0, 0)",
  );
  for (let at = 0; at < 2000; at++) add.run('x'.repeat(200));
  process.stdout.write('inside\n');
  // A database that nothing refers to is closed when its memory is collected, and its transaction taken back.
  setInterval(() => database.inTransaction, 1000);
} else {
  for (let at = 0; at < Number(count); at++) {
    const numbers = [1000 + at];
    const measures = { peak: numbers, ownPeak: numbers, leaked: [0], total: numbers, temporary: [0], count: [1] };
    addRun(path, {
      commit: `${name}-${at}`,
      branch: 'main',
      timeMs: 1_000_000 + at,
      labels: { job: name },
      captures: [{ path: `${name}.bin`, startMs: null }],
      measured: {
        runs: 1,
        together: false,
        pythonVersion: '3.13',
        tracePythonAllocators: false,
        nativeTraces: false,
        totals: { ...measures, rss: null, durationMs: [5] },
        least: null,
        owners: [{ kind: 'function', function: `f${at}`, file: 'app.py', threads: 1, ...measures }],
        rest: null,
      },
    });
  }
}
