/** `memscope leaks`: as expected for people, valid and exact for programs, and every leaked byte accounted for. */
import { beforeAll, describe, expect, test } from 'vitest';
import { copyCapture } from '@memscope/fixtures';

import { displayWidth } from '../../src/terminal/display-width.js';
import { isBuilt } from '../built-cli.js';
import { expectFile } from '../expected-text.js';
import { documentOnDisk, runOnDisk, useFolder, writeCapture } from './captures-on-disk.js';
import { leakingService } from './leak-captures.js';
import { HOSTILE } from './view-captures.js';

interface Row extends Readonly<Record<string, unknown>> {
  readonly function: string;
  readonly bytes: number;
  readonly count: number;
  readonly verdict: string;
  readonly liveBytes: readonly number[];
}

interface Document {
  readonly selection: { readonly bytes: number; readonly count: number };
  readonly warmUp: unknown;
  readonly bytes: number;
  readonly count: number;
  readonly verdicts: readonly { readonly name: string; readonly bytes: number; readonly rows: number }[];
  readonly stepTicks: readonly number[];
  readonly stepMs: readonly number[];
  readonly rowCount: number;
  readonly rows: readonly Row[];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

/** Reading captures needs the built workers. */
describe.skipIf(!isBuilt())('memscope leaks', () => {
  const folder = useFolder();
  let service = '';
  let hostile = '';
  beforeAll(() => {
    service = writeCapture(folder, 'service', leakingService());
    hostile = writeCapture(folder, 'hostile', HOSTILE);
  });

  const onTerminal = (columns: number) => ({ terminal: columns, env: { NO_COLOR: '1' } });

  const documentOf = (...args: string[]): Promise<Document> => documentOnDisk<Document>('leaks', ...args);

  test.each([80, 140])('is as expected at %i columns', async (columns) => {
    const { code, stdout, stderr } = await runOnDisk(['leaks', service], onTerminal(columns));
    expect([code, stderr]).toEqual([0, '']);
    expectFile(`leaks-${columns}.txt`, stdout);
  });

  test('after a warm-up, filtered and with merged threads is as expected', async () => {
    const flags = ['--warm-up', '20%', '--hide-standard-library', '--exclude', 'report'];
    expectFile('leaks-warm-80.txt', (await runOnDisk(['leaks', service, ...flags], onTerminal(80))).stdout);
  });

  test.each([60, 80, 140])('stays within %i columns and safe whatever names hold', async (columns) => {
    for (const path of [hostile, service]) {
      const { stdout } = await runOnDisk(['leaks', path], onTerminal(columns));
      expect(stdout).not.toMatch(/[^\P{Cc}\n]|\p{Cf}|\p{Cs}/u);
      expect(stdout.split('\n').filter((line) => displayWidth(line) > columns || line !== line.trimEnd())).toEqual([]);
    }
  });

  test('on a terminal with colours has what still grows in the colour of warnings', async () => {
    const flags = ['--no-pager'];
    const { stdout } = await runOnDisk(['leaks', service, ...flags], { terminal: 80, env: { TERM: 'xterm' } });
    expect(stdout.split('\u001b[33m').slice(1)).toEqual([
      expect.stringMatching(/^!.*handle \(app\/service\.py:44\) grows/),
      expect.stringMatching(/^still growing/),
    ]);
  });

  test('tells the leak from the cache, the start and what came once', async () => {
    const { rows, verdicts } = await documentOf(service);
    expect(rows.map(({ function: name, verdict, bytes, count }) => [name, verdict, bytes, count])).toEqual([
      ['raw_decode', 'growing', 41 * 15_000, 82],
      ['load_model', 'startUp', 900_000, 3],
      ['put', 'boundedCache', 200_000, 8],
      ['load_table', 'oneOff', 150_000, 1],
      ['index', 'grewThenFlat', 40_000, 20],
      ['report', 'newAtEnd', 40_000, 1],
    ]);
    expect(verdicts.map(({ name }) => name).join(' ')).toBe(
      'growing startUp boundedCache oneOff newAtEnd grewThenFlat',
    );
  });

  test('names the application frame behind a library', async () => {
    const { rows } = await documentOf(service, '-n', '1');
    expect(rows).toEqual([
      expect.objectContaining({
        function: 'raw_decode',
        module: 'standard library',
        applicationFunction: 'handle',
        applicationFile: '/srv/app/service.py',
        applicationLine: 44,
        of: 'line',
        sites: 2,
        firstBornTick: 0,
        lastBornTick: 40,
        firstBornMs: 0,
        lastBornMs: 2000,
      }),
    ]);
  });

  test('leaves out what was allocated before the end of the warm-up', async () => {
    const { warmUp, rows, bytes, selection, stepTicks, stepMs } = await documentOf(service, '--warm-up', '500ms');
    expect(warmUp).toEqual({ fromTick: 11, ms: 500 });
    expect(rows.map((row) => row['firstBornTick'] as number).filter((tick) => tick < 11)).toEqual([]);
    expect(bytes).toBeLessThan(selection.bytes);
    expect([stepTicks.at(-1), stepMs.at(-1), stepTicks.length]).toEqual([40, 2000, 24]);
    const wrong = await runOnDisk(['leaks', service, '--warm-up', 'lunch']);
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      'memscope: lunch is no warm-up: write a share (20%), a time (30s) or a tick (#100)\n',
    ]);
  });

