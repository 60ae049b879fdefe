/** Several runs over time: their clock, their steps, and what bands and leaks of them add up to. */
import { describe, expect, it } from 'vitest';

import {
  bandsOverTime,
  endOfWarmUp,
  followGroups,
  cutBands,
  LEAK_RULES,
  listLeaks,
  readWindow,
  recordingOf,
  select,
  selectRuns,
  type Profile,
  type RunSet,
  type SetRecording,
} from '../../src/index.js';
import { profileOf, shiftTime } from './profile-text.js';
import { ALL_LEAKED } from './selection-requests.js';

/** 30 ms each: two ticks and what follows them. */
const FIRST = profileOf(
  `main malloc a>b  0.. 10/1, 2..4 30/1
   pool malloc a    2.. 4/1`,
  2,
);
const SECOND = profileOf('main malloc a>b 0..3 100/1, 4.. 1/1', 2);
const TOTAL = { ...ALL_LEAKED, measure: 'total' } as const;

const setOf = (...head: Profile[]): RunSet => ({ head, base: [] });
const column = (values: Iterable<number>): number[] => [...values];

function describeSteps({ ticks, runsOfStep, clock, stepMs }: SetRecording): object {
  const { timeMs, heapBytes, peakBytes } = ticks();
  return {
    clock,
    stepMs,
    timeMs: column(timeMs),
    heap: column(heapBytes),
    most: column(peakBytes!),
    runs: column(runsOfStep!),
  };
}

describe('a recording of several runs', () => {
  it('that were recorded at the same time adds them up over the wall clock, each where it was recorded', () => {
    expect(describeSteps(recordingOf([FIRST, shiftTime(SECOND, 10)]))).toEqual({
      clock: 'wall',
      stepMs: 10,
      timeMs: [10, 20, 30, 40],
      // The first has ended at 30 ms.
      heap: [10, 44 + 100, 14 + 0, 1],
      most: [10, 44 + 100, 14 + 100, 1],
      runs: [1, 2, 2, 1],
    });
  });

  it('has in each step the greatest of all ticks that it touches, which may be more than was held at a moment', () => {
    const { ticks, runsOfStep } = recordingOf([FIRST, shiftTime(SECOND, 5)]);
    expect(column(ticks().peakBytes!)).toEqual([10 + 100, 44 + 100, 14 + 100, 1]);
    // At 10 ms the second has no memory record yet, and at 20 ms its last one is of 15 ms.
    expect(column(ticks().heapBytes)).toEqual([10, 44 + 100, 14 + 0, 1]);
    expect(column(runsOfStep!)).toEqual([2, 2, 2, 1]);
  });

  it('that never ran together has no common clock: each counts from its own start', () => {
    const { clock, ticks, capture } = recordingOf([FIRST, shiftTime(SECOND, 1000)]);
    expect([clock, capture.startMs, capture.endMs, column(ticks().timeMs)]).toEqual(['start', 0, 30, [10, 20, 30]]);
  });

  it('has no common clock where the clock of a machine was set meanwhile', () => {
    const set = {
      ...SECOND,
      notes: { ...SECOND.notes, clock: { stepsBack: 1, backMs: 5, stepsForward: 0, forwardMs: 0 } },
    };
    expect(recordingOf([FIRST, set]).clock).toBe('start');
  });

  it('has at most a thousand steps, and none shorter than a millisecond', () => {
    const long = profileOf('main malloc a 0.. 1/1', 3000);
    const { ticks, stepMs } = recordingOf([long, FIRST]);
    expect([ticks().length, stepMs]).toEqual([969, 31]);
    const quick = (profile: Profile): Profile => ({
      ...profile,
      capture: { ...profile.capture, endMs: 1 },
      ticks: () => ({ ...profile.ticks(), timeMs: Float64Array.of(0, 1) }),
    });
    expect(recordingOf([quick(FIRST), quick(SECOND)]).ticks().length).toBe(1);
  });

  it('of one run is that run’s own', () => {
    const { clock, steps, ticks } = recordingOf([FIRST]);
    expect([clock, steps, ticks().length]).toEqual(['own', null, 2]);
  });

  it('knows the least of what its parts know', () => {
    const aggregated = profileOf('main malloc a 0.. 1/1', 2, 'aggregated');
    const { capture } = recordingOf([FIRST, aggregated]);
    expect([capture.answers.lifetimes, capture.peakTick]).toEqual(['none', null]);
    expect(() => readWindow('10%..', recordingOf([FIRST, aggregated]))).toThrow('aggregated');
  });
});

