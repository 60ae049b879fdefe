/** The innermost frames of a site's stack that are shown: who allocated, and who called that. */
import type { Selection } from './selection.js';

/** Row of `FrameTable`, the first that looks the same; -1 where no frame is shown. */
export function innermostFrame(site: number, selection: Selection): number {
  return frameOf(nearestShown(selection.stack[site]!, selection), selection);
}

/** The next one outwards. */
export function callerFrame(site: number, selection: Selection): number {
  const row = nearestShown(selection.stack[site]!, selection);
  if (row === 0) return -1;
  return frameOf(nearestShown(selection.stackTables.stacks.parent[row]!, selection), selection);
}

function frameOf(stack: number, { groups, stackTables }: Selection): number {
  return stack === 0 ? -1 : groups.canonical[stackTables.stacks.frame[stack]!]!;
}

/** The stack itself or the nearest of its callers whose own frame is shown; 0 = none. */
function nearestShown(stack: number, { shown, stackTables: { stacks } }: Selection): number {
  if (shown === null) return stack;
  let row = stack;
  while (row !== 0 && shown[stacks.frame[row]!] === 0) row = stacks.parent[row]!;
  return row;
}
