/**
 * How the live bytes of one site went → a plain verdict and the rule that gave it. Rules look at equal steps of the
 * time after the warm-up; what they compare stands in their text, so that a reader can check it against the curve.
 */

export type LeakVerdictName =
  'tooShort' | 'startUp' | 'oneOff' | 'growing' | 'grewThenFlat' | 'boundedCache' | 'undecided';

export interface LeakVerdict {
  readonly name: LeakVerdictName;
  /** What it means, in a few words. */
  readonly title: string;
  /** The rule that decided. */
  readonly rule: string;
}

export interface LeakHistory {
  /** Live bytes at the end of each step, the last one at the end of the recording. */
  readonly liveBytes: ArrayLike<number>;
  readonly firstBornTick: number;
  readonly lastBornTick: number;
  /** Bytes of the same site that were freed in the second half. */
  readonly turnedOverBytes: number;
  /** Memory records of the recording, and the first one after the warm-up. */
  readonly ticks: number;
  readonly fromTick: number;
}

const LEAST_TICKS = 8;
const ONE_OFF_SHARE = 0.05;
const START_UP_SHARE = 0.2;
/** Live bytes that differ by less are level. */
const LEVEL_SHARE = 0.05;

interface Rule {
  readonly name: LeakVerdictName;
  readonly title: string;
  readonly rule: string;
  readonly fits: (history: LeakHistory, curve: Curve) => boolean;
}

/** Live bytes after a half, three quarters and all of the time, and the most in the second half. */
interface Curve {
  readonly half: number;
  readonly threeQuarters: number;
  readonly end: number;
  readonly most: number;
}

export const LEAK_RULES: readonly Rule[] = [
  {
    name: 'tooShort',
    title: 'too short to tell',
    rule: `fewer than ${LEAST_TICKS} memory records after the warm-up`,
    fits: ({ ticks, fromTick }) => ticks - fromTick < LEAST_TICKS,
  },
  {
    name: 'startUp',
    title: 'one-off at start-up',
    rule: 'all of it allocated within 5% of the recording, in its first 20%',
    fits: (history) => isOneOff(history) && history.lastBornTick <= START_UP_SHARE * history.ticks,
  },
  {
    name: 'oneOff',
    title: 'one-off, later',
    rule: 'all of it allocated within 5% of the recording, after its first 20%',
    fits: isOneOff,
  },
  {
    name: 'growing',
    title: 'still growing',
    rule: 'live bytes rose by more than 5% in the third and in the last quarter',
    fits: (_, { half, threeQuarters, end }) => rises(half, threeQuarters) && rises(threeQuarters, end),
  },
  {
    name: 'grewThenFlat',
    title: 'grew, then flat',
    rule: 'nothing of it allocated in the last quarter',
    fits: ({ lastBornTick, ticks, fromTick }) => lastBornTick < fromTick + 0.75 * (ticks - fromTick),
  },
  {
    name: 'boundedCache',
    title: 'bounded cache',
    rule: 'old allocations were freed in the second half as new ones came, and live bytes stayed within 5% at its ends',
    fits: ({ turnedOverBytes }, { half, end, most }) =>
      turnedOverBytes > 0 && !rises(half, end) && end >= (1 - 2 * LEVEL_SHARE) * most,
  },
  {
    name: 'undecided',
    title: 'rises and falls',
    rule: 'none of the other rules fits: it may be work that was under way at the end',
    fits: () => true,
  },
];

export function judgeLeak(history: LeakHistory): LeakVerdict {
  const { liveBytes } = history;
  const at = (share: number): number => liveBytes[Math.max(0, Math.ceil(liveBytes.length * share) - 1)] ?? 0;
  let most = 0;
  for (let step = liveBytes.length >> 1; step < liveBytes.length; step++) most = Math.max(most, liveBytes[step]!);
  const curve: Curve = { half: at(0.5), threeQuarters: at(0.75), end: at(1), most };
  const { name, title, rule } = LEAK_RULES.find(({ fits }) => fits(history, curve))!;
  return { name, title, rule };
}

function isOneOff({ firstBornTick, lastBornTick, ticks }: LeakHistory): boolean {
  return lastBornTick - firstBornTick <= ONE_OFF_SHARE * ticks;
}

function rises(before: number, after: number): boolean {
  return after > before * (1 + LEVEL_SHARE);
}
