/**
 * Where a series moved and stayed: as Apache Otava finds it in twenty planted series, and often enough and seldom enough
 * in planted steps and in noise alone.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { findChanges } from '../../src/history/change-points.js';

interface Planted {
  readonly name: string;
  readonly truth: readonly number[];
  /** What Otava 0.8.0 finds with p < 0.001. */
  readonly otava: readonly number[];
  readonly values: readonly number[];
}

const { series } = JSON.parse(
  readFileSync(new URL('../../../../fixtures/series/otava.json', import.meta.url), 'utf8'),
) as { readonly series: readonly Planted[] };

/** Normal deviates, the same in every run (mulberry32, Box and Muller). */
function normals(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

const PEAK = 4e8;
const LENGTHS = [30, 60, 100, 200, 300];

/** `share` from the value `at` on; the deviation of the noise as a share, too. */
function plant(seed: number, length: number, at: number, share: number, noise: number): number[] {
  const normal = normals(seed);
  return Array.from({ length }, (_, run) => Math.round(PEAK * (run < at ? 1 : 1 + share) * (1 + noise * normal())));
}

describe('change points', () => {
  test.each(series.map((each) => [each.name, each] as const))('are those of Otava: %s', (_, { values, otava }) => {
    expect(findChanges(values).steps.map(({ at }) => at)).toEqual(otava);
  });

  test('of a step of 2% in noise of 0.5% are found in at least 95 of 100 series of 30 to 300 runs, within two runs', () => {
    let found = 0;
    for (let seed = 0; seed < 100; seed++) {
      const length = LENGTHS[seed % LENGTHS.length]!;
      const at = Math.floor(length * (0.25 + 0.005 * seed));
      const { steps } = findChanges(plant(seed, length, at, 0.02, 0.005));
      if (steps.some((step) => Math.abs(step.at - at) <= 2 && step.after > step.before)) found++;
    }
    expect(found).toBeGreaterThanOrEqual(95);
  });

  test.each([
    [0.05, 0.005, 100],
    [0.01, 0.002, 95],
    [0.05, 0.02, 80],
  ])('of a step of %f in noise of %f are found in at least %i of 100', (share, noise, least) => {
    let found = 0;
    for (let seed = 0; seed < 100; seed++) {
      const length = LENGTHS[seed % LENGTHS.length]!;
      const at = Math.floor(length / 2);
      const { steps } = findChanges(plant(1000 + seed, length, at, share, noise));
      if (steps.some((step) => Math.abs(step.at - at) <= 3)) found++;
    }
    expect(found).toBeGreaterThanOrEqual(least);
  });

  test('of noise alone are at most 5 in 100 series', () => {
    let found = 0;
    for (let seed = 0; seed < 100; seed++) {
      const length = LENGTHS[seed % LENGTHS.length]!;
      if (findChanges(plant(5000 + seed, length, length, 0, 0.005)).steps.length > 0) found++;
    }
    expect(found).toBeLessThanOrEqual(5);
  });
});

describe('a spike', () => {
  test('is no step, and hides none', () => {
    const values = [...Array.from({ length: 4 }, () => 100), 220, ...Array.from({ length: 4 }, () => 100)];
    const raised = [...values, ...Array.from({ length: 6 }, () => 120)];
    const { steps, spikes } = findChanges(raised);
    expect(spikes).toEqual([{ at: 4, value: 220, usual: 100 }]);
    expect(steps.map(({ at, before, after }) => [at, before, after])).toEqual([[9, 100, 120]]);
  });

  test.each([
    ['spike30%', [30]],
    ['spike30%-twice', [20, 41]],
    ['flat-2%', []],
    ['three-steps', []],
    ['step5%-last3', []],
  ])('is told in %s', (name, expected) => {
    const { values } = series.find((each) => each.name === name)!;
    expect(findChanges(values).spikes.map(({ at }) => at)).toEqual(expected);
  });

  test('in the last run cannot be told from a step, which is not confirmed yet', () => {
    const { steps } = findChanges(series.find(({ name }) => name === 'step5%-last1')!.values);
    expect(steps.map(({ isConfirmed }) => isConfirmed)).toEqual([false]);
    const { steps: later } = findChanges(series.find(({ name }) => name === 'step5%-last3')!.values);
    expect(later.map(({ isConfirmed }) => isConfirmed)).toEqual([true]);
  });
});

test('series that are empty, short, constant or huge have no step by accident', () => {
  for (const values of [[], [1], [1, 2], [5, 5, 5, 5, 5, 5], [2 ** 53, 2 ** 53, 2 ** 53, 2 ** 53], [0, 0, 0, 0, 0]]) {
    expect(findChanges(values).steps.filter(({ isConfirmed }) => isConfirmed)).toEqual([]);
  }
});
