import { describe, expect, it } from 'vitest';

import { readWindow, ViewError, type TimeWindow } from '../../src/index.js';
import { profileOf } from './profile-text.js';

// Ten ticks of ten milliseconds; the eleventh is what follows the last memory record. Peak in tick 4.
const profile = profileOf('main malloc a 0.. 10/1, 8..9 100/1, 12..15 50/1, 14..16 40/1', 10);

function ticksOf(text: string): string {
  const { fromTick, toTick, peakTick } = readWindow(text, profile);
  return `${fromTick}..${toTick} peak ${peakTick}`;
}

function faultOf(text: string, aggregated = false): string {
  try {
    readWindow(text, aggregated ? profileOf('main malloc a', 2, 'aggregated') : profile);
  } catch (error) {
    if (error instanceof ViewError) return error.code;
    throw error;
  }
  return 'none';
}

describe('a window of time', () => {
  it.each([
    ['#2..#5', '2..5 peak 4'],
    ['#6..#8', '6..8 peak 7'],
    ['#7', '7..7 peak 7'],
    ['#10', '10..10 peak 10'],
    ['0%..100%', '0..10 peak 4'],
    ['..', 'syntax'],
    ['..#3', '0..3 peak 3'],
    ['#5..', '5..10 peak 7'],
    ['peak', '4..4 peak 4'],
    ['rss-peak', '1..1 peak 1'],
    ['rss-peak..peak', '1..4 peak 4'],
    // Whole ticks: every one that the window touches.
    ['20ms..30ms', '2..2 peak 2'],
    ['20ms..31ms', '2..3 peak 3'],
    ['0.019s..0.0301s', '1..3 peak 3'],
    ['0s..0s', '0..0 peak 0'],
    ['50%..60%', '5..6 peak 6'],
  ])('%s covers the ticks %s', (text, expected) => {
    expect(expected === 'syntax' ? faultOf(text) : ticksOf(text)).toBe(expected);
  });

  it('says when it starts and ends', () => {
    const { fromMs, toMs }: TimeWindow = readWindow('#2..#5', profile);
    expect([fromMs, toMs]).toEqual([20, 60]);
    expect(readWindow('#10', profile)).toMatchObject({ fromMs: 100, toMs: 110 });
  });

  it('takes the last of equally great peaks', () => {
    expect(readWindow('#0..#3', profile)).toMatchObject({ peakTick: 3, peakBytes: 10 });
  });

  it.each(['', ' ', 'x', '1..2', '10..20%', '#..#3', '#-1', '1s..2s..3s', '1e3s', '99999999999999999999s', '5%%'])(
    '%j is none',
    (text) => {
      expect(faultOf(text)).toBe('syntax');
    },
  );

  it.each(['#11', '101%', '1h..', '5s..6s', '#5..#4', '50%..10%'])(
    '%s lies outside or ends before it begins',
    (text) => {
      expect(faultOf(text)).toBe('outside');
    },
  );

  it.each([
    ['5s..2s', 'the start of the window, 5s, is after its end, 2s: the recording is 0s..0.11s, #0..#10 or 0%..100%'],
    ['50%..10%', /^the start of the window, 50%, is after its end, 10%: /],
    ['5s..6s', /^5s is after the end: the recording is 0s\.\.0\.11s/],
    ['120%..130%', /^120% is after the end: /],
    ['#11', /^there is no tick #11: the recording is 0s\.\.0\.11s, #0\.\.#10 /],
    ['50%..#1', /^the window 50%\.\.#1 ends before it begins: the recording is /],
  ])('%s is refused with what there is to choose from', (text, message) => {
    expect(() => readWindow(text, profile)).toThrow(message);
  });

  it('cannot be answered by an aggregated capture', () => {
    expect(faultOf('#0..#1', true)).toBe('cannotAnswer');
    expect(faultOf('nonsense', true)).toBe('syntax');
  });
});
