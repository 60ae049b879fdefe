/**
 * What a base and a head weigh on merged paths → what grew on them, and weights that a drawing of both can have. Growth
 * is taken path by path and summed upwards, so that what shrank elsewhere below a caller is never netted against it:
 * grown less shrunk is the change, in every subtree.
 */
import type { SiteWeights } from '../../profile.js';
import type { SiteRow } from '../../rows.js';
import type { ComparedWeight } from '../view-choices.js';
import { RowSet } from '../row-set.js';
import type { PathTable } from './path-table.js';
import { addBelow, ownWeights, type PathWeights } from './weigh-paths.js';

export interface ComparedPaths {
  readonly head: PathWeights;
  readonly base: PathWeights;
  readonly grown: PathWeights;
}

/** `table` has one row for each path (`mergePaths`); sites from `firstOfBase` on are the base's. */
export function comparePaths(table: PathTable, weights: SiteWeights, firstOfBase: SiteRow): ComparedPaths {
  const head = addBelow(table, ownWeights(table, weights, 0, firstOfBase));
  const base = addBelow(table, ownWeights(table, weights, firstOfBase, weights.bytes.length));
  const ofBase = head.weighing.map(base.placeOf);
  const grow = (name: 'selfBytes' | 'selfCount'): Float64Array =>
    Float64Array.from(ofBase, (place, at) => grownOf(head[name][at]!, base[name][place]!));
  // What the base alone has has not grown.
  const grown = { rows: head.weighing, bytes: grow('selfBytes'), count: grow('selfCount') };
  return { head, base, grown: addBelow(table, grown) };
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
  const last = Math.max(head.weighing.at(-1) ?? 0, base.weighing.at(-1) ?? 0);
  const either = new RowSet(last + 1);
  for (const side of [head, base]) for (const row of side.weighing) either.add(row);
  const { rows: weighing, placeOf } = either.index();
  const places = [head, base, grown].map((side) => weighing.map(side.placeOf));
  const [ofNow, ofThen, ofMore] = places as [Uint32Array, Uint32Array, Uint32Array];
  const weigh = (name: 'selfBytes' | 'selfCount' | 'bytes' | 'count'): Float64Array => {
    const [now, before, more] = [head[name], base[name], grown[name]];
    const weights = new Float64Array(weighing.length + 1);
    for (let at = 0; at < weighing.length; at++) {
      weights[at] = ofHead * now[ofNow[at]!]! + ofBase * before[ofThen[at]!]! + ofGrown * more[ofMore[at]!]!;
    }
    return weights;
  };
  return {
    weighing,
    placeOf,
    selfBytes: weigh('selfBytes'),
    selfCount: weigh('selfCount'),
    bytes: weigh('bytes'),
    count: weigh('count'),
  };
}
