/**
 * Python stacks → the line that stands for each in a list of lines: the innermost that shows, and for what a library runs
 * while it is imported the line of its own that ran then, outermost: the import is what one can do without.
 */
import type { StackTables } from '../profile.js';
import type { FrameGroups } from '../view/frame-groups.js';
import { importFrames, ownFrames } from '../view/import-frames.js';
import type { FrameChoice } from '../view/view-choices.js';

interface FoundLocations {
  readonly shown: Uint8Array | null;
  readonly choice: FrameChoice;
  readonly location: Uint32Array | null;
}

/** By the stacks: found ahead, until they are asked for. */
const ahead = new WeakMap<StackTables['stacks'], FoundLocations>();

/** For who asks for the same next. */
export function findLocationsAhead(
  tables: StackTables,
  groups: FrameGroups,
  shown: Uint8Array | null,
  choice: FrameChoice,
): void {
  ahead.set(tables.stacks, { shown, choice, location: locationsOfStacks(tables, groups, shown, choice) });
}

/** By row of the recorded stacks: a row, 0 = none; null = each by itself. `shown` as `hideFrames` says it. */
export function locationsOfStacks(
  tables: StackTables,
  groups: FrameGroups,
  shown: Uint8Array | null,
  choice: FrameChoice,
): Uint32Array | null {
  if (shown === null) return null;
  const found = ahead.get(tables.stacks);
  ahead.delete(tables.stacks);
  if (found?.shown === shown && found.choice === choice) return found.location;
  const { length, parent, frame } = tables.stacks;
  const isImport = choice === 'imports' || choice === 'all' ? null : importFrames(tables, groups);
  const isOwn = ownFrames(tables, groups);
  const location = new Uint32Array(length);
  // 1 below the import of a library, up to the next frame of the application.
  const isInside = new Uint8Array(length);
  for (let row = 1; row < length; row++) {
    const above = parent[row]!;
    const own = frame[row]!;
    if (isImport !== null && isOwn[own] === 0 && (isInside[above] === 1 || isImport[own] === 1)) {
      isInside[row] = 1;
      location[row] = isInside[above] === 1 ? location[above]! : row;
    } else location[row] = shown[own] !== 0 ? row : location[above]!;
  }
  return location;
}
