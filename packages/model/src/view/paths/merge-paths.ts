/**
 * A table of paths in which rows may look alike → one in which each path is one row: what is compared path by path has
 * both its sides there. Rows keep the order in which they first came, so that a path has one number whatever is weighed.
 */
import type { PathRow } from '../../rows.js';
import { OWNER_KINDS } from '../../tables.js';
import { PathTree } from '../path-tree.js';
import type { Selection } from '../selection.js';
import { DROPPED, isThreadKey, keyOfArenas, type PathTable } from './path-table.js';

/** Arenas of Python's allocator are a path of their own, below their thread if threads are told apart. */
export function mergePaths(table: PathTable, selection: Selection): PathTable {
  const { length, parent, key, rowOfSite, hidden } = table;
  const tree = new PathTree(length);
  const merged = new Uint32Array(length);
  for (let row = 1; row < length; row++) {
    // A row that is its own parent is out of use.
    if (parent[row] !== row) merged[row] = tree.child(merged[parent[row]!]!, key[row]!);
  }
  const own = new Uint32Array(rowOfSite.length);
  for (let site = 0; site < own.length; site++) {
    const row = rowOfSite[site]!;
    own[site] = row === DROPPED ? DROPPED : merged[row]!;
  }
  setArenasApart(own, table, merged, tree, selection);
  const columns = { length: tree.length, ...tree.columns(), rowOfSite: own };
  if (hidden === undefined) return columns;
  const mergedHidden = new Uint32Array(tree.length);
  for (let row = 1; row < length; row++) {
    const path = merged[row]!;
    if (parent[row] !== row && hidden[row]! > mergedHidden[path]!) mergedHidden[path] = hidden[row]!;
  }
  return { ...columns, hidden: mergedHidden };
}

/** Whose call needed a new arena is chance: two unchanged runs differ by megabytes in it. */
function setArenasApart(
  own: Uint32Array,
  { parent, key, rowOfSite }: PathTable,
  merged: Uint32Array,
  tree: PathTree,
  { sites, ownerTable, stackTables, groups }: Selection,
): void {
  const { kind } = ownerTable();
  const objects = OWNER_KINDS.indexOf('objects');
  if (!kind.includes(objects)) return;
  const arenas = keyOfArenas(stackTables.frames, groups);
  const threadOf = (row: PathRow): PathRow => {
    let top = row;
    while (parent[top] !== 0) top = parent[top]!;
    return isThreadKey(key[top]!) ? merged[top]! : 0;
  };
  for (let site = 0; site < own.length; site++) {
    if (own[site] === DROPPED || kind[sites.owner[site]!] !== objects) continue;
    own[site] = tree.child(threadOf(rowOfSite[site]!), arenas);
  }
}
