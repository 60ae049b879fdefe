/** Sites → a frame of their joined stacks that a question looks for, from the innermost outwards, or whether there is one. */
import { NATIVE_FRAME } from '../tables.js';
import { JoinedWalk, NearestRows, NOT_NEAR, type SiteStacks } from './joined-walk.js';

/** By site: row of the innermost frame that is chosen (not 0 by frame; null = all), 0 = none. */
export function innermostRows(stacks: SiteStacks, chosen: Uint8Array | null): Uint32Array {
  const walk = new JoinedWalk(stacks);
  const { frame } = stacks.tables.stacks;
  const rows = new Uint32Array(stacks.sites.length);
  const nearest = chosen === null ? null : new NearestRows(stacks, chosen);
  for (let site = 0; site < rows.length; site++) {
    walk.start(site);
    let row = nearest === null ? NOT_NEAR : walk.leap(nearest);
    if (row === NOT_NEAR) {
      row = walk.next();
      if (chosen !== null) while (row !== 0 && chosen[frame[row]!] === 0) row = walk.next();
    }
    rows[site] = row;
  }
  return rows;
}

/** By site: 1 where a frame that is hit (1 by frame) is on the joined stack. */
export function sitesWithFrame(stacks: SiteStacks, hits: Uint8Array): Uint8Array {
  const { sites, tables } = stacks;
  const { length, parent, frame } = tables.stacks;
  const { kind } = tables.frames;
  const mask = new Uint8Array(sites.length);
  if (!hits.includes(1)) return mask;
  const nearest = new Uint32Array(length);
  for (let row = 1; row < length; row++) nearest[row] = hits[frame[row]!] === 1 ? row : nearest[parent[row]!]!;
  const walk = new JoinedWalk(stacks);
  for (let site = 0; site < mask.length; site++) {
    // Every Python frame is on the joined stack; of native ones some are not.
    if (nearest[sites.pythonStack[site]!]! > 0) mask[site] = 1;
    else if (sites.nativeStack !== null && nearest[sites.nativeStack[site]!]! > 0) {
      walk.start(site);
      const isTold = walk.tells(nearest);
      if (isTold !== null) {
        mask[site] = isTold ? 1 : 0;
        continue;
      }
      for (let row = walk.next(); row !== 0 && mask[site] === 0; row = walk.next()) {
        if (kind[frame[row]!] === NATIVE_FRAME) mask[site] = hits[frame[row]!]!;
      }
    }
  }
  return mask;
}
