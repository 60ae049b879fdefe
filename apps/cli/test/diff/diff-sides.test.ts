/** What two sides may be in a diff: windows, processes, recordings of other kinds. */
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { findCapture } from '@memscope/fixtures';
import type { DiffDocument } from '@memscope/model';

import { isBuilt } from '../built-cli.js';
import { documentOnDisk, runOnDisk, useFolder, writeCapture } from '../views/captures-on-disk.js';
import { CAPTURE_START_MS, SHOP } from '../views/view-captures.js';
import { NEXT_SHOP, script } from './diff-scripts.js';

/** Reading captures needs the built workers. */
describe.skipIf(!isBuilt())('two sides of a diff', () => {
  const folder = useFolder();
  let [shop, next] = ['', ''];
  beforeAll(() => {
    shop = writeCapture(folder, 'shop', SHOP);
    next = writeCapture(folder, 'next', NEXT_SHOP);
  });
  const fixture = (name: string): string => {
    const path = join(folder, `${name}.bin`);
    if (!existsSync(path)) copyFileSync(findCapture(name).path, path);
    return path;
  };
  const documentOf = (...args: string[]): Promise<DiffDocument> => documentOnDisk<DiffDocument>('diff', ...args);

  test('a filter that nothing passes on either side is told, with what was meant', async () => {
    const { summary } = await documentOf(shop, next, '--filter', 'function:laod');
    expect(summary).toBe('Nothing passes the filter on either side. No function is called "laod": did you mean load?');
  });

  test('what is live at the end of a window is not called leaked', async () => {
    const args = ['diff', shop, next, '--window', '..75%', '--measure', 'leaked'];
    for (const more of [[], ['--markdown']]) {
      const { stdout } = await runOnDisk([...args, ...more], { terminal: 140, env: { NO_COLOR: '1' } });
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain('allocated in the window and is live at its end');
      expect(stdout).toContain('Allocated, not freed');
      expect(stdout).not.toMatch(/never freed|Leaked|keeps/);
    }
  });

  test('of a window is not led by what its end is live with, where the peak in it tells more', async () => {
    const sides = [20_000_000, 29_000_000].map((bytes, at) =>
      script(
        'push load /srv/app/job.py:3 entry\nmalloc 0x1000 8000000\npop 1\n' +
          `push work /srv/app/job.py:9 entry\nmalloc 0x2000 ${bytes}\nfree 0x2000\npop 1${at === 1 ? '\nfree 0x1000' : ''}`,
      ),
    );
    const [before, after] = sides.map((text, at) => writeCapture(folder, `ends-${at}`, text)) as [string, string];
    const { summary, beside } = await documentOf(before, after, '--window', '0%..100%');
    expect(summary).toMatch(/work .*holds .* more/);
    expect(summary).not.toContain('live at its end');
    const leaked = beside.find(({ measure }) => measure === 'leaked');
    expect(leaked?.shrank).toMatchObject([{ function: 'load', change: -8_000_000 }]);
  });

  test('a base that had ended before the window begins holds nothing in it, which is said first', async () => {
    const short = writeCapture(folder, 'short', SHOP.replace(/end=\d+/, `end=${CAPTURE_START_MS + 500}`));
    const { summary, obstacles, totals } = await documentOf(short, next, '--window', '1.8s..');
    expect(obstacles.map(({ name }) => name)).toContain('outsideWindow');
    expect(summary).toMatch(/^The two sides cannot be compared by bytes: a recording of the base had ended before/);
    expect([totals.peak.base, totals.peak.head > 0]).toEqual([0, true]);
    const there = await runOnDisk(['diff', next, short, '--window', '1.8s..']);
    expect([there.code, there.stderr]).toEqual([2, expect.stringContaining('is after the end')]);
  });

  test('one run with itself in two windows, each of its own side', async () => {
    const { base, head, totals } = await documentOf(shop, shop, '--base-window', '..25%', '--window', '50%..');
    expect([base[0]!.window!.fromTick, head[0]!.window!.fromTick]).toEqual([0, 3]);
    expect(totals.total).toBeNull();
  });

  test('that are one file are said to be, for programs as well', async () => {
    expect((await documentOf(shop, shop)).notes).toEqual(['Both sides are the same file: nothing can differ.']);
    expect((await documentOf(shop, next)).notes).toEqual([]);
    const { stderr } = await runOnDisk(['diff', shop, shop, '--csv']);
    expect(stderr).toContain('memscope: warning: Both sides are the same file');
  });

  test('names first why two sides cannot be compared, and compares what can be', async () => {
    const { obstacles, totals } = await documentOf(fixture('mixed-v13'), fixture('mixed-agg-v13'));
    expect(obstacles.map(({ name }) => name)).toContain('aggregated');
    expect([totals.total, totals.count, totals.ownPeaks]).toEqual([null, null, null]);
    expect(totals.peak.base).toBeGreaterThan(0);
  });

  test('begins with what bytes of the two sides cannot be compared for, and says it once', async () => {
    const source = NEXT_SHOP.replace('capture v13', 'capture v13 trace_python_allocators=yes');
    const sides = [writeCapture(folder, 'traced', source), shop];
    const why = "The two sides cannot be compared by bytes: Python's allocators were traced in the base only";
    expect((await documentOf(...sides)).summary).toMatch(new RegExp(`^${why}: .*\\. As recorded, the peak `));
    const { stdout } = await runOnDisk(['diff', ...sides, '--markdown']);
    expect(stdout.startsWith(`**${why}`)).toBe(true);
    expect(stdout.split('were traced in the base only')).toHaveLength(2);
  });

  test('a program under two versions of memray and Python is nearly the same by function', async () => {
    const { summary, grew, shrank, totals } = await documentOf(fixture('mixed-v11'), fixture('mixed-v13'));
    expect(summary).toMatch(/^The peak is about the same/);
    expect([...grew, ...shrank].filter(({ aboveNoise }) => aboveNoise)).toEqual([]);
    expect(Math.abs(totals.peak.change)).toBeLessThan(1024);
  });

  test('processes of each side are added up with --together', async () => {
    const copies = [shop, next].map((path) => path.replace('.bin', '-copy.bin'));
    for (const [at, path] of [shop, next].entries()) copyFileSync(path, copies[at]!);
    const sides = ['--base', shop, copies[0]!, '--head', next, copies[1]!];
    const { totals, grew } = await documentOf(...sides, '--together');
    const one = await documentOf(shop, next);
    expect(totals.peak).toMatchObject({ base: 2 * one.totals.peak.base, head: 2 * one.totals.peak.head });
    expect(grew[0]!.change).toBe(2 * one.grew[0]!.change);
    expect(totals.rss).toBeNull();
  });
});
