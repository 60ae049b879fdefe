/**
 * The bulk table `lifetime` → live bytes of groups of sites at some moments: one scan that notes where each row comes
 * and goes, then running sums.
 */
import type { Profile } from '../profile.js';
import { NEVER, type TickTable } from '../tables.js';
import type { PassingRows } from './site-weights.js';

/** Group of a site that is left out. */
export const NO_GROUP = -1;

export interface LiveOptions {
  readonly passes: PassingRows | null;
}

/**
 * Bytes by group, then by moment: `live[group * moments.length + i]`. `moments` ascend; `groupOfSite` holds a group
 * below `groups`, or `NO_GROUP`. Rows that do not pass do not count.
 */
export function liveOverTime(
  profile: Profile,
  groupOfSite: Int32Array,
  groups: number,
  moments: Uint32Array,
  { passes }: LiveOptions,
): Float64Array {
  const steps = moments.length;
  const live = new Float64Array(groups * steps);
  if (steps === 0) return live;
  const [first, last] = [moments[0]!, moments[steps - 1]!];
  const stepAt = firstStepFrom(moments);
  for (const { rows, site, born, died, bytes } of profile.lifetimes(first, last)) {
    for (let row = 0; row < rows; row++) {
      const group = groupOfSite[site[row]!]!;
      const from = born[row]!;
      if (group === NO_GROUP || from > last) continue;
      if (passes !== null && !passes(site[row]!, from, died[row]!)) continue;
      const comes = stepAt[from]!;
      live[group * steps + comes]! += bytes[row]!;
      const to = died[row]!;
      if (to === NEVER || to > last) continue;
      const goes = stepAt[to]!;
      live[group * steps + goes]! -= bytes[row]!;
    }
  }
  for (let at = 0; at < live.length; at++) if (at % steps !== 0) live[at]! += live[at - 1]!;
  return live;
}

/** By moment up to the last of `moments`: the first step that is not before it. */
export function firstStepFrom(moments: Uint32Array): Uint32Array {
  const stepAt = new Uint32Array(moments[moments.length - 1]! + 1);
  let step = 0;
  for (let moment = 0; moment < stepAt.length; moment++) {
    if (moment > moments[step]!) step++;
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
