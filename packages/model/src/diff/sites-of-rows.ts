/** Rows of sites → the sites of each row: two columns, however many rows there are. */
import { sortByNumber } from './sort-columns.js';

export interface SitesOfRows {
  /** Where the sites of a row begin; one more than there are rows. */
  readonly starts: Uint32Array;
  /** One row's after another's, ascending in each. */
  readonly sites: Uint32Array;
}

export function sortSites(rowOfSite: Uint32Array, rows: number): SitesOfRows {
  const { starts, order } = sortByNumber(rowOfSite, rows);
  return { starts, sites: order };
}
