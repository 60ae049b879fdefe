/** The innermost frames of a site's stack that are shown: who allocated, and who called that. */
import { JoinedWalk } from '../join/joined-walk.js';
import type { FrameRow, SiteRow } from '../rows.js';
import type { Selection } from './selection.js';
import { RUNNER } from './shown-stacks.js';

/** Row of `FrameTable`, the first that looks the same; -1 where no frame is shown. */
export function innermostFrame(site: SiteRow, selection: Selection): FrameRow {
  return shownFrame(site, 0, selection);
}

/** The next one outwards. */
export function callerFrame(site: SiteRow, selection: Selection): FrameRow {
  return shownFrame(site, 1, selection);
}

/** `passed` shown frames lie inside it. */
function shownFrame(site: SiteRow, passed: number, { siteStacks, shown, groups, stackTables }: Selection): FrameRow {
  const walk = new JoinedWalk(siteStacks);
  walk.start(site);
  let left = passed;
  for (let row = walk.next(); row !== 0; row = walk.next()) {
    const frame = stackTables.stacks.frame[row]!;
    if (shown !== null && (shown[frame] === 0 || (shown[frame] === RUNNER && left < passed))) continue;
    if (left-- === 0) return groups.canonical[frame]!;
  }
  return -1;
}

/** All of them, from the innermost outwards, at most `most`; at their own lines, also where lines are not told apart. */
export function framesOfSite(
  site: SiteRow,
  { siteStacks, shown, groups, stackTables }: Selection,
  most: number,
): FrameRow[] {
  const walk = new JoinedWalk(siteStacks);
  walk.start(site);
  const frames: FrameRow[] = [];
  for (let row = walk.next(); row !== 0 && frames.length < most; row = walk.next()) {
    const frame = stackTables.stacks.frame[row]!;
    if (shown === null || shown[frame] === 1 || (shown[frame] === RUNNER && frames.length === 0)) {
      frames.push(groups.withLines ? groups.canonical[frame]! : frame);
    }
  }
  return frames;
}
