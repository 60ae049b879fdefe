/**
 * The Python and native stacks of some of a profile's sites → their joined stacks, in a table of their own. How to join
 * is what the capture said (`JoinNotes`); its tables have everything else.
 */
import type { StackTables } from '../profile.js';
import type { RowColumn, ShownStackRow, SiteRow } from '../rows.js';
import type { JoinNotes } from '../capture.js';
import type { StackTable } from '../tables.js';
import { JOIN_METHODS } from '../symbol-notes.js';
import { countCutLoops } from './cut-loops.js';
import { countPassed, joinColumns, joinMethodOf, joinSource, type RecordedSites } from './join-columns.js';
import type { StackPairs } from './join-source.js';
import { joinStacks } from './join-stacks.js';
import type { SiteStacks } from './joined-walk.js';
import { JoinedTreeBuilder } from './joined-tree.js';

export interface JoinedStacks {
  readonly stacks: StackTable<ShownStackRow>;
  /** By site; 0 for those that were not asked for. */
  readonly stack: RowColumn<ShownStackRow>;
}

/** Rows of joined stacks that fit in memory; only a capture made for it has more. */
const MOST_ROWS = 1 << 26;
/** Of real captures: rows that one more site adds. */
const EXPECTED_ROWS = 8;

/** `asked` are sites, ascending. `left`: by frame row not 0 where native ones are left out; undefined = none is. */
export function joinSites(
  { tables, sites, joins }: SiteStacks,
  asked: RowColumn<SiteRow>,
  left?: Uint8Array,
): JoinedStacks {
  const tree = new JoinedTreeBuilder(Math.min(MOST_ROWS >> 2, EXPECTED_ROWS * asked.length));
  const stack = new Uint32Array(sites.length);
  for (const [run, { firstSite, notes }] of joins.entries()) {
    const end = joins[run + 1]?.firstSite ?? sites.length;
    const own = asked.subarray(placeOf(asked, firstSite), placeOf(asked, end));
    if (own.length === 0) continue;
    const source = joinSource(tables, notes?.inwards ?? true);
    const pairs = pairsOf(sites, own, notes);
    const cutLoops = notes?.cutLoops ?? 0;
    const loops = joinColumns(tables);
    const joined = joinStacks(source, pairs, { tree, cutLoops, mostRows: MOST_ROWS, loops, ...(left && { left }) });
    for (let at = 0; at < own.length; at++) stack[own[at]!] = joined.stack[at]!;
  }
  return { stacks: { length: tree.length, parent: tree.parents(0).slice(), frame: tree.frames(0) }, stack };
}

/** How many are less than `site`. */
function placeOf(asked: Uint32Array, site: number): number {
  let [from, to] = [0, asked.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (asked[middle]! < site) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Native stacks of a run without any are left out: its Python stacks stand alone. */
function pairsOf(
  { thread, pythonStack, nativeStack }: SiteStacks['sites'],
  own: Uint32Array,
  notes: JoinNotes | null,
): StackPairs {
  const { length } = own;
  const pairs = {
    length,
    pythonStack: new Uint32Array(length),
    nativeStack: new Uint32Array(length),
    isCut: new Uint8Array(length),
  };
  for (let at = 0; at < length; at++) {
    const site = own[at]!;
    pairs.pythonStack[at] = pythonStack[site]!;
    if (nativeStack === null || notes === null) continue;
    pairs.nativeStack[at] = nativeStack[site]!;
    pairs.isCut[at] = thread[site] === notes.cutThread ? 1 : 0;
  }
  return pairs;
}

/** What there is to know before anything is joined. */
export interface JoinPlan {
  readonly notes: JoinNotes;
  /** Sites by the index of their method in `JOIN_METHODS`. */
  readonly methods: readonly number[];
}

/** How the stacks of a capture are to be joined: `joinSites` does it so. */
export function planJoin(tables: StackTables, sites: RecordedSites, how: Omit<JoinNotes, 'cutLoops'>): JoinPlan {
  const columns = joinColumns(tables);
  const { length, thread, pythonStack, nativeStack } = sites;
  const isCut = new Uint8Array(length);
  for (let site = 0; site < length; site++) isCut[site] = thread[site] === how.cutThread ? 1 : 0;
  const notes = { ...how, cutLoops: countCutLoops(columns, { length, pythonStack, nativeStack, isCut }) };
  const methods = JOIN_METHODS.map(() => 0);
  for (let site = 0; site < length; site++) {
    const passed = countPassed(pythonStack[site]!, isCut[site] === 1, notes, columns);
    methods[joinMethodOf(pythonStack[site]!, nativeStack[site]!, passed, columns)]!++;
  }
  return { notes, methods };
}
