/** A table of paths and the weights of sites → what each row weighs, alone and with everything below it. */
import type { SiteWeights } from '../../profile.js';
import { DROPPED, type PathTable } from './path-table.js';

export interface PathWeights {
  readonly selfBytes: Float64Array;
  readonly selfCount: Float64Array;
  readonly bytes: Float64Array;
  readonly count: Float64Array;
}

export function weighPaths({ length, parent, rowOfSite }: PathTable, weights: SiteWeights): PathWeights {
  const selfBytes = new Float64Array(length);
  const selfCount = new Float64Array(length);
  for (let site = 0; site < rowOfSite.length; site++) {
    const row = rowOfSite[site]!;
    if (row === DROPPED) continue;
    selfBytes[row]! += weights.bytes[site]!;
    selfCount[row]! += weights.count[site]!;
  }
  return { selfBytes, selfCount, bytes: addUp(selfBytes, parent), count: addUp(selfCount, parent) };
}

function addUp(self: Float64Array, parent: Uint32Array): Float64Array {
  const sums = self.slice();
  for (let row = sums.length - 1; row > 0; row--) {
    const weight = sums[row]!;
    if (weight !== 0) sums[parent[row]!]! += weight;
  }
  return sums;
}
