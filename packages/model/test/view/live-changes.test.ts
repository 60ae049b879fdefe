/** Lifetimes summed by site and moment: what adds up over lifetimes is the same from either. */
import { expect, test } from 'vitest';
import { findOwnPeak } from '../../src/view/own-peak.js';
import {
  bandsOverTime,
  liveOverTime,
  memoryProfile,
  NEVER,
  parseFilter,
  select,
  sumChanges,
  type CaptureTables,
  type LifetimeBatch,
  type LiveBands,
  type LiveChanges,
  type Profile,
} from '../../src/index.js';
import { profileOf } from './profile-text.js';
import { ALL_AT_PEAK } from './selection-requests.js';

const TICKS = 12;
const SITES = 7;

/** Rows in no order: many of a site come and go at one moment, some never go, a few change nothing together. */
function batchesOf(seed: number): LifetimeBatch[] {
  let state = seed;
  const below = (limit: number): number => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) % limit;
  return Array.from({ length: 3 }, () => {
    const rows = 200;
    const born = Uint32Array.from({ length: rows }, () => below(2 * TICKS + 1));
    return {
      rows,
      site: Uint32Array.from({ length: rows }, () => below(SITES)),
      born,
      died: born.map((from) => (below(4) === 0 ? NEVER : from + 1 + below(2 * TICKS + 1 - from))),
      count: new Float64Array(rows).fill(1),
      bytes: Float64Array.from({ length: rows }, () => below(3) * 8),
    };
  });
}

function sortedRows({ length, site, moment, bytes, births, deaths, passing }: LiveChanges): string[] {
  const columns = [site, moment, bytes, births, deaths, passing];
  return Array.from({ length }, (_, row) => columns.map((column) => column[row]).join(' ')).sort();
}

function withLifetimes(batches: readonly LifetimeBatch[], isSummed: boolean): Profile {
  const text = Array.from({ length: SITES }, (_, site) => `main malloc f${site % 3}.py/run>g${site} short 8/1`).join(
    '\n',
  );
  const base = profileOf(text, TICKS);
  const tables: CaptureTables = base.tables();
  const profile = memoryProfile(tables, batches);
  const within = function* (from: number, to: number): Generator<LifetimeBatch> {
    const isWithin = ({ born, died }: LifetimeBatch): boolean =>
      born.some((at, row) => (at >= from && at <= to) || (died[row]! >= from && died[row]! <= to));
    for (const batch of batches) if (isWithin(batch)) yield batch;
  };
  const { allocator } = profile.siteKeys();
  const changes = sumChanges(within, allocator, TICKS);
  // A few moments at a time: the same in another order.
  const { moment, ...parts } = sumChanges(within, allocator, TICKS, { mostCells: 3 * SITES })!;
  expect([parts.bySite, parts.length, sortedRows({ moment, ...parts })]).toEqual([
    changes!.bySite,
    changes!.length,
    sortedRows(changes!),
  ]);
  expect(changes!.length).toBeLessThanOrEqual(SITES * (2 * TICKS + 2));
  if (!isSummed) return profile;
  return {
    ...profile,
    liveChanges: () => changes,
    lifetimes: () => {
      throw new Error('nobody asks for single lifetimes');
    },
  };
}

test.each([1, 2, 3])('live bytes of groups are the same from sums as from lifetimes, at any moments (%d)', (seed) => {
  const batches = batchesOf(seed);
  const [scanned, summed] = [withLifetimes(batches, false), withLifetimes(batches, true)];
  const groupOfSite = Int32Array.of(0, 1, -1, 0, 2, 1, 0);
  for (const moments of [
    Uint32Array.from({ length: TICKS + 1 }, (_, tick) => 2 * tick),
    Uint32Array.of(3, 3, 9, 25),
    Uint32Array.of(7),
  ]) {
    const live = (profile: Profile): Float64Array => liveOverTime(profile, groupOfSite, 3, moments, { passes: null });
    expect(live(summed)).toEqual(live(scanned));
  }
});

test('bands and the peak of a filter are the same, without a look at single lifetimes', () => {
  const batches = batchesOf(4);
  const [scanned, summed] = [withLifetimes(batches, false), withLifetimes(batches, true)];
  for (const window of [null, { fromTick: 3, toTick: 9 }]) {
    const bandsOf = (profile: Profile): LiveBands =>
      bandsOverTime(select(profile, { ...ALL_AT_PEAK, measure: 'total' }), { by: 'module', window, most: 2 });
    expect(bandsOf(scanned).bands.length).toBeGreaterThan(0);
    expect(bandsOf(summed)).toEqual(bandsOf(scanned));
  }
  const peakOf = (profile: Profile): number | null => {
    const selection = select(profile, { ...ALL_AT_PEAK, measure: 'total', filter: parseFilter('function:g1') });
    const [run] = selection.runs;
    return findOwnPeak(profile, parseFilter('function:g1'), run!.passes!, null, null);
  };
  expect(peakOf(summed)).toBe(peakOf(scanned));
});

test('recordings whose sums would be too many have none, as a few moments tell', () => {
  const batches = batchesOf(5);
  const allocator = new Uint8Array(SITES);
  expect(sumChanges(() => batches, allocator, TICKS, { mostChanges: 20 })).toBeNull();
  expect(sumChanges(() => batches, allocator, TICKS, { mostChanges: 1000 })).not.toBeNull();
});

test('recordings with too many sites for what the sums may cost have none', () => {
  const never = (): never => {
    throw new Error('nothing is read');
  };
  expect(sumChanges(never, new Uint8Array(2 ** 22), 1000)).toBeNull();
  expect(sumChanges(() => [], new Uint8Array(0), 1000)).toMatchObject({ length: 0 });
});
