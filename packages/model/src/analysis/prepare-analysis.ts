/**
 * Stacks → what an analysis finds out of them alone, found ahead: for who knows them before it is known what they hold.
 * All of it is kept beside the tables, where `analyze` finds it.
 */
import { growTree } from '../growth/growth-tree.js';
import type { SiteKeys, StackTables } from '../profile.js';
import { groupFrames } from '../view/frame-groups.js';
import { hideFrames } from '../view/shown-stacks.js';
import type { FrameChoice } from '../view/view-choices.js';
import { attributeFrames } from './libraries/stack-owners.js';
import { findLocationsAhead } from './stack-locations.js';

/** Columns are those that the profile will have. `shownFrames` as `analyze` will be asked for. */
export function prepareAnalysis(
  tables: StackTables,
  sites: Pick<SiteKeys, 'length' | 'pythonStack' | 'nativeStack'>,
  shownFrames: FrameChoice,
): void {
  const groups = groupFrames(tables);
  const shown = hideFrames(tables, groups, { frames: shownFrames, stacks: 'python' });
  findLocationsAhead(tables, groups, shown, shownFrames);
  attributeFrames(tables);
  growTree(tables, sites);
}
