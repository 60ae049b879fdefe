/**
 * A table of paths and some frames of interest → a table of only the paths through one of them: below its outermost call
 * or above it. What is drawn of it is what is drawn of `keepBelow` and `keepAbove`, whose rows keep their numbers; these
 * tables are as small as what they hold, which for most functions is little of a large capture.
 */
import { ROOT_KEY } from '../path-tree.js';
import { DROPPED, type PathTable } from './path-table.js';

/** From the outermost call of a chosen function on, starting with it. */
export function pathsBelow({ length, parent, key, rowOfSite }: PathTable, chosen: Uint8Array): PathTable {
  const isInside = new Uint8Array(length);
  // The row that stands for each in the new table, or for the nearest caller of it that is there.
  const newRow = new Uint32Array(length);
  // Memory that is not written to costs nothing.
  const newParent = new Uint32Array(length);
  const newKey = new Int32Array(length);
  newKey[0] = key[0]!;
  let rows = 1;
  for (let row = 1; row < length; row++) {
    const above = parent[row]!;
    if (above === row) continue;
    const own = key[row]!;
    if (isInside[above] === 1 || (own >= 0 && chosen[own] === 1)) isInside[row] = 1;
    if (isInside[row] === 1 || own < ROOT_KEY) {
      newParent[rows] = newRow[above]!;
      newKey[rows] = own;
      newRow[row] = rows++;
    } else newRow[row] = newRow[above]!;
  }
  return {
    length: rows,
    parent: newParent.slice(0, rows),
    key: newKey.slice(0, rows),
    rowOfSite: moveSites(rowOfSite, isInside, newRow),
  };
}

/** Down to the caller of the outermost call of a chosen function, which takes what is below it. */
export function pathsAbove({ length, parent, key, rowOfSite }: PathTable, chosen: Uint8Array): PathTable {
  const isInside = new Uint8Array(length);
  // Of rows at or below an outermost call: the row of its caller.
  const caller = new Uint32Array(length);
  for (let row = 1; row < length; row++) {
    const above = parent[row]!;
    const own = key[row]!;
    if (isInside[above] === 1) {
      isInside[row] = 1;
      caller[row] = caller[above]!;
    } else if (own >= 0 && chosen[own] === 1) {
      isInside[row] = 1;
      caller[row] = above;
    }
  }
  const isNeeded = new Uint8Array(length);
  isNeeded[0] = 1;
  let rows = 1;
  const ends = moveSites(rowOfSite, isInside, caller);
  for (let site = 0; site < ends.length; site++) {
    if (ends[site] === DROPPED) continue;
    for (let row = ends[site]!; isNeeded[row] === 0; row = parent[row]!) {
      isNeeded[row] = 1;
      rows++;
    }
  }
  const newParent = new Uint32Array(rows);
  const newKey = new Int32Array(rows);
  const newRow = new Uint32Array(length);
  newKey[0] = key[0]!;
  let next = 1;
  for (let row = 1; row < length; row++) {
    if (isNeeded[row] === 0) continue;
    newParent[next] = newRow[parent[row]!]!;
    newKey[next] = key[row]!;
    newRow[row] = next++;
  }
  return {
    length: rows,
    parent: newParent,
    key: newKey,
    rowOfSite: moveSites(ends, isNeeded, newRow),
  };
}

/** Sites of rows that are chosen, at their new rows; other sites are dropped. */
function moveSites(rowOfSite: Uint32Array, isChosen: Uint8Array, newRow: Uint32Array): Uint32Array {
  const moved = new Uint32Array(rowOfSite.length).fill(DROPPED);
  for (let site = 0; site < rowOfSite.length; site++) {
    const row = rowOfSite[site]!;
    if (row !== DROPPED && isChosen[row] === 1) moved[site] = newRow[row]!;
  }
  return moved;
}
