/** Rows of sites → the sites of each row: two columns, however many rows there are. */

export interface SitesOfRows {
  /** Where the sites of a row begin; one more than there are rows. */
  readonly starts: Uint32Array;
  /** One row's after another's, ascending in each. */
  readonly sites: Uint32Array;
}

export function sortSites(rowOfSite: Uint32Array, rows: number): SitesOfRows {
  const starts = new Uint32Array(rows + 1);
  for (const row of rowOfSite) starts[row + 1]!++;
  for (let row = 0; row < rows; row++) starts[row + 1]! += starts[row]!;
  const sites = new Uint32Array(rowOfSite.length);
  const next = starts.slice();
  for (let site = 0; site < rowOfSite.length; site++) sites[next[rowOfSite[site]!]!++] = site;
  return { starts, sites };
}
