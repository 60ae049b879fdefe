/**
 * A weighed table of paths and one function → its calls, and the paths that lead to them. Both are found in the table as
 * it is: what is below a call has its weight there already.
 */
import type { PathTable } from './path-table.js';
import { addBelow, type PathWeights } from './weigh-paths.js';

/** Rows of a table, ascending. */
export interface FunctionCalls {
  readonly rows: Uint32Array;
  /** Those that no other call of the function is above. */
  readonly outermost: Uint32Array;
}

/** `chosen` is by frame row, `outermost` by row as `outermostRows` gives it for functions. */
export function findCalls(
  { length, parent, key }: PathTable,
  chosen: Uint8Array,
  outermost: Uint32Array,
): FunctionCalls {
  const rows: number[] = [];
  for (let row = 1; row < length; row++) {
    const own = key[row]!;
    // A row that is its own parent is out of use.
    if (own >= 0 && chosen[own] === 1 && parent[row] !== row) rows.push(row);
  }
  return { rows: Uint32Array.from(rows), outermost: Uint32Array.from(rows.filter((row) => outermost[row] !== 0)) };
}

/** The paths above some calls, down to the callers, which take what the calls weigh. */
export function pathsAbove(
  { length, parent, key }: PathTable,
  { bytes, count }: Pick<PathWeights, 'bytes' | 'count'>,
  calls: Uint32Array,
): { readonly table: Omit<PathTable, 'rowOfSite'>; readonly weights: PathWeights } {
  const isNeeded = new Uint8Array(length);
  isNeeded[0] = 1;
  const needed = [0];
  for (const call of calls) {
    for (let row = parent[call]!; isNeeded[row] === 0; row = parent[row]!) {
      isNeeded[row] = 1;
      needed.push(row);
    }
  }
  // Callers come before what they call.
  const rows = Uint32Array.from(needed).sort();
  // Memory that is not written to costs nothing.
  const newRow = new Uint32Array(length);
  for (let row = 0; row < rows.length; row++) newRow[rows[row]!] = row;
  const table = {
    length: rows.length,
    parent: rows.map((row) => newRow[parent[row]!]!),
    key: Int32Array.from(rows, (row) => key[row]!),
  };
  const selfBytes = new Float64Array(rows.length);
  const selfCount = new Float64Array(rows.length);
  for (const call of calls) {
    const caller = newRow[parent[call]!]!;
    selfBytes[caller]! += bytes[call]!;
    selfCount[caller]! += count[call]!;
  }
  return { table, weights: addBelow(table, selfBytes, selfCount) };
}
