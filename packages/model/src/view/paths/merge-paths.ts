/**
 * A table of paths in which rows may look alike → one in which each path is one row: what is compared path by path has
 * both its sides there. Rows keep the order in which they first came, so that a path has one number whatever is weighed.
 */
import { PathTree } from '../path-tree.js';
import { DROPPED, type PathTable } from './path-table.js';

export function mergePaths({ length, parent, key, rowOfSite }: PathTable): PathTable {
  const tree = new PathTree(length);
  const merged = new Uint32Array(length);
  for (let row = 1; row < length; row++) {
    // A row that is its own parent is out of use.
    if (parent[row] !== row) merged[row] = tree.child(merged[parent[row]!]!, key[row]!);
  }
  return {
    length: tree.length,
    ...tree.columns(),
    rowOfSite: rowOfSite.map((row) => (row === DROPPED ? DROPPED : merged[row]!)),
  };
}
