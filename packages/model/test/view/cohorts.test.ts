/** Lifetimes summed by period of birth and of death: windows are told from them as a look at each lifetime tells them. */
import { expect, test } from 'vitest';
import {
  HeldByPeriod,
  memoryProfile,
  NEVER,
  windowOfTick,
  type Cohorts,
  type LifetimeBatch,
  type LifetimeRanges,
  type Profile,
} from '../../src/index.js';
import { batchOf, leakSteps, type LifetimeRow } from '../../src/view/live-changes.js';
import { weighSites } from '../../src/view/site-weights.js';
import { sumLeaks, type LeakSums } from '../../src/view/sum-leaks.js';
import { profileOf } from './profile-text.js';

type Random = (below: number) => number;

/** A linear congruential generator: the same numbers for a seed on every machine. */
function seedRandom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const TICKS = 400;
const BATCH_ROWS = 200;
const TABLES = profileOf(
  `1 malloc a  0..1 8/1
   1 mmap b  0..1 8/1
   1 malloc c  0..1 8/1
   1 malloc a>d  0..1 8/1
   2 calloc a  0..1 8/1`,
  TICKS,
).tables();
const SITES = TABLES.sites.length;

/** Most live for a few ticks, some for long, some for ever; in the order of their deaths, as they come. */
function someLifetimes(random: Random): LifetimeRow[] {
  const rows = Array.from({ length: 12_000 }, () => {
    const born = random(2 * TICKS + 1);
    const kind = random(20);
    const died = kind === 0 ? NEVER : born + 1 + random(kind < 3 ? 2 * TICKS : 20);
    return {
      site: random(SITES),
      born,
      died: died > 2 * TICKS + 1 ? NEVER : died,
      count: 1 + random(3),
      bytes: random(10) === 0 ? 0 : 1 + random(2 ** 34),
    };
  });
  return rows.sort((a, b) => a.died - b.died);
}

function rangesOf({ site, born, died, count, bytes }: LifetimeBatch): LifetimeRanges {
  const range = (column: Uint32Array | Float64Array) => ({
    least: Math.min(...column),
    greatest: Math.max(...column),
  });
  const deaths = died.filter((moment) => moment !== NEVER);
  const never = died.length - deaths.length;
  const lastDeath = Math.max(0, ...deaths);
  return { site: range(site), born: range(born), never, lastDeath, count: range(count), bytes: range(bytes) };
}

const NOTHING = { bytes: new Float64Array(0), count: new Uint32Array(0), allocated: new Uint32Array(0) };

/** Batches as a recording gives them, one after the other between its ticks. */
function sum(rows: readonly LifetimeRow[], mostPeriods?: number): { batches: LifetimeBatch[]; sums: HeldByPeriod } {
  const sums = new HeldByPeriod(mostPeriods === undefined ? {} : { mostPeriods });
  const batches: LifetimeBatch[] = [];
  let from = 0;
  const give = (to: number): void => {
    const batch = batchOf(rows.slice(from, to));
    from = to;
    batches.push(batch);
    sums.addLifetimes(batch, rangesOf(batch));
  };
  for (let tick = 0; tick < TICKS; tick++) {
    // A batch is full at some time within a tick.
    while (from + BATCH_ROWS <= rows.length && rows[from + BATCH_ROWS - 1]!.died < 2 * tick + 2)
      give(from + BATCH_ROWS);
    if (sums.endsWith(tick, SITES)) sums.add(tick, NOTHING);
  }
  while (from < rows.length) give(Math.min(rows.length, from + BATCH_ROWS));
  return { batches, sums };
}

interface Told {
  readonly scanned: Profile;
  readonly summed: Profile;
  /** Rows that were looked at one by one. */
  readonly looked: () => number;
}

function profilesOf(batches: readonly LifetimeBatch[], cohorts: Cohorts): Told {
  const scanned = memoryProfile(TABLES, batches);
  let looked = 0;
  const summed: Profile = {
    ...scanned,
    cohorts: () => cohorts,
    *markedLifetimes(marked, wanted) {
      for (const [at, { rows }] of batches.entries()) if (wanted[at] === 1) looked += rows;
      yield* scanned.markedLifetimes(marked, wanted);
    },
    *lifetimes(first, last) {
      for (const { rows } of batches) looked += rows;
      yield* scanned.lifetimes(first, last);
    },
  };
  return { scanned, summed, looked: () => looked };
}

function leaksOf(profile: Profile, steps: Uint32Array, fromTick: number): LeakSums {
  const { allocator } = profile.siteKeys();
  const rowOfSite = Int32Array.from({ length: SITES }, (_, site) => (site === 3 ? -1 : site % 2));
  return sumLeaks({ profile, passes: null, allocator }, fromTick, rowOfSite, 2, steps);
}

