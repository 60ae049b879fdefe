/**
 * The bulk table `lifetime` → live bytes of groups of sites at some moments: one scan that notes where each row comes
 * and goes, then running sums.
 */
import type { Profile } from '../profile.js';
import { NEVER, type LiveChanges, type PeakLevels } from '../lifetimes.js';
import type { TickTable } from '../tables.js';
import type { RunSteps, SetRecording } from './set-recording.js';
import type { PassingRows } from './site-weights.js';

/** Group of a site that is left out. */
export const NO_GROUP = -1;

export interface LiveOptions {
  readonly passes: PassingRows | null;
  /** What was born before this moment does not count. */
  readonly since?: number;
}

/**
 * Bytes by group, then by moment: `live[group * moments.length + i]`. `moments` never fall; `groupOfSite` holds a group
 * below `groups`, or `NO_GROUP`. Rows that do not pass do not count.
 */
export function liveOverTime(
  profile: Profile,
  groupOfSite: Int32Array,
  groups: number,
  moments: Uint32Array,
  { passes, since = 0 }: LiveOptions,
): Float64Array {
  const steps = moments.length;
  const live = new Float64Array(groups * steps);
  if (steps === 0) return live;
  const [first, last] = [moments[0]!, moments[steps - 1]!];
  const stepAt = firstStepFrom(moments);
  const isSummable = since === 0 && (passes === null || passes.bySite);
  const changes = isSummable ? profile.liveChanges() : null;
  const levels =
    isSummable && changes === null && moments.every((moment) => moment % 2 === 0) ? profile.peakLevels() : null;
  if (levels !== null) {
    addLevels(levels, groupOfSite, { stepAt, steps }, passes, live);
    sumOverTime(live, steps);
    return live;
  }
  if (changes !== null) {
    addChanges(changes, groupOfSite, { stepAt, steps }, passes, live);
    sumOverTime(live, steps);
    return live;
  }
  for (const { rows, site, born, died, bytes } of profile.lifetimes(first, last)) {
    for (let row = 0; row < rows; row++) {
      const group = groupOfSite[site[row]!]!;
      const from = born[row]!;
      if (group === NO_GROUP || from > last || from < since) continue;
      if (passes !== null && !passes(site[row]!, from, died[row]!)) continue;
      const comes = stepAt[from]!;
      live[group * steps + comes]! += bytes[row]!;
      const to = died[row]!;
      if (to === NEVER || to > last) continue;
      const goes = stepAt[to]!;
      live[group * steps + goes]! -= bytes[row]!;
    }
  }
  sumOverTime(live, steps);
  return live;
}

/** `live` has `steps` for each group; `stepAt` says which one a moment comes in. */
function addChanges(
  { length, site, moment, bytes }: LiveChanges,
  groupOfSite: Int32Array,
  { stepAt, steps }: { readonly stepAt: Uint32Array; readonly steps: number },
  passes: PassingRows | null,
  live: Float64Array,
): void {
  for (let row = 0; row < length; row++) {
    const at = moment[row]!;
    const group = groupOfSite[site[row]!]!;
    if (group === NO_GROUP || at >= stepAt.length || passes?.(site[row]!, 0, 0) === false) continue;
    live[group * steps + stepAt[at]!]! += bytes[row]!;
  }
}

/** The same by tick: a moment at which a tick's heap is greatest. */
function addLevels(
  { steps: ticks, changes }: PeakLevels,
  groupOfSite: Int32Array,
  { stepAt, steps }: { readonly stepAt: Uint32Array; readonly steps: number },
  passes: PassingRows | null,
  live: Float64Array,
): void {
  const shown = Math.min(ticks, (stepAt.length + 1) >> 1);
  for (let site = 0; site < groupOfSite.length; site++) {
    const group = groupOfSite[site]!;
    if (group === NO_GROUP || passes?.(site, 0, 0) === false) continue;
    for (let tick = 0, at = site * ticks; tick < shown; tick++, at++) {
      live[group * steps + stepAt[2 * tick]!]! += changes[at]!;
    }
  }
}

