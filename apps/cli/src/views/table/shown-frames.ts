/** The innermost frames of a stack that are shown: who allocated, and who called that. */
import type { Selection } from '@memscope/model';

/** Row of `FrameTable`, -1 where no frame is shown. */
export function innermostFrame(stack: number, selection: Selection): number {
  const row = nearestShown(stack, selection);
  return row === 0 ? -1 : selection.stackTables.stacks.frame[row]!;
}

/** The next one outwards. */
export function callerFrame(stack: number, selection: Selection): number {
  const row = nearestShown(stack, selection);
  return row === 0 ? -1 : innermostFrame(selection.stackTables.stacks.parent[row]!, selection);
}

/** The stack itself or the nearest of its callers whose own frame is shown; 0 = none. */
function nearestShown(stack: number, { shown, stackTables: { stacks } }: Selection): number {
  if (shown === null) return stack;
  let row = stack;
  while (row !== 0 && shown[stacks.frame[row]!] === 0) row = stacks.parent[row]!;
  return row;
}
