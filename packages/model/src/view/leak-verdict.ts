/**
 * How the live bytes of one line went → a plain verdict and the rule that gave it. The rules look at the
 * time after the warm-up and are tried in order; what they compare stands in their text, so that a reader can check it
 * against the curve and the times of birth.
 *
 * A leak and a cache can have the same curve for a while. What tells them apart is age: a leak still holds what it held
 * half-way, a cache has let go of it.
 */

export type LeakVerdictName =
  | 'tooShort'
  | 'startUp'
  | 'boundedCache'
  | 'newAtEnd'
  | 'oneOff'
  | 'growing'
  | 'grewThenFlat'
  | 'comesAndGoes'
  | 'imported'
  | 'undecided';

export interface LeakVerdict {
  readonly name: LeakVerdictName;
  /** What it means, in a few words. */
  readonly title: string;
  /** The rule that decided. */
  readonly rule: string;
}

/** Of all allocations of a place that were born after the warm-up. */
export interface LeakHistory extends LiveCurve {
  /** Ticks in which the first and the last of what is live at the end were allocated. */
  readonly firstBornTick: number;
  readonly lastBornTick: number;
  /** Of the bytes that were live half-way, those that are live at the end. */
  readonly keptBytes: number;
  /** Freed after half-way, whenever they were allocated. */
  readonly freedBytes: number;
}

/** Live bytes half-way, after three quarters and at the end; the least and the most from half-way on. */
export interface LiveCurve {
  readonly half: number;
  readonly threeQuarters: number;
  readonly end: number;
  readonly least: number;
  readonly most: number;
}

/** What all verdicts of a recording have in common. */
export interface LeakClock {
  /** Memory records; what is allocated after the last one has this tick. */
  readonly ticks: number;
  /** The first tick after the warm-up. */
  readonly fromTick: number;
  /** The first tick after the recording's first fifth. */
  readonly startedTick: number;
}

const LEAST_TICKS = 8;
export const START_UP_SHARE = 0.2;
const ONE_OFF_SHARE = 0.05;
/** Live bytes that rise by less do not grow. */
const RISE = 0.05;
/** Live bytes that keep within this are level, and a cache of which less was replaced is none. */
const LEVEL = 0.25;
const CACHE_RISE = 0.1;

export const START_UP_PERCENT = `${START_UP_SHARE * 100}%`;

const NEAR = `${ONE_OFF_SHARE * 100}% (or two ticks)`;

interface LeakRule extends LeakVerdict {
  readonly fits: (history: LeakHistory, clock: LeakClock) => boolean;
}

export const LEAK_RULES: readonly LeakRule[] = [
  {
    name: 'tooShort',
    title: 'too short to tell',
    rule: `fewer than ${LEAST_TICKS} memory records after the warm-up`,
    fits: (_, { ticks, fromTick }) => ticks - fromTick < LEAST_TICKS,
  },
  {
    name: 'startUp',
    title: 'one-off at start-up',
    rule: `all of it allocated in the first ${START_UP_PERCENT} of the recording`,
    fits: ({ lastBornTick }, { startedTick }) => lastBornTick < startedTick,
  },
  {
    name: 'growing',
    title: 'still growing',
    rule:
      `part of what grows for as long as there is work, as analyze tells it; in a window: up by more than ` +
      `${percent(RISE)} in each of its last two quarters, while most of what was live half-way still is`,
    fits: ({ half, threeQuarters, end, keptBytes }) =>
      rises(half, threeQuarters) && rises(threeQuarters, end) && 2 * keptBytes >= half,
  },
  {
    name: 'boundedCache',
    title: 'bounded cache',
    rule:
      `level since half-way (within ${percent(LEVEL)}, at the end at most ${percent(CACHE_RISE)} up), while ` +
      `${percent(LEVEL)} of it or more was replaced, not all of it in the last ${NEAR}`,
    fits: (history, clock) => history.freedBytes >= LEVEL * history.end && isLevel(history) && !isNew(history, clock),
  },
  {
    name: 'newAtEnd',
    title: 'new at the end',
    rule: `all of it allocated in the last ${NEAR} of the recording, and less of it came and went before: too late to tell`,
    fits: (history, clock) => isNew(history, clock) && !wasFreed(history),
  },
  {
    name: 'oneOff',
    title: 'one-off',
    rule: `all of it allocated within ${NEAR} of the recording, and not just now in place of what was freed`,
    fits: (history, clock) =>
      history.lastBornTick - history.firstBornTick <= nearTicks(clock.ticks) &&
      !(isNew(history, clock) && wasFreed(history)),
  },
  {
    name: 'grewThenFlat',
    title: 'grew, then flat',
    rule:
      'nothing of it allocated in the last quarter, or part of what filled and then stayed flat, or of what grew until ' +
      'nothing was allocated any more, as analyze tells it',
    fits: ({ lastBornTick }, { ticks, fromTick }) => lastBornTick < fromTick + 0.75 * (ticks - fromTick),
  },
  {
    name: 'comesAndGoes',
    title: 'comes and goes',
    rule:
      `most of what was live half-way was freed, and it is not level, or all of it is of the last ${NEAR}: work under ` +
      'way, or a busy cache',
    fits: wasFreed,
  },
  {
    name: 'imported',
    title: 'imported',
    rule: 'what imports hold, where no other rule fits: code and constants, which stay',
    // Told by the row, not by its curve.
    fits: () => false,
  },
  {
    name: 'undecided',
    title: 'undecided',
    rule: 'no other rule fits',
    fits: () => true,
  },
];

/** Position in `LEAK_RULES` of the first rule that fits. */
export function judgeLeak(history: LeakHistory, clock: LeakClock): number {
  return LEAK_RULES.findIndex(({ fits }) => fits(history, clock));
}

/** Of equal steps of time: live bytes at the end of each, from `live[start]` on. */
export function traceCurve(live: ArrayLike<number>, start: number, steps: number): LiveCurve {
  const half = halfStep(steps);
  let least = live[start + half] ?? 0;
  let most = least;
  for (let step = half + 1; step < steps; step++) {
    least = Math.min(least, live[start + step]!);
    most = Math.max(most, live[start + step]!);
  }
  return {
    half: live[start + half] ?? 0,
    threeQuarters: live[start + Math.max(half, Math.ceil(0.75 * steps) - 1)] ?? 0,
    end: live[start + steps - 1] ?? 0,
    least,
    most,
  };
}

/** The step at whose end half of the time is over. */
/** Steps that verdicts and sparklines are made of. */
export const LEAK_STEPS = 24;

export function halfStep(steps: number): number {
  return Math.max(0, Math.ceil(steps / 2) - 1);
}

/** Ticks that count as one time; where a tick is a large share of a short recording, two neighbours do. */
function nearTicks(ticks: number): number {
  return Math.max(1, ONE_OFF_SHARE * ticks);
}

/** All of it is of the last moments. */
function isNew({ firstBornTick }: LeakHistory, { ticks }: LeakClock): boolean {
  return firstBornTick >= ticks - nearTicks(ticks);
}

function wasFreed({ half, end, keptBytes, freedBytes }: LeakHistory): boolean {
  return half > 0 ? 2 * keptBytes < half : freedBytes >= end;
}

function rises(before: number, after: number): boolean {
  return after > before * (1 + RISE);
}

function isLevel({ half, end, least, most }: LiveCurve): boolean {
  return end <= half * (1 + CACHE_RISE) && least >= most * (1 - LEVEL);
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))}%`;
}
