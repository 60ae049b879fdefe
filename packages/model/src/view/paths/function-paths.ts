/**
 * A weighed table of paths and a function, or several taken as one → the calls, and the paths that lead to them. Both are found in the table as
 * it is: what is below a call has its weight there already.
 */
import type { PathTable } from './path-table.js';
import { addBelow, type PathWeights } from './weigh-paths.js';

/** Rows of a table, ascending. */
export interface FunctionCalls {
  readonly rows: Uint32Array;
  /** Those that no other call is above. */
  readonly outermost: Uint32Array;
}

/** `chosen` is 1 for each frame row of the functions. */
export function findCalls({ length, parent, key }: PathTable, chosen: Uint8Array): FunctionCalls {
  const rows: number[] = [];
  const outermost: number[] = [];
  const isBelow = new Uint8Array(length);
  for (let row = 1; row < length; row++) {
    const own = key[row]!;
    const above = parent[row]!;
    if (isBelow[above] === 1) isBelow[row] = 1;
    // A row that is its own parent is out of use; a key beyond the frames is a whole module's.
    if (own < 0 || chosen[own] !== 1 || above === row) continue;
    rows.push(row);
    if (isBelow[row] === 0) outermost.push(row);
    isBelow[row] = 1;
  }
  return { rows: Uint32Array.from(rows), outermost: Uint32Array.from(outermost) };
}

/** The paths above some calls, down to the callers, which take what the calls weigh. */
export function pathsAbove(
  { length, parent, key }: PathTable,
  { bytes, count, placeOf }: Pick<PathWeights, 'bytes' | 'count' | 'placeOf'>,
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
  const places = calls.map(placeOf);
  const own = {
    rows: calls.map((call) => newRow[parent[call]!]!),
    bytes: Float64Array.from(places, (place) => bytes[place]!),
    count: Float64Array.from(places, (place) => count[place]!),
  };
  return { table, weights: addBelow(table, own) };
}
