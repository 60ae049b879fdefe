/** A table of paths and the weights of sites → what each row weighs, alone and with everything below it. */
import type { SiteWeights } from '../../profile.js';
import { DROPPED, type PathTable } from './path-table.js';

export interface PathWeights {
  readonly selfBytes: Float64Array;
  readonly selfCount: Float64Array;
  readonly bytes: Float64Array;
  readonly count: Float64Array;
}

export function weighPaths(table: PathTable, weights: SiteWeights): PathWeights {
  const { length, rowOfSite } = table;
  const { bytes: bytesOfSite, count: countOfSite } = weights;
  const selfBytes = new Float64Array(length);
  const selfCount = new Float64Array(length);
  const sites = sitesByRow(table);
  for (let at = 0; at < rowOfSite.length; at++) {
    const site = sites === null ? at : sites[at]!;
    // In a window most sites weigh nothing: their rows need not be touched.
    if (bytesOfSite[site] === 0 && countOfSite[site] === 0) continue;
    const row = rowOfSite[site]!;
    if (row === DROPPED) continue;
    selfBytes[row]! += bytesOfSite[site]!;
    selfCount[row]! += countOfSite[site]!;
  }
  return addBelow(table, selfBytes, selfCount);
}

/** What each row weighs with everything below it, from what it weighs alone. */
export function addBelow(
  { length, parent }: Pick<PathTable, 'length' | 'parent'>,
  selfBytes: Float64Array,
  selfCount: Float64Array,
): PathWeights {
  const bytes = selfBytes.slice();
  const count = selfCount.slice();
  for (let row = length - 1; row > 0; row--) {
    if (bytes[row] === 0 && count[row] === 0) continue;
    const above = parent[row]!;
    bytes[above]! += bytes[row]!;
    count[above]! += count[row]!;
  }
  return { selfBytes, selfCount, bytes, count };
}

/**
 * By the rows of a table's sites; null = weighed once. Found when it is weighed again: each window does, and in this order
 * memory is read where it was read last.
 */
const sitesOfRows = new WeakMap<Uint32Array, Uint32Array | null>();

/** Sites in the order of their rows (counting sort), those without one last; null for any order. */
function sitesByRow({ length, rowOfSite }: PathTable): Uint32Array | null {
  const known = sitesOfRows.get(rowOfSite);
  if (known) return known;
  const sites = known === null ? sortByRow(length, rowOfSite) : null;
  sitesOfRows.set(rowOfSite, sites);
  return sites;
}

function sortByRow(length: number, rowOfSite: Uint32Array): Uint32Array {
  const start = new Uint32Array(length + 1);
  const placeOf = (row: number): number => Math.min(row, length - 1);
  for (const row of rowOfSite) start[placeOf(row) + 1]!++;
  for (let row = 0; row < length; row++) start[row + 1]! += start[row]!;
  const sites = new Uint32Array(rowOfSite.length);
  for (let site = 0; site < rowOfSite.length; site++) sites[start[placeOf(rowOfSite[site]!)]!++] = site;
  return sites;
}
