/**
 * A table of paths → the same with an import of a library as one node, whichever of its lines ran; what the library ran
 * meanwhile is closed: drawn where somebody asks for that node, or where code of the application is among it, which is
 * then what matters.
 */
import { moduleOfFile } from '../../analysis/module-of-file.js';
import { importFrames, ownFrames } from '../import-frames.js';
import type { Selection } from '../selection.js';
import { isFrameKey, keyOfImport, type PathTable } from './path-table.js';

/** Only where `closes` what is below imports is closed. Weights and children of the table stay what they are. */
export function foldImports(
  table: PathTable,
  { stackTables, groups }: Pick<Selection, 'stackTables' | 'groups'>,
  closes: boolean,
): PathTable {
  const { frames } = stackTables;
  const imports = importFrames(stackTables, groups);
  if (!imports.includes(1)) return table;
  const { length, parent } = table;
  const key = table.key.map((own) =>
    isFrameKey(own, frames) && imports[own] === 1 ? keyOfImport(groups.functionOf[own]!, frames, groups) : own,
  );
  if (!closes) return { ...table, key };
  const isOwn = ownFrames(stackTables, groups);
  const holdsOwn = new Uint8Array(length);
  for (let row = length - 1; row > 0; row--) {
    const own = key[row]!;
    if (holdsOwn[row] === 1 || (isFrameKey(own, frames) && isOwn[own] === 1)) {
      holdsOwn[row] = 1;
      holdsOwn[parent[row]!] = 1;
    }
  }
  const closed = new Uint8Array(length);
  const isInside = new Uint8Array(length);
  for (let row = 1; row < length; row++) {
    const above = parent[row]!;
    if (isInside[above] === 1) isInside[row] = 1;
    else if (key[row] !== table.key[row] && holdsOwn[row] === 0) isInside[row] = closed[row] = 1;
  }
  return { ...table, key, closed };
}

/** "pandas.core.api" of ".../site-packages/pandas/core/api.py". */
export function nameImport(file: string | null): string {
  const path = moduleOfFile(file).shortFile.replace(/\.[^./\\]{1,8}$/, '');
  return path.replace(/[\\/]__init__$/, '').replaceAll(/[\\/]/g, '.');
}
