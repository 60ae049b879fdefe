/**
 * A table of paths and the weights of sites → what each row weighs, alone and with everything below it. Of a window few of
 * millions of rows weigh anything: there are columns of these alone.
 */
import type { SiteWeights } from '../../profile.js';
import type { PathRow, RowColumn } from '../../rows.js';
import { RowSet } from '../row-set.js';
import { weighingSites } from '../weighing-sites.js';
import { DROPPED, type PathTable } from './path-table.js';

/** Columns by place; one more place, behind the last, weighs nothing and stands for all other rows. */
export interface PathWeights {
  /** By place: the row; ascending. With a row all rows above it are there. */
  readonly weighing: RowColumn<PathRow>;
  readonly placeOf: (row: PathRow) => number;
  readonly selfBytes: Float64Array;
  readonly selfCount: Float64Array;
  readonly bytes: Float64Array;
  readonly count: Float64Array;
}

/** What some rows weigh alone: columns of one length, in any order; what a row has several times is added up. */
export interface OwnWeights extends SiteWeights {
  readonly rows: RowColumn<PathRow>;
}

export function weighPaths(table: PathTable, weights: SiteWeights): PathWeights {
  return addBelow(table, ownWeights(table, weights, 0, weights.bytes.length));
}

/** Of the sites from `from` up to, not including, `to`. */
export function ownWeights(
  { rowOfSite }: Pick<PathTable, 'rowOfSite'>,
  weights: SiteWeights,
  from: number,
  to: number,
): OwnWeights {
  const sites = weighingSites(weights);
  const rows = new Uint32Array(sites.length);
  const bytes = new Float64Array(sites.length);
  const count = new Float64Array(sites.length);
  let length = 0;
  for (let at = 0; at < sites.length; at++) {
    const site = sites[at]!;
    const row = rowOfSite[site]!;
    if (row === DROPPED || site < from || site >= to) continue;
    rows[length] = row;
    bytes[length] = weights.bytes[site]!;
    count[length++] = weights.count[site]!;
  }
  return { rows: rows.subarray(0, length), bytes: bytes.subarray(0, length), count: count.subarray(0, length) };
}

/** What each row weighs with everything below it, from what some weigh alone. */
export function addBelow({ length, parent }: Pick<PathTable, 'length' | 'parent'>, own: OwnWeights): PathWeights {
  const open = new RowSet(length);
  const all = new RowSet(length);
  for (let at = 0; at < own.rows.length; at++) open.add(own.rows[at]!);
  open.drain((row) => {
    all.add(row);
    if (row !== 0) open.add(parent[row]!);
  });
  const { rows: weighing, placeOf } = all.index();
  const column = (): Float64Array => new Float64Array(weighing.length + 1);
  const [selfBytes, selfCount] = [column(), column()];
  for (let at = 0; at < own.rows.length; at++) {
    const place = placeOf(own.rows[at]!);
    selfBytes[place]! += own.bytes[at]!;
    selfCount[place]! += own.count[at]!;
  }
  const [bytes, count] = [selfBytes.slice(), selfCount.slice()];
  for (let place = weighing.length - 1; place > 0; place--) {
    const above = placeOf(parent[weighing[place]!]!);
    bytes[above]! += bytes[place]!;
    count[above]! += count[place]!;
  }
  return { weighing, placeOf, selfBytes, selfCount, bytes, count };
}
