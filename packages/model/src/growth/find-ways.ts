/**
 * Curves of the tree → the ways on which memory grows. From the root down, the first node that grows starts a way; the
 * way goes on as long as one child holds nine tenths of what grows. Bytes below one call are so summed before they are
 * judged. Where a way forks into functions of the application that do not grow in step, or did not begin to
 * at one time, each is a way of its own.
 */
import type { Container } from './containers.js';
import { areInStep } from './in-step.js';
import { KIND } from './frame-kind.js';
import { liftToContainer } from './lift-to-container.js';
import type { GrowthTree } from './growth-tree.js';
import type { JudgedNodes } from './judged-nodes.js';
import { decisivePoint, growsStrictly, type CurveJudgement, type JudgeContext } from './judge-curve.js';
import { phasesBelow } from './phases.js';
import { BINS } from './work-clock.js';

export interface GrowingWay {
  /** Where it ends. */
  readonly node: number;
  /** What it is summed from: the node, or a caller below which tables and arenas that grow with it lie. */
  readonly holder: number;
  /** Those of the node's descendants that grow in step and are told together; null = all below the node. */
  readonly branches: readonly number[] | null;
  /** Whether all that has no Python frame grew with it, and is summed with it. */
  readonly threads?: boolean;
  readonly judgement: CurveJudgement;
}

export interface WaySource {
  readonly tree: GrowthTree;
  readonly nodes: JudgedNodes;
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
/** What began to rise by more than this share of the work before another is another growth, though in step since. */
const APART_SHARE = 0.15;
/** Bytes that are no arenas lead the way where they are so much of it. */
const LEAST_PLAIN_SHARE = 0.25;

export class WayFinder {
  readonly #source: WaySource;
  readonly #nodes: JudgedNodes;

  constructor(source: WaySource) {
    this.#source = source;
    this.#nodes = source.nodes;
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
        else failed.push(...this.#nodes.children(node));
      }
      open = failed.flatMap((node) => this.#starts(node, true));
    }
    return ways;
  }

