/** Nodes of the tree of growth → when anything was first allocated below them: before that they were not at work. */
import { SITE, type CountedRows } from './counted-rows.js';
import { ofSites } from './growth-tree.js';

/** Moment of the first birth at sites whose node is marked, what imports make left out; Infinity where there is none. */
export function beginOfWork(isBelow: Uint8Array, { profile, changes, tree, role }: CountedRows): number {
  const counts = ofSites(isBelow, tree);
  for (let site = 0; site < role.length; site++) if (role[site] === SITE.leftOut) counts[site] = 0;
  let first = Infinity;
  if (changes !== null) {
    const { length, site, moment, births } = changes;
    for (let row = 0; row < length; row++) {
      if (counts[site[row]!] === 1 && births[row]! > 0 && moment[row]! < first) first = moment[row]!;
    }
    return first;
  }
  for (const { rows, site, born } of profile.lifetimes()) {
    for (let row = 0; row < rows; row++) if (counts[site[row]!] === 1 && born[row]! < first) first = born[row]!;
  }
  return first;
}
