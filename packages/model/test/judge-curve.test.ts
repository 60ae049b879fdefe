/** Curves that grow and curves that only look like it, judged over the work. */
import { describe, expect, it } from 'vitest';

import { judgeCurve } from '../src/growth/judge-curve.js';
import { BINS } from '../src/growth/work-clock.js';

const MIB = 1024 * 1024;
const CONTEXT = {
  least: MIB / 2,
  momentsOfWork: 500,
  workUpTo: Float64Array.from({ length: BINS + 1 }, (_, point) => point / BINS),
};

/** MiB at each end of a bin, from a share of the work (0 to 1). */
function verdictOf(live: (share: number) => number): string {
  const curve = Float64Array.from({ length: BINS + 1 }, (_, point) => live(point / BINS) * MIB);
  return judgeCurve(curve, new Float64Array(BINS + 1), CONTEXT).verdict;
}

const late = (x: number): number => 10 * Math.max(0, x - 0.5);
/** MiB of what is filled steadily and doubles when it is full, for the last time at a share of the work. */
const vector = (x: number, last: number): number =>
  x < last / 32 ? 0 : 2 ** (5 - Math.ceil(Math.log2(last / x) - 1e-9));
/** 8 MiB at every second or third end of a bin, the last one of them if 3. */
const tooth = (x: number, every: number): number => ((Math.round(x * BINS) + every) % every === BINS % 3 ? 8 : 0);

/** Half of the time that was worked lies in the last eighth of the work. */
const SLOW_END = {
  ...CONTEXT,
  workUpTo: CONTEXT.workUpTo.map((share) => (share < 7 / 8 ? share * (4 / 7) : 4 * share - 3)),
};

describe('a curve of live bytes over the work', () => {
  it('is flat where it is so for a fifth of the time that was worked, however little of the work that was', () => {
    const rise = Float64Array.from(
      { length: BINS + 1 },
      (_, point) => Math.min(10, (10 * point) / (0.86 * BINS)) * MIB,
    );
    expect(judgeCurve(rise, new Float64Array(BINS + 1), CONTEXT).verdict).toBe('grows');
    expect(judgeCurve(rise, new Float64Array(BINS + 1), SLOW_END).verdict).not.toBe('grows');
  });

  it.each([
    ['a steady rise', (x: number) => 10 * x, 'grows'],
    ['a steady rise beside what was there before', (x: number) => 50 + 10 * x, 'grows'],
    ['a rise from half of the work on', (x: number) => 10 * Math.max(0, x - 0.5), 'grows'],
    [
      'a rise from half of the work on, beside what was loaded before',
      (x: number) => (x > 0.02 ? 20 : 0) + late(x),
      'grows',
    ],
    ['a rise beside a temporary that the recording ends in', (x: number) => 10 * x + tooth(x, 3), 'grows'],
    ['a rise beside a temporary that the end gives back', (x: number) => 10 * x + tooth(x, 2), 'grows'],
    ['a rise that the end gives back', (x: number) => (x > 0.95 ? 0 : 10 * x), 'grows'],
    ['a rise with much that comes and goes', (x: number) => 10 * x + (Math.round(x * BINS) % 3), 'grows'],
    ['a rise within the last fifth', (x: number) => 10 * Math.max(0, x - 0.8), 'late'],
    ['a load, and a rise within the last fifth', (x: number) => 20 + 10 * Math.max(0, x - 0.8), 'late'],
    ['a load, and one more half-way', (x: number) => (x > 0.02 ? 20 : 0) + (x > 0.5 ? 20 : 0), 'steps'],
    [
      'a load, and a ramp that stops',
      (x: number) => (x > 0.02 ? 20 : 0) + 20 * Math.min(1, Math.max(0, 2 * x - 0.6)),
      'levelled',
    ],
    ['a cache that only gets slower', (x: number) => 20 * (1 - Math.exp(-5 * x)), 'levelled'],
    ['a cache that gets slower to the end', (x: number) => 20 * (1 - Math.exp(-2 * x)), 'levelled'],
    ['what grew faster at first', (x: number) => 20 * x + 10 * Math.min(1, 3 * x), 'grows'],
    ['what slows in a few uneven steps', (x: number) => [0, 5, 8, 10.5, 12.2, 13][Math.floor(5 * x)]!, 'grows'],
    ['a rise that threads give back one by one', (x: number) => Math.min(10 * x, 60 * (1.04 - x)), 'grows'],
    [
      'a build-up from half-way on, given back as slowly',
      (x: number) => Math.max(0, Math.min(10 * x - 5, 28 * (1 - x))),
      'freed',
    ],
    ['a cache that fills and is flat', (x: number) => 10 * Math.min(1, 3 * x), 'levelled'],
    ['a sawtooth', (x: number) => ((Math.round(x * BINS) + 6) % 16) / 2, 'freed'],
    ['what is given back half-way', (x: number) => (x > 0.5 ? 0.1 : 10 * x), 'freed'],
    ['a vector that doubles as it fills', (x: number) => vector(x, 0.9), 'grows'],
    ['a vector that was last enlarged half-way', (x: number) => vector(x, 0.55), 'grows'],
    ['a vector that is full before half of the work', (x: number) => vector(Math.min(x, 0.45), 0.4), 'steps'],
    ['loads of twice the size in equal times', (x: number) => 2 ** Math.floor(5 * x), 'steps'],
    ['one jump', (x: number) => (x > 0.4 ? 10 : 0), 'steps'],
    ['a table that doubles', (x: number) => 2 ** Math.floor(4 * x), 'steps'],
    ['a constant', () => 10, 'none'],
    ['less than matters', (x: number) => 0.3 * x, 'none'],
  ] as const)('%s', (_, live, verdict) => {
    expect(verdictOf(live)).toBe(verdict);
  });
});
