/** Lifetimes that are kept hold the same rows as the profile's, whatever part of them is asked for. */
import { NEVER, type LifetimeBatch, type Profile } from '@memscope/model';
import { describe, expect, test } from 'vitest';

import { newCancelFlag, watchFlag } from '../src/cancel-flag.js';
import { DecodedLifetimes } from '../src/decoded-lifetimes.js';
import { KeptLifetimes } from '../src/kept-lifetimes.js';

const TICKS = 300;

test('every window yields each row that lives in it, and no row twice', () => {
  const batches = [0, 1, 2].map((seed) => makeBatch(seed, 10_000));
  const kept = new KeptLifetimes(profileOf(batches));
  const all = batches.flatMap((batch) => rowsOf(batch));
  expect([...kept.within()].flatMap(rowsOf).sort()).toEqual(all.toSorted());
  for (const [from, to] of [
    [0, 0],
    [17, 17],
    [100, 240],
    [2 * TICKS, 2 * TICKS + 1],
    [599, 10_000],
  ] as const) {
    const lives = ({ born, died }: Lifetime): boolean => born <= to && died >= from;
    const found = [...kept.within(from, to)].flatMap(rowsOf);
    expect(new Set(found).size).toBe(found.length);
    expect(found.filter((row) => lives(read(row))).sort()).toEqual(all.filter((row) => lives(read(row))).sort());
  }
});

test('a window that little lived in yields little', () => {
  const kept = new KeptLifetimes(profileOf([0, 1, 2].map((seed) => makeBatch(seed, 30_000))));
  const rows = (from: number, to: number): number =>
    [...kept.within(from, to)].reduce((sum, batch) => sum + batch.rows, 0);
  expect(rows(0, 10)).toBeLessThan(rows(0, Infinity) / 3);
  expect(rows(590, 600)).toBeLessThan(rows(0, Infinity) / 2);
});

test('births that no tick of the profile explains are kept, too', () => {
  const born = Uint32Array.of(1, 5000, 3, 0xfffffffe, 2, 700, 603, 602, 601, 600);
  const batch = { ...makeBatch(5, 10), born, died: born.map((moment) => moment + 1) };
  const kept = new KeptLifetimes(profileOf([batch]));
  expect([...kept.within()].flatMap(rowsOf).sort()).toEqual(rowsOf(batch).sort());
  expect([...kept.within(4000, 6000)].flatMap(rowsOf).map((row) => read(row).born)).toContain(5000);
});

describe('for one question', () => {
  const batches = [0, 1].map((seed) => makeBatch(seed, 100));

  /** Counts batches that were read. */
  function countedProfile(isNative: boolean): { profile: Profile; read: () => number } {
    let read = 0;
    const lifetimes = function* (): Generator<LifetimeBatch> {
      for (const batch of batches) {
        read++;
        yield batch;
      }
    };
    const capture = { answers: { nativeStacks: isNative ? 'exact' : 'none' } } as Profile['capture'];
    return { profile: { ...profileOf(batches), capture, lifetimes }, read: () => read };
  }

  test.each([
    [false, 2],
    [true, 4],
  ])('lifetimes are read once, but for those of native captures (%s)', (isNative, times) => {
    const { profile, read } = countedProfile(isNative);
    const decoded = new DecodedLifetimes(profile);
    expect([[...decoded.within()], [...decoded.within()]]).toEqual([batches, batches]);
    expect(read()).toBe(times);
    expect([...decoded.within(3, 4)]).toEqual(batches);
  });

  test('what was only begun, or was a part, is read again', () => {
    const { profile, read } = countedProfile(false);
    const decoded = new DecodedLifetimes(profile);
    for (const _ of decoded.within()) break;
    expect([...decoded.within(1, 2)]).toEqual(batches);
    expect([...decoded.within()]).toEqual(batches);
    expect(read()).toBe(5);
  });
});

test('a profile without lifetimes has none', () => {
  expect([...new KeptLifetimes(profileOf([])).within()]).toEqual([]);
});

interface Lifetime {
  readonly born: number;
  readonly died: number;
}

function makeBatch(seed: number, rows: number): LifetimeBatch {
  let state = seed * 7919 + 1;
  const below = (most: number): number => (state = (state * 48271) % 2147483647) % most;
  const born = Uint32Array.from({ length: rows }, () => below(2 * TICKS));
  return {
    rows,
    site: Uint32Array.from({ length: rows }, (_, row) => seed * rows + row),
    born,
    died: born.map((moment) => (below(10) === 0 ? NEVER : moment + 1 + below(20))),
    count: Float64Array.from({ length: rows }, () => below(5)),
    bytes: Float64Array.from({ length: rows }, () => below(1e6)),
  };
}

function rowsOf({ rows, site, born, died, count, bytes }: LifetimeBatch): string[] {
  return Array.from({ length: rows }, (_, row) => [site[row], born[row], died[row], count[row], bytes[row]].join(' '));
}

function read(row: string): Lifetime {
  const [, born, died] = row.split(' ').map(Number);
  return { born: born!, died: died! };
}

function profileOf(batches: readonly LifetimeBatch[]): Profile {
  watchFlag(newCancelFlag());
  return { lifetimes: () => batches, ticks: () => ({ length: TICKS }) } as unknown as Profile;
}