  test.each(['pandas-v13', 'mixed-v7', 'killed-v13', 'mixed-native-v13', 'munmap-v13'])(
    'of %s add up to what it leaked, by row and by verdict',
    async (name) => {
      const path = copyCapture(folder, name);
      for (const flags of [['--hide-standard-library'], []]) {
        const { rows, verdicts, bytes, count, rowCount, selection } = await documentOf(path, ...flags);
        expect([bytes, count]).toEqual([selection.bytes, selection.count]);
        expect(sum(rows.map((row) => row.bytes))).toBe(bytes);
        expect(sum(rows.map((row) => row.count))).toBe(count);
        expect(sum(verdicts.map((verdict) => verdict.bytes))).toBe(bytes);
        expect([rows.length, sum(verdicts.map((verdict) => verdict.rows))]).toEqual([rowCount, rowCount]);
        // Every curve ends with what leaked.
        expect(rows.filter(({ liveBytes, ...row }) => liveBytes.at(-1) !== row.bytes)).toEqual([]);
      }
    },
  );

  test('as CSV holds the same rows as the document, without the curves', async () => {
    const { rows } = await documentOf(service);
    const { stdout } = await runOnDisk(['leaks', service, '--csv']);
    const [titles = '', ...lines] = stdout.trimEnd().split('\n');
    const camel = titles.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()).split(',');
    expect([...camel, 'liveBytes']).toEqual(Object.keys(rows[0]!));
    expect(lines).toEqual(rows.map((row) => Object.values(row).slice(0, -1).join(',')));
  });

  test('of a short recording are listed with the reason why there is no verdict', async () => {
    const { stdout } = await runOnDisk(['leaks', copyCapture(folder, 'mixed-v13')]);
    expect(stdout).toMatch(/too short to tell +fewer than 8 memory records after the warm-up/);
  });

  test('of an aggregated capture are refused, with what answers instead', async () => {
    const { code, stdout, stderr } = await runOnDisk(['leaks', copyCapture(folder, 'mixed-agg-v13')]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/aggregated capture does not say when .*`memscope table --measure leaked`/);
  });

  test('of nothing are nothing', async () => {
    const { code, stdout } = await runOnDisk(['leaks', service, '--filter', 'function:nowhere']);
    expect([code, stdout.trimEnd().split('\n').at(-1)]).toEqual([0, '  Nothing.']);
  });
});
