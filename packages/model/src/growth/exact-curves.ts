/**
 * Live bytes of some nodes at every moment, all below them included: what ends of bins cannot show, a heap that falls
 * within each bin as garbage is collected, and what exact numbers are read from.
 */
import { NEVER, type LifetimeBatch, type SiteChanges } from '../lifetimes.js';
import { reservedAway, SITE, type CountedRows } from './counted-rows.js';
import { KEPT_SHARE, leastOfThree } from './curve-growth.js';
import { ofSites } from './growth-tree.js';
import { judgeCurve, type CurveJudgement, type JudgeContext } from './judge-curve.js';
import { POINTS } from './live-curves.js';
import { BINS } from './work-clock.js';

/** In the place of a row. */
const UNREAD = -1;

export class ExactCurves {
  readonly #rows: CountedRows;
  readonly #known = new Map<number, Float64Array>();

  constructor(rows: CountedRows) {
    this.#rows = rows;
  }

  /** Live bytes by moment; one scan for all that are not known yet. */
  prepare(nodes: readonly number[]): void {
    const missing = [...new Set(nodes)].filter((node) => !this.#known.has(node));
    if (missing.length === 0) return;
    const { profile, changes, tree, role, moments } = this.#rows;
    // What lies in no wanted node is of the last row, which nobody reads.
    const rowOf = new Map(missing.map((node, row) => [node, row]));
    const nearest = new Int32Array(tree.length).fill(missing.length);
    for (let node = 0; node < tree.length; node++) {
      nearest[node] = rowOf.get(node) ?? (node === 0 ? missing.length : nearest[tree.parent[node]!]!);
    }
    const curves = Array.from({ length: missing.length + 1 }, () => new Float64Array(moments));
    const rowOfSite = ofSites(nearest, tree);
    for (let site = 0; site < rowOfSite.length; site++) {
      if (role[site] === SITE.leftOut || rowOfSite[site] === missing.length) rowOfSite[site] = UNREAD;
    }
    if (changes !== null) {
      addChanges(changes, curves, rowOfSite);
      addBatch(reservedAway(this.#rows, changes), curves, rowOfSite, this.#rows);
    } else for (const batch of profile.lifetimes()) addBatch(batch, curves, rowOfSite, this.#rows);
    for (const curve of curves) for (let at = 1; at < moments; at++) curve[at]! += curve[at - 1]!;
    // From the deepest up: nodes come after their parents.
    for (const node of [...missing].sort((a, b) => b - a)) {
      const curve = curves[rowOf.get(node)!]!;
      this.#known.set(node, curve);
      const above = node > 0 ? nearest[tree.parent[node]!]! : missing.length;
      if (above === missing.length) continue;
      const target = curves[above]!;
      for (let at = 0; at < moments; at++) target[at]! += curve[at]!;
    }
  }

  /** Of several nodes, none of which lies below another. */
  sum(nodes: readonly number[]): Float64Array {
    this.prepare(nodes);
    const first = this.#known.get(nodes[0]!)!;
    if (nodes.length === 1) return first;
    const total = first.slice();
    for (const node of nodes.slice(1)) {
      const curve = this.#known.get(node)!;
      for (let at = 0; at < total.length; at++) total[at]! += curve[at]!;
    }
    return total;
  }
}

function addChanges(
  { length, site, moment, bytes }: SiteChanges,
  curves: readonly Float64Array[],
  rowOfSite: Int32Array,
): void {
  for (let row = 0; row < length; row++) {
    const target = rowOfSite[site[row]!]!;
    if (target !== UNREAD) curves[target]![moment[row]!]! += bytes[row]!;
  }
}

function addBatch(
  batch: LifetimeBatch,
  curves: readonly Float64Array[],
  rowOfSite: Int32Array,
  rows: CountedRows,
): void {
  const { rows: length, site, born, died, bytes } = batch;
  const { isMapped, moments } = rows;
  for (let row = 0; row < length; row++) {
    const at = site[row]!;
    const target = rowOfSite[at]!;
    if (target === UNREAD || (isMapped[at] === 1 && rows.isReserved(batch, row))) continue;
    const curve = curves[target]!;
    curve[born[row]!]! += bytes[row]!;
    if (died[row] !== NEVER && died[row]! < moments) curve[died[row]!]! -= bytes[row]!;
  }
}

/**
 * A curve judged once more by the least of each bin, instead of what lived at its end; the least of three, since two
 * copies for a moment are no peak.
 */
export function judgeByLeast(
  exact: Float64Array,
  arenas: Float64Array,
  binOf: Uint8Array,
  context: JudgeContext,
): CurveJudgement {
  const least = new Float64Array(POINTS).fill(NaN);
  for (let moment = 0; moment < exact.length; moment++) {
    const bin = binOf[moment]!;
    const known = least[bin]!;
    least[bin] = bin === 0 || Number.isNaN(known) ? exact[moment]! : Math.min(known, exact[moment]!);
  }
  for (let bin = 0; bin < POINTS; bin++) if (Number.isNaN(least[bin]!)) least[bin] = bin === 0 ? 0 : least[bin - 1]!;
  const smooth = leastOfThree(least);
  const last = exact.at(-1) ?? 0;
  if (last >= KEPT_SHARE * smooth.reduce((most, bytes) => Math.max(most, bytes), 0)) smooth[BINS] = last;
  return judgeCurve(smooth, arenas, context);
}
