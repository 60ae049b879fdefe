/** `timeline` and `leaks` of several captures as one: sums against the parts, and what is said of them. */
import { beforeAll, describe, expect, test } from 'vitest';
import { copyCapture } from '@memscope/fixtures';

import { displayWidth } from '../../src/terminal/display-width.js';
import { isBuilt } from '../built-cli.js';
import { documentOnDisk, runOnDisk, useFolder, writeCapture } from './captures-on-disk.js';
import { leakingService } from './leak-captures.js';
import { CAPTURE_START_MS, SHOP } from './view-captures.js';

interface Timeline {
  readonly clock?: string;
  readonly stepMs?: number;
  readonly runs?: readonly {
    readonly run: string;
    readonly startMs: number;
    readonly endMs: number;
    readonly peakBytes: number;
  }[];
  readonly peak: { readonly bytes: number; readonly time: string | null };
  readonly steps: {
    readonly timeMs: readonly number[];
    readonly peakBytes: readonly number[];
    readonly runs?: readonly number[];
  };
  readonly bands: {
    readonly list: readonly {
      readonly run?: string;
      readonly liveBytes: readonly number[];
      readonly highestBytes: number;
      readonly tailBytes: number | null;
    }[];
  };
}

interface Leaks {
  readonly bytes: number;
  readonly count: number;
  readonly selection: {
    readonly clock?: string;
    readonly runs?: readonly { readonly bytes: number; readonly count: number }[];
  };
  readonly verdicts: readonly { readonly bytes: number; readonly rows: number }[];
  readonly growth: readonly { readonly title: string; readonly text: string; readonly bytes: number }[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

const onTerminal = (columns: number) => ({ terminal: columns, env: { NO_COLOR: '1' } });
const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);
const flat = (text: string): string => text.replaceAll(/\s+/g, ' ');
/** The same recording, begun so many milliseconds later. */
const later = (text: string, ms: number): string =>
  text.replaceAll(/(start|end)=(\d+)/g, (_, name: string, at: string) => `${name}=${Number(at) + ms}`);

/** Reading captures needs the built workers. */
describe.skipIf(!isBuilt())('--together', () => {
  const folder = useFolder();
  let fork: string[] = [];
  let shops: string[] = [];
  let services: string[] = [];
  let days: string[] = [];
  beforeAll(() => {
    fork = [copyCapture(folder, 'fork-v8'), copyCapture(folder, 'fork-v8.bin.15416')];
    shops = [0, 700].map((ms) => writeCapture(folder, `shop-${ms}`, later(SHOP, ms)));
    services = [0, 150].map((ms) => writeCapture(folder, `service-${ms}`, later(leakingService(), ms)));
    days = [0, 86_400_000].map((ms) => writeCapture(folder, `day-${ms}`, later(leakingService(), ms)));
  });

  const families = (): readonly (readonly string[])[] => [fork, shops, services, days];
  const timelineOf = (paths: readonly string[], ...flags: string[]): Promise<Timeline> =>
    documentOnDisk<Timeline>('timeline', ...paths, '--together', ...flags);

  test('the timeline of runs at the same time is their sum over the wall clock, and how it is one is said', async () => {
    const { stdout, code } = await runOnDisk(['timeline', ...shops, '--together'], onTerminal(100));
    expect(code).toBe(0);
    expect(flat(stdout)).toContain('Sum of 2 runs: shop-0.bin, shop-700.bin, by the clocks of the machines');
    expect(flat(stdout)).toContain(
      'both were recorded from 700 ms to 2.00 s of 2.70 s. A step of 500 ms has the highest heap of each run in it.',
    );
    expect(flat(stdout)).toContain('what they held together is at most this');
    const { clock, stepMs, runs, peak, steps } = await timelineOf(shops);
    expect([clock, runs!.map(({ run, startMs }) => [run, startMs - CAPTURE_START_MS])]).toEqual([
      'wall',
      [
        ['shop-0.bin', 0],
        ['shop-700.bin', 700],
      ],
    ]);
    expect(stepMs).toBeGreaterThan(0);
    expect(peak.bytes).toBe(Math.max(...steps.peakBytes));
    expect(peak.bytes).toBeLessThanOrEqual(sum(runs!.map(({ peakBytes }) => peakBytes)));
    expect([Math.min(...steps.runs!), Math.max(...steps.runs!)]).toEqual([1, 2]);
  });

  test('of runs that were never recorded at the same time no sum over time is drawn, and that is said', async () => {
    const { stdout } = await runOnDisk(['timeline', ...days, '--together'], onTerminal(100));
    expect(flat(stdout)).toContain('No two of them were recorded at the same time');
    expect(stdout).not.toMatch(/^(Timeline|Steps)/m);
    expect(stdout).toMatch(/^Runs .*\n.*day-0\.bin .*\n.*┤.*\n.*day-86400000\.bin/m);
    const { clock, peak, steps } = await timelineOf(days);
    // Times count from each start: they are no dates.
    expect([clock, peak.time, steps.timeMs.at(-1)]).toEqual(['start', null, 2000]);
  });

  test.each(['run', 'module', 'thread', 'allocator', 'library'])(
    'bands by %s add up to the sum of each step',
    async (by) => {
      for (const paths of families()) {
        const { bands, steps } = await timelineOf(paths, '--by', by, '--top', '2');
        expect(steps.peakBytes.map((_, step) => sum(bands.list.map(({ liveBytes }) => liveBytes[step]!)))).toEqual(
          steps.peakBytes,
        );
        expect(bands.list.map(({ tailBytes }) => tailBytes)).toEqual(bands.list.map(() => null));
      }
    },
  );

  test('the band of each run has the run’s own peak', async () => {
    for (const paths of families()) {
      const { bands, runs } = await timelineOf(paths, '--by', 'run');
      const highest = Object.fromEntries(bands.list.map(({ run, highestBytes }) => [run, highestBytes]));
      expect(highest).toEqual(Object.fromEntries(runs!.map(({ run, peakBytes }) => [run, peakBytes])));
    }
  });

  test('a window is of the shared clock, and its steps are those of the whole', async () => {
    const whole = await timelineOf(shops);
    const part = await timelineOf(shops, '--window', '1s..2s');
    const from = whole.steps.timeMs.indexOf(part.steps.timeMs[0]!);
    expect(whole.steps.peakBytes.slice(from, from + part.steps.peakBytes.length)).toEqual(part.steps.peakBytes);
    const tree = await documentOnDisk<{ selection: { bytes: number } }>(
      'tree',
      ...shops,
      '--together',
      '--window',
      'peak',
    );
    expect(tree.selection.bytes).toBe(whole.peak.bytes);
    const text = await runOnDisk(['tree', ...shops, '--together', '--window', 'peak'], onTerminal(100));
    expect(flat(text.stdout)).toContain('within this one step: the sum is what they held together, at most.');
  });

  test('as CSV says how many runs were recorded in each step', async () => {
    const { stdout } = await runOnDisk(['timeline', ...shops, '--together', '--csv']);
    const [titles, ...rows] = stdout.trimEnd().split('\n');
    const { steps } = await timelineOf(shops);
    expect(titles).toBe('time_ms,time,since_start_ms,rss_bytes,heap_bytes,peak_bytes,runs');
    expect(rows.map((row) => Number(row.split(',').at(-1)))).toEqual(steps.runs);
  });

  test('leaks are those of the parts, by row, run and verdict', async () => {
    for (const paths of families()) {
      const { bytes, count, rows, verdicts, selection } = await documentOnDisk<Leaks>('leaks', ...paths, '--together');
      const parts: Leaks[] = [];
      for (const path of paths) parts.push(await documentOnDisk<Leaks>('leaks', path));
      expect(selection.runs!.map((run) => [run.bytes, run.count])).toEqual(
        parts.map((part) => [part.bytes, part.count]),
      );
      expect([bytes, count]).toEqual([sum(parts.map((part) => part.bytes)), sum(parts.map((part) => part.count))]);
      expect([sum(verdicts.map((each) => each.bytes)), sum(verdicts.map((each) => each.rows))]).toEqual([
        bytes,
        rows.length,
      ]);
      const byLine = (some: Leaks['rows']): Map<string, number> => {
        const sums = new Map<string, number>();
        for (const row of some) {
          const key = [row['of'], row['applicationFunction'], row['applicationLine']].join(' ');
          sums.set(key, (sums.get(key) ?? 0) + (row['bytes'] as number));
        }
        return new Map([...sums].sort(([a], [b]) => a.localeCompare(b)));
      };
      expect(byLine(rows)).toEqual(byLine(parts.flatMap((part) => part.rows)));
      for (const row of rows) expect((row['liveBytes'] as number[]).at(-1)).toBe(row['bytes']);
    }
  });

  test('what grows in several is told once, with how many runs have it', async () => {
    const { growth } = await documentOnDisk<Leaks>('leaks', ...services, '--together');
    const alone = await documentOnDisk<Leaks>('leaks', services[0]!);
    expect(growth.map(({ title }) => title)).toEqual(
      alone.growth.map(({ title }) => `service-0.bin and 1 more: ${title} (in service-0.bin)`),
    );
    expect(growth[0]!.bytes).toBe(2 * alone.growth[0]!.bytes);
    expect(growth[0]!.text).toMatch(/Both runs have it, together .*; these are the numbers of service-0\.bin\.$/);
    const one = await documentOnDisk<Leaks>('leaks', services[0]!, shops[0]!, '--together');
    expect(one.growth[0]!.text).toMatch(/Only this one of the 2 runs has it\.$/);
  });

  test('a warm-up of the shared clock leaves out what was born before it', async () => {
    const part = await documentOnDisk<Leaks>('leaks', ...services, '--together', '--warm-up', '1s');
    const first = await documentOnDisk<Leaks>('leaks', services[0]!, '--warm-up', '1s');
    const second = await documentOnDisk<Leaks>('leaks', services[1]!, '--warm-up', '850ms');
    expect(part.bytes).toBe(first.bytes + second.bytes);
  });

  test.each([60, 100])('fits %i columns', async (columns) => {
    for (const command of ['timeline', 'leaks']) {
      for (const paths of families()) {
        const { stdout } = await runOnDisk([command, ...paths, '--together'], onTerminal(columns));
        expect(stdout.split('\n').filter((line) => displayWidth(line) > columns || line !== line.trimEnd())).toEqual(
          [],
        );
      }
    }
  });

  test('an aggregated capture among them is refused where it cannot answer, and its records are added up', async () => {
    const paths = [copyCapture(folder, 'mixed-agg-v13'), copyCapture(folder, 'mixed-v13')];
    const leaks = await runOnDisk(['leaks', ...paths, '--together']);
    expect([leaks.code, leaks.stderr]).toEqual([2, expect.stringContaining('aggregated')]);
    expect((await runOnDisk(['timeline', ...paths, '--together', '--by', 'module'])).code).toBe(2);
    const { code, stdout } = await runOnDisk(['timeline', ...paths, '--together']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('mixed-agg-v13.bin')]);
  });
});
