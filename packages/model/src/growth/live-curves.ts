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

/** Curves for one size of findings after the other; lifetimes are scanned once, for the least of them. */
export class CurveSource {
  /** By node: no more was ever live below it. */
  readonly #most: Float64Array;
  readonly #drawn: LiveCurves;

  /** `mostBytes` bound what nodes hold, and are added up in place; nobody asks for less than `least` bytes. */
  constructor(rows: CountedRows, clock: WorkClock, { mostBytes }: Pick<Activity, 'mostBytes'>, least: number) {
    this.#most = mostBelow(rows.tree, mostBytes);
    this.#drawn = drawCurves(rows, clock, chooseNodes(this.#most, least));
  }

  /** Nodes with less than `least` bytes have no curve. */
  draw(least: number): LiveCurves {
    const { rowOf } = chooseNodes(this.#most, least);
    const drawn = this.#drawn;
    for (let node = 0; node < rowOf.length; node++) if (rowOf[node]! >= 0) rowOf[node] = drawn.rowOf[node]!;
    return { ...drawn, rowOf };
  }
}

function drawCurves(rows: CountedRows, clock: WorkClock, { rowOf, count }: ChosenNodes): LiveCurves {
  const { tree, role } = rows;
  const nearest = rowOf.slice();
  for (let node = 1; node < tree.length; node++) if (nearest[node]! < 0) nearest[node] = nearest[tree.parent[node]!]!;
  const hasArenas = role.includes(SITE.arena);
  const changes = new Float64Array(count * POINTS);
  const arenaChanges = hasArenas ? new Float64Array(count * POINTS) : changes;
  addLifetimes({ live: changes, arenas: arenaChanges, rowOfSite: rowsOfSites(nearest, rows), count }, rows, clock);
  const live = sumOverTime(changes, count);
  const arenas = hasArenas ? sumOverTime(arenaChanges, count) : new Float64Array(count * POINTS);
  // Children come after their parents.
  for (let node = tree.length - 1; node > 0; node--) {
    const row = rowOf[node]!;
    if (row < 0) continue;
    const above = rowOf[tree.parent[node]!]!;
    addCurve(live, row, above);
    if (hasArenas) addCurve(arenas, row, above);
  }
  return { rowOf, live, arenas };
}

function addCurve(curves: Float64Array, row: number, above: number): void {
  const [from, to] = [row * POINTS, above * POINTS];
  for (let point = 0; point < POINTS; point++) curves[to + point]! += curves[from + point]!;
}

function mostBelow({ length, parent }: GrowthTree, most: Float64Array): Float64Array {
  for (let node = length - 1; node > 0; node--) most[parent[node]!]! += most[node]!;
  return most;
}

interface ChosenNodes {
  /** By node: its row, -1 = none. */
  readonly rowOf: Int32Array;
  readonly count: number;
}

function chooseNodes(most: Float64Array, least: number): ChosenNodes {
  const chosen = nodesFrom(least, most);
  return chosen.count <= MOST_CURVES ? chosen : nodesFrom(most.slice().sort().at(-MOST_CURVES)!, most);
}

/** The root always; a node only if its parent has one, which holds at least as much. */
function nodesFrom(least: number, most: Float64Array): ChosenNodes {
  const rowOf = new Int32Array(most.length).fill(-1);
  let count = 0;
  for (let node = 0; node < most.length; node++) if (node === 0 || most[node]! >= least) rowOf[node] = count++;
  return { rowOf, count };
}

/** Changes by point, then by row: what comes one after the other is near in memory. */
interface Target {
  readonly live: Float64Array;
  /** Those of arenas once more. */
  readonly arenas: Float64Array;
  /** By site, as `rowsOfSites` gives them. */
  readonly rowOfSite: Int32Array;
  /** Of rows. */
  readonly count: number;
}

/** In the place of a row: of imports. */
const UNREAD = -1;

/** By site: its row, `UNREAD` if it is none, and -2 less the row where arenas or reservations are to be told from the rest. */
function rowsOfSites(nearest: Int32Array, { tree, role, isMapped }: CountedRows): Int32Array {
  const rowOfSite = ofSites(nearest, tree);
  for (let site = 0; site < rowOfSite.length; site++) {
    if (role[site] === SITE.leftOut) rowOfSite[site] = UNREAD;
    else if (role[site] === SITE.arena || isMapped[site] === 1) rowOfSite[site] = -2 - rowOfSite[site]!;
  }
  return rowOfSite;
}

function addLifetimes(target: Target, rows: CountedRows, { binOf }: WorkClock): void {
  const { profile, changes } = rows;
  if (changes !== null) {
    addSummed(changes, target, rows.role, binOf);
    addBatch(reservedAway(rows, changes), target, rows, binOf);
  } else for (const batch of profile.lifetimes()) addBatch(batch, target, rows, binOf);
}

function addSummed(
  { length, site, moment, bytes }: SiteChanges,
  { live, arenas, rowOfSite, count }: Target,
  role: Uint8Array,
  binOf: Uint8Array,
): void {
  for (let row = 0; row < length; row++) {
    const at = site[row]!;
    const known = rowOfSite[at]!;
    if (known === UNREAD) continue;
    const place = (known < 0 ? -2 - known : known) + count * binOf[moment[row]!]!;
    live[place]! += bytes[row]!;
    if (known < 0 && role[at] === SITE.arena) arenas[place]! += bytes[row]!;
  }
}

/** Changes at the bins of birth and death; what comes and goes within one bin leaves no trace. */
function addBatch(
  batch: LifetimeBatch,
  { live, arenas, rowOfSite, count }: Target,
  rows: CountedRows,
  binOf: Uint8Array,
): void {
  const { rows: length, site, born, died, bytes } = batch;
  const { role, moments } = rows;
  for (let row = 0; row < length; row++) {
    const at = site[row]!;
    const known = rowOfSite[at]!;
    if (known === UNREAD) continue;
    const from = binOf[born[row]!]!;
    const to = binOf[died[row] === NEVER ? moments : died[row]!]!;
    if (from === to || (known < 0 && rows.isReserved(batch, row))) continue;
    const some = bytes[row]!;
    const place = known < 0 ? -2 - known : known;
    const isArena = known < 0 && role[at] === SITE.arena;
    live[place + count * from]! += some;
    if (isArena) arenas[place + count * from]! += some;
    if (to < POINTS) {
      live[place + count * to]! -= some;
      if (isArena) arenas[place + count * to]! -= some;
    }
  }
}

/** Changes by point → levels, curve by curve. */
function sumOverTime(changes: Float64Array, count: number): Float64Array {
  const curves = new Float64Array(count * POINTS);
  for (let row = 0; row < count; row++) {
    let level = 0;
    for (let point = 0, at = row; point < POINTS; point++, at += count) {
      level += changes[at]!;
      curves[row * POINTS + point] = level;
    }
  }
  return curves;
}
