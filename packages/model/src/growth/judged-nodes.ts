/**
 * Nodes of the tree with their curves → whether each grows, and what it and its parts gain between two points. Judged
 * once, when it is asked for.
 */
import { fellBefore, gainBetween, growthUpTo } from './curve-growth.js';
import type { GrowthTree } from './growth-tree.js';
import { judgeCurve, type CurveJudgement, type JudgeContext } from './judge-curve.js';
import { POINTS, type LiveCurves } from './live-curves.js';

export class JudgedNodes {
  readonly #tree: GrowthTree;
  readonly #curves: LiveCurves;
  readonly #context: JudgeContext;
  readonly #known = new Map<number, CurveJudgement>();

  constructor(tree: GrowthTree, curves: LiveCurves, context: JudgeContext) {
    this.#tree = tree;
    this.#curves = curves;
    this.#context = context;
  }

  hasCurve(node: number): boolean {
    return this.#curves.rowOf[node]! >= 0;
  }

  /** Of a node that has a curve. */
  judge(node: number): CurveJudgement {
    let judgement = this.#known.get(node);
    if (judgement === undefined) {
      const curves = this.#curves;
      judgement = judgeCurve(this.#curve(node, curves.live), this.#curve(node, curves.arenas), this.#context);
      this.#known.set(node, judgement);
    }
    return judgement;
  }

  /** What a node gains from a point to another for good; without its arenas where `plain`. */
  gain(node: number, from: number, to: number, plain = false): number {
    const live = this.#curve(node, this.#curves.live);
    if (!plain) return gainBetween(live, from, to);
    const arenas = this.#curve(node, this.#curves.arenas);
    return gainBetween(
      live.map((bytes, point) => bytes - arenas[point]!),
      from,
      to,
    );
  }

  /** What a node has gained for good at each point up to one. */
  growthAt(node: number, end: number): Float64Array {
    return growthUpTo(this.#curve(node, this.#curves.live), end);
  }

  /** Its children with what they gain, greatest first. */
  branches(node: number, from: number, to: number, plain = false): { node: number; gain: number }[] {
    return this.children(node)
      .map((child) => ({ node: child, gain: this.gain(child, from, to, plain) }))
      .sort((a, b) => b.gain - a.gain);
  }

  /** Whether a node had been as high as at a point, and fell to less than half of that, or falls after it. */
  fellBefore(node: number, point: number): boolean {
    return fellBefore(this.#curve(node, this.#curves.live), point);
  }

  isOfArenas(node: number): boolean {
    const { arenaGrowth, growth } = this.judge(node);
    return growth > 0 && arenaGrowth >= growth / 2;
  }

  /** Those that have a curve. */
  children(node: number): number[] {
    const { firstChild, nextSibling } = this.#tree;
    const children: number[] = [];
    for (let child = firstChild[node]!; child !== 0; child = nextSibling[child]!) {
      if (this.hasCurve(child)) children.push(child);
    }
    return children;
  }

  #curve(node: number, curves: Float64Array): Float64Array {
    const row = this.#curves.rowOf[node]!;
    return curves.subarray(row * POINTS, (row + 1) * POINTS);
  }
}