  /** Beside the ways that grow: none is above or below one of them. */
  levelled(growing: readonly GrowingWay[]): GrowingWay[] {
    const { tree, context } = this.#source;
    const isAbove = new Uint8Array(tree.length);
    const isTold = new Uint8Array(tree.length);
    for (const { holder, branches } of growing) {
      for (const end of branches ?? [holder]) {
        isTold[end] = 1;
        for (let at = end; at !== 0; at = tree.parent[at]!) isAbove[at] = 1;
        isAbove[0] = 1;
      }
    }
    const ways: GrowingWay[] = [];
    const visit = (node: number): void => {
      const { verdict, growth } = this.#nodes.judge(node);
      if (growth < context.least || isTold[node] === 1) return;
      if (verdict === 'levelled' && isAbove[node] === 0) this.#follow(node, 'levelled', ways);
      else for (const child of this.#nodes.children(node)) visit(child);
    };
    visit(0);
    return ways;
  }

  /** The first nodes that grow, from `node` down; `isBelowOther` = below one that was judged and does not grow. */
  #starts(node: number, isBelowOther: boolean): number[] {
    const judgement = this.#nodes.judge(node);
    const { verdict, growth } = judgement;
    if (growth < this.#source.context.least) return [];
    if (verdict === 'grows' && (!isBelowOther || growsStrictly(judgement))) return [node];
    const isJudged = isBelowOther || verdict === 'levelled' || verdict === 'undecided' || verdict === 'freed';
    return this.#nodes.children(node).flatMap((child) => this.#starts(child, isJudged));
  }

  #follow(start: number, verdict: 'grows' | 'levelled', ways: GrowingWay[]): void {
    const { tree, context } = this.#source;
    let node = this.#descend(start, verdict);
    if (this.#nodes.isOfArenas(node) && verdict === 'grows')
      node = liftToContainer(node, this.#nodes, tree, this.#source.containers());
    const judgement = this.#nodes.judge(node);
    const { end } = judgement;
    const from = decisivePoint(judgement);
    if (node === 0) {
      for (const branch of this.#nodes.branches(0, from, end)) {
        if (this.#nodes.judge(branch.node).growth < context.least) continue;
        if (this.#nodes.judge(branch.node).verdict === verdict) this.#follow(branch.node, verdict, ways);
        else if (verdict === 'grows')
          for (const start_ of this.#strictlyGrowing(branch.node)) this.#follow(start_, verdict, ways);
      }
      return;
    }
    const phases = verdict === 'grows' ? phasesBelow(node, this.#nodes) : null;
    if (phases !== null) {
      for (const phase of phases) if (this.#nodes.judge(phase).verdict === verdict) this.#follow(phase, verdict, ways);
      return;
    }
    if (verdict === 'grows' && !this.#nodes.isOfArenas(node)) {
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
      const judgement = this.#nodes.judge(node);
      const from = decisivePoint(judgement);
      const whole = this.#nodes.gain(node, from, judgement.end);
      const plainGain = this.#nodes.gain(node, from, judgement.end, true);
      const plain = plainGain < 0.98 * whole && plainGain >= LEAST_PLAIN_SHARE * whole && plainGain >= least;
      const branches = this.#nodes.branches(node, from, judgement.end, plain);
      const heaviest = branches.find((branch) => !this.#isPassing(branch.node));
      const passing = branches.reduce((sum, branch) => sum + (this.#isPassing(branch.node) ? branch.gain : 0), 0);
      if (heaviest === undefined || heaviest.gain < WAY_SHARE * ((plain ? plainGain : whole) - passing)) return node;
      if (this.#nodes.judge(heaviest.node).verdict !== verdict || this.#isTableOf(heaviest.node, node)) return node;
      // What the call keeps in arenas beside is its, too: it is not left for a part of it, but for another call.
      const { kind, functionOf } = this.#source.tree;
      // So is what an import that is repeated keeps of the code that it executes.
      if (kind[node] === KIND.imports && this.#leavesArenas(heaviest.node, node)) return node;
      if (kind[node] === KIND.application && this.#leavesArenas(heaviest.node, node)) {
        if (!this.#entersOther(heaviest.node, functionOf[node]!, from, judgement.end)) return node;
      }
      node = heaviest.node;
    }
  }

  /** A temporary that is live at most moments beside what grows is no part of it, though it seems to have come once. */
  #isPassing(node: number): boolean {
    const { verdict, growth, end } = this.#nodes.judge(node);
    if (verdict !== 'steps' || growth < this.#source.context.least || this.#nodes.isOfArenas(node)) return false;
    return this.#nodes.fellBefore(node, end);
  }

  /** What doubles as it fills beside what steadily grows holds that, and is no way of its own. */
  #isTableOf(child: number, node: number): boolean {
    return this.#nodes.judge(child).doubles && !this.#nodes.judge(node).doubles;
  }

  /** Whether a node's arenas, in all the time in which it grew, are not those of its child. */
  #leavesArenas(child: number, node: number): boolean {
    const { start, end } = this.#nodes.judge(node);
    const whole = this.#nodes.gain(node, start, end);
    return (
      this.#nodes.gain(node, start, end, true) < 0.98 * whole && this.#nodes.gain(child, start, end) < WAY_SHARE * whole
    );
  }

  /** Whether a way of what is no arena, from the node down, comes to another function of the application. */
  #entersOther(start: number, named: number, from: number, end: number): boolean {
    const {
      tree: { kind, functionOf },
      isNamed,
    } = this.#source;
    for (let node = start; kind[node] !== KIND.application || !isNamed(node) || functionOf[node] === named;) {
      const [heaviest] = this.#nodes.branches(node, from, end, true);
      if (heaviest === undefined || heaviest.gain < WAY_SHARE * this.#nodes.gain(node, from, end, true)) return false;
      node = heaviest.node;
    }
    return true;
  }

  /** Branches by functions of the application, those in step together; null where the node is one finding. */
  #unequalParts(node: number, from: number, end: number): number[][] | null {
    const { context, keptCounts } = this.#source;
    const full = this.#nodes.gain(node, from, end);
    const candidates: { node: number; gain: number }[] = [];
    for (const branch of this.#nodes.branches(node, from, end)) {
      if (this.#nodes.judge(branch.node).growth < context.least) continue;
      if (this.#isTableOf(branch.node, node)) continue;
      if (this.#nodes.judge(branch.node).verdict === 'grows') {
        if (branch.gain >= BRANCH_SHARE * full) candidates.push(branch);
        continue;
      }
      // What does not grow as a whole may hold a growth beside a cache that filled.
      for (const inner of this.#strictlyGrowing(branch.node)) {
        candidates.push({ node: inner, gain: this.#nodes.gain(inner, from, end) });
      }
    }
    if (candidates.length < 2) return null;
    const ofApplication = candidates.filter((branch) => this.#leadsToApplication(branch.node, node));
    const parts: { nodes: number[]; counts: readonly number[]; since: number }[] = [];
    let told = 0;
    for (const branch of ofApplication) {
      told += branch.gain;
      const counts = keptCounts(branch.node, end);
      const { since } = this.#nodes.judge(branch.node);
      // Arenas come by chance.
      const areApart = (other: number): boolean =>
        Math.abs(other - since) > APART_SHARE * BINS && !this.#nodes.isOfArenas(branch.node);
      const part = parts.find((other) => areInStep(other.counts, counts) && !areApart(other.since));
      if (part === undefined) parts.push({ nodes: [branch.node], counts, since });
      else part.nodes.push(branch.node);
    }
    return parts.length > 1 && full - told < full / 2 ? parts.map(({ nodes }) => nodes) : null;
  }

  #strictlyGrowing(node: number): number[] {
    const judgement = this.#nodes.judge(node);
    if (judgement.growth < this.#source.context.least) return [];
    if (growsStrictly(judgement)) return [node];
    return this.#nodes.children(node).flatMap((child) => this.#strictlyGrowing(child));
  }

  /** Whether nine tenths of a branch go through another function of the application. */
  #leadsToApplication(branch: number, top: number): boolean {
    const { tree } = this.#source;
    const judgement = this.#nodes.judge(top);
    const from = decisivePoint(judgement);
    const full = this.#nodes.gain(branch, from, judgement.end);
    for (let node = branch; ;) {
      const isOther = tree.functionOf[node] !== tree.functionOf[top];
      if (tree.kind[node] === KIND.application && tree.isLine[node] === 0 && isOther) return true;
      const [heaviest] = this.#nodes.branches(node, from, judgement.end);
      if (heaviest === undefined || heaviest.gain < WAY_SHARE * full) return false;
      node = heaviest.node;
    }
  }
}