/** Changes → levels, group by group. */
function sumOverTime(live: Float64Array, steps: number): void {
  for (let start = 0; start < live.length; start += steps) {
    for (let at = start + 1; at < start + steps; at++) live[at]! += live[at - 1]!;
  }
}

/** Of a selection: its runs, and the steps of several. */
export interface LiveRuns {
  readonly recording: Pick<SetRecording, 'steps'>;
  readonly runs: readonly {
    readonly side: 'head' | 'base';
    readonly profile: Profile;
    readonly steps: RunSteps | null;
    readonly firstSite: number;
    readonly siteCount: number;
    readonly passes: PassingRows | null;
  }[];
}

/**
 * The same over ticks `fromTick`..`toTick` of a selection's head, at the greatest heap of each: of several runs what each
 * of them held at the greatest heap that a step has of it, so that the groups add up to the step's.
 */
export function liveAtPeaks(
  { runs, recording }: LiveRuns,
  groupOfSite: Int32Array,
  groups: number,
  fromTick: number,
  toTick: number,
): Float64Array {
  const ticks = toTick - fromTick + 1;
  const live = new Float64Array(recording.steps === null ? 0 : groups * ticks);
  for (const { side, profile, steps, firstSite, siteCount, passes } of runs) {
    if (side !== 'head') continue;
    if (steps === null) {
      const moments = Uint32Array.from({ length: ticks }, (_, at) => 2 * (fromTick + at));
      return liveOverTime(profile, groupOfSite, groups, moments, { passes });
    }
    const shown = shownTicks(steps, fromTick, toTick);
    if (shown.ticks.length === 0) continue;
    const ofRun = groupOfSite.subarray(firstSite, firstSite + siteCount);
    const moments = shown.ticks.map((tick) => 2 * tick);
    const own = liveOverTime(profile, ofRun, groups, moments, { passes });
    for (let group = 0; group < groups; group++) {
      for (let at = 0; at < moments.length; at++) {
        live[group * ticks + shown.at[at]!]! += own[group * moments.length + at]!;
      }
    }
  }
  return live;
}

/** The ticks of a run that steps show, and which of the steps from `fromTick` on do. A tick may be shown by several. */
export function shownTicks(
  { highest }: RunSteps,
  fromTick: number,
  toTick: number,
): { readonly ticks: Uint32Array; readonly at: Uint32Array } {
  const at = Uint32Array.from(highest.keys()).filter(
    (step) => step >= fromTick && step <= toTick && highest[step]! >= 0,
  );
  return { ticks: at.map((step) => highest[step]!), at: at.map((step) => step - fromTick) };
}

/** By moment up to the last of `moments`: the first step that is not before it. */
export function firstStepFrom(moments: Uint32Array): Uint32Array {
  const stepAt = new Uint32Array(moments[moments.length - 1]! + 1);
  let step = 0;
  for (let moment = 0; moment < stepAt.length; moment++) {
    while (moment > moments[step]!) step++;
    stepAt[moment] = step;
  }
  return stepAt;
}

/** Ticks `fromTick`..`toTick` in at most `steps` groups of equally many: the last tick of each. */
export function spreadOverTicks(fromTick: number, toTick: number, steps: number): Uint32Array {
  const count = toTick - fromTick + 1;
  const groups = Math.max(1, Math.min(steps, count));
  return Uint32Array.from({ length: groups }, (_, group) => fromTick + Math.ceil(((group + 1) * count) / groups) - 1);
}

/** For each group of ticks that ends at one of `ends`, the tick with the greatest heap, of equal ones the last. */
export function highestTicks(
  ticks: TickTable,
  tailPeakBytes: number | null,
  fromTick: number,
  ends: Uint32Array,
): Uint32Array {
  let tick = fromTick;
  return ends.map((end) => {
    let highest = tick;
    let most = -1;
    for (; tick <= end; tick++) {
      const bytes = tick < ticks.length ? (ticks.peakBytes?.[tick] ?? 0) : (tailPeakBytes ?? 0);
      if (bytes < most) continue;
      highest = tick;
      most = bytes;
    }
    return highest;
  });
}
