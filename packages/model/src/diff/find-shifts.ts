/**
 * Rows that changed → what merely went from a function to one that it calls, or came back: a helper that was extracted
 * allocates what its callers did before, one that was inlined leaves it to them. The callee has to have grown below a
 * caller by what that caller shrank, within `MOVED_SHARE`; several callers and several helpers may share it. Source of
 * the idea: cost shifts of FBDetect (SOSP 2024).
 */
import { isAlike, LEAST_MOVED, type MoveBasis } from './find-moved.js';

interface Change {
  readonly row: number;
  readonly change: number;
  readonly aboveNoise: boolean;
}

export interface Shift<Row extends Change> {
  readonly from: Row;
  readonly to: Row;
  readonly amount: number;
  readonly basis: MoveBasis;
}

/**
 * What a row holds more of in the head than in the base below each of its callers: of a site's callers the nearest that
 * `isCaller` takes.
 */
export type FlowOf = (row: number, isCaller: (row: number) => boolean) => ReadonlyMap<number, number>;

/** No more goes from a row or to it than it changed by. Which shifts there are does not depend on which side is which. */
export function findShifts<Row extends Change>(changes: readonly Row[], flowOf: FlowOf): Shift<Row>[] {
  const changeOf = new Map(changes.map((change) => [change.row, change]));
  return [1, -1].flatMap((sign) => {
    const callers = new Set(changes.filter(({ change }) => -sign * change >= LEAST_MOVED).map(({ row }) => row));
    if (callers.size === 0) return [];
    const left = new Map(changes.map(({ row, change }) => [row, Math.abs(change)]));
    const flows = new Map<Row, { readonly callee: Row; readonly amount: number }[]>();
    for (const callee of changes) {
      if (!callee.aboveNoise || sign * callee.change < LEAST_MOVED) continue;
      for (const [row, more] of flowOf(callee.row, (caller) => callers.has(caller))) {
        if (sign * more <= 0) continue;
        const caller = changeOf.get(row)!;
        flows.set(caller, [...(flows.get(caller) ?? []), { callee, amount: sign * more }]);
      }
    }
    return [...flows].flatMap(([caller, toCallees]) => {
      const all = toCallees.reduce((sum, { amount }) => sum + amount, 0);
      if (!isAlike(all, Math.abs(caller.change))) return [];
      return toCallees.flatMap(({ callee, amount }): Shift<Row>[] => {
        const moved = Math.min(amount, left.get(callee.row)!, left.get(caller.row)!);
        if (moved <= 0) return [];
        for (const { row } of [callee, caller]) left.set(row, left.get(row)! - moved);
        return [{ from: sign > 0 ? caller : callee, to: sign > 0 ? callee : caller, amount: moved, basis: 'calls' }];
      });
    });
  });
}
