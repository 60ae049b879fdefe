/** The page's benchmark on a tiny profile, in real Chromium: that every interaction is answered and timed; never times. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';

import { findChromium, MISSING_CHROMIUM } from '../src/chromium.js';
import { runPageSuite, type PageResult } from '../src/page-suite.js';
import { renderPage } from '../src/render-page.js';
import { percentile } from '../src/statistics.js';

const isBuilt = existsSync(join(import.meta.dirname, '..', '..', 'apps', 'cli', 'dist', 'web', 'index.html'));
const canRun = isBuilt && findChromium() !== null;
if (!canRun) process.stderr.write(`${isBuilt ? MISSING_CHROMIUM : 'not built: the page is not measured'}\n`);

describe.skipIf(!canRun)('the page suite', () => {
  let result: PageResult;
  beforeAll(async () => {
    result = await runPageSuite({
      runs: 1,
      warmUps: 0,
      roundsPerRun: 1,
      seed: 1,
      sites: 2000,
      lifetimes: 20_000,
      captures: [],
    });
  }, 120_000);

  test('times every kind of interaction on the synthetic profile and on a real one', () => {
    expect(result.profiles.map(({ name }) => name)).toEqual([
      'synthetic: 2,000 sites, 10,000 stacks, 10,000 ticks',
      'pandas-v13.bin',
    ]);
    for (const { interactions, paint, ready, heap } of result.profiles) {
      const kinds = new Set(interactions.map(({ name }) => name.split(':')[0]));
      expect([...kinds]).toEqual([
        'view',
        'brush',
        'timeline',
        'flame graph',
        'search',
        'measure',
        'table',
        'sandwich',
      ]);
      for (const { samples } of interactions) {
        expect(samples).toHaveLength(1);
        expect(samples[0]).toBeGreaterThan(0);
      }
      expect([paint.length, ready.length]).toEqual([1, 1]);
      expect(heap.measured).toBeGreaterThan(1e6);
    }
    expect(result.script.measured).toBeGreaterThan(10_000);
  });

  test('writes a line for each, with both targets', () => {
    const text = renderPage(result).flat().join('\n');
    for (const { name } of result.profiles[0]!.interactions)
      expect(text).toMatch(new RegExp(`^  ${name} .*100 ms: .*300 ms: `, 'm'));
    expect(text).not.toMatch(/NaN|undefined/);
  });
});

test('a percentile is one of the values, by its rank', () => {
  const values = Array.from({ length: 20 }, (_, at) => 20 - at);
  expect([percentile(values, 0.95), percentile(values, 0.5), percentile(values, 1), percentile([7], 0.95)]).toEqual([
    19, 10, 20, 7,
  ]);
});
