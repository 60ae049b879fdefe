/**
 * What passes a filter → the tick at whose greatest heap most of it was live. The whole's peak says little of a part:
 * what was freed before, or came later, would count as nothing. A profile knows what lived at the greatest heap of
 * every tick, so the part's peak is exact at each of these moments; a greater one between two of them is not known.
 */
import { canAnswer } from '../answers.js';
import type { Filter } from '../filter/filter.js';
import { usesField } from '../filter/filter.js';
import type { Profile } from '../profile.js';
import { liveOverTime } from './live-over-time.js';
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
  const moments = Uint32Array.from({ length: steps }, (_, step) => 2 * (fromTick + step));
  const curve = liveOverTime(profile, new Int32Array(profile.siteKeys().length), 1, moments, { passes });
  let most = 0;
  let peak: number | null = null;
  for (let step = 0; step < steps; step++) {
    const live = curve[step]!;
    if (live < most || live === 0 || (live === most && peak === wholePeak)) continue;
    most = live;
    peak = fromTick + step;
  }
  return peak;
}
