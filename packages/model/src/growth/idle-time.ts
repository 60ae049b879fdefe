/**
 * What grew → how long nothing at all was allocated after its last birth. Such a tail is no sign that something is full:
 * the work may have ended, or be hits of a cache that allocate nothing. Memory cannot tell these apart, so a growth that
 * most of the recording says nothing of is not told as one that goes on.
 */
import type { IdleTime } from './growth.js';
import type { WorkClock } from './work-clock.js';

/** Of the time from the first work on. */
const MOST_SHARE = 0.5;
const LEAST_TOLD_SHARE = 0.1;

export interface FoundIdleTime extends IdleTime {
  /** It is most of the time from the first work on. */
  readonly isMost: boolean;
}

/** Null where less than a tenth of the time was idle, or nothing is known of it. `timeOf` a moment, as `lastMs`. */
export function idleTimeAfter(
  lastMs: number,
  { isActive, isAtWork }: WorkClock,
  timeOf: (moment: number) => number,
): FoundIdleTime | null {
  if (isActive === null) return null;
  const endMs = timeOf(isActive.length - 1);
  let [fromMs, toMs, activeMs] = [lastMs, lastMs, lastMs];
  for (let moment = 0; moment < isActive.length; moment++) {
    const isEnd = moment === isActive.length - 1;
    if (isActive[moment] === 0 && !isEnd) continue;
    const atMs = timeOf(moment);
    if (atMs - activeMs > toMs - fromMs) [fromMs, toMs] = [activeMs, atMs];
    activeMs = Math.max(activeMs, atMs);
  }
  const workedMs = endMs - timeOf(Math.max(0, isAtWork.indexOf(1)));
  const idleMs = toMs - fromMs;
  if (idleMs <= 0 || idleMs < LEAST_TOLD_SHARE * workedMs) return null;
  return { fromMs, toMs, isMost: idleMs > MOST_SHARE * workedMs };
}
