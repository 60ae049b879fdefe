/** `memscope analyze` of a window of time or of what a filter lets pass. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GROWTH_FOLDER } from '@memscope/fixtures';

import { expectFile } from '../expected-text.js';
import { runOnDisk, useFolder } from '../views/captures-on-disk.js';
import { expectValid } from '../views/document-schema.js';
import { fixtureProfile, runOn } from '../views/fixture-profiles.js';

process.env['TZ'] = 'Europe/Berlin';

const folder = useFolder();

interface Row {
  readonly peakBytes: number;
  readonly leakedBytes: number;
  readonly totalBytes: number | null;
}

interface Document {
  readonly totals: Row & { readonly bytesAllocated: number | null; readonly temporaryBytes: number | null };
  readonly scope: { readonly window: { readonly peakBytes: number } | null; readonly filter: string | null } | null;
  readonly locations: readonly Row[];
  readonly modules: readonly Row[];
  readonly allocators: readonly Row[];
  readonly threads: readonly Row[];
  readonly sizes: unknown;
}

async function documentOf(name: string, ...flags: string[]): Promise<Document> {
  const { stdout, code } = await runOn(name, ['analyze', '--json', ...flags]);
  expect(code).toBe(0);
  const document = JSON.parse(stdout) as Document;
  expectValid('analysis-1', document);
  return document;
}

test.each([
  ['part-window', ['--window', '20%..60%', '-n', '5']],
  ['part-filter', ['--filter', 'thread:worker', '--hide-standard-library', '-n', '5']],
])('%s is as expected at 80 columns', async (name, flags) => {
  const { stdout } = await runOn('mixed-v13', ['analyze', '-v', ...flags]);
  expectFile(`${name}.txt`, stdout.replace(/\n {2}Profile .*\n(?: {14}.*\n)*/, '\n').replace(/\n {14}\/.*/g, ''));
});

describe('a window', () => {
  test('has the peak within it and what it leaked, in every list, and no totals', async () => {
    const { totals, scope, sizes, ...lists } = await documentOf('pandas-v13', '--window', '30%..50%');
    expect(totals.peakBytes).toBe(scope?.window?.peakBytes);
    expect([totals.bytesAllocated, totals.temporaryBytes, sizes]).toEqual([null, null, null]);
    for (const rows of [lists.locations, lists.modules, lists.allocators, lists.threads]) {
      const sum = (key: 'peakBytes' | 'leakedBytes'): number => rows.reduce((all, row) => all + row[key], 0);
      expect([sum('peakBytes'), sum('leakedBytes')]).toEqual([totals.peakBytes, totals.leakedBytes]);
      expect(rows.every((row) => row.totalBytes === null)).toBe(true);
    }
  });

  test('of the whole recording has the capture’s own peak', async () => {
    const { capture } = await fixtureProfile('pandas-v13');
    const { totals } = await documentOf('pandas-v13', '--window', '0%..100%');
    expect([totals.peakBytes, totals.leakedBytes]).toEqual([capture.peakBytes, capture.leakedBytes]);
  });
});

describe('a filter', () => {
  test('and its opposite add up to the whole at its peak, and each has a peak of its own', async () => {
    const whole = await documentOf('pandas-v13');
    const [those, others] = [
      await documentOf('pandas-v13', '--filter', 'module:pandas'),
      await documentOf('pandas-v13', '--filter', '-module:pandas'),
    ];
    expect(whole.scope).toBeNull();
    const atPeak = [
      await documentOf('pandas-v13', '--window', 'peak', '--filter', 'module:pandas'),
      await documentOf('pandas-v13', '--window', 'peak', '--filter', '-module:pandas'),
    ].map(({ totals }) => totals.peakBytes);
    expect(atPeak[0]! + atPeak[1]!).toBe(whole.totals.peakBytes);
    expect(those.totals.peakBytes).toBeGreaterThanOrEqual(atPeak[0]!);
    expect(others.totals.peakBytes).toBeGreaterThanOrEqual(atPeak[1]!);
    for (const key of ['leakedBytes', 'bytesAllocated', 'temporaryBytes'] as const) {
      expect([key, those.totals[key]! + others.totals[key]!]).toEqual([key, whole.totals[key]]);
    }
  });

  test('tells what grows of what passes it, in the numbers of its command, and of nothing else', async () => {
    const profile = join(folder, 'l_cache.memscope');
    await runOnDisk(['analyze', join(GROWTH_FOLDER, 'l_cache.bin'), '-o', profile]);
    const told = async (...flags: string[]): Promise<string> =>
      (await runOnDisk(['analyze', profile, '--sections', 'findings', ...flags])).stdout;
    const whole = await told();
    const part = await told('--filter', 'owner:iterencode');
    expect(whole).toMatch(/! render \(\S*l_cache\.py:10\) grows: 51\.\d MiB so far/);
    expect(part).toMatch(/! render \(\S*l_cache\.py:10\) grows: 50\.8 MiB so far/);
    expect(part).toMatch(/--filter '?(?:owner:iterencode .*|.* owner:iterencode)'?\n/);
    const { stdout } = await runOnDisk(['leaks', profile, '--filter', 'owner:iterencode']);
    expect(stdout).toMatch(/^What grows\n {2}! render \(\S*l_cache\.py:10\) grows: 50\.8 MiB so far/m);
    expect(await told('--filter', '-function:render')).toContain('Nothing that passes the filter is seen to grow');
    expect(await told('--filter', 'function:render lifetime>1ms')).toContain('What grows is told of sites');
  });

  test('by lifetime leaves temporaries unknown, not 0', async () => {
    const { totals } = await documentOf('pandas-v13', '--filter', 'lifetime<100ms');
    expect([totals.bytesAllocated! > 0, totals.temporaryBytes, totals.leakedBytes]).toEqual([true, null, 0]);
  });
});
