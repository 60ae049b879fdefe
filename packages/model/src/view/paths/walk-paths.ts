/** Visits a table of paths from the outside in: a row, what lies below it, and the row again when that is done. */
import type { PathRow } from '../../rows.js';
import type { TreeChildren } from '../tree-children.js';
import type { PathTable } from './path-table.js';

/** The root is not visited. Stacks may be as deep as the table is long: nothing here recurses. */
export function walkPaths(
  { length }: Pick<PathTable, 'length'>,
  { start, rows }: TreeChildren,
  enter: (row: PathRow) => void,
  leave: (row: PathRow) => void,
): void {
  const path = new Uint32Array(length);
  const next = new Uint32Array(length);
  let depth = 0;
  next[0] = start[0]!;
  for (;;) {
    const row = path[depth]!;
    const at = next[depth]!;
    if (at < start[row + 1]!) {
      next[depth] = at + 1;
      const child = rows[at]!;
      enter(child);
      path[++depth] = child;
      next[depth] = start[child]!;
      continue;
    }
    if (depth === 0) return;
    leave(row);
    depth--;
  }
}
