/** The row of one table does not pass for another's where it is handed on; a plain number passes for any. */
import { expect, test } from 'vitest';

import {
  innermostFrame,
  labelFunction,
  labelKey,
  runOfSite,
  tablePaths,
  type FrameRow,
  type RowColumn,
  type Selection,
  type StackRow,
} from '../src/index.js';

/** Never called: the type checker reads it, and complains where a mix-up would pass. */
export function mixUps(selection: Selection): void {
  const { sites, siteStacks, groups, stackTables } = selection;
  const { stacks } = siteStacks.tables;
  const [stack, frame, site] = [sites.pythonStack[0]!, stacks.frame[0]!, 0];
  innermostFrame(site, selection);
  runOfSite(site, selection);
  labelKey(frame, selection);
  labelFunction(groups.functionOf[frame]!, groups);
  // @ts-expect-error a stack is no site
  innermostFrame(stack, selection);
  // @ts-expect-error a frame is no site
  runOfSite(frame, selection);
  // @ts-expect-error a stack is no frame
  labelKey(stack, selection);
  // @ts-expect-error a frame is no function
  labelFunction(frame, groups);
  // @ts-expect-error a recorded stack is no shown one
  tablePaths(sites, sites.pythonStack, selection.shownStacks().stacks, false);
  // @ts-expect-error nor is a recorded table that of shown ones
  tablePaths(sites, selection.shownStacks().stack, stackTables.stacks, false);
  // @ts-expect-error a column of frames takes no stacks
  groups.canonical[0] = stack;
  // @ts-expect-error a column of stacks is none of frames
  const frames: RowColumn<FrameRow> = stacks.parent;
  const parents: RowColumn<StackRow> = stacks.parent;
  groups.canonical[frames.length] = parents.length;
}

test('rows are numbers, and columns of them typed arrays', () => {
  const column: RowColumn<FrameRow> = Uint32Array.of(3, 1);
  expect([column[0], column.subarray(1)]).toEqual([3, Uint32Array.of(1)]);
});
