/**
 * Sites → the lines of the application that lead to them, over all threads: what is kept below one line is one row,
 * whatever library allocated it and whichever thread did. What is imported is apart from what the line does itself;
 * pymalloc's arenas are one row, since which line needed a new one is chance; what no line of the application leads to is
 * told by its package, or by where it was allocated.
 */
import type { FrameRow, RowColumn, SignedRowColumn, SiteRow } from '../rows.js';
import type { SiteKeys } from '../profile.js';
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

export function findLeakPlaces(selection: Selection): LeakPlaces {
  const { sites, weights, stackTables, runs } = selection;
  const keys = keysOfSites(selection);
  // Sites of the head stand before those of a base.
  const headSites = runs.reduce((sum, { side, siteCount }) => sum + (side === 'head' ? siteCount : 0), 0);
  const rowOfKey = new Int32Array(LEAK_ROW_KINDS.length * Math.max(1, stackTables.frames.length)).fill(NO_GROUP);
  const most = Math.min(sites.length, rowOfKey.length);
  const siteOfRow = new Uint32Array(most);
  const sitesOfRow = new Uint32Array(most);
  const { bytes, count } = weights;
  let rows = 0;
  for (let site = 0; site < keys.length; site++) {
    if (bytes[site] === 0 && count[site] === 0) continue;
    const key = keys[site]!;
    let row = rowOfKey[key]!;
    if (row === NO_GROUP) {
      row = rowOfKey[key] = rows++;
      siteOfRow[row] = site;
    }
    if (site < headSites) sitesOfRow[row]!++;
    const heaviest = siteOfRow[row]!;
    const isCandidate = site < headSites || heaviest >= headSites;
    if (isCandidate && bytes[site]! > bytes[heaviest]!) siteOfRow[row] = site;
  }
  const rowOfSite = new Int32Array(sites.length);
  for (let site = 0; site < keys.length; site++) rowOfSite[site] = rowOfKey[keys[site]!]!;
  const { leadingOf } = leadingLines(stackTables);
  const { frame } = stackTables.stacks;
  const kindOfRow = new Uint8Array(rows);
  const frameOfRow = new Int32Array(rows).fill(-1);
  for (let row = 0; row < rows; row++) {
    const kind = keys[siteOfRow[row]!]! % LEAK_ROW_KINDS.length;
    kindOfRow[row] = kind;
    if (kind === LINE || kind === IMPORT)
      frameOfRow[row] = lineOf(sites.pythonStack[siteOfRow[row]!]!, leadingOf, frame);
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

function lineOf(stack: number, leadingOf: (stack: number) => number, frame: Uint32Array): number {
  return frame[leadingOf(stack) || stack]!;
}

/** By site: its kind, and with lines told apart the frame that stands for its line. Every window asks of the same. */
const knownKeys = new WeakMap<SiteKeys, Uint32Array>();

function keysOfSites({ sites, groups, stackTables, owners }: Selection): Uint32Array {
  const known = knownKeys.get(sites);
  if (known !== undefined) return known;
  const { pythonStack } = sites;
  const { frame } = stackTables.stacks;
  const { leadingOf, enteredOf } = leadingLines(stackTables);
  const { arenas } = owners();
  const keys = new Uint32Array(sites.length);
  for (let site = 0; site < keys.length; site++) {
    const stack = pythonStack[site]!;
    if (arenas !== null && arenas[site] !== NO_ARENA) keys[site] = OBJECTS;
    else if (stack === 0) keys[site] = FRAMELESS;
    else {
      const line = groups.canonical[lineOf(stack, leadingOf, frame)]!;
      keys[site] = LEAK_ROW_KINDS.length * line + (enteredOf(stack) === 0 ? LINE : IMPORT);
    }
  }
  knownKeys.set(sites, keys);
  return keys;
}
