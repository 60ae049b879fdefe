/**
 * Arenas name no line: a list or dict that grows beside them, in another function of the application, names the caller
 * that both have.
 */
import type { Container } from './containers.js';
import type { JudgedNodes } from './judged-nodes.js';
import { KIND } from './frame-kind.js';
import { commonCaller, type GrowthTree } from './growth-tree.js';

/** The name moves up to a caller with no more than so much of the growth. */
const LIFT_SHARE = 0.8;
const MOST_CONTAINERS = 8;

/** The caller, or the node itself; `containers` largest first. */
export function liftToContainer(
  node: number,
  nodes: JudgedNodes,
  tree: GrowthTree,
  containers: readonly Container[],
): number {
  const { growth } = nodes.judge(node);
  for (const container of containers.slice(0, MOST_CONTAINERS)) {
    const common = commonCaller(node, container.node, tree);
    if (common === node || tree.kind[common] !== KIND.application || tree.isModule[common] === 1) continue;
    let passesApplication = false;
    for (let at = container.node; at !== common; at = tree.parent[at]!) {
      passesApplication ||= tree.kind[at] === KIND.application;
    }
    const judgement = nodes.judge(common);
    if (passesApplication && judgement.verdict === 'grows' && judgement.growth <= growth / LIFT_SHARE) return common;
  }
  return node;
}
