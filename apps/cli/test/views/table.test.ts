/** `memscope table`: as expected for people, valid and exact for programs, and every byte accounted for. */
import { beforeAll, describe, expect, test } from 'vitest';
import { copyCapture } from '@memscope/fixtures';

import { displayWidth } from '../../src/terminal/display-width.js';
import { GROUPINGS } from '@memscope/model';
import { isBuilt } from '../built-cli.js';
import { expectFile } from '../expected-text.js';
import { documentOnDisk, runOnDisk, useFolder, writeCapture } from './captures-on-disk.js';
import { HOSTILE, SHOP } from './view-captures.js';

interface Row extends Readonly<Record<string, string | number | null>> {
  readonly bytes: number;
  readonly count: number;
}

interface Document {
  readonly selection: { readonly bytes: number; readonly count: number };
  readonly rowCount: number;
  readonly rows: readonly Row[];
}

/** Reading captures needs the built workers. */
describe.skipIf(!isBuilt())('memscope table', () => {
  const folder = useFolder();
  let shop = '';
  let hostile = '';
  beforeAll(() => {
    shop = writeCapture(folder, 'shop', SHOP);
    hostile = writeCapture(folder, 'hostile', HOSTILE);
  });

  const documentOf = (...args: string[]): Promise<Document> => documentOnDisk<Document>('table', ...args);

  const sum = (rows: readonly Row[], key: string): number => rows.reduce((all, row) => all + Number(row[key]), 0);

  describe.each(GROUPINGS)('by %s', (by) => {
    test.each([80, 140])('is as expected at %i columns', async (columns) => {
      const world = { terminal: columns, env: { NO_COLOR: '1' } };
      const { code, stdout, stderr } = await runOnDisk(['table', shop, '--by', by], world);
      expect([code, stderr]).toEqual([0, '']);
      expectFile(`table-${by}-${columns}.txt`, stdout);
    });

    test.each([60, 80, 140])('stays within %i columns and safe whatever names hold', async (columns) => {
      const world = { terminal: columns, env: { NO_COLOR: '1' } };
      const { stdout } = await runOnDisk(['table', hostile, '--by', by], world);
      expect(stdout).not.toMatch(/[^\P{Cc}\n]|\p{Cf}|\p{Cs}/u);
      expect(stdout.split('\n').filter((line) => displayWidth(line) > columns || line !== line.trimEnd())).toEqual([]);
    });

    test('as CSV holds the same rows as the document', async () => {
      const { rows } = await documentOf(shop, '--by', by);
      const { stdout } = await runOnDisk(['table', shop, '--by', by, '--csv']);
      const [titles = '', ...lines] = stdout.trimEnd().split('\n');
      const camel = titles.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()).split(',');
      expect(camel).toEqual(Object.keys(rows[0]!));
      expect(lines).toEqual(rows.map((row) => Object.values(row).join(',')));
    });
  });

  test.each(['pandas-v13', 'mixed-native-v13', 'mixed-v7', 'mixed-agg-v13', 'killed-v13'])(
    'every byte of %s is in one row, by every grouping and measure',
    async (name) => {
      const path = copyCapture(folder, name);
      for (const by of GROUPINGS) {
        for (const measure of name.includes('agg') ? ['peak', 'leaked'] : ['peak', 'leaked', 'total', 'temporary']) {
          const { selection, rows } = await documentOf(path, '--by', by, '--measure', measure);
          const own = 'selfBytes' in (rows[0] ?? {}) ? 'self' : '';
          const [bytes, count] = own === '' ? ['bytes', 'count'] : ['selfBytes', 'selfCount'];
          expect([by, measure, sum(rows, bytes), sum(rows, count)]).toEqual([
            by,
            measure,
            selection.bytes,
            selection.count,
          ]);
          expect(rows.every((row) => row.bytes <= selection.bytes)).toBe(true);
        }
      }
    },
  );

  test('functions have self and inclusive numbers, a recursion counts once', async () => {
    const { rows } = await documentOf(shop, '--sort', 'inclusive');
    const named = Object.fromEntries(rows.map((row) => [row['function'], row]));
    expect(named['main']).toMatchObject({ selfBytes: 4_000_000, selfCount: 1, bytes: 9_750_700, count: 8 });
    expect(named['total']).toMatchObject({ selfBytes: 700, selfCount: 3, bytes: 700, count: 3 });
    expect(named['load']).toMatchObject({ selfBytes: 3_550_000, bytes: 6_800_000 });
    expect(named['null']).toMatchObject({ kind: null, file: null, selfBytes: 1000, bytes: 1000 });
    expect(rows.map((row) => row.bytes)).toEqual(rows.map((row) => row.bytes).toSorted((a, b) => b - a));
  });

  test('what is inclusive may be asked for by its earlier name', async () => {
    expect(await documentOf(shop, '--sort', 'total')).toEqual(await documentOf(shop, '--sort', 'inclusive'));
  });

  test('rows are ranked by the measure, in bytes or counts, and no more than were asked for', async () => {
    const bySelf = await documentOf(shop, '-n', '3');
    expect(bySelf.rows.map((row) => row['function'])).toEqual(['main', 'load', 'read_csv']);
    expect(bySelf.rowCount).toBe(6);
    const byCount = await documentOf(shop, '-n', '2', '--counts');
    expect(byCount.rows.map((row) => [row['function'], row['selfCount']])).toEqual([
      ['load', 5],
      ['total', 3],
    ]);
    const temporary = await documentOf(shop, '--measure', 'temporary');
    expect(temporary.rows.filter((row) => row['selfCount'] !== 0)).toHaveLength(1);
  });

  test('hidden frames leave their bytes to the nearest caller that is shown', async () => {
    const { rows } = await documentOf(shop);
    const named = Object.fromEntries(rows.map((row) => [row['function'], row['selfBytes']]));
    expect([named['read_csv'], named['_find_and_load']]).toEqual([3_250_000, undefined]);
    const sites = await documentOf(shop, '--by', 'site', '--split-threads');
    expect(sites.rows.find((row) => row.bytes === 250_000)).toMatchObject({
      function: 'read_csv',
      callerFunction: 'load',
      callerLine: 8,
      thread: '1',
    });
  });

  test('sites of several threads are one unless threads are told apart', async () => {
    const text = `capture v13\nmemory t=0 rss=1\n${[1, 2]
      .map((tid) => `thread ${tid}\npush f /a.py:1 entry\nmalloc ${tid * 0x1000} 10`)
      .join('\n')}`;
    const path = writeCapture(folder, 'threads', text);
    expect(
      (await documentOf(path, '--by', 'site', '--split-threads')).rows.map(({ bytes, thread }) => [bytes, thread]),
    ).toEqual([
      [10, '1'],
      [10, '2'],
    ]);
    expect((await documentOf(path, '--by', 'site')).rows).toMatchObject([{ bytes: 20, count: 2 }]);
  });

  test('threads of one name, but for numbers, are one; a filter takes the name that is shown, of all or of one', async () => {
    const text = `capture v13\nmemory t=0 rss=1\n${[2, 17]
      .map((tid) => `thread ${tid} "worker-${tid}"\npush f /a.py:1 entry\nmalloc ${tid * 0x1000} ${tid}`)
      .join('\n')}`;
    const path = writeCapture(folder, 'workers', text);
    const one = { thread: '17', threadName: 'worker-17', threads: 1, bytes: 17 };
    expect((await documentOf(path, '--by', 'thread')).rows).toEqual([
      { thread: null, threadName: 'worker-*', threads: 2, bytes: 19, count: 2 },
    ]);
    expect((await documentOf(path, '--by', 'thread', '--split-threads')).rows).toMatchObject([one, { bytes: 2 }]);
    expect((await documentOf(path, '--thread', 'worker-*')).selection.bytes).toBe(19);
    expect((await documentOf(path, '--thread', 'worker-2')).selection.bytes).toBe(2);
    expect(
      (await documentOf(path, '--by', 'thread', '--filter', 'thread:worker-17', '--split-threads')).rows,
    ).toMatchObject([one]);
  });

  test('windows and filters apply', async () => {
    const { selection, rows } = await documentOf(shop, '--window', '#2..', '--include', 'worker.py');
    expect(selection).toMatchObject({ bytes: 1_050_000, wholeBytes: 10_801_700, filter: 'worker.py' });
    expect(rows.map((row) => [row['function'], row['selfBytes'], row.bytes])).toEqual([
      ['load', 1_050_000, 1_050_000],
      ['work', 0, 1_050_000],
    ]);
  });

  test('an order where rows have none, and what a capture cannot answer, are wrong usage', async () => {
    await expect(runOnDisk(['table', shop, '--by', 'thread', '--sort', 'inclusive'])).resolves.toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'memscope: --sort inclusive is not for rows by thread: they have one order only\n',
    });
    const aggregated = copyCapture(folder, 'mixed-agg-v11');
    const { code, stderr } = await runOnDisk(['table', aggregated, '--measure', 'total']);
    expect([code, stderr]).toEqual([
      2,
      'memscope: an aggregated capture has no total: it keeps only what was live at the peak and at the end\n',
    ]);
  });

  test('a filter that leaves nothing is said so', async () => {
    const { code, stdout } = await runOnDisk(['table', shop, '--filter', 'function:nothing']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Functions by peak\n {2}0 B in 0 allocations[^]*\n {2}Nothing\.\n$/);
  });

  test('by own peak lists what an owner held at most, also where it holds nothing at the peak', async () => {
    const capture = writeCapture(
      folder,
      'beside',
      `thread 1
       push keep app.py:1
       malloc 0x1000 1000
       push unpack app.py:2
       push <listcomp> app.py:3
       malloc 0x2000 900
       malloc 0x2400 50
       free 0x2000
       free 0x2400
       memory t=10 rss=5000
       pop 2
       malloc 0x3000 1000
       memory t=20 rss=5000`,
    );
    const { rows } = await documentOf(capture, '--by', 'owner', '--sort', 'own-peak');
    expect(rows.map((row) => [row['function'], row.bytes, row['ownPeakBytes'], row['ownPeakTick']])).toEqual([
      ['keep', 2000, 2000, 1],
      ['unpack', 0, 950, 0],
    ]);
    const atPeak = await documentOf(capture, '--by', 'owner');
    expect(atPeak.rows.map((row) => row['function'])).toEqual(['keep']);
  });

  test('by own peak is refused where nothing tells it', async () => {
    const aggregated = copyCapture(folder, 'mixed-agg-v13');
    const { code, stderr } = await runOnDisk(['table', aggregated, '--by', 'owner', '--sort', 'own-peak']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('does not know what each owner held at most')]);
    const other = await runOnDisk(['table', shop, '--by', 'thread', '--sort', 'own-peak']);
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('one order only')]);
  });
});
