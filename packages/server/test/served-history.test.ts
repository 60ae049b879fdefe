/** What the page is told of a history: the trend of a branch, and which of its runs are served; nothing of where they lie. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addRun } from '@memscope/store';
import { afterAll, expect, test } from 'vitest';

import { RunList } from '../src/run-list.js';
import { ServedHistory } from '../src/served-history.js';

const folder = mkdtempSync(join(tmpdir(), 'memscope-served-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a history is told by branch, with the runs that are served, and read again where it changed', () => {
  const path = join(folder, 'runs.sqlite');
  const add = (at: number, branch: string, peak: number): void => {
    const measures = { peak: [peak], ownPeak: null, leaked: [0], total: null, temporary: null, count: null };
    addRun(path, {
      commit: `c${at}`,
      branch,
      timeMs: at,
      labels: {},
      captures: [{ path: `/runs/${at}.bin`, startMs: at }],
      measured: {
        runs: 1,
        together: false,
        pythonVersion: null,
        tracePythonAllocators: null,
        nativeTraces: false,
        totals: { ...measures, rss: null, durationMs: [1] },
        least: null,
        owners: [],
        rest: null,
      },
    });
  };
  const MIB = 2 ** 20;
  for (const [at, peak] of [100, 100, 100, 100, 120, 120, 120].entries()) add(at, 'main', peak * MIB);
  add(7, 'topic', 50 * MIB);
  const runs = new RunList();
  runs.add(['/runs/2.bin', '/runs/7.bin']);
  const served = new ServedHistory(path);
  const { history, branches, runIds } = served.answer(runs, null);
  expect([history.branch, branches]).toEqual(['main', ['main', 'topic']]);
  expect(history.summary).toMatch(/^The peak grew by 20\.0 MiB .* at c4 and stayed$/);
  expect(runIds.map((id) => id !== null)).toEqual([false, false, true, false, false, false, false]);
  expect(JSON.stringify(history)).not.toContain('/runs/');
  expect(served.answer(runs, 'topic').runIds).toEqual([runs.idOf('/runs/7.bin')]);
  add(8, 'topic', 51 * MIB);
  expect(served.answer(runs, 'topic').history.runs).toHaveLength(2);
});
