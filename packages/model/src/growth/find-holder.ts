/**
 * A way that grows → the call that holds all of its growth. What a function makes is kept in a table that its caller, or
 * another line of it, allocates, and objects beside it lie in arenas that another line needed: these grow with it, though
 * the way passes them by. They count as long as they lie below the function that names the way or the one that calls it,
 * and little else does.
 */
import type { FrameTable } from '../tables.js';
import type { GrowingWay, WayFinder } from './find-ways.js';
import { KIND } from './frame-kind.js';
import { BARE, type GrowthTree } from './growth-tree.js';
import { growsStrictly } from './judge-curve.js';
import { namingNode } from './name-way.js';

/** Of the growth: less beside it is not looked for, and so much else may lie there. */
const LEAST_SHARE = 0.02;
const MOST_OTHERS = 0.05;
/** What is held beside it is less than this share of what grows. */
const MOST_BESIDE = 0.25;

/** `isTable` tells whether a node holds few blocks that replaced others, at a point. */
export function holderOf(
  { node, branches, judgement: { verdict, since, end, growth } }: GrowingWay,
  finder: WayFinder,
  tree: GrowthTree,
  frames: FrameTable,
  isTable: (node: number, point: number) => boolean,
): number {
  if (branches !== null || verdict !== 'grows') return node;
  const naming = namingNode(node, tree, frames);
  let holder = node;
  let [beside, callers] = [0, 0];
  for (let at = node; tree.parent[at]! > BARE; at = tree.parent[at]!) {
    const caller = tree.parent[at]!;
    const isFunction = tree.isLine[caller] === 0;
    if (caller < naming && tree.kind[caller] === KIND.application && tree.isLine[at] === 0) callers++;
    if (callers > 1 || (isFunction && tree.isModule[caller] === 1)) break;
    const whole = finder.judge(caller);
    if (whole.verdict !== 'grows' || whole.growth > (1 + MOST_BESIDE) * growth) break;
    const before = beside;
    for (let other = tree.firstChild[caller]!; other !== 0; other = tree.nextSibling[other]!) {
      if (other === at || !finder.hasCurve(other)) continue;
      const gain = finder.gain(other, since, end);
      if (gain < (LEAST_SHARE / 2) * growth) continue;
      const belongs =
        (!finder.fellBefore(other, end) && isTable(other, end)) ||
        (caller >= naming && growsStrictly(finder.judge(other)));
      beside += belongs ? gain : gain - finder.gain(other, since, end, true);
    }
    const others = whole.growth - growth - beside;
    if (beside > before && beside >= LEAST_SHARE * growth && others <= MOST_OTHERS * whole.growth) holder = caller;
  }
  return holder;
}

/** Without those that another, greater way holds. */
export function withoutHeld(ways: readonly GrowingWay[], { parent }: GrowthTree): GrowingWay[] {
  const isBelow = (node: number, above: number): boolean => {
    let at = node;
    while (at > above) at = parent[at]!;
    return at === above;
  };
  return ways.filter(
    (way) => !ways.some((other) => other !== way && other.node !== other.holder && isBelow(way.node, other.holder)),
  );
}
