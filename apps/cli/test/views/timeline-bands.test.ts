/** `memscope timeline --by`: as expected for people, valid for programs, and the bands add up to the heap. */
import { beforeAll, describe, expect, test } from 'vitest';
import { copyCapture } from '@memscope/fixtures';

import { displayWidth } from '../../src/terminal/display-width.js';
import { BAND_GROUPINGS } from '@memscope/model';
import { isBuilt } from '../built-cli.js';
import { expectFile } from '../expected-text.js';
import { documentOnDisk, runOnDisk, useFolder, writeCapture } from './captures-on-disk.js';
import { leakingService } from './leak-captures.js';
import { HOSTILE } from './view-captures.js';

interface Band extends Readonly<Record<string, unknown>> {
  readonly kind: string;
  readonly highestBytes: number;
  readonly peakBytes: number;
  readonly liveBytes: readonly number[];
  readonly tailBytes: number | null;
}

interface Document {
  readonly peak: { readonly bytes: number; readonly tick: number };
  readonly steps: { readonly timeMs: readonly number[]; readonly peakBytes: readonly number[] };
  readonly tail: { readonly peakBytes: number | null };
  readonly bands: { readonly groups: number; readonly ticks: readonly number[]; readonly list: readonly Band[] };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

/** Reading captures needs the built workers. */
describe.skipIf(!isBuilt())('memscope timeline', () => {
  const folder = useFolder();
  let service = '';
  let hostile = '';
  beforeAll(() => {
    service = writeCapture(folder, 'service', leakingService());
    hostile = writeCapture(folder, 'hostile', HOSTILE);
  });

  const onTerminal = (columns: number) => ({ terminal: columns, env: { NO_COLOR: '1' } });

  const documentOf = (...args: string[]): Promise<Document> => documentOnDisk<Document>('timeline', ...args);

  describe.each(BAND_GROUPINGS)('--by %s', (by) => {
    test.each([80, 140])('is as expected at %i columns', async (columns) => {
      const { code, stdout } = await runOnDisk(['timeline', service, '--by', by, '--top', '2'], onTerminal(columns));
      expect(code).toBe(0);
      expectFile(`timeline-${by}-${columns}.txt`, stdout);
    });

    test.each([60, 80, 140])('stays within %i columns and safe whatever names hold', async (columns) => {
      const { stdout } = await runOnDisk(['timeline', hostile, '--by', by], onTerminal(columns));
      expect(stdout).not.toMatch(/[^\P{Cc}\n]|\p{Cf}|\p{Cs}/u);
      expect(stdout.split('\n').filter((line) => displayWidth(line) > columns || line !== line.trimEnd())).toEqual([]);
    });

    test.each(['pandas-v13', 'mixed-v7', 'killed-v13', 'munmap-v13'])(
      'of %s adds up to the greatest heap of every step',
      async (name) => {
        const path = copyCapture(folder, name);
        const hidden = by === 'module' ? ['--frames', 'no-standard-library'] : [];
        for (const flags of [[], ['-n', '3', '--top', '1', '--window', '30%..70%', ...hidden]]) {
          const { bands, steps, tail, peak } = await documentOf(path, '--by', by, ...flags);
          expect(steps.timeMs.map((_, step) => sum(bands.list.map(({ liveBytes }) => liveBytes[step]!)))).toEqual(
            steps.peakBytes,
          );
          if (tail.peakBytes !== null) {
            expect(sum(bands.list.map(({ tailBytes }) => tailBytes!))).toBe(tail.peakBytes);
          }
          expect(sum(bands.list.map(({ peakBytes }) => peakBytes))).toBe(peak.bytes);
          for (const { highestBytes, liveBytes } of bands.list) {
            expect(highestBytes).toBeGreaterThanOrEqual(Math.max(...liveBytes));
          }
        }
      },
    );
  });

  test('has no more bands than asked for, and the rest', async () => {
    const { bands } = await documentOf(service, '--by', 'thread', '--top', '1');
    expect(bands.list.map(({ kind, threadName }) => [kind, threadName])).toEqual([
      ['group', 'MainThread'],
      ['rest', null],
    ]);
    expect(bands.groups).toBe(2);
  });

  test('with a filter alone has one band of what passes it, and says so', async () => {
    const flags = ['--filter', 'function:put', '--window', '1s..'];
    expectFile('timeline-filter.txt', (await runOnDisk(['timeline', service, ...flags], onTerminal(80))).stdout);
    const { bands } = await documentOf(service, ...flags);
    expect(bands.list.map(({ kind, highestBytes }) => [kind, highestBytes])).toEqual([['filtered', 9 * 25_000]]);
    const nothing = await runOnDisk(['timeline', service, '--filter', 'function:nowhere']);
    expect([nothing.code, nothing.stdout.trimEnd().split('\n').at(-1)]).toEqual([0, '  Nothing.']);
  });

  test('as CSV has a row for each tick and band, the same as the document', async () => {
    const flags = ['--by', 'thread', '-n', '5'];
    const { bands, steps } = await documentOf(service, ...flags);
    const [titles, ...rows] = (await runOnDisk(['timeline', service, '--csv', ...flags])).stdout.trimEnd().split('\n');
    expect(titles).toBe('time_ms,time,since_start_ms,tick,band,thread,thread_name,threads,live_bytes');
    expect(rows.map((row) => row.split(',').slice(3))).toEqual(
      steps.timeMs.flatMap((_, step) =>
        bands.list.map(({ kind, thread, threadName, threads, liveBytes }) =>
          [bands.ticks[step], kind, thread ?? '', threadName, threads, liveBytes[step]].map(String),
        ),
      ),
    );
  });

  test('refuses a grouping and a number of bands that there are not', async () => {
    expect((await runOnDisk(['timeline', service, '--by', 'colour'])).code).toBe(2);
    expect((await runOnDisk(['timeline', service, '--by', 'module', '--top', '0'])).code).toBe(2);
  });
});
