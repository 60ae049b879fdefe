/**
 * A table of paths and what becomes of each row → the table in which rows that vanish have left their place to a caller.
 */
import { DROPPED, type PathTable } from './path-table.js';

/**
 * `target`: by row itself, or the row above it that takes its place. `ends`: where a path ends that ended at the row, or
 * `DROPPED`. A row at which paths end stays for them, though others pass it by.
 */
export function rewirePaths(
  { length, parent, key, rowOfSite, hidden }: PathTable,
  target: Uint32Array,
  ends: Uint32Array = target,
  newKey: Int32Array = key,
): PathTable {
  const newParent = new Uint32Array(length);
  for (let row = 1; row < length; row++) {
    const above = parent[row]!;
    newParent[row] = above !== row && (target[row] === row || ends[row] === row) ? target[above]! : row;
  }
  const newEnds = new Uint32Array(rowOfSite.length);
  for (let site = 0; site < newEnds.length; site++) {
    const row = rowOfSite[site]!;
    newEnds[site] = row === DROPPED ? DROPPED : ends[row]!;
  }
  return { length, parent: newParent, key: newKey, rowOfSite: newEnds, ...(hidden === undefined ? {} : { hidden }) };
}
