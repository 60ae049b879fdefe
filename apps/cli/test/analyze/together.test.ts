/** `memscope analyze --together`: every number is the sum of the parts', and what such sums mean is said. */
import { beforeAll, describe, expect, test } from 'vitest';
import { copyCapture } from '@memscope/fixtures';

import { displayWidth } from '../../src/terminal/display-width.js';
import { isBuilt } from '../built-cli.js';
import { documentOnDisk, runOnDisk, useFolder, writeCapture } from '../views/captures-on-disk.js';
import { expectValid } from '../views/document-schema.js';
import { leakingService } from '../views/leak-captures.js';
import { SHOP } from '../views/view-captures.js';

type Row = Readonly<Record<string, string | number | null>>;

interface Document {
  readonly clock?: string;
  readonly stepMs?: number;
  readonly runs: readonly { readonly run: string; readonly peakBytes: number; readonly leakedBytes: number }[];
  readonly held: { readonly bytes: number } | null;
  readonly totals: Row;
  readonly findings: readonly {
    readonly rule: string;
    readonly title: string;
    readonly command: string | null;
    readonly capturePath?: string;
  }[];
  readonly timeline: { readonly peakBytes: readonly number[] };
  readonly locations: readonly Row[];
  readonly modules: readonly Row[];
  readonly allocators: readonly Row[];
  readonly threads: readonly Row[];
  readonly libraries: readonly Row[];
  readonly sizes: {
    readonly buckets: readonly { readonly fromBytes: number; readonly count: number; readonly bytes: number }[];
  };
}

const MEASURES = [
  'peakBytes',
  'peakCount',
  'leakedBytes',
  'leakedCount',
  'totalBytes',
  'totalCount',
  'temporaryBytes',
  'temporaryCount',
];
const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);
const flat = (text: string): string => text.replaceAll(/\s+/g, ' ');
const later = (text: string, ms: number): string =>
  text.replaceAll(/(start|end)=(\d+)/g, (_, name: string, at: string) => `${name}=${Number(at) + ms}`);

/** Sums of all measures by the given keys, heaviest by text. */
function sumsBy(rows: readonly Row[], ...keys: string[]): Map<string, number[]> {
  const sums = new Map<string, number[]>();
  for (const row of rows) {
    const key = keys.map((name) => row[name]).join(' ');
    const before = sums.get(key) ?? MEASURES.map(() => 0);
    sums.set(
      key,
      before.map((value, at) => value + Number(row[MEASURES[at]!])),
    );
  }
  return new Map([...sums].sort(([a], [b]) => a.localeCompare(b)));
}

