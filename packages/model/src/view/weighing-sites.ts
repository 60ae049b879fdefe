/**
 * Weights of sites → the sites that weigh anything, ascending. In a window these are few of millions, and whoever sums
 * its weights looks at them alone. Found once for the same weights.
 */
import type { NarrowWeights, NumberColumn } from '../number-column.js';
import type { RowColumn, SiteRow } from '../rows.js';
import { RowSet } from './row-set.js';

const known = new WeakMap<NumberColumn, RowColumn<SiteRow>>();

export function weighingSites({ bytes, count }: NarrowWeights): RowColumn<SiteRow> {
  let sites = known.get(bytes);
  if (sites === undefined) {
    const set = new RowSet(bytes.length);
    for (let site = 0; site < bytes.length; site++) if (bytes[site] !== 0 || count[site] !== 0) set.add(site);
    known.set(bytes, (sites = set.rows()));
  }
  return sites;
}

/** For whoever knows it from making the weights; `sites` may be more than those that weigh anything. */
export function noteWeighing({ bytes }: NarrowWeights, sites: RowColumn<SiteRow>): void {
  known.set(bytes, sites);
}

/** Those that weigh anything by one of the measures. */
export function weighingByAny(measures: readonly NarrowWeights[], length: number): RowColumn<SiteRow> {
  if (measures.length === 1) return weighingSites(measures[0]!);
  const set = new RowSet(length);
  for (const weights of measures) for (const site of weighingSites(weights)) set.add(site);
  return set.rows();
}

/** What they weigh together. */
export function sumWeights(weights: NarrowWeights): { readonly bytes: number; readonly count: number } {
  let [bytes, count] = [0, 0];
  const sites = weighingSites(weights);
  for (let at = 0; at < sites.length; at++) {
    const site = sites[at]!;
    bytes += weights.bytes[site]!;
    count += weights.count[site]!;
  }
  return { bytes, count };
}
