/**
 * Ways that grow → the same, but that of native threads, which have no Python frame, and the one call of the application
 * that grows in the same time are one: what a call makes its library do, the library's threads do.
 */
import type { GrowingWay } from './find-ways.js';
import { BARE, isBelowBare, type GrowthTree } from './growth-tree.js';
import type { JudgedNodes } from './judged-nodes.js';
import { BINS } from './work-clock.js';

/** What begins to rise by more than this share of the work before the other is another growth. */
const APART_SHARE = 0.15;

/** Where several calls of the application grow, whose the threads' is cannot be told. */
export function joinThreads(ways: readonly GrowingWay[], nodes: JudgedNodes, tree: GrowthTree): GrowingWay[] {
  const ofThreads = ways.filter(({ node }) => isBelowBare(node, tree));
  const others = ways.filter((way) => !ofThreads.includes(way));
  const [own] = others;
  if (ofThreads.length === 0 || own === undefined || others.length > 1) return [...ways];
  if (tree.throughApplication[own.node] === 0 || !nodes.hasCurve(BARE)) return [...ways];
  const { verdict, since } = nodes.judge(BARE);
  const isApart = Math.abs(since - own.judgement.since) > APART_SHARE * BINS;
  if (verdict !== 'grows' || isApart) return [...ways];
  return [{ ...own, threads: true, judgement: { ...own.judgement, since: Math.min(since, own.judgement.since) } }];
}