function compare({ scanned, summed }: Told, cohorts: Cohorts, fromTick: number, toTick: number): void {
  const steps = leakSteps(fromTick, toTick, cohorts.periodEnds);
  expect(leaksOf(summed, steps, fromTick)).toEqual(leaksOf(scanned, steps, fromTick));
  const window = { ...windowOfTick(fromTick, scanned), fromTick, toTick };
  for (const measure of ['leaked', 'peak'] as const)
    expect(weighSites(summed, measure, window)).toEqual(weighSites(scanned, measure, window));
}

test.each([1, 2, 3])('windows of any length say the same from sums as from lifetimes (seed %i)', (seed) => {
  const random = seedRandom(seed);
  const { batches, sums } = sum(someLifetimes(random), [undefined, 32, 128][seed - 1]);
  const cohorts = sums.finishCohorts(SITES, TICKS)!;
  const told = profilesOf(batches, cohorts);
  for (let window = 0; window < 30; window++) {
    const [a, b] = [random(TICKS + 1), random(TICKS + 1)];
    compare(told, cohorts, Math.min(a, b), Math.max(a, b));
  }
  compare(told, cohorts, 0, TICKS);
  compare(told, cohorts, cohorts.periodEnds[3]! + 1, TICKS);
});

test('where both ends of a window end periods, no lifetime is looked at; else those around them, once', () => {
  // Nothing lives for long.
  const rows = someLifetimes(seedRandom(4)).filter(({ born, died }) => died !== NEVER && died - born < 20);
  const { batches, sums } = sum(rows);
  const cohorts = sums.finishCohorts(SITES, TICKS)!;
  const { periodEnds } = cohorts;
  expect(periodEnds.length).toBeGreaterThan(32);
  const whole = profilesOf(batches, cohorts);
  leaksOf(whole.summed, periodEnds.slice(10, 40), periodEnds[9]! + 1);
  expect(whole.looked()).toBe(0);
  const cut = profilesOf(batches, cohorts);
  leaksOf(cut.summed, periodEnds.slice(10, 40), periodEnds[9]! + 2);
  expect(cut.looked()).toBeGreaterThan(0);
  expect(cut.looked()).toBeLessThan(rows.length / 5);
  const looked = cut.looked();
  leaksOf(cut.summed, periodEnds.slice(10, 40), periodEnds[9]! + 2);
  expect(cut.looked()).toBe(looked);
});

test('fewer periods are kept where there would be too many rows', () => {
  // Each site has some of each pair of periods.
  const cohortsOf = (sites: number): Cohorts => {
    const sums = new HeldByPeriod();
    const column = (value: (row: number) => number): Uint32Array =>
      Uint32Array.from({ length: sites }, (_, row) => value(row));
    for (let tick = 0; tick < 200; tick++) {
      for (let back = 0; back <= tick / 2; back += 8) {
        const batch = {
          rows: sites,
          site: column((row) => row),
          born: column(() => 2 * (tick - back)),
          died: column(() => 2 * tick + 1),
          count: new Float64Array(sites).fill(1),
          bytes: new Float64Array(sites).fill(8),
        };
        sums.addLifetimes(batch, rangesOf(batch));
      }
      if (sums.endsWith(tick, sites)) sums.add(tick, NOTHING);
    }
    return sums.finishCohorts(sites, 200)!;
  };
  const few = cohortsOf(10);
  const many = cohortsOf(600);
  expect(few.periodEnds.length).toBeGreaterThan(32);
  expect(many.periodEnds.length).toBeLessThan(few.periodEnds.length);
  expect(many.rows).toBeLessThan(1 << 17);
});

test('where ticks become one, lifetimes that are given once more are summed as if they came so', () => {
  const rows = someLifetimes(seedRandom(6));
  const { batches, sums } = sum(rows);
  const merged = batches.map((batch) => {
    const coarse = (moment: number): number => (moment === NEVER ? NEVER : 2 * (moment >> 2) + ((moment >> 1) & 1));
    const kept = Array.from({ length: batch.rows }, (_, row) => ({
      site: batch.site[row]!,
      born: coarse(batch.born[row]!),
      died: coarse(batch.died[row]!),
      count: batch.count[row]!,
      bytes: batch.bytes[row]!,
    }));
    return batchOf(kept.filter(({ born, died }) => born < died));
  });
  sums.remap(Uint32Array.from({ length: 2 * TICKS }, (_, moment) => 2 * (moment >> 2) + ((moment >> 1) & 1)));
  for (const batch of merged) sums.addLifetimes(batch, rangesOf(batch));
  const cohorts = sums.finishCohorts(SITES, TICKS / 2)!;
  const told = profilesOf(merged, cohorts);
  for (const [from, to] of [
    [13, 150],
    [0, 101],
    [60, TICKS / 2],
  ] as const)
    compare(told, cohorts, from, to);
});