describe.each([
  ['at the same time', setOf(FIRST, shiftTime(SECOND, 10))],
  ['one after another', setOf(FIRST, shiftTime(SECOND, 1000))],
  ['twice the same', setOf(FIRST, { ...FIRST })],
])('of runs %s', (_, set) => {
  const selection = selectRuns(set, TOTAL);
  const ticks = selection.recording.ticks();

  it.each(['run', 'thread', 'allocator', null] as const)(
    'bands by %s add up to the greatest heap of each step',
    (by) => {
      const { bands } = bandsOverTime(selection, { by, window: null, most: 1 });
      const sums = column(ticks.peakBytes!).map((_, step) =>
        bands.reduce((all, { liveBytes }) => all + liveBytes[step]!, 0),
      );
      expect(sums).toEqual(column(ticks.peakBytes!));
      for (const window of [null, readWindow('#1..#1', selection.recording)]) {
        const cut = window ?? { fromTick: 0, toTick: ticks.length };
        expect(cutBands(followGroups(selection, by)!, cut, 1)).toEqual(
          bandsOverTime(selection, { by, window, most: 1 }),
        );
      }
    },
  );

  it('leaks add up to those of each run, and every curve ends with what leaked', () => {
    const leaks = listLeaks(selectRuns(set, ALL_LEAKED), 0);
    const parts = set.head.map((profile) => listLeaks(select(profile, ALL_LEAKED), 0));
    expect(leaks.totalBytes).toBe(parts.reduce((all, { totalBytes }) => all + totalBytes, 0));
    expect(leaks.totalCount).toBe(parts.reduce((all, { totalCount }) => all + totalCount, 0));
    const steps = leaks.stepTicks.length;
    for (const row of leaks.order) expect(leaks.liveBytes[row * steps + steps - 1]).toBe(leaks.bytes[row]);
  });
});

describe('leaks of several runs', () => {
  const growing = profileOf(
    `main malloc grow ${Array.from({ length: 90 }, (_, at) => `${2 * at}.. 1000/1`).join(', ')}`,
    100,
  );
  const calm = profileOf('main malloc grow 0.. 500/1\n main malloc other 100.. 7/1', 100);
  const rows = (set: RunSet, warmUp = 0): string[] => {
    const selection = selectRuns(set, ALL_LEAKED);
    const leaks = listLeaks(selection, warmUp);
    const { functionName } = selection.stackTables.frames;
    return Array.from(leaks.order, (row) => {
      const born = `#${leaks.firstBornTick[row]}..#${leaks.lastBornTick[row]}`;
      return `${functionName[leaks.frame[row]!]} ${leaks.bytes[row]} ${born} ${LEAK_RULES[leaks.rule[row]!]!.name}`;
    });
  };

  it('are judged run by run: a line has the verdict of most of its bytes', () => {
    const [alone] = rows(setOf(growing));
    const verdict = alone!.split(' ').at(-1);
    expect(rows(setOf(growing, calm))).toEqual([
      `grow 90500 #0..#89 ${verdict}`,
      expect.stringMatching(/^other 7 #50..#50 /),
    ]);
  });

  it('leave out what was born before a warm-up of the clock that they share', () => {
    const set = setOf(growing, shiftTime(calm, 600));
    const { recording } = selectRuns(set, ALL_LEAKED);
    const warmUp = endOfWarmUp('500ms', recording);
    expect(rows(set, warmUp).map((row) => row.split(' ').slice(0, 2).join(' '))).toEqual([
      `grow ${1000 * 40 + 500}`,
      'other 7',
    ]);
  });

  it('are refused where one of the runs is aggregated', () => {
    const aggregated = profileOf('main malloc a 0.. 1/1', 2, 'aggregated');
    expect(() => listLeaks(selectRuns(setOf(growing, aggregated), ALL_LEAKED), 0)).toThrow('aggregated');
  });

  it('of a base are not among them', () => {
    const leaks = listLeaks(selectRuns({ head: [calm], base: [growing] }, ALL_LEAKED), 0);
    expect(leaks.totalBytes).toBe(507);
    const bands = bandsOverTime(selectRuns({ head: [calm], base: [growing] }, TOTAL), {
      by: null,
      window: null,
      most: 1,
    });
    expect(Math.max(...bands.bands[0]!.liveBytes)).toBe(507);
  });
});
