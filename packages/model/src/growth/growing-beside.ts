/**
 * A way that grows → what else grows beside it, each too small a part to be a branch of it: the keys that a caller makes
 * for the table that its callee fills. It is told with the way, so that nothing that grows is without a verdict.
 */
import type { GrowingWay } from './find-ways.js';
import type { JudgedNodes } from './judged-nodes.js';
import { BARE, type GrowthTree } from './growth-tree.js';
import { growsStrictly } from './judge-curve.js';

/** By way, nodes that hang below a caller of it; none is above, below or in two of them. */
export function growingBeside(ways: readonly GrowingWay[], nodes: JudgedNodes, tree: GrowthTree): number[][] {
  const isTaken = new Uint8Array(tree.length);
  for (const { holder, branches, threads } of ways) {
    if (threads === true) isTaken[BARE] = 1;
    for (const end of branches ?? [holder]) {
      for (let at = end; at !== 0; at = tree.parent[at]!) isTaken[at] = 1;
    }
  }
  return ways.map(({ holder, branches }) => {
    const beside: number[] = [];
    for (let at = branches?.[0] ?? holder; at !== 0; at = tree.parent[at]!) {
      for (let other = tree.firstChild[tree.parent[at]!]!; other !== 0; other = tree.nextSibling[other]!) {
        if (isTaken[other] === 1 || !nodes.hasCurve(other) || !growsStrictly(nodes.judge(other))) continue;
        isTaken[other] = 1;
        beside.push(other);
      }
    }
    return beside;
  });
}
