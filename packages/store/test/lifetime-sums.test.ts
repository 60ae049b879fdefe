/** What lifetimes sum up to, by moment, by period and at the greatest heap of each tick: written where it is worth it. */
import { memoryProfile, NEVER, passingOf, type LifetimeBatch } from '@memscope/model';
import { expect, test } from 'vitest';
import { batchOf, sampleTables, type LifetimeRow } from './sample-tables.js';
import { open, writeProfile } from './write-profile.js';

test('lifetimes are summed where there are many, and not where that would help nobody', () => {
  // Hundreds of each site and moment.
  const rows = Array.from({ length: 3000 }, (_, row) => [row % 3, row % 4, (row % 4) + 1 + (row % 2), 1, 8] as const);
  const batches = [batchOf(rows), batchOf(rows)];
  const changesOf = (summedLifetimes?: number) =>
    open(writeProfile({ batches, ...(summedLifetimes === undefined ? {} : { summedLifetimes }) })).liveChanges();
  expect(changesOf()).toBeNull();
  const changes = changesOf(6000)!;
  const expected = new Map<string, number>();
  const add = (site: number, moment: number, bytes: number): void => {
    const key = `${site} ${moment}`;
    expected.set(key, (expected.get(key) ?? 0) + bytes);
  };
  for (const [site, born, died, , bytes] of [...rows, ...rows]) {
    add(site, born, bytes);
    add(site, died, -bytes);
  }
  const found = Array.from(
    changes.site,
    (site, row) => [`${site} ${changes.moment[row]}`, changes.bytes[row]] as const,
  );
  expect(new Map(found)).toEqual(expected);
  expect(found).toHaveLength(expected.size);
  const few = open(writeProfile({ batches: [batchOf([[2, 0, 3, 1, 5]])], summedLifetimes: 1 }));
  expect(few.liveChanges()).toBeNull();
});

test('what sites hold at the ends of ticks becomes changes, where lifetimes are many more', () => {
  const { sites } = sampleTables();
  const held = [8, 0].map((bytes) => ({
    bytes: new Float64Array(sites.length).fill(bytes),
    count: new Uint32Array(sites.length).fill(bytes >> 3),
    allocated: new Uint32Array(sites.length).fill(1),
  }));
  const rows = Array.from({ length: 1000 }, () => [0, 0, 2, 1, 8] as const);
  const changesOf = (coarseLifetimes: number, batches = [batchOf(rows)]) =>
    open(writeProfile({ batches, held, coarseLifetimes, expectedBytes: 100_000 })).coarseChanges();
  expect(changesOf(1001)).toBeNull();
  expect(changesOf(1, [batchOf(rows.slice(0, 1))])).toBeNull();
  const { length, site, moment, bytes, births, deaths, passing } = changesOf(1000)!;
  expect(passing).toBeNull();
  const found = Array.from({ length }, (_, row) => [
    site[row]!,
    moment[row]!,
    bytes[row]!,
    births[row]!,
    deaths[row]!,
    passingOf(births[row]!, deaths[row]!),
  ]);
  const ofSite = (wanted: number): number[][] => found.filter(([at]) => at === wanted).map((row) => row.slice(1));
  for (let at = 0; at < sites.length; at++) {
    const [kept, count, all] = [sites.leakedBytes[at]!, sites.leakedCount[at]!, sites.totalCount![at]!];
    const died = Math.max(0, all - 1 - count);
    const last = [4, kept, all - 1, died, died + Math.min(all - 1, died)];
    expect(ofSite(at)).toEqual([
      [0, 8, 1, 0, 0],
      [2, -8, 0, 1, 1],
      ...(last.slice(1, 4).some((each) => each !== 0) ? [last] : []),
    ]);
  }
});

