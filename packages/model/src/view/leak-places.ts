/**
 * Sites → the rows of leaks, over all threads: what is kept below one line of the application is one row, whatever library
 * allocated it and whichever thread did.
 */
import type { FrameRow, RowColumn, SignedRowColumn, SiteRow } from '../rows.js';
import type { SiteKeys } from '../profile.js';
import { applicationLines, frameOfLine, kindOfLine, LEAK_ROW_KINDS, type LeakRowKind } from './application-lines.js';
import { NO_GROUP } from './live-over-time.js';
import type { Selection } from './selection.js';

export interface LeakPlaces {
  /** Row of each site, `NO_GROUP` where nothing of its line is live at the end. */
  readonly rowOfSite: Int32Array;
  /** Position in `LEAK_ROW_KINDS`. */
  readonly kindOfRow: Uint8Array;
  /** Row of `FrameTable` of the line, that at which most is kept where lines are not told apart; -1 = none. */
  readonly frameOfRow: SignedRowColumn<FrameRow>;
  /** The site that keeps most; with a base one of the head, where it has any. */
  readonly siteOfRow: RowColumn<SiteRow>;
  /** Sites of the head that keep something. */
  readonly sitesOfRow: Uint32Array;
}

/** `used` are the weights of the selection without what is only reserved. */
export function findLeakPlaces(selection: Selection, used: Selection['weights']): LeakPlaces {
  const { sites, weights, stackTables, runs } = selection;
  const keys = keysOfSites(selection);
  // Sites of the head stand before those of a base.
  const headSites = runs.reduce((sum, { side, siteCount }) => sum + (side === 'head' ? siteCount : 0), 0);
  const rowOfKey = new Int32Array(LEAK_ROW_KINDS.length * Math.max(1, stackTables.frames.length)).fill(NO_GROUP);
  const most = Math.min(sites.length, rowOfKey.length);
  const siteOfRow = new Uint32Array(most);
  const sitesOfRow = new Uint32Array(most);
  const { bytes, count } = used;
  let rows = 0;
  for (let site = 0; site < keys.length; site++) {
    if (weights.bytes[site] === 0 && weights.count[site] === 0) continue;
    const key = keys[site]!;
    let row = rowOfKey[key]!;
    if (row === NO_GROUP) {
      row = rowOfKey[key] = rows++;
      siteOfRow[row] = site;
    }
    if (site < headSites && (bytes[site] !== 0 || count[site] !== 0)) sitesOfRow[row]!++;
    const heaviest = siteOfRow[row]!;
    const isCandidate = site < headSites || heaviest >= headSites;
    if (isCandidate && bytes[site]! > bytes[heaviest]!) siteOfRow[row] = site;
  }
  const rowOfSite = new Int32Array(sites.length);
  for (let site = 0; site < keys.length; site++) rowOfSite[site] = rowOfKey[keys[site]!]!;
  const lines = linesOfSites(selection);
  const kindOfRow = new Uint8Array(rows);
  const frameOfRow = new Int32Array(rows).fill(-1);
  for (let row = 0; row < rows; row++) {
    const line = lines[siteOfRow[row]!]!;
    kindOfRow[row] = kindOfLine(line);
    frameOfRow[row] = frameOfLine(line) ?? -1;
  }
  return {
    // Sites that leak nothing belong to the line that others leak at: they share what it fills.
    rowOfSite,
    kindOfRow,
    frameOfRow,
    siteOfRow: siteOfRow.slice(0, rows),
    sitesOfRow: sitesOfRow.slice(0, rows),
  };
}

/** By site: the key of its line. */
export function linesOfSites({ sites, stackTables, owners }: Selection): Uint32Array {
  return applicationLines({ sites, stackTables, arenas: owners().arenas });
}

/** By site: the key of the first line that looks like its own. Every window asks of the same. */
const knownKeys = new WeakMap<SiteKeys, Uint32Array>();

export function keysOfSites(selection: Selection): Uint32Array {
  const { sites, groups } = selection;
  let keys = knownKeys.get(sites);
  if (keys === undefined) {
    const lines = linesOfSites(selection);
    keys = new Uint32Array(lines.length);
    for (let site = 0; site < keys.length; site++) {
      const line = lines[site]!;
      const frame = frameOfLine(line);
      keys[site] = frame === null ? line : LEAK_ROW_KINDS.length * groups.canonical[frame]! + kindOfLine(line);
    }
    knownKeys.set(sites, keys);
  }
  return keys;
}

/** The line that leads to a site, as views list it; of a set with a base any line of its function. -1 = of none. */
export function applicationOf(
  site: SiteRow,
  selection: Selection,
): { readonly frame: FrameRow; readonly kind: LeakRowKind } {
  const key = keysOfSites(selection)[site]!;
  return { frame: frameOfLine(key) ?? -1, kind: LEAK_ROW_KINDS[kindOfLine(key)]! };
}
