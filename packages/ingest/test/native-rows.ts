/**
 * The sites of a profile with a native capture, in the form in which memray's oracles hold them: frames are
 * [function, file, line], outermost first, `<unknown>` where nothing is known. Read with plain SQL.
 */
import type { NativeRow, OracleFrame } from '@memscope/fixtures';
import { query } from './profile-rows.js';

/** Like memray, its native stack is without addresses that are in no module. */
export interface NativeSite extends NativeRow {
  /** Whether the site holds memory at the peak, and at the end. */
  readonly isAtPeak: boolean;
  readonly isLeaked: boolean;
}

export function readNativeSites(profile: string): NativeSite[] {
  const stacks = readFrames(profile);
  return query(
    profile,
    `SELECT tid, python_stack, native_stack, stack, peak_count > 0 OR peak_bytes > 0 at_peak,
       leaked_count > 0 OR leaked_bytes > 0 leaked
     FROM site JOIN thread ON thread.id = thread_id ORDER BY site.id`,
  ).map((row) => ({
    tid: row['tid'] as bigint,
    python: stacks(Number(row['python_stack'])),
    native: stacks(Number(row['native_stack'])),
    joined: stacks(Number(row['stack'])),
    isAtPeak: row['at_peak'] === 1n,
    isLeaked: row['leaked'] === 1n,
  }));
}

function readFrames(profile: string): (stack: number) => OracleFrame[] {
  const rows = query(
    profile,
    `SELECT parent_id, kind, function, file, line, module_id
     FROM stack LEFT JOIN frame ON frame.id = frame_id ORDER BY stack.id`,
  );
  return (stack) => {
    const frames: OracleFrame[] = [];
    for (let at = stack; at > 0; at = Number(rows[at]!['parent_id'])) {
      const { kind, function: name, file, line, module_id: module } = rows[at]!;
      if (kind === 'native' && module === null) continue;
      frames.push([(name as string | null) ?? '<unknown>', (file as string | null) ?? '<unknown>', Number(line)]);
    }
    return frames.reverse();
  };
}
