/**
 * What grows below a call that does one thing after another: a table is loaded, then a list is read from it. All of it
 * together rises for as long as there is work, though no part of it does, and each of them is judged by itself.
 */
import type { JudgedNodes } from './judged-nodes.js';

/** Of the growth: less is no part. */
const LEAST_PART = 0.1;
/** What comes in fewer steps may do so one after another by chance. */
const LEAST_STEPS = 4;
/** From where this share of a part is there until all but this share is, it rises. */
const MARGIN = 0.1;

/** The parts, first to last, of which each begins to rise where the one before ends; null where they rise together. */
export function phasesBelow(node: number, nodes: JudgedNodes): number[] | null {
  const { growth, end } = nodes.judge(node);
  const parts = nodes.branches(node, 0, end).filter(({ gain }) => gain >= LEAST_PART * growth);
  if (parts.length < 2 || parts.some((part) => nodes.judge(part.node).steps < LEAST_STEPS)) return null;
  const phases = parts
    .map((part) => {
      const growthAt = nodes.growthAt(part.node, end);
      const whole = growthAt[end]!;
      return {
        node: part.node,
        from: growthAt.findIndex((bytes) => bytes > MARGIN * whole),
        to: growthAt.findIndex((bytes) => bytes >= (1 - MARGIN) * whole),
      };
    })
    .sort((a, b) => a.from - b.from);
  return phases.every(({ from }, at) => at === 0 || from > phases[at - 1]!.to) ? phases.map((part) => part.node) : null;
}
