/**
 * What a base and a head weigh on merged paths → what grew on them, and weights that a drawing of both can have. Growth
 * is taken path by path and summed upwards, so that what shrank elsewhere below a caller is never netted against it:
 * grown less shrunk is the change, in every subtree.
 */
import type { SiteWeights } from '../../profile.js';
import type { SiteRow } from '../../rows.js';
import type { ComparedWeight } from '../view-choices.js';
import { DROPPED, type PathTable } from './path-table.js';
import { addBelow, type PathWeights } from './weigh-paths.js';

export interface ComparedPaths {
  readonly head: PathWeights;
  readonly base: PathWeights;
  readonly grown: PathWeights;
}

/** `table` has one row for each path (`mergePaths`); sites from `firstOfBase` on are the base's. */
export function comparePaths(table: PathTable, weights: SiteWeights, firstOfBase: SiteRow): ComparedPaths {
  const { length } = table;
  const head = weighOwn(table, weights, 0, firstOfBase);
  const base = weighOwn(table, weights, firstOfBase, weights.bytes.length);
  const grown = { bytes: new Float64Array(length), count: new Float64Array(length) };
  for (let row = 0; row < length; row++) {
    grown.bytes[row] = grownOf(head.bytes[row]!, base.bytes[row]!);
    grown.count[row] = grownOf(head.count[row]!, base.count[row]!);
  }
  const sum = ({ bytes, count }: SiteWeights): PathWeights => addBelow(table, bytes, count);
  return { head: sum(head), base: sum(base), grown: sum(grown) };
}

/** What rows weigh alone of some of the sites, each of which is looked at once. */
function weighOwn({ length, rowOfSite }: PathTable, weights: SiteWeights, from: SiteRow, to: SiteRow): SiteWeights {
  const own = { bytes: new Float64Array(length), count: new Float64Array(length) };
  for (let site = from; site < to; site++) {
    const row = rowOfSite[site]!;
    if (row === DROPPED) continue;
    own.bytes[row]! += weights.bytes[site]!;
    own.count[row]! += weights.count[site]!;
  }
  return own;
}

function grownOf(head: number, base: number): number {
  // Of what only counts are known bytes are NaN.
  return head <= base ? 0 : head - base;
}

/** What widths of a drawing of both sides stand for; `both` is the sum of the sides. */
export type DrawnWeight = ComparedWeight | 'both';

/** How often head, base and what grew are in a weight. */
const SHARES: Readonly<Record<DrawnWeight, readonly [head: number, base: number, grown: number]>> = {
  head: [1, 0, 0],
  base: [0, 1, 0],
  both: [1, 1, 0],
  larger: [0, 1, 1],
  change: [-1, 1, 2],
  grown: [0, 0, 1],
  shrunk: [-1, 1, 1],
};

/** Of a path, or of any sum of paths. */
export function weighCompared(by: DrawnWeight, head: number, base: number, grown: number): number {
  const [ofHead, ofBase, ofGrown] = SHARES[by];
  return ofHead * head + ofBase * base + ofGrown * grown;
}

export function weightsCompared(by: DrawnWeight, { head, base, grown }: ComparedPaths): PathWeights {
  if (by === 'head') return head;
  if (by === 'base') return base;
  if (by === 'grown') return grown;
  const [ofHead, ofBase, ofGrown] = SHARES[by];
  const weigh = (name: keyof PathWeights): Float64Array => {
    const [now, before, more] = [head[name], base[name], grown[name]];
    const weights = new Float64Array(now.length);
    for (let row = 0; row < now.length; row++) {
      weights[row] = ofHead * now[row]! + ofBase * before[row]! + ofGrown * more[row]!;
    }
    return weights;
  };
  return {
    selfBytes: weigh('selfBytes'),
    selfCount: weigh('selfCount'),
    bytes: weigh('bytes'),
    count: weigh('count'),
  };
}
