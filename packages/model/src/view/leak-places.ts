/**
 * Sites → the lines of the application that lead to them, over all threads: what is kept below one line is one row,
 * whatever library allocated it and whichever thread did. What is imported is apart from what the line does itself;
 * pymalloc's arenas are one row, since which line needed a new one is chance; what no line of the application leads to is
 * told by its package, or by where it was allocated.
 */
import type { FrameRow, RowColumn, SignedRowColumn, SiteRow } from '../rows.js';
import { NO_ARENA } from '../analysis/arenas.js';
import { leadingLines } from '../analysis/peak/leading-lines.js';
import { NO_GROUP } from './live-over-time.js';
import type { Selection } from './selection.js';

export const LEAK_ROW_KINDS = ['line', 'import', 'objects', 'frameless'] as const;
export type LeakRowKind = (typeof LEAK_ROW_KINDS)[number];

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

const [LINE, IMPORT, OBJECTS, FRAMELESS] = [0, 1, 2, 3];

export function findLeakPlaces({ sites, weights, groups, stackTables, owners, runs }: Selection): LeakPlaces {
  const { frame } = stackTables.stacks;
  const { leadingOf, enteredOf } = leadingLines(stackTables);
  const { arenas } = owners();
  const kindOf = (site: number): number => {
    if (arenas !== null && arenas[site] !== NO_ARENA) return OBJECTS;
    const stack = sites.pythonStack[site]!;
    if (stack === 0) return FRAMELESS;
    return enteredOf(stack) === 0 ? LINE : IMPORT;
  };
  const frameOf = (stack: number): number => frame[leadingOf(stack) || stack]!;
  const keyOf = (site: number): number => {
    const kind = kindOf(site);
    const line = kind === LINE || kind === IMPORT ? groups.canonical[frameOf(sites.pythonStack[site]!)]! : 0;
    return LEAK_ROW_KINDS.length * line + kind;
  };
  const keys = new Uint32Array(sites.length);
  for (let site = 0; site < keys.length; site++) keys[site] = keyOf(site);
  // Sites of the head stand before those of a base.
  const headSites = runs.reduce((sum, { side, siteCount }) => sum + (side === 'head' ? siteCount : 0), 0);
  const rowOfKey = new Int32Array(LEAK_ROW_KINDS.length * Math.max(1, stackTables.frames.length)).fill(NO_GROUP);
  const kinds: number[] = [];
  const frames: number[] = [];
  const heaviest: number[] = [];
  const counts: number[] = [];
  for (let site = 0; site < sites.length; site++) {
    if (weights.bytes[site] === 0 && weights.count[site] === 0) continue;
    const key = keys[site]!;
    let row = rowOfKey[key]!;
    if (row === NO_GROUP) {
      row = rowOfKey[key] = frames.length;
      const kind = kindOf(site);
      kinds.push(kind);
      frames.push(kind === LINE || kind === IMPORT ? frameOf(sites.pythonStack[site]!) : -1);
      heaviest.push(site);
      counts.push(0);
    }
    if (site < headSites) counts[row]!++;
    const isCandidate = site < headSites || heaviest[row]! >= headSites;
    if (!isCandidate || weights.bytes[site]! <= weights.bytes[heaviest[row]!]!) continue;
    heaviest[row] = site;
    if (frames[row] !== -1) frames[row] = frameOf(sites.pythonStack[site]!);
  }
  const rowOfSite = new Int32Array(sites.length);
  for (let site = 0; site < keys.length; site++) rowOfSite[site] = rowOfKey[keys[site]!]!;
  return {
    // Sites that leak nothing belong to the line that others leak at: they share what it fills.
    rowOfSite,
    kindOfRow: Uint8Array.from(kinds),
    frameOfRow: Int32Array.from(frames),
    siteOfRow: Uint32Array.from(heaviest),
    sitesOfRow: Uint32Array.from(counts),
  };
}
