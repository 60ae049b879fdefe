import type { TimelineHead } from '@memscope/model';
import { describe, expect, test } from 'vitest';

import type { BandsAnswer, TimelineAnswer } from '../../src/api/question.js';
import { byteTicks, formatAxisTime, timeTicks } from '../../src/drawing/axis-ticks.js';
import { stackBands } from '../../src/drawing/stack-bands.js';
import { endOfTick, rowAt, startOfTick, tickAt, tickOfRow } from '../../src/drawing/tick-times.js';
import { layoutTime, mostOf } from '../../src/drawing/time-layout.js';
import { spanOfWindow, windowOfTicks } from '../../src/drawing/window-text.js';

const HEAD: TimelineHead = {
  startMs: 1000,
  endMs: 1100,
  ticks: 10,
  fromTick: 0,
  toTick: 10,
  peakTick: 4,
  peakTimeMs: 1050,
  peakBytes: 5,
  rssPeakTick: 9,
  rssPeakTimeMs: 1090,
  rssPeakBytes: 9,
};

/** Ten ticks of 10 ms and the tail; `perRow` ticks a row. */
function timeline(perRow: number): TimelineAnswer {
  const ticks = Array.from({ length: Math.ceil(11 / perRow) }, (_, row) => Math.min(10, (row + 1) * perRow - 1));
  return {
    head: HEAD,
    length: ticks.length,
    column: {
      timeMs: Float64Array.from(ticks, (tick) => 1010 + tick * 10 - (tick === 10 ? 10 : 0)),
      tick: Float64Array.from(ticks),
    },
  };
}

describe('ticks and times', () => {
  test('with a row a tick are exact', () => {
    const answer = timeline(1);
    for (let tick = 0; tick < 10; tick++) {
      expect(startOfTick(answer, tick)).toBe(1000 + tick * 10);
      expect(endOfTick(answer, tick)).toBe(1010 + tick * 10);
      expect(tickAt(answer, 1005 + tick * 10)).toBe(tick);
    }
  });

  test('with several ticks a row are in proportion, and never leave the row', () => {
    const answer = timeline(5);
    expect([0, 1, 2].map((row) => tickOfRow(answer, row))).toEqual([4, 9, 10]);
    expect(tickAt(answer, 1001)).toBe(0);
    expect(tickAt(answer, 1050)).toBe(4);
    expect(tickAt(answer, 1051)).toBe(5);
    expect(endOfTick(answer, 6)).toBe(1070);
  });

  test('outside of all are those of the first and the last', () => {
    const answer = timeline(1);
    expect(tickAt(answer, -1e9)).toBe(0);
    expect(tickAt(answer, 1e15)).toBe(10);
    expect([rowAt(answer, 0), rowAt(answer, 1e15)]).toEqual([0, 10]);
  });
});

describe('a window of time', () => {
  test('names its ticks', () => {
    expect([windowOfTicks(3, 3), windowOfTicks(3, 9)]).toEqual(['#3', '#3..#9']);
  });

  test.each([
    ['#3..#5', 1030, 1060],
    ['#4', 1040, 1050],
    ['peak', 1040, 1050],
    ['rss-peak', 1090, 1100],
    ['10%..50%', 1010, 1050],
    ['20ms..', 1020, 1100],
    ['..0.05s', 1000, 1050],
  ])('%s has its place', (text, fromMs, toMs) => {
    expect(spanOfWindow(text, timeline(1))).toEqual({ fromMs, toMs });
  });

  test.each(['', 'x', '1..2..3', '#', '50%..10%', '%'])('%j has none', (text) => {
    expect(spanOfWindow(text, timeline(1))?.toMs ?? null).toSatisfy((end) => end === null || text === '');
  });
});

describe('axes', () => {
  test('have binary amounts from 0 on, none above the greatest', () => {
    expect(byteTicks(100 * 2 ** 20, 5)).toEqual([0, 32, 64, 96].map((mib) => mib * 2 ** 20));
    expect(byteTicks(0, 5)).toEqual([0]);
    expect(byteTicks(3, 8)).toEqual([0, 1, 2, 3]);
    for (const most of [1, 1e3, 1e9, 1e15]) expect(byteTicks(most, 8).length).toBeLessThanOrEqual(9);
  });

  test('have round times', () => {
    expect(timeTicks(0, 1000, 5)).toEqual([0, 200, 400, 600, 800, 1000]);
    expect(timeTicks(95, 130, 4)).toEqual([100, 110, 120, 130]);
    expect(timeTicks(5, 5, 4)).toEqual([5]);
    for (const length of [0.01, 1, 1e4, 1e7, 1e10]) expect(timeTicks(0, length, 8).length).toBeLessThanOrEqual(9);
  });

  test.each([
    [0, 10, '0'],
    [20, 10, '20 ms'],
    [2.5, 0.5, '2.5 ms'],
    [1500, 500, '1.5 s'],
    [90_000, 30_000, '1:30'],
    [120_000, 60_000, '2 min'],
    [7_200_000, 3_600_000, '2 h'],
    [5_400_000, 1_800_000, '1:30'],
    [172_800_000, 86_400_000, '2 d'],
  ])('say %d ms in steps of %d as %s', (ms, step, text) => {
    expect(formatAxisTime(ms, step)).toBe(text);
  });
});

test('bands stand on each other, and what is not known counts nothing', () => {
  const answer: BandsAnswer = {
    head: {
      by: 'module',
      bands: [
        { name: 'a', rest: false, category: null, filter: null },
        { name: 'b', rest: false, category: null, filter: null },
        { name: '', rest: true, category: null, filter: null },
      ],
    },
    length: 2,
    column: { b0: Float64Array.of(5, 1), b1: Float64Array.of(2, Number.NaN) },
  };
  expect(stackBands(answer).map(({ top }) => [...top])).toEqual([
    [5, 1],
    [7, 1],
    [7, 1],
  ]);
});

test('a plot has times from left to right and bytes from the bottom up', () => {
  const { x, y } = layoutTime(
    { width: 100, height: 50 },
    { left: 10, top: 5, right: 90, bottom: 45 },
    { fromMs: 0, toMs: 10 },
    mostOf(Float64Array.of(3, Number.NaN, 8), undefined),
  );
  expect([x(0), x(10), y(0)]).toEqual([10, 90, 45]);
  expect(y(8)).toBeGreaterThanOrEqual(5);
  expect(y(8)).toBeLessThan(8);
});
