/**
 * A table of paths of which few rows are in use → a table of those alone, in their order. Rows get other numbers; what is
 * drawn of them stays the same.
 */
import { DROPPED, type PathTable } from './path-table.js';

/**
 * `toEnds`: of the rows in use only those at which the path of a site ends, and their callers. That is enough for what is
 * drawn inverted; from the roots, a row that no path comes to can still decide which of two equal nodes comes first.
 */
export function compactPaths({ length, parent, key, rowOfSite }: PathTable, toEnds: boolean): PathTable {
  const needed = new Uint8Array(length);
  needed[0] = 1;
  if (toEnds) {
    for (let site = 0; site < rowOfSite.length; site++) {
      const row = rowOfSite[site]!;
      if (row !== DROPPED) needed[row] = 1;
    }
    for (let row = length - 1; row > 0; row--) if (needed[row] === 1) needed[parent[row]!] = 1;
  } else {
    for (let row = 1; row < length; row++) needed[row] = parent[row] === row ? 0 : 1;
  }
  const newRow = new Uint32Array(length);
  let rows = 0;
  for (let row = 0; row < length; row++) if (needed[row] === 1) newRow[row] = rows++;
  const newParent = new Uint32Array(rows);
  const newKey = new Int32Array(rows);
  for (let row = 0; row < length; row++) {
    if (needed[row] === 0) continue;
    newParent[newRow[row]!] = newRow[parent[row]!]!;
    newKey[newRow[row]!] = key[row]!;
  }
  return {
    length: rows,
    parent: newParent,
    key: newKey,
    rowOfSite: rowOfSite.map((row) => (row === DROPPED ? DROPPED : newRow[row]!)),
  };
}
