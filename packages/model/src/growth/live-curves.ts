/**
 * Lifetimes → curves: what each node of the tree held at the end of every bin of work, all below it included, and how
 * much of that were arenas. Only nodes that can hold enough for a finding have one; what lies deeper is added to the
 * nearest that has.
 */
import { NEVER, type LifetimeBatch, type SiteChanges } from '../lifetimes.js';
import { reservedAway, SITE, type CountedRows } from './counted-rows.js';
import { ofSites, type GrowthTree } from './growth-tree.js';
import { BINS, type Activity, type WorkClock } from './work-clock.js';

/** Ends of bins, the one before the work included. */
export const POINTS = BINS + 1;
/** So many nodes have curves at the most, those that can hold most. */
const MOST_CURVES = 20_000;

export interface LiveCurves {
  /** By node: the row of its curve, -1 = none. */
  readonly rowOf: Int32Array;
  /** Live bytes at the end of each bin: `live[row * POINTS + point]`. */
  readonly live: Float64Array;
  /** Of those, in arenas. */
  readonly arenas: Float64Array;
}

/** `mostBytes` bound what sites hold; nodes with less than `least` bytes have no curve. */
export function drawCurves(
  rows: CountedRows,
  { binOf }: WorkClock,
  { mostBytes }: Pick<Activity, 'mostBytes'>,
  least: number,
): LiveCurves {
  const { profile, changes: summed, tree, role, moments } = rows;
  const rowOf = chooseNodes(tree, mostBytes, least);
  const nearest = rowOf.slice();
  for (let node = 1; node < tree.length; node++) if (nearest[node]! < 0) nearest[node] = nearest[tree.parent[node]!]!;
  const rowOfSite = ofSites(nearest, tree);
  const count = rowOf.reduce((most, row) => Math.max(most, row + 1), 0);
  const live = new Float64Array(count * POINTS);
  const arenas = new Float64Array(count * POINTS);
  const target: Target = { live, arenas, rowOfSite, role, binOf, moments, rows };
  if (summed !== null) {
    addSummed(summed, target);
    addBatch(reservedAway(rows, summed), target);
  } else for (const batch of profile.lifetimes()) addBatch(batch, target);
  sumOverTime(live);
  sumOverTime(arenas);
  // Children come after their parents.
  for (let node = tree.length - 1; node > 0; node--) {
    const row = rowOf[node]!;
    if (row < 0) continue;
    const above = rowOf[tree.parent[node]!]!;
    for (let point = 0; point < POINTS; point++) {
      live[above * POINTS + point]! += live[row * POINTS + point]!;
      arenas[above * POINTS + point]! += arenas[row * POINTS + point]!;
    }
  }
  return { rowOf, live, arenas };
}

/** The root always; a node only if its parent has one, which holds at least as much. */
function chooseNodes(tree: GrowthTree, mostBytes: Float64Array, least: number): Int32Array {
  const most = new Float64Array(tree.length);
  for (let site = 0; site < mostBytes.length; site++) most[tree.nodeOfSite[site]!]! += mostBytes[site]!;
  for (let node = tree.length - 1; node > 0; node--) most[tree.parent[node]!]! += most[node]!;
  const ranked = most.filter((bytes) => bytes >= least);
  const bound = ranked.length <= MOST_CURVES ? least : ranked.sort().at(-MOST_CURVES)!;
  const rowOf = new Int32Array(tree.length).fill(-1);
  let rows = 0;
  for (let node = 0; node < tree.length; node++) if (node === 0 || most[node]! >= bound) rowOf[node] = rows++;
  return rowOf;
}

interface Target {
  readonly live: Float64Array;
  readonly arenas: Float64Array;
  readonly rowOfSite: Int32Array;
  readonly role: Uint8Array;
  readonly binOf: Uint8Array;
  readonly moments: number;
  readonly rows: CountedRows;
}

function addSummed(
  { length, site, moment, bytes }: SiteChanges,
  { live, arenas, rowOfSite, role, binOf }: Target,
): void {
  for (let row = 0; row < length; row++) {
    const at = site[row]!;
    if (role[at] === SITE.imports) continue;
    const place = rowOfSite[at]! * POINTS + binOf[moment[row]!]!;
    live[place]! += bytes[row]!;
    if (role[at] === SITE.arena) arenas[place]! += bytes[row]!;
  }
}

/** Changes at the bins of birth and death; what comes and goes within one bin leaves no trace. */
function addBatch(batch: LifetimeBatch, { live, arenas, rowOfSite, role, binOf, moments, rows }: Target): void {
  const { rows: length, site, born, died, bytes } = batch;
  for (let row = 0; row < length; row++) {
    const at = site[row]!;
    const part = role[at]!;
    if (part === SITE.imports) continue;
    const from = binOf[born[row]!]!;
    const to = binOf[died[row] === NEVER ? moments : died[row]!]!;
    if (from === to || rows.isReserved(batch, row)) continue;
    const some = bytes[row]!;
    const start = rowOfSite[at]! * POINTS;
    live[start + from]! += some;
    if (part === SITE.arena) arenas[start + from]! += some;
    if (to < POINTS) {
      live[start + to]! -= some;
      if (part === SITE.arena) arenas[start + to]! -= some;
    }
  }
}

/** Changes → levels, curve by curve. */
function sumOverTime(curves: Float64Array): void {
  for (let at = 0; at < curves.length; at++) if (at % POINTS !== 0) curves[at]! += curves[at - 1]!;
}
