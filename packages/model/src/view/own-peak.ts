/**
 * What passes a filter → the tick at whose greatest heap most of it was live. The whole's peak says little of a part:
 * what was freed before, or came later, would count as nothing. A profile knows what lived at the greatest heap of
 * every tick, so the part's peak is exact at each of these moments; a greater one between two of them is not known.
 */
import { canAnswer } from '../answers.js';
import type { Filter } from '../filter/filter.js';
import { usesField } from '../filter/filter.js';
import type { Profile } from '../profile.js';
import type { PassingRows } from './site-weights.js';
import type { TimeWindow } from './window.js';

/**
 * Of equal ticks that of the whole's peak, else the last. Null where another moment cannot be asked for: an aggregated capture knows one peak only,
 * and a filter on what sites hold means what they hold at the whole's.
 */
export function findOwnPeak(
  profile: Profile,
  filter: Filter,
  passes: PassingRows,
  window: TimeWindow | null,
  wholePeak: number | null,
): number | null {
  if (!canAnswer(profile.capture, 'lifetimes') || usesField(filter, 'size') || usesField(filter, 'count')) return null;
  const fromTick = window?.fromTick ?? 0;
  const toTick = window?.toTick ?? profile.ticks().length;
  if (fromTick === toTick) return fromTick;
  const steps = toTick - fromTick + 1;
  const change = new Float64Array(steps + 1);
  for (const { rows, site, born, died, bytes } of profile.lifetimes(2 * fromTick, 2 * toTick)) {
    for (let row = 0; row < rows; row++) {
      const end = Math.min(steps, Math.ceil(died[row]! / 2) - fromTick);
      const start = Math.max(0, ((born[row]! + 1) >> 1) - fromTick);
      if (start >= end || !passes(site[row]!, born[row]!, died[row]!)) continue;
      change[start]! += bytes[row]!;
      change[end]! -= bytes[row]!;
    }
  }
  let live = 0;
  let most = 0;
  let peak: number | null = null;
  for (let step = 0; step < steps; step++) {
    live += change[step]!;
    if (live < most || live === 0 || (live === most && peak === wholePeak)) continue;
    most = live;
    peak = fromTick + step;
  }
  return peak;
}
