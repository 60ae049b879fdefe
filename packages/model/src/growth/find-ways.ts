/**
 * Curves of the tree → the ways on which memory grows. From the root down, the first node that grows starts a way; the
 * way goes on as long as one child holds nine tenths of what grows. Bytes below one call are so summed before they are
 * judged. Where a way forks into functions of the application that do not grow in step, each is a way of its own.
 */
import type { Container } from './containers.js';
import { areInStep } from './in-step.js';
import { KIND } from './frame-kind.js';
import { commonCaller, type GrowthTree } from './growth-tree.js';
import { fellBefore, gainBetween } from './curve-growth.js';
import { decisivePoint, growsStrictly, judgeCurve, type CurveJudgement, type JudgeContext } from './judge-curve.js';
import { POINTS, type LiveCurves } from './live-curves.js';

export interface GrowingWay {
  /** Where it ends. */
  readonly node: number;
  /** What it is summed from: the node, or a caller below which tables and arenas that grow with it lie. */
  readonly holder: number;
  /** Those of the node's descendants that grow in step and are told together; null = all below the node. */
  readonly branches: readonly number[] | null;
  readonly judgement: CurveJudgement;
}

export interface WaySource {
  readonly tree: GrowthTree;
  readonly curves: LiveCurves;
  readonly context: JudgeContext;
  /** Whether the ways through these nodes hold when they are judged moment by moment; asked for many at once. */
  readonly holds: (nodes: readonly number[]) => readonly boolean[];
  /** How many blocks the heaviest places below a node keep, at a point. */
  readonly keptCounts: (node: number, point: number) => readonly number[];
  readonly containers: () => readonly Container[];
  /** Whether a node's function has a name of its own: comprehensions have none. */
  readonly isNamed: (node: number) => boolean;
}

/** A child that holds this share of what grows continues the way. */
const WAY_SHARE = 0.9;
/** A branch with less is none. */
const BRANCH_SHARE = 0.1;
/** Bytes that are no arenas lead the way where they are so much of it. */
const LEAST_PLAIN_SHARE = 0.25;
/** A container beside arenas moves the name up to a caller with no more than so much of the growth. */
const LIFT_SHARE = 0.8;
const MOST_CONTAINERS = 8;

export class WayFinder {
  readonly #source: WaySource;
  readonly #known = new Map<number, CurveJudgement>();

  constructor(source: WaySource) {
    this.#source = source;
  }

