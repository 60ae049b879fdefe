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
/** Curves of all sites are kept where they are no more: 8 MiB. */
const MOST_POINTS = 1 << 20;

export interface LiveCurves {
  /** By node: the row of its curve, -1 = none. */
  readonly rowOf: Int32Array;
  /** Live bytes at the end of each bin: `live[row * POINTS + point]`. */
  readonly live: Float64Array;
  /** Of those, in arenas. */
  readonly arenas: Float64Array;
}

/** Curves for one size of findings after the other; lifetimes are scanned once where sites are few. */
export class CurveSource {
  readonly #rows: CountedRows;
  readonly #clock: WorkClock;
  /** By node: no more was ever live below it. */
  readonly #most: Float64Array;
  /** Of each bin by site: what comes one after the other is near in memory. Null where sites are too many. */
  #changes: Float64Array | null = null;

  /** `mostBytes` bound what sites hold. */
  constructor(rows: CountedRows, clock: WorkClock, { mostBytes }: Pick<Activity, 'mostBytes'>) {
    this.#rows = rows;
    this.#clock = clock;
    this.#most = mostBelow(rows.tree, mostBytes);
  }

  /** Nodes with less than `least` bytes have no curve. */
  draw(least: number): LiveCurves {
    return drawCurves(this.#rows, this.#most, least, (live, arenas, rowOfSite) => {
      const { role } = this.#rows;
      if (role.length * POINTS > MOST_POINTS) {
        addLifetimes(
          { live, arenas, startOfSite: startsOf(rowOfSite, POINTS, role), stride: 1 },
          this.#rows,
          this.#clock,
        );
        return;
      }
      addSites(
        (this.#changes ??= this.#sumSites()),
        { live, arenas, startOfSite: startsOf(rowOfSite, POINTS, role) },
        role,
      );
    });
  }

  #sumSites(): Float64Array {
    const { role } = this.#rows;
    const live = new Float64Array(role.length * POINTS);
    const each = Int32Array.from(role.keys());
    const target = { live, arenas: null, startOfSite: startsOf(each, 1, role), stride: role.length };
    addLifetimes(target, this.#rows, this.#clock);
    return live;
  }
}

/** `changes` of each bin by site. */
function addSites(
  changes: Float64Array,
  { live, arenas, startOfSite }: { live: Float64Array; arenas: Float64Array; startOfSite: Int32Array },
  role: Uint8Array,
): void {
  const sites = role.length;
  for (let at = 0, point = 0, site = 0; at < changes.length; at++) {
    const bytes = changes[at]!;
    if (bytes !== 0) {
      live[startOfSite[site]! + point]! += bytes;
      if (role[site] === SITE.arena) arenas[startOfSite[site]! + point]! += bytes;
    }
    if (++site === sites) {
      site = 0;
      point++;
    }
  }
}

type AddChanges = (live: Float64Array, arenas: Float64Array, rowOfSite: Int32Array) => void;

function drawCurves({ tree }: CountedRows, most: Float64Array, least: number, addChanges: AddChanges): LiveCurves {
  const { rowOf, count } = chooseNodes(most, least);
  const nearest = rowOf.slice();
  for (let node = 1; node < tree.length; node++) if (nearest[node]! < 0) nearest[node] = nearest[tree.parent[node]!]!;
  const live = new Float64Array(count * POINTS);
  const arenas = new Float64Array(count * POINTS);
  addChanges(live, arenas, ofSites(nearest, tree));
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

function mostBelow({ length, parent, nodeOfSite }: GrowthTree, mostBytes: Float64Array): Float64Array {
  const most = new Float64Array(length);
  for (let site = 0; site < mostBytes.length; site++) most[nodeOfSite[site]!]! += mostBytes[site]!;
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

interface Target {
  readonly live: Float64Array;
  /** Null where nobody asks which are. */
  readonly arenas: Float64Array | null;
  /** By site: where its curve begins, -1 = imports. */
  readonly startOfSite: Int32Array;
  /** From one point of a curve to the next. */
  readonly stride: number;
}

function startsOf(rowOfSite: Int32Array, width: number, role: Uint8Array): Int32Array {
  const starts = new Int32Array(role.length);
  for (let site = 0; site < role.length; site++) {
    starts[site] = role[site] === SITE.imports ? -1 : rowOfSite[site]! * width;
  }
  return starts;
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
  { live, arenas, startOfSite, stride }: Target,
  role: Uint8Array,
  binOf: Uint8Array,
): void {
  for (let row = 0; row < length; row++) {
    const at = site[row]!;
    if (startOfSite[at]! < 0) continue;
    const place = startOfSite[at]! + stride * binOf[moment[row]!]!;
    live[place]! += bytes[row]!;
    if (arenas !== null && role[at] === SITE.arena) arenas[place]! += bytes[row]!;
  }
}

/** Changes at the bins of birth and death; what comes and goes within one bin leaves no trace. */
function addBatch(
  batch: LifetimeBatch,
  { live, arenas, startOfSite, stride }: Target,
  rows: CountedRows,
  binOf: Uint8Array,
): void {
  const { rows: length, site, born, died, bytes } = batch;
  const { role, isMapped, moments } = rows;
  for (let row = 0; row < length; row++) {
    const at = site[row]!;
    const start = startOfSite[at]!;
    if (start < 0) continue;
    const from = binOf[born[row]!]!;
    const to = binOf[died[row] === NEVER ? moments : died[row]!]!;
    if (from === to || (isMapped[at] === 1 && rows.isReserved(batch, row))) continue;
    const some = bytes[row]!;
    const isArena = arenas !== null && role[at] === SITE.arena;
    live[start + stride * from]! += some;
    if (isArena) arenas[start + stride * from]! += some;
    if (to < POINTS) {
      live[start + stride * to]! -= some;
      if (isArena) arenas[start + stride * to]! -= some;
    }
  }
}

/** Changes → levels, curve by curve. */
function sumOverTime(curves: Float64Array): void {
  for (let start = 0; start < curves.length; start += POINTS) {
    for (let at = start + 1; at < start + POINTS; at++) curves[at]! += curves[at - 1]!;
  }
}
