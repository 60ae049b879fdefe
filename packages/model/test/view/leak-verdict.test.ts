import { describe, expect, it } from 'vitest';

import { judgeLeak, LEAK_RULES, traceCurve, type LeakClock, type LeakHistory } from '../../src/index.js';

describe('the verdict', () => {
  const clock: LeakClock = { ticks: 100, fromTick: 0, startedTick: 20 };
  /** What is freed keeps most of what was live half-way, unless told otherwise. */
  const history = (liveBytes: number[], rest: Partial<LeakHistory> = {}): LeakHistory => {
    const curve = traceCurve(liveBytes, 0, liveBytes.length);
    return { ...curve, firstBornTick: 0, lastBornTick: 99, freedBytes: 0, keptBytes: curve.half, ...rest };
  };

  it.each<[string, LeakHistory, Partial<LeakClock>?]>([
    ['growing', history([100, 200, 300, 400])],
    ['growing', history([0, 0, 300, 400])],
    // What leaks beside a buffer that comes and goes at the same place.
    ['growing', history([100, 200, 300, 400], { keptBytes: 100, freedBytes: 5000 })],
    // All of it new since half-way: a cache that fills faster and faster.
    ['comesAndGoes', history([100, 200, 300, 400], { keptBytes: 99, freedBytes: 101 })],
    ['undecided', history([400, 400, 400, 400])],
    ['undecided', history([100, 200, 200, 400])],
    ['boundedCache', history([400, 400, 400, 400], { freedBytes: 100 })],
    ['undecided', history([400, 400, 400, 400], { freedBytes: 99 })],
    ['boundedCache', history([100, 400, 330, 440], { freedBytes: 400, keptBytes: 0 })],
    ['comesAndGoes', history([100, 400, 290, 400], { freedBytes: 400, keptBytes: 0 })],
    ['comesAndGoes', history([0, 0, 9, 4], { freedBytes: 4 })],
    // A temporary of which one is live at every moment.
    ['comesAndGoes', history([4, 4, 4, 4], { firstBornTick: 99, freedBytes: 300, keptBytes: 0 })],
    ['grewThenFlat', history([100, 200, 200, 200], { lastBornTick: 50 })],
    ['grewThenFlat', history([100, 200, 200, 200], { lastBornTick: 74 })],
    ['undecided', history([100, 200, 200, 200], { lastBornTick: 75 })],
    ['oneOff', history([0, 0, 400, 400], { firstBornTick: 60, lastBornTick: 65 })],
    ['newAtEnd', history([0, 0, 0, 400], { firstBornTick: 95 })],
    ['oneOff', history([0, 0, 0, 400], { firstBornTick: 94 })],
    ['startUp', history([400, 400, 400, 400], { lastBornTick: 19 })],
    ['startUp', history([900, 500, 400, 400], { lastBornTick: 19, freedBytes: 100 })],
    ['grewThenFlat', history([400, 400, 400, 400], { lastBornTick: 20 })],
    ['tooShort', history([1, 2, 3, 4]), { ticks: 7 }],
    ['tooShort', history([1, 2, 3, 4]), { fromTick: 93 }],
    // In a short recording two neighbouring ticks are one time.
    ['oneOff', history([0, 4, 4, 4], { firstBornTick: 2, lastBornTick: 3 }), { ticks: 10, startedTick: 2 }],
    ['newAtEnd', history([0, 0, 0, 4], { firstBornTick: 9, lastBornTick: 10 }), { ticks: 10, startedTick: 2 }],
  ])('is %s', (name, of, when = {}) => {
    expect(LEAK_RULES[judgeLeak(of, { ...clock, ...when })]!.name).toBe(name);
  });

  it('has a rule in words for each, and no two have the same name or title', () => {
    expect(new Set(LEAK_RULES.map(({ name }) => name)).size).toBe(LEAK_RULES.length);
    expect(new Set(LEAK_RULES.map(({ title }) => title)).size).toBe(LEAK_RULES.length);
    for (const { rule } of LEAK_RULES) expect(rule).toMatch(/^[a-z].{10,}[^.]$/);
  });
});
