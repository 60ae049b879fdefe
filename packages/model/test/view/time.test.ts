import { describe, expect, it } from 'vitest';

import {
  bandsOverTime,
  cutBands,
  followGroups,
  parseFilter,
  readWindow,
  select,
  ViewError,
  type BandOptions,
  type Profile,
  type SelectionRequest,
} from '../../src/index.js';
import { profileOf } from './profile-text.js';
import { ALL_AT_PEAK } from './selection-requests.js';

// Ticks are 10 ms: a lives 0 to 40 ms, b from 20 ms on, c for one tick, and d left no row.
const PROFILE = profileOf(
  `main malloc   a 0..8 100/1
   main malloc   b 4.. 10/2, 12.. 1/1
   pool mmap     c 4..6 50/1, 9.. 0/1
   pool malloc   d short 7/7, short! 3/1`,
  10,
);

function weigh(profile: Profile, request: Partial<SelectionRequest>): string[] {
  const { weights, sites, stackTables } = select(profile, { ...ALL_AT_PEAK, ...request });
  return Array.from(sites.pythonStack, (stack, site) => {
    const name = stackTables.frames.functionName[stackTables.stacks.frame[stack]!]!;
    return `${name} ${weights.bytes[site]}/${weights.count[site]}`;
  }).filter((row) => !row.endsWith(' 0/0'));
}

describe('a selection within a window', () => {
  it('by peak is what was live at the greatest heap within it', () => {
    expect(weigh(PROFILE, {})).toEqual(['a 100/1', 'b 10/2', 'c 50/1']);
    expect(weigh(PROFILE, { window: '#0..#1' })).toEqual(['a 100/1']);
    expect(weigh(PROFILE, { window: '#4..' })).toEqual(['b 11/3', 'c 0/1']);
  });

  it('by leaked is what was allocated within it and live at its end; pieces of a mapping are not allocated', () => {
    expect(weigh(PROFILE, { measure: 'leaked', window: '#0..#2' })).toEqual(['a 100/1', 'b 10/2', 'c 50/1']);
    expect(weigh(PROFILE, { measure: 'leaked', window: '#2..#5' })).toEqual(['b 10/2']);
    expect(weigh(PROFILE, { measure: 'leaked', window: '#5..' })).toEqual(['b 1/1']);
  });

  it.each(['total', 'temporary'] as const)('does not pretend to know the %s', (measure) => {
    expect(() => select(PROFILE, { ...ALL_AT_PEAK, measure, window: '#0..#1' })).toThrow(
      expect.objectContaining({ name: 'ViewError', code: 'cannotAnswer', message: expect.stringMatching(/not known/) }),
    );
  });

  it('tells what an aggregated capture cannot answer', () => {
    const aggregated = profileOf('main malloc a 0.. 1/1', 1, 'aggregated');
    expect(() => select(aggregated, { ...ALL_AT_PEAK, measure: 'total' })).toThrow(/aggregated capture has no total/);
    expect(() => select(aggregated, { ...ALL_AT_PEAK, filter: parseFilter('lifetime<1s') })).toThrow(/how long/);
    expect(weigh(aggregated, { measure: 'leaked' })).toEqual(['a 1/1']);
  });
});

describe('the peak of what passes a filter', () => {
  // The whole is highest in tick 4, when the reservation comes.
  const profile = profileOf(
    `main mmap   reserve 8.. 10000/1
     main malloc load    2..5 300/3
     main malloc keep    0.. 20/2`,
    6,
  );
  const ask = (filter: string, request: Partial<SelectionRequest> = {}) =>
    select(profile, { ...ALL_AT_PEAK, ...request, filter: parseFilter(filter) });

  it('is when most of it was live, not what was left of it at the peak of the whole', () => {
    expect(weigh(profile, {})).toEqual(['reserve 10000/1', 'keep 20/2']);
    const { bytes, peakTick, peakMs, wholeBytes } = ask('-allocator:mmap');
    expect({ bytes, peakTick, peakMs, wholeBytes }).toEqual({ bytes: 320, peakTick: 2, peakMs: 30, wholeBytes: 10020 });
  });

  it('lies within the window', () => {
    expect(ask('-allocator:mmap', { window: '#3..' })).toMatchObject({ bytes: 20, peakTick: 6 });
    expect(ask('-allocator:mmap', { window: 'peak' })).toMatchObject({ bytes: 20, peakTick: 6 });
  });

  it('is at the peak of the whole where the filter asks for what sites hold there', () => {
    expect(ask('size<100 -allocator:mmap')).toMatchObject({ bytes: 20, peakTick: 6 });
  });

  it('is unknown by another measure, and nothing where nothing passes', () => {
    expect(ask('load', { measure: 'leaked' })).toMatchObject({ bytes: 0, peakTick: null, peakMs: null });
    expect(ask('nobody')).toMatchObject({ bytes: 0, count: 0 });
  });
});

