/**
 * A way that grows → the call that holds all of its growth. What a function makes is kept in a table that its caller, or
 * another line of it, allocates, and objects beside it lie in arenas that another line needed: these grow with it, though
 * the way passes them by. They count as long as they lie below the function that names the way or the one that calls it,
 * and little else does.
 */
import type { FrameTable } from '../tables.js';
import type { GrowingWay } from './find-ways.js';
import type { JudgedNodes } from './judged-nodes.js';
import { KIND } from './frame-kind.js';
import { BARE, type GrowthTree } from './growth-tree.js';
import { growsStrictly } from './judge-curve.js';
import { namingNode } from './name-way.js';

/** Of the growth: less beside it is not looked for, and so much else may lie there. */
const LEAST_SHARE = 0.02;
const MOST_OTHERS = 0.05;
/** What is held beside it is less than this share of what grows. */
const MOST_BESIDE = 0.25;

const MOST_CHANCE = 2.5 * 1024 * 1024;

/** What rises up to this share of the time goes on to its end. */
const ENDS_BEFORE = 0.94;

/** `isTable` tells whether a node holds few blocks that replaced others, at a point. */
export function holderOf(
  { node, branches, judgement: { verdict, since, end, growth, arenaGrowth } }: GrowingWay,
  nodes: JudgedNodes,
  tree: GrowthTree,
  frames: FrameTable,
  isTable: (node: number, point: number) => boolean,
): number {
  if (branches !== null || verdict !== 'grows') return node;
  const naming = namingNode(node, tree, frames);
  let holder = node;
  let [beside, chance, callers] = [0, 0, 0];
  for (let at = node; tree.parent[at]! > BARE; at = tree.parent[at]!) {
    const caller = tree.parent[at]!;
    const isFunction = tree.isLine[caller] === 0;
    if (caller < naming && tree.kind[caller] === KIND.application && tree.isLine[at] === 0) callers++;
    if (callers > 1 || (isFunction && tree.isModule[caller] === 1)) break;
    const whole = nodes.judge(caller);
    if (whole.verdict !== 'grows' || whole.growth > (1 + MOST_BESIDE) * growth) break;
    const before = beside;
    for (let other = tree.firstChild[caller]!; other !== 0; other = tree.nextSibling[other]!) {
      if (other === at || !nodes.hasCurve(other)) continue;
      const gain = nodes.gain(other, since, end);
      if (gain < (LEAST_SHARE / 2) * growth) continue;
      // Where arenas come is chance.
      if (arenaGrowth < growth / 2 && beginsAfter(other, node, end, nodes)) continue;
      const belongs =
        (!nodes.fellBefore(other, end) && isTable(other, end)) ||
        (caller >= naming && growsStrictly(nodes.judge(other)));
      const ofArenas = gain - nodes.gain(other, since, end, true);
      if (belongs) beside += gain - ofArenas;
      // An arena or two beside a way that needed none hold objects of anything.
      if (arenaGrowth > 0 || ofArenas > MOST_CHANCE) beside += ofArenas;
      else chance += ofArenas;
    }
    const others = whole.growth - growth - beside - chance;
    if (beside > before && beside >= LEAST_SHARE * growth && others <= MOST_OTHERS * whole.growth) holder = caller;
  }
  return holder;
}

/** Whether one begins to rise when the other has ended to, well before the end. */
function beginsAfter(node: number, other: number, end: number, nodes: JudgedNodes): boolean {
  const [later, earlier] = [nodes.growthAt(node, end), nodes.growthAt(other, end)];
  const begin = later.findIndex((bytes) => bytes > LEAST_SHARE * later[end]!);
  const ended = earlier.findIndex((bytes) => bytes >= (1 - LEAST_SHARE) * earlier[end]!);
  return begin > ended && ended <= ENDS_BEFORE * end;
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
