/** A history → the same without runs that nobody asks for any more, and without the functions that only those had. */
import { asWriting, openOrMakeHistory } from './history-file.js';

export interface PruneRequest {
  /** Of each branch so many of the last runs stay; null: any number. */
  readonly keep: number | null;
  /** Runs before that moment go; null: however old. */
  readonly beforeMs: number | null;
  /** Only of this branch; null: of all. */
  readonly branch: string | null;
  /** Nothing is removed. */
  readonly isDry: boolean;
}

export interface PrunedRuns {
  readonly removed: number;
  readonly left: number;
}

/** A run goes by either. Throws `StoreError`. */
export function pruneRuns(path: string, { keep, beforeMs, branch, isDry }: PruneRequest): PrunedRuns {
  const database = openOrMakeHistory(path);
  try {
    const pruned = asWriting(path, () =>
      database
        .transaction((): PrunedRuns => {
          const ids = database
            .prepare<
              [string | null, string | null, number | null, number | null, number | null, number | null],
              number
            >(
              `SELECT id FROM (
                 SELECT id, branch, time_ms, row_number() OVER (PARTITION BY branch ORDER BY time_ms DESC, id DESC) AS place FROM run
               ) WHERE (? IS NULL OR branch IS ?) AND ((? IS NOT NULL AND place > ?) OR (? IS NOT NULL AND time_ms < ?))`,
            )
            .pluck()
            .all(branch, branch, keep, keep, beforeMs, beforeMs);
          const all = database.prepare<[], number>('SELECT count(*) FROM run').pluck().get()!;
          if (!isDry) {
            const usage = database.prepare(
              'DELETE FROM usage WHERE repetition_id IN (SELECT id FROM repetition WHERE run_id = ?)',
            );
            const repetitions = database.prepare('DELETE FROM repetition WHERE run_id = ?');
            const run = database.prepare('DELETE FROM run WHERE id = ?');
            for (const id of ids) for (const statement of [usage, repetitions, run]) statement.run(id);
            database.exec('DELETE FROM function WHERE id NOT IN (SELECT function_id FROM usage)');
          }
          return { removed: ids.length, left: all - ids.length };
        })
        .immediate(),
    );
    if (!isDry && pruned.removed > 0) asWriting(path, () => database.exec('VACUUM'));
    return pruned;
  } finally {
    database.close();
  }
}
