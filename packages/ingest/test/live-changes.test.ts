/**
 * Lifetimes summed by site and moment, of real recordings: what grows, what leaks and bands over time are the same from
 * the sums as from the lifetimes. Summed by site and period, what grows is the same, and how much of it nearly.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GROWTH_FOLDER, listCaptures } from '@memscope/fixtures';
import {
  bandsOverTime,
  findGrowth,
  listLeaks,
  memoryProfile,
  parseFilter,
  PeakLevelsBuilder,
  select,
  HeldByPeriod,
  NEVER,
  sumChanges,
  type Growth,
  type LeakTable,
  type Profile,
  type SelectionRequest,
} from '@memscope/model';
import { openProfile } from '@memscope/store';

import { ingestCapture } from '../src/ingest-capture.js';
import { scratchFolder } from './scratch-folder.js';

const NAMES = new Set(['pandas-v13', 'munmap-v13', 'mixed-native-v13']);
const CASES = [
  ...readdirSync(GROWTH_FOLDER)
    .filter((name) => name.endsWith('.bin'))
    .map((name) => [name, join(GROWTH_FOLDER, name)] as const),
  ...listCaptures()
    .map(({ name, path }) => [name, path] as const)
    .filter(([name]) => NAMES.has(name)),
];

const LEAKED: SelectionRequest = {
  measure: 'leaked',
  window: null,
  filter: null,
  splitThreads: false,
};

/** The same profile with its lifetimes one by one, and with their sums. */
async function profilesOf(path: string): Promise<readonly [scanned: Profile, summed: Profile]> {
  const profilePath = join(scratchFolder(), 'capture.memscope');
  await ingestCapture({ path, profilePath, temporaryThreshold: 1, maxTicks: 1000, stamp: null, threaded: false });
  const stored = openProfile(profilePath);
  const [tables, lifetimes] = [stored.tables(), [...stored.lifetimes()]];
  stored.close();
  const changes = sumChanges(() => lifetimes, tables.sites.allocator, tables.ticks.length);
  expect(changes).not.toBeNull();
  return [memoryProfile(tables, lifetimes), { ...memoryProfile(tables, lifetimes), liveChanges: () => changes }];
}

test.each(CASES)('%s: what grows, what leaks and bands are the same from sums', async (_, path) => {
  const [scanned, summed] = await profilesOf(path);
  expect(findGrowth(summed)).toEqual(findGrowth(scanned));
  const leaksOf = (profile: Profile): LeakTable => listLeaks(select(profile, LEAKED), 0);
  expect(leaksOf(summed)).toEqual(leaksOf(scanned));
  const bandsOf = (profile: Profile): unknown =>
    bandsOverTime(select(profile, { ...LEAKED, measure: 'total' }), { by: 'module', window: null, most: 5 });
  expect(bandsOf(summed)).toEqual(bandsOf(scanned));
});

/** The same profile with what its sites hold at the ends of periods. */
function inPeriods(profile: Profile): Profile {
  const { ticks, sites } = profile.tables();
  const ended = Array.from({ length: ticks.length + 2 }, (): [site: number, bytes: number, count: number][] => []);
  for (const { rows, site, born, died, count, bytes } of profile.lifetimes()) {
    for (let row = 0; row < rows; row++) {
      ended[born[row]! >> 1]!.push([site[row]!, bytes[row]!, count[row]!]);
      if (died[row] !== NEVER) ended[died[row]! >> 1]!.push([site[row]!, -bytes[row]!, -count[row]!]);
    }
  }
  const held = {
    bytes: new Float64Array(sites.length),
    count: new Uint32Array(sites.length),
    allocated: new Uint32Array(sites.length),
  };
  const copy = (): typeof held => ({
    bytes: held.bytes.slice(),
    count: held.count.slice(),
    allocated: held.allocated.slice(),
  });
  const sums = new HeldByPeriod({ mostPeriods: 512 });
  for (const [tick, changes] of ended.entries()) {
    for (const [site, bytes, count] of changes) {
      held.bytes[site]! += bytes;
      held.count[site]! += count;
      held.allocated[site]! += Math.max(0, count);
    }
    if (tick < ticks.length && sums.endsWith(tick, sites.length)) sums.add(tick, copy());
  }
  for (const batch of profile.lifetimes()) {
    sums.addLarge(batch);
    const range = (greatest: number) => ({ least: 0, greatest });
    sums.addLifetimes(batch, {
      site: range(sites.length - 1),
      born: range(2 * ticks.length + 1),
      never: 0,
      lastDeath: 2 * ticks.length + 1,
      count: range(1),
      bytes: range(1),
    });
  }
  const changes = sums.finish(copy(), sites.allocator, ticks.length)!;
  return { ...profile, coarseChanges: () => changes };
}

function told(profile: Profile): unknown {
  const { growths, silence } = findGrowth(profile);
  const nameOf = ({ verdict, name, tip, rounds }: Growth): unknown => [
    verdict,
    name?.functionName,
    tip?.functionName,
    rounds,
  ];
  return { silence, growths: growths.map(nameOf) };
}

test.each(CASES)('%s: the same grows by what sites hold at the ends of periods', async (_, path) => {
  const [scanned] = await profilesOf(path);
  const coarse = inPeriods(scanned);
  expect(told(coarse)).toEqual(told(scanned));
  for (const [at, { bytes }] of findGrowth(coarse).growths.entries()) {
    const exact = findGrowth(scanned).growths[at]!.bytes;
    expect(Math.abs(bytes - exact)).toBeLessThanOrEqual(0.05 * exact);
  }
});

/** The same profile with what its sites hold at the greatest heap of each tick. */
function atPeaks(profile: Profile): Profile {
  const { ticks, sites } = profile.tables();
  const levels = new PeakLevelsBuilder();
  for (let tick = 0; tick <= ticks.length; tick++) {
    const held = new Float64Array(sites.length);
    for (const { rows, site, born, died, bytes } of profile.lifetimes()) {
      for (let row = 0; row < rows; row++) {
        if (born[row]! <= 2 * tick && died[row]! > 2 * tick) held[site[row]!]! += bytes[row]!;
      }
    }
    levels.add(held);
  }
  const found = levels.finish(sites.length, ticks.length);
  return { ...profile, peakLevels: () => found };
}

test.each(CASES.slice(-NAMES.size))(
  '%s: bands are the same from what sites hold at the greatest heap of each tick',
  async (_, path) => {
    const [scanned] = await profilesOf(path);
    const levels = atPeaks(scanned);
    const bandsOf = (profile: Profile, window: { fromTick: number; toTick: number } | null): unknown =>
      bandsOverTime(select(profile, { ...LEAKED, measure: 'total' }), { by: 'module', window, most: 3 });
    const ticks = scanned.ticks().length;
    for (const window of [null, { fromTick: ticks >> 2, toTick: ticks >> 1 }]) {
      expect(bandsOf({ ...levels, lifetimes: () => [] }, window)).toEqual(bandsOf(scanned, window));
    }
  },
);

test.each(CASES)('%s: leaks are the same from what is summed by period as from lifetimes', async (_, path) => {
  const [scanned] = await profilesOf(path);
  const coarse = inPeriods(scanned);
  const summed = listLeaks(select(coarse, LEAKED), 0);
  // Which is all of them, but has to be looked at one by one.
  const anyLifetime = parseFilter('lifetime>=0s');
  expect(summed).toEqual(listLeaks(select(coarse, { ...LEAKED, filter: anyLifetime }), 0));
});
