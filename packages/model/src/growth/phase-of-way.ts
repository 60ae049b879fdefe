/**
 * A way that began to grow late → whether it is only the next phase of the program. What a program builds before it ends
 * looks like a leak that begins then; the work around tells them apart. Where the call that leads to the way was at work
 * before from other lines, and these fell silent as it began, one phase follows another, and this one may end as that
 * did: it is told only when it has gone on for long. Where the same line leads to both, or the other lines go on, the
 * work is the same, and some of it is kept now.
 */
import { SITE, type CountedRows } from './counted-rows.js';
import type { GrowingWay } from './find-ways.js';
import { ofSites, wayTo } from './growth-tree.js';
import { spanOfGrowth, type JudgeContext } from './judge-curve.js';
import type { WorkClock } from './work-clock.js';

/** Of the work; 0.45 would lose a leak that begins half-way, with less a build-up of a third is told. */
const LEAST_PHASE = 0.42;
/** Of the ticks before: a call that was at work in fewer was not; of the rate before: lines that do less are silent. */
const LEAST_ACTIVE = 0.05;
const GOES_ON_SHARE = 0.2;

export function isShortPhase(
  { node, judgement }: GrowingWay,
  rows: CountedRows,
  { binOf, isAtWork }: WorkClock,
  context: JudgeContext,
): boolean {
  if (judgement.since === 0 || spanOfGrowth(judgement, context) >= LEAST_PHASE) return false;
  const { tree } = rows;
  const way = wayTo(node, tree);
  const activity = activityByDepth(way, rows);
  const onset = binOf.findLastIndex((bin) => bin <= judgement.since) >> 1;
  const first = isAtWork.indexOf(1) >> 1;
  const ticks = rows.moments >> 1;
  const isWork = Uint8Array.from({ length: ticks }, (_, tick) => isAtWork[2 * tick]! | isAtWork[2 * tick + 1]!);
  const sum = (column: Uint8Array, from: number, to: number): number =>
    column.subarray(from, to).reduce((total, each) => total + each, 0);
  const share = (active: Uint8Array, from: number, to: number): number =>
    sum(active, from, to) / Math.max(1, sum(isWork, from, to));
  // The deepest call on the way that worked before, whatever it called.
  const below = new Uint8Array(ticks);
  let depth = way.length - 1;
  for (; depth >= 0; depth--) {
    for (const [tick, active] of activity[depth]!.entries()) if (active === 1) below[tick] = 1;
    if (share(below, first, onset + 1) >= LEAST_ACTIVE) break;
  }
  const isNextLine = depth >= 0 && depth + 1 < way.length && tree.isLine[way[depth]!] === 0;
  if (!isNextLine || tree.isLine[way[depth + 1]!] === 0) return false;
  const others = activity[depth]!;
  return share(others, onset + 1, ticks) < GOES_ON_SHARE * share(others, first, onset + 1);
}

/** By node of the way: 1 in the ticks in which something was allocated below it, but not below the next one. */
function activityByDepth(way: readonly number[], { profile, changes, tree, role, moments }: CountedRows): Uint8Array[] {
  const activity = way.map(() => new Uint8Array(moments >> 1));
  const depthOf = new Int32Array(tree.length).fill(-1);
  for (const [depth, node] of way.entries()) depthOf[node] = depth;
  for (let node = 1; node < tree.length; node++) {
    if (depthOf[node]! < 0) depthOf[node] = depthOf[tree.parent[node]!]!;
  }
  const depthOfSite = ofSites(depthOf, tree);
  const mark = (site: number, moment: number): void => {
    const depth = depthOfSite[site]!;
    if (depth >= 0 && role[site] !== SITE.leftOut && moment < moments) activity[depth]![moment >> 1] = 1;
  };
  if (changes !== null) {
    for (let row = 0; row < changes.length; row++) {
      if (changes.births[row]! > 0) mark(changes.site[row]!, changes.moment[row]!);
    }
  } else {
    for (const { rows, site, born } of profile.lifetimes()) {
      for (let row = 0; row < rows; row++) mark(site[row]!, born[row]!);
    }
  }
  return activity;
}