/** Reading captures needs the built workers. */
describe.skipIf(!isBuilt())('memscope analyze --together', () => {
  const folder = useFolder();
  let families: string[][] = [];
  beforeAll(() => {
    families = [
      [copyCapture(folder, 'fork-v8'), copyCapture(folder, 'fork-v8.bin.15416')],
      [0, 700].map((ms) => writeCapture(folder, `shop-${ms}`, later(SHOP, ms))),
      [0, 86_400_000].map((ms) => writeCapture(folder, `day-${ms}`, later(leakingService(), ms))),
      [copyCapture(folder, 'mixed-v13'), copyCapture(folder, 'mixed-native-v13')],
    ];
  });

  async function documentOf(schema: string, ...args: string[]): Promise<Document> {
    const { code, stdout } = await runOnDisk(['analyze', ...args, '--json']);
    expect(code).toBe(0);
    const document = JSON.parse(stdout) as Document;
    expectValid(schema, document);
    return document;
  }

  test('sums totals, lists and sizes of the parts', async () => {
    for (const paths of families) {
      const all = await documentOf('analysis-together-1', ...paths, '--together');
      const parts: Document[] = [];
      for (const path of paths) parts.push(await documentOf('analysis-1', path));
      for (const name of [
        'peakBytes',
        'leakedBytes',
        'leakedCount',
        'bytesAllocated',
        'allocations',
        'deallocations',
        'temporaryBytes',
      ]) {
        expect([name, all.totals[name]]).toEqual([name, sum(parts.map(({ totals }) => Number(totals[name])))]);
      }
      expect(all.runs.map(({ peakBytes, leakedBytes }) => [peakBytes, leakedBytes])).toEqual(
        parts.map(({ totals }) => [totals['peakBytes'], totals['leakedBytes']]),
      );
      const both = (read: (document: Document) => readonly Row[], ...keys: string[]): void => {
        expect(sumsBy(read(all), ...keys)).toEqual(sumsBy(parts.flatMap(read), ...keys));
      };
      both(({ locations }) => locations, 'function', 'file', 'line');
      both(({ modules }) => modules, 'name', 'kind');
      both(({ allocators }) => allocators, 'allocator');
      both(({ libraries }) => libraries, 'library', 'category');
      both(({ threads }) => threads, 'name');
      const sizes = new Map<number, number[]>();
      for (const { fromBytes, count, bytes } of parts.flatMap((part) => part.sizes.buckets)) {
        const [counts = 0, sums = 0] = sizes.get(fromBytes) ?? [];
        sizes.set(fromBytes, [counts + count, sums + bytes]);
      }
      for (const { fromBytes, count, bytes } of all.sizes.buckets) {
        expect([fromBytes, count, bytes]).toEqual([fromBytes, ...(sizes.get(fromBytes) ?? [0, 0])]);
      }
    }
  });

  test('says that a sum of peaks is no peak, and what was held together at most', async () => {
    const { held, totals, timeline, clock } = await documentOf('analysis-together-1', ...families[1]!, '--together');
    expect([clock, held!.bytes]).toEqual(['wall', Math.max(...timeline.peakBytes)]);
    expect(held!.bytes).toBeLessThanOrEqual(Number(totals['peakBytes']));
    const { stdout } = await runOnDisk(['analyze', ...families[1]!, '--together'], {
      terminal: 100,
      env: { NO_COLOR: '1' },
    });
    expect(flat(stdout)).toMatch(
      /Peak heap 20\.6 MiB of each when it was at its own; together they held at most 20\.6 MiB, after/,
    );
    expect(stdout).toMatch(/^ {2}shop-700\.bin +700 ms +2\.70 s +10\.3 MiB/m);
  });

  test('gives RSS of the run that has the most, never a sum, and says why', async () => {
    for (const paths of families) {
      const { totals } = await documentOf('analysis-together-1', ...paths, '--together');
      const each: number[] = [];
      for (const path of paths) each.push(Number((await documentOf('analysis-1', path)).totals['rssPeakBytes']));
      expect(totals['rssPeakBytes']).toBe(Math.max(...each));
    }
    const { stdout } = await runOnDisk(['analyze', ...families[1]!, '--together'], { env: { NO_COLOR: '1' } });
    expect(flat(stdout)).toContain('of the one with the most: pages that they share would count once for each');
  });

  test('is offered where a capture is one of several processes of a run', async () => {
    const [parent, child] = families[0]!;
    for (const path of [parent!, child!]) {
      const { stdout } = await runOnDisk(['analyze', path], { terminal: 200, env: { NO_COLOR: '1' } });
      // The command goes on in further lines where it is wide.
      expect(stdout.replaceAll(/ \\\n +/g, ' ')).toMatch(
        /2 processes of one run:\n {2}\S.* analyze \S*fork-v8\.bin \S*fork-v8\.bin\.\[0-9\]\* --together/,
      );
    }
    const { stdout } = await runOnDisk(['analyze', families[1]![0]!]);
    expect(stdout).not.toContain('processes of one run');
  });

  test('leads to what they held together when the sum was highest', async () => {
    const [wall, start] = [families[1]!, families[2]!];
    const next = async (paths: readonly string[]): Promise<string> =>
      (await runOnDisk(['analyze', ...paths, '--together', '-v'], { terminal: 200, env: { NO_COLOR: '1' } })).stdout;
    expect(flat(await next(wall))).toMatch(/memscope tree .*--together .*--window peak/);
    expect(flat(await next(start))).not.toContain('--window peak');
    const { selection } = await documentOnDisk<{ readonly selection: { readonly bytes: number } }>(
      'tree',
      ...wall,
      '--together',
      '--window',
      'peak',
    );
    const { held } = await documentOf('analysis-together-1', ...wall, '--together');
    expect(selection.bytes).toBe(held!.bytes);
  });

  test('says so where no two were recorded at the same time, and has no curve then', async () => {
    const { held, clock } = await documentOf('analysis-together-1', ...families[2]!, '--together');
    expect([clock, held]).toEqual(['start', null]);
    const { stdout } = await runOnDisk(['analyze', ...families[2]!, '--together', '-v'], {
      terminal: 100,
      env: { NO_COLOR: '1' },
    });
    expect(flat(stdout)).toContain('there is no moment at which they held memory together');
    expect(stdout).not.toMatch(/^Timeline/m);
  });

  test('tells what stands out in several once, with a command for the run that it is of', async () => {
    const { findings } = await documentOf('analysis-together-1', ...families[2]!, '--together');
    const alone = await documentOf('analysis-1', families[2]![0]!);
    expect(findings.map(({ title }) => title)).toEqual(
      alone.findings.map(({ title }) => `day-0.bin and 1 more: ${title} (in day-0.bin)`),
    );
    expect(findings[0]!.capturePath).toMatch(/day-0\.bin$/);
    expect(findings[0]!.command).toContain('day-0.bin');
  });

  test('says where copies of one recording are summed, in every view, and of processes of one run nothing', async () => {
    const copies = ['first', 'second'].map((name) =>
      writeCapture(folder, name, SHOP.replace('main_tid', 'pid=77 main_tid')),
    );
    const said = '! first.bin, second.bin are one recording, of the same process and time, which is summed twice.';
    for (const command of ['analyze', 'tree', 'leaks', 'table']) {
      expect(flat((await runOnDisk([command, ...copies, '--together'])).stdout)).toContain(said);
      expect((await runOnDisk([command, ...families[0]!, '--together'])).stdout).not.toContain('one recording');
    }
    const { limitations } = (await documentOf('analysis-together-1', ...copies, '--together')) as unknown as {
      limitations: string[];
    };
    expect(limitations).toContain(said.slice(2));
  });

  test('of a window and a filter is of the shared clock', async () => {
    const flags = ['--window', '700ms..2s', '--filter', 'function:load'];
    const { totals } = await documentOf('analysis-together-1', ...families[1]!, '--together', ...flags);
    const tree = await runOnDisk(['tree', ...families[1]!, '--together', '--json', '--measure', 'leaked', ...flags]);
    const { selection } = JSON.parse(tree.stdout) as { selection: { bytes: number } };
    expect(totals['leakedBytes']).toBe(selection.bytes);
  });

  test('of one capture is that capture’s own analysis', async () => {
    const [path] = families[1]!;
    const together = await runOnDisk(['analyze', path!, '--together', '--json']);
    expect(together.stdout).toBe((await runOnDisk(['analyze', path!, '--json'])).stdout);
  });

  test('as CSV has a row for each line, over all of them', async () => {
    const { stdout } = await runOnDisk(['analyze', ...families[1]!, '--together', '--csv']);
    const { locations } = await documentOf('analysis-together-1', ...families[1]!, '--together');
    const rows = stdout.trimEnd().split('\n').slice(1);
    expect(rows).toHaveLength(locations.length);
    expect(rows.every((row) => row.startsWith(','))).toBe(true);
  });

  test('fails where one of them cannot be read: a sum without it would be another', async () => {
    const { code, stdout } = await runOnDisk(['analyze', families[1]![0]!, 'nowhere.bin', '--together']);
    expect([code, stdout]).toEqual([3, '']);
  });

  test.each([60, 80, 100])('fits %i columns', async (columns) => {
    for (const paths of families) {
      for (const flags of [[], ['-v'], ['--window', '10%..90%']]) {
        const args = ['analyze', ...paths, '--together', ...flags];
        const { stdout } = await runOnDisk(args, { terminal: columns, env: { NO_COLOR: '1' } });
        expect(stdout.split('\n').filter((line) => displayWidth(line) > columns || line !== line.trimEnd())).toEqual(
          [],
        );
      }
    }
  });
});