  growing(): GrowingWay[] {
    const ways: GrowingWay[] = [];
    // Each round: starts that hold become ways, below the others it goes on.
    let open = this.#starts(0, false);
    while (open.length > 0) {
      const holds = this.#source.holds(open);
      const failed: number[] = [];
      for (const [at, node] of open.entries()) {
        if (holds[at]!) this.#follow(node, 'grows', ways);
        else failed.push(...this.#children(node));
      }
      open = failed.flatMap((node) => this.#starts(node, true));
    }
    return ways;
  }

  levelled(): GrowingWay[] {
    const ways: GrowingWay[] = [];
    const visit = (node: number): void => {
      const { verdict, growth } = this.judge(node);
      if (growth < this.#source.context.least) return;
      if (verdict === 'levelled') this.#follow(node, 'levelled', ways);
      else for (const child of this.#children(node)) visit(child);
    };
    visit(0);
    return ways;
  }

  hasCurve(node: number): boolean {
    return this.#source.curves.rowOf[node]! >= 0;
  }

  /** Of a node that has a curve. */
  judge(node: number): CurveJudgement {
    let judgement = this.#known.get(node);
    if (judgement === undefined) {
      const { curves, context } = this.#source;
      judgement = judgeCurve(this.#curve(node, curves.live), this.#curve(node, curves.arenas), context);
      this.#known.set(node, judgement);
    }
    return judgement;
  }

  /** What a node gains from a point to another for good; without its arenas where `plain`. */
  gain(node: number, from: number, to: number, plain = false): number {
    const live = this.#curve(node, this.#source.curves.live);
    if (!plain) return gainBetween(live, from, to);
    const arenas = this.#curve(node, this.#source.curves.arenas);
    return gainBetween(
      live.map((bytes, point) => bytes - arenas[point]!),
      from,
      to,
    );
  }

  /** Its children with what they gain, greatest first. */
  branches(node: number, from: number, to: number, plain = false): { node: number; gain: number }[] {
    return this.#children(node)
      .map((child) => ({ node: child, gain: this.gain(child, from, to, plain) }))
      .sort((a, b) => b.gain - a.gain);
  }

  /** The first nodes that grow, from `node` down; `isBelowOther` = below one that was judged and does not grow. */
  #starts(node: number, isBelowOther: boolean): number[] {
    const judgement = this.judge(node);
    const { verdict, growth } = judgement;
    if (growth < this.#source.context.least) return [];
    if (verdict === 'grows' && (!isBelowOther || growsStrictly(judgement))) return [node];
    const isJudged = isBelowOther || verdict === 'levelled' || verdict === 'undecided' || verdict === 'freed';
    return this.#children(node).flatMap((child) => this.#starts(child, isJudged));
  }

  #follow(start: number, verdict: 'grows' | 'levelled', ways: GrowingWay[]): void {
    const { tree, context } = this.#source;
    let node = this.#descend(start, verdict);
    if (this.#ofArenas(node) && verdict === 'grows') node = this.#liftToContainer(node);
    const judgement = this.judge(node);
    const { end } = judgement;
    const from = decisivePoint(judgement);
    if (node === 0) {
      for (const branch of this.branches(0, from, end)) {
        if (this.judge(branch.node).growth < context.least) continue;
        if (this.judge(branch.node).verdict === verdict) this.#follow(branch.node, verdict, ways);
        else if (verdict === 'grows')
          for (const start_ of this.#strictlyGrowing(branch.node)) this.#follow(start_, verdict, ways);
      }
      return;
    }
    if (verdict === 'grows' && !this.#ofArenas(node)) {
      const parts = tree.kind[node] === KIND.application ? this.#unequalParts(node, from, end) : null;
      if (parts !== null) {
        for (const part of parts) {
          if (part.length === 1) this.#follow(part[0]!, verdict, ways);
          else ways.push({ node, holder: node, branches: part, judgement });
        }
        return;
      }
    }
    ways.push({ node, holder: node, branches: null, judgement });
  }

  /** As long as one child holds nine tenths of what grows in the later half, and grows itself. */
  #descend(start: number, verdict: 'grows' | 'levelled'): number {
    const { least } = this.#source.context;
    let node = start;
    for (;;) {
      const judgement = this.judge(node);
      const from = decisivePoint(judgement);
      const whole = this.gain(node, from, judgement.end);
      const plainGain = this.gain(node, from, judgement.end, true);
      const plain = plainGain < 0.98 * whole && plainGain >= LEAST_PLAIN_SHARE * whole && plainGain >= least;
      const branches = this.branches(node, from, judgement.end, plain);
      const heaviest = branches.find((branch) => !this.#isPassing(branch.node));
      const passing = branches.reduce((sum, branch) => sum + (this.#isPassing(branch.node) ? branch.gain : 0), 0);
      if (heaviest === undefined || heaviest.gain < WAY_SHARE * ((plain ? plainGain : whole) - passing)) return node;
      if (this.judge(heaviest.node).verdict !== verdict) return node;
      // What the call keeps in arenas beside is its, too: it is not left for a part of it, but for another call.
      const { kind, functionOf } = this.#source.tree;
      if (kind[node] === KIND.application && this.#leavesArenas(heaviest.node, node)) {
        if (!this.#entersOther(heaviest.node, functionOf[node]!, from, judgement.end)) return node;
      }
      node = heaviest.node;
    }
  }

  /** A temporary that is live at most moments beside what grows is no part of it, though it seems to have come once. */
  #isPassing(node: number): boolean {
    const { verdict, growth, end } = this.judge(node);
    if (verdict !== 'steps' || growth < this.#source.context.least || this.#ofArenas(node)) return false;
    return this.fellBefore(node, end);
  }

  /** Whether a node had been as high as at a point, and fell to less than half of that, or falls after it. */
  fellBefore(node: number, point: number): boolean {
    return fellBefore(this.#curve(node, this.#source.curves.live), point);
  }

  /** Whether a node's arenas, in all the time in which it grew, are not those of its child. */
  #leavesArenas(child: number, node: number): boolean {
    const { start, end } = this.judge(node);
    const whole = this.gain(node, start, end);
    return this.gain(node, start, end, true) < 0.98 * whole && this.gain(child, start, end) < WAY_SHARE * whole;
  }

  /** Whether a way of what is no arena, from the node down, comes to another function of the application. */
  #entersOther(start: number, named: number, from: number, end: number): boolean {
    const {
      tree: { kind, functionOf },
      isNamed,
    } = this.#source;
    for (let node = start; kind[node] !== KIND.application || !isNamed(node) || functionOf[node] === named;) {
      const [heaviest] = this.branches(node, from, end, true);
      if (heaviest === undefined || heaviest.gain < WAY_SHARE * this.gain(node, from, end, true)) return false;
      node = heaviest.node;
    }
    return true;
  }

  /** Arenas name no line: a container that grows beside them names the caller that both have. */
  #liftToContainer(node: number): number {
    const { tree, containers } = this.#source;
    const { growth } = this.judge(node);
    for (const container of containers().slice(0, MOST_CONTAINERS)) {
      const common = commonCaller(node, container.node, tree);
      if (common === node || tree.kind[common] !== KIND.application || this.#isModule(common)) continue;
      let passesApplication = false;
      for (let at = container.node; at !== common; at = tree.parent[at]!) {
        passesApplication ||= tree.kind[at] === KIND.application;
      }
      const judgement = this.judge(common);
      if (passesApplication && judgement.verdict === 'grows' && judgement.growth <= growth / LIFT_SHARE) return common;
    }
    return node;
  }

  /** Branches by functions of the application, those in step together; null where the node is one finding. */
  #unequalParts(node: number, from: number, end: number): number[][] | null {
    const { context, keptCounts } = this.#source;
    const full = this.gain(node, from, end);
    const candidates: { node: number; gain: number }[] = [];
    for (const branch of this.branches(node, from, end)) {
      if (this.judge(branch.node).growth < context.least) continue;
      if (this.judge(branch.node).verdict === 'grows') {
        if (branch.gain >= BRANCH_SHARE * full) candidates.push(branch);
        continue;
      }
      // What does not grow as a whole may hold a growth beside a cache that filled.
      for (const inner of this.#strictlyGrowing(branch.node)) {
        candidates.push({ node: inner, gain: this.gain(inner, from, end) });
      }
    }
    if (candidates.length < 2) return null;
    const ofApplication = candidates.filter((branch) => this.#leadsToApplication(branch.node, node));
    const parts: { nodes: number[]; counts: readonly number[] }[] = [];
    let told = 0;
    for (const branch of ofApplication) {
      told += branch.gain;
      const counts = keptCounts(branch.node, end);
      const part = parts.find((other) => areInStep(other.counts, counts));
      if (part === undefined) parts.push({ nodes: [branch.node], counts });
      else part.nodes.push(branch.node);
    }
    return parts.length > 1 && full - told < full / 2 ? parts.map(({ nodes }) => nodes) : null;
  }

  #strictlyGrowing(node: number): number[] {
    const judgement = this.judge(node);
    if (judgement.growth < this.#source.context.least) return [];
    if (growsStrictly(judgement)) return [node];
    return this.#children(node).flatMap((child) => this.#strictlyGrowing(child));
  }

  /** Whether nine tenths of a branch go through another function of the application. */
  #leadsToApplication(branch: number, top: number): boolean {
    const { tree } = this.#source;
    const judgement = this.judge(top);
    const from = decisivePoint(judgement);
    const full = this.gain(branch, from, judgement.end);
    for (let node = branch; ;) {
      const isOther = tree.functionOf[node] !== tree.functionOf[top];
      if (tree.kind[node] === KIND.application && tree.isLine[node] === 0 && isOther) return true;
      const [heaviest] = this.branches(node, from, judgement.end);
      if (heaviest === undefined || heaviest.gain < WAY_SHARE * full) return false;
      node = heaviest.node;
    }
  }

  #ofArenas(node: number): boolean {
    const { arenaGrowth, growth } = this.judge(node);
    return growth > 0 && arenaGrowth >= growth / 2;
  }

  #isModule(node: number): boolean {
    return this.#source.tree.isModule[node] === 1;
  }

  /** Those that have a curve. */
  #children(node: number): number[] {
    const { tree, curves } = this.#source;
    const children: number[] = [];
    for (let child = tree.firstChild[node]!; child !== 0; child = tree.nextSibling[child]!) {
      if (curves.rowOf[child]! >= 0) children.push(child);
    }
    return children;
  }

  #curve(node: number, curves: Float64Array): Float64Array {
    const row = this.#source.curves.rowOf[node]!;
    return curves.subarray(row * POINTS, (row + 1) * POINTS);
  }
}
