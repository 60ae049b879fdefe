/** What a history's metrics did from run to run: which runs a name means, what is said of a trend, and its curve. */
import { describe, expect, test } from 'vitest';
import { findTrend } from '@memscope/model/history/find-trend';
import { sayTrend, type HistoryDocument, type HistoryRun } from '@memscope/model';

import { findRuns } from '../../src/history/choose-runs.js';
import { drawHistory, drawTrend } from '../../src/history/history-lines.js';

const DAY = 86_400_000;
const MIB = 2 ** 20;

test('a curve of a history shows bytes as a level, and fills its height from a tenth on', () => {
  expect(drawTrend([2 * MIB, 2 * MIB + 16, 2 * MIB, 2 * MIB - 300], 30)).toBe('▄▄▄▄');
  expect(drawTrend([100, 105, null, 100], 30)).toBe('▂▆ ▂');
  expect(drawTrend([100, 112, 106], 30)).toBe('▁█▄');
  expect(drawTrend([100, 400, 0], 30)).toBe('▂█▁');
  expect(drawTrend([0, 0], 30)).toBe('▄▄');
});

describe('a trend', () => {
  const run = (at: number, peak: number, load: number): HistoryRun => ({
    run: at + 1,
    commit: `c${at}`,
    branch: 'main',
    timeMs: at * DAY,
    labels: {},
    repetitions: 1,
    capturePath: null,
    captures: [],
    measured: {
      runs: 1,
      together: false,
      pythonVersion: null,
      tracePythonAllocators: null,
      nativeTraces: false,
      totals: {
        peak: [peak],
        ownPeak: null,
        leaked: [0],
        total: null,
        temporary: null,
        count: null,
        rss: null,
        durationMs: [1000],
      },
      least: null,
      owners: [
        {
          kind: 'function',
          function: 'load\u001b[31m',
          file: 'app.py',
          threads: 1,
          peak: [load],
          ownPeak: null,
          leaked: [0],
          total: null,
          temporary: null,
          count: null,
        },
      ],
      rest: null,
    },
  });
  test('has the runs that a name means, to git where not to the history', async () => {
    const runs = [run(0, 1, 1), { ...run(1, 1, 1), commit: 'abcdef01' }, { ...run(2, 1, 1), branch: 'topic' }];
    const named = async (name: string): Promise<number[]> =>
      (await findRuns(runs, name, null, (each) => Promise.resolve(each === 'HEAD~1' ? 'abcdef0123456' : null))).map(
        (each) => each.run,
      );
    expect(await named('#3')).toEqual([3]);
    expect(await named('main')).toEqual([1, 2]);
    expect(await named('abcd')).toEqual([2]);
    expect(await named('HEAD~1')).toEqual([2]);
    await expect(named('nowhere')).rejects.toThrow('neither a commit nor a branch');
    await expect(findRuns(runs, 'v2', null, () => Promise.resolve('f'.repeat(40)))).rejects.toThrow(
      'v2 is ffffffffffff, of which the history has no run',
    );
  });

  const series = (peaks: readonly number[]): HistoryRun[] =>
    peaks.map((peak, at) => run(at, peak * MIB, (peak - 90) * MIB));

  test('tells a step in the last run as not yet confirmed, and a spike as gone', () => {
    const level = [100, 100, 100, 100, 100, 100];
    expect(sayTrend(findTrend(series([...level, 110])))).toMatch(/^The peak grew by 10\.0 MiB .* not yet confirmed/);
    const spiked = findTrend(series([...level, 130, ...level]));
    expect(sayTrend(spiked)).toBe('Nothing moved in 13 runs');
    expect(spiked.metrics[0]!.spikes.map(({ at }) => at)).toEqual([6]);
  });

  test('tells of functions that moved while the peak stayed, and of nothing that is too small', () => {
    const quiet = findTrend(
      [0, 0, 0, 0, 0, 1, 1, 1, 1].map((more, at) => run(at, 100 * MIB + more, (10 + 3 * more) * MIB)),
    );
    expect(quiet.metrics.flatMap(({ steps }) => steps)).toEqual([]);
    expect(sayTrend(quiet)).toMatch(/^No metric moved in 9 runs, but load.* holds \+3\.00 MiB since c5$/);
  });

  test('of a hostile name does nothing to a terminal', () => {
    const trend = findTrend(series([100, 100, 100, 100, 120, 120, 120, 120]));
    const palette = { heading: String, faint: String, number: String } as never;
    const document = { history: 'h', branch: null, summary: sayTrend(trend), ...trend } as unknown as HistoryDocument;
    // eslint-disable-next-line no-control-regex
    expect(drawHistory(document, null, { width: 80, count: 5, palette }).join('\n')).not.toMatch(/\u001b/);
  });
});
