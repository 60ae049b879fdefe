import { describe, expect, it } from 'vitest';

import { judgeLeak, listLeaks, select, type LeakHistory, type Profile } from '../../src/index.js';
import { profileOf } from './profile-text.js';

function leaksOf(profile: Profile, fromTick = 0): string[] {
  const selection = select(profile, {
    measure: 'leaked',
    window: null,
    filter: null,
    hideImportSystem: false,
    hideStandardLibrary: false,
    mergeThreads: true,
    mergeRecursion: false,
  });
  const { frames, stacks } = selection.stackTables;
  return listLeaks(selection, fromTick).leaks.map(
    ({ site, bytes, count, firstBornTick, lastBornTick, verdict }) =>
      `${frames.functionName[stacks.frame[selection.stack[site]!]!]} ${bytes}/${count} #${firstBornTick}..#${lastBornTick} ${verdict.name}`,
  );
}

/** One allocation in each of some ticks, of which every `kept`-th stays and the others go after `lives` moments. */
function growth(from: number, to: number, lives: number | null): string {
  const rows: string[] = [];
  for (let tick = from; tick < to; tick++)
    rows.push(lives === null ? `${2 * tick}.. 10/1` : `${2 * tick}..${2 * tick + lives} 10/1`);
  return rows.join(', ');
}

describe('leaks', () => {
  it('are listed by site, heaviest first, with the time of birth and a verdict', () => {
    const profile = profileOf(
      `main malloc start  0.. 500/1
       main malloc late   150.. 40/2
       main malloc grows  ${growth(10, 100, null)}
       main malloc flat   ${growth(10, 50, null)}
       main malloc cache  ${growth(5, 90, 20)}, ${growth(90, 100, null)}
       main malloc gone   ${growth(0, 100, 5)}`,
      100,
    );
    expect(leaksOf(profile)).toEqual([
      'grows 900/90 #10..#99 growing',
      'start 500/1 #0..#0 startUp',
      'flat 400/40 #10..#49 grewThenFlat',
      'cache 100/10 #90..#99 boundedCache',
      'late 40/2 #75..#75 oneOff',
    ]);
  });

  it('do not count what was born during the warm-up', () => {
    const profile = profileOf(`main malloc start 0.. 500/1, 60.. 1/1\n main malloc grows ${growth(0, 100, null)}`, 100);
    expect(leaksOf(profile, 20)).toEqual(['grows 800/80 #20..#99 growing', 'start 1/1 #30..#30 oneOff']);
  });

  it('count the pieces of a mapping but date them by the mapping', () => {
    expect(leaksOf(profileOf('main mmap m 0.. 100/1, 150.. 0/1', 100))).toEqual(['m 100/2 #0..#0 startUp']);
  });

  it('cannot be judged from a few memory records, or listed from an aggregated capture', () => {
    expect(leaksOf(profileOf('main malloc a 0.. 1/1, 6.. 1/1', 4))).toEqual(['a 2/2 #0..#3 tooShort']);
    expect(() => leaksOf(profileOf('main malloc a 0.. 1/1', 4, 'aggregated'))).toThrow(/aggregated/);
  });
});

describe('the verdict', () => {
  const history = (liveBytes: number[], rest: Partial<LeakHistory> = {}): LeakHistory => ({
    liveBytes,
    firstBornTick: 0,
    lastBornTick: 99,
    turnedOverBytes: 0,
    ticks: 100,
    fromTick: 0,
    ...rest,
  });

  it.each([
    ['growing', history([1, 2, 3, 4])],
    ['undecided', history([4, 4, 4, 4])],
    ['boundedCache', history([4, 4, 4, 4], { turnedOverBytes: 1 })],
    ['undecided', history([4, 9, 9, 4], { turnedOverBytes: 1 })],
    ['grewThenFlat', history([1, 2, 2, 2], { lastBornTick: 50 })],
    ['oneOff', history([0, 0, 4, 4], { firstBornTick: 60, lastBornTick: 62 })],
    ['startUp', history([4, 4, 4, 4], { lastBornTick: 3 })],
    ['tooShort', history([1, 2, 3, 4], { ticks: 7 })],
  ])('is %s', (name, of) => {
    expect(judgeLeak(of).name).toBe(name);
  });
});