describe('a filter by lifetime', () => {
  const filter = (text: string) => ({ filter: parseFilter(text) });

  it('looks at each allocation, from the memory record of its birth to that of its death', () => {
    expect(weigh(PROFILE, filter('lifetime<=10ms'))).toEqual(['c 50/1']);
    expect(weigh(PROFILE, filter('lifetime>=40ms'))).toEqual(['a 100/1', 'b 10/2']);
    expect(weigh(PROFILE, filter('lifetime>40ms'))).toEqual(['b 11/3', 'c 0/1']);
    expect(weigh(PROFILE, { window: 'peak', ...filter('lifetime>40ms') })).toEqual(['b 10/2']);
  });

  it('lets pass what is live at the end as longer than any', () => {
    const leaked = { measure: 'leaked' } as const;
    expect(weigh(PROFILE, { ...leaked, ...filter('lifetime>1h') })).toEqual(['b 11/3', 'c 0/1']);
    expect(weigh(PROFILE, { ...leaked, ...filter('lifetime>1h -function:b') })).toEqual(['c 0/1']);
    expect(weigh(PROFILE, { ...leaked, ...filter('lifetime<=1h') })).toEqual([]);
  });

  it('of the total counts what left no trace as shorter than any tick', () => {
    expect(weigh(PROFILE, { measure: 'total', ...filter('lifetime<10ms') })).toEqual(['d 10/8']);
    expect(weigh(PROFILE, { measure: 'total', ...filter('lifetime<20ms') })).toEqual(['c 50/1', 'd 10/8']);
    expect(weigh(PROFILE, { measure: 'total', ...filter('lifetime>=20ms') })).toEqual(['a 100/1', 'b 11/3']);
  });

  it('goes together with terms about the site', () => {
    expect(weigh(PROFILE, { measure: 'total', ...filter('thread:pool or lifetime>40ms') })).toEqual([
      'b 11/3',
      'c 50/1',
      'd 10/8',
    ]);
    expect(weigh(PROFILE, { measure: 'total', ...filter('-(thread:pool lifetime<20ms) size<100') })).toEqual([
      'b 11/3',
    ]);
  });

  it('cannot be had for temporaries', () => {
    expect(() => select(PROFILE, { ...ALL_AT_PEAK, measure: 'temporary', ...filter('lifetime<1s') })).toThrow(
      ViewError,
    );
  });
});

describe('bands over time', () => {
  const bands = (
    request: Partial<SelectionRequest>,
    options: Partial<BandOptions> = {},
    windowText?: string,
  ): (string | number)[][] => {
    const selection = select(PROFILE, { ...ALL_AT_PEAK, measure: 'total', ...request });
    const window = windowText === undefined ? null : readWindow(windowText, PROFILE);
    const { bands: rows } = bandsOverTime(selection, { by: 'thread', most: 5, window, ...options });
    return rows.map(({ site, liveBytes }) => [
      site < 0 ? 'rest' : PROFILE.threads().name[selection.sites.thread[site]!]!,
      ...liveBytes,
    ]);
  };

  it('hold the live bytes of each group at the greatest heap of each tick', () => {
    expect(bands({})).toEqual([
      ['main', 100, 100, 110, 110, 10, 10, 11, 11, 11, 11, 11],
      ['pool', 0, 0, 50, 0, 0, 0, 0, 0, 0, 0, 0],
    ]);
  });

  it('add up the rest', () => {
    expect(bands({}, { most: 1 })).toEqual([
      ['main', 100, 100, 110, 110, 10, 10, 11, 11, 11, 11, 11],
      ['rest', 0, 0, 50, 0, 0, 0, 0, 0, 0, 0, 0],
    ]);
    const selection = select(PROFILE, { ...ALL_AT_PEAK, measure: 'total' });
    const { groups, bands: three } = bandsOverTime(selection, { by: 'allocator', window: null, most: 1 });
    expect([groups, three.length]).toEqual([2, 2]);
  });

  it('of a window are ordered by what they hold within it, and begin with what was there before', () => {
    expect(bands({}, {}, '#2..#3')).toEqual([
      ['main', 110, 110],
      ['pool', 50, 0],
    ]);
    expect(bands({}, {}, '#5..')).toEqual([['main', 10, 11, 11, 11, 11, 11]]);
  });

  it.each(['thread', 'allocator', 'module', 'category'] as const)('by %s are cut from curves of all groups', (by) => {
    for (const filter of [null, parseFilter('lifetime<=20ms'), parseFilter('function:nowhere')]) {
      const selection = select(PROFILE, { ...ALL_AT_PEAK, measure: 'total', filter });
      const curves = followGroups(selection, by)!;
      for (const text of ['#0..', '#2..#3', '#5..', '#10']) {
        const window = readWindow(text, PROFILE);
        for (const most of [1, 5]) {
          expect(cutBands(curves, window, most)).toEqual(bandsOverTime(selection, { by, window, most }));
        }
      }
    }
  });

  it('have no curves where groups and ticks are too many', () => {
    const selection = select(PROFILE, { ...ALL_AT_PEAK, measure: 'total' });
    const ticks = { ...PROFILE.ticks(), length: 1 << 22 };
    expect(
      followGroups({ ...selection, recording: { ...selection.recording, ticks: () => ticks } }, 'thread'),
    ).toBeNull();
  });

  it('leave out what is filtered away, and can be one of all that is left', () => {
    expect(bands({ filter: parseFilter('thread:pool') })).toEqual([['pool', 0, 0, 50, 0, 0, 0, 0, 0, 0, 0, 0]]);
    const brief = { filter: parseFilter('lifetime<=10ms') };
    expect(bands(brief)).toEqual([['pool', 0, 0, 50, 0, 0, 0, 0, 0, 0, 0, 0]]);
    expect(bands({}, { by: null })).toEqual([['main', 100, 100, 160, 110, 10, 10, 11, 11, 11, 11, 11]]);
    expect(bands({ filter: parseFilter('function:nowhere') }, { by: null })).toEqual([]);
  });
});
