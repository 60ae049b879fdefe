/**
 * A few sites as one → what became of it over the whole recording: what is left of it at the end, when that was allocated,
 * and the curve of its live bytes, as rows of leaks tell it of a line.
 */
import { canAnswer } from '../answers.js';
import { joinLeaks } from './join-leaks.js';
import { stepsOfRun } from './leaks.js';
import { leakSteps } from './live-changes.js';
import { NO_GROUP } from './live-over-time.js';
import type { Selection } from './selection.js';
import { ticksOfRun } from './set-recording.js';
import { sumLeaks } from './sum-leaks.js';

/** Ticks are of the selection's recording. */
export interface SiteLife {
  /** Live at the end. */
  readonly bytes: number;
  readonly count: number;
  /** In which the first and the last of what is left was allocated; null where nothing is. */
  readonly born: { readonly firstTick: number; readonly lastTick: number } | null;
  /** At the end of each of equal steps; owned by the caller. */
  readonly liveBytes: Float64Array;
}

/**
 * Of what passes the selection's filter; a window it has none. Null where a run of the head does not know when
 * allocations were made and freed.
 */
export function followSites(selection: Selection, isOne: (site: number) => boolean): SiteLife | null {
  const { recording, sites } = selection;
  const head = selection.runs.filter(({ side }) => side === 'head');
  if (head.some(({ profile }) => !canAnswer(profile.capture, 'lifetimes'))) return null;
  const whole = { fromTick: 0, toTick: recording.ticks().length };
  const alone = head.length === 1 && head[0]!.steps === null ? head[0]! : null;
  const stepTicks = alone === null ? leakSteps(0, whole.toTick, null) : stepsOfRun(alone.profile, 0, whole.toTick);
  const rowOfAll = Int32Array.from({ length: sites.length }, (_, site) => (isOne(site) ? 0 : NO_GROUP));
  const parts = head.flatMap((run) => {
    const { profile, passes, steps, firstSite, siteCount } = run;
    const span = steps === null ? whole : ticksOfRun(steps, whole);
    if (span === null) return [];
    const { fromTick, toTick } = span;
    const rowOfSite = rowOfAll.subarray(firstSite, firstSite + siteCount);
    const allocator = sites.allocator.subarray(firstSite, firstSite + siteCount);
    const ends = stepsOfRun(profile, fromTick, toTick);
    const sums = sumLeaks({ profile, passes, allocator }, fromTick, rowOfSite, 1, ends);
    return [{ run, sums, rule: new Uint8Array(1), rowOfSite, fromTick, toTick }];
  });
  const { sums } = alone === null ? joinLeaks(parts, 1, stepTicks) : parts[0]!;
  const [bytes, count] = [sums.bytes[0]!, sums.count[0]!];
  return {
    bytes,
    count,
    born: count === 0 ? null : { firstTick: sums.firstBornTick[0]!, lastTick: sums.lastBornTick[0]! },
    liveBytes: sums.liveBytes,
  };
}