test('what sites hold at the greatest heap of each tick comes back, where lifetimes are many more', () => {
  const { sites, ticks } = sampleTables();
  const rows = Array.from({ length: 4 * sites.length * ticks.length }, () => [0, 0, 2, 1, 8] as const);
  const peaksOf = (large: number): Float64Array[] =>
    Array.from({ length: ticks.length + 1 }, (_, tick) =>
      Float64Array.from({ length: sites.length }, (_bytes, site) => ((site * 7 + tick * 3) % 11) * large),
    );
  const levelsOf = (batches: readonly LifetimeBatch[], peaks: readonly Float64Array[]) =>
    open(writeProfile({ batches, peaks, coarseLifetimes: 1, expectedBytes: 10_000 })).peakLevels();
  for (const large of [1, 2 ** 33]) {
    const { steps, changes } = levelsOf([batchOf(rows)], peaksOf(large))!;
    expect(steps).toBe(ticks.length + 1);
    const expected = peaksOf(large);
    for (let site = 0; site < sites.length; site++) {
      let live = 0;
      for (let step = 0; step < steps; step++) {
        live += changes[site * steps + step]!;
        expect(live).toBe(expected[step]![site]);
      }
    }
  }
  expect(levelsOf([batchOf(rows.slice(1))], peaksOf(1))).toBeNull();
});

test('what is born in one period and dies in another, and what dies in its own, come back site by site', () => {
  const { sites, ticks } = sampleTables();
  const held = [0, 0].map(() => ({
    bytes: new Float64Array(sites.length),
    count: new Uint32Array(sites.length),
    allocated: new Uint32Array(sites.length),
  }));
  // Periods are moments 0 and 1, 2 and 3, and the rest.
  const batches = [
    [[0, 0, 1, 1, 8]],
    [
      [0, 1, 2, 2, 16],
      [0, 0, 3, 1, 2 ** 40],
    ],
    [
      [1, 3, null, 1, 4],
      [1, 3, null, 3, 0],
      [1, 4, 5, 1, 4],
    ],
  ].map((rows) => batchOf(Array.from({ length: 20 }, () => rows as unknown as LifetimeRow[]).flat()));
  const cohortsOf = (cohortLifetimes: number) =>
    open(writeProfile({ batches, held, cohortLifetimes, expectedBytes: 100_000_000 })).cohorts();
  expect(cohortsOf(121)).toBeNull();
  const { periodEnds, bornIn, diedIn, rows: length, ...read } = cohortsOf(120)!;
  expect([...periodEnds]).toEqual([0, 1, ticks.length]);
  expect([[...bornIn], [...diedIn], length]).toEqual([[1, 0, 0, 1, 0, 0, 0, 1, 1], [1, 0, 0, 0, 1, 0, 0, 0, 1], 3]);
  const { site, born, lastBorn, died, count, bytes } = read.crossing();
  expect(Array.from(site, (at, row) => [at, born[row], lastBorn[row], died[row], count[row], bytes[row]])).toEqual([
    [0, 0, 1, 2, 60, 20 * (16 + 2 ** 40)],
    [1, 3, 3, NEVER, 20, 80],
    [1, 3, 3, NEVER, 60, 0],
  ]);
  const within = read.within();
  expect(within).toHaveLength(3 * sites.length);
  expect([within[0], within[2 * sites.length + 1]]).toEqual([160, 80]);
});

test('of some batches only the rows that are born or die at marked moments are read, compressed or not', () => {
  const rowsOf = (bytes: number): LifetimeRow[] =>
    Array.from({ length: 1000 }, (_, row) => [row % 3, row % 7, row % 5 === 0 ? null : 7 + (row % 40), 1, bytes]);
  const batches = [0, 1, 2].map((bytes) => batchOf(rowsOf(bytes)));
  const marked = Uint8Array.from({ length: 300 }, (_, moment) => (moment === 3 || moment === 12 ? 1 : 0));
  for (const compressed of [false, true]) {
    const profile = open(writeProfile({ batches, compressed }));
    const found = Array.from(profile.markedLifetimes(marked, Uint8Array.of(1, 0, 1)), (batch) =>
      structuredClone(batch),
    );
    const expected = [...memoryProfile(profile.tables(), batches).markedLifetimes(marked, Uint8Array.of(1, 0, 1))];
    expect(found).toEqual(expected);
    expect(found.map((batch) => batch.bytes[0])).toEqual([0, 2]);
    expect(found[0]!.rows).toBeLessThan(300);
  }
});
