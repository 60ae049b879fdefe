/** `memscope diff`: as expected for people, valid and balanced for programs, safe whatever names hold. */
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { findCapture } from '@memscope/fixtures';
import { COMPARED_GROUPINGS, COMPARED_MEASURES, type DiffDocument } from '@memscope/model';

import { code } from '../../src/diff/diff-markdown.js';
import { displayWidth } from '../../src/terminal/display-width.js';
import { isBuilt } from '../built-cli.js';
import { expectFile } from '../expected-text.js';
import { documentOnDisk, runOnDisk, useFolder, writeCapture } from '../views/captures-on-disk.js';
import { CAPTURE_START_MS, HOSTILE, SHOP } from '../views/view-captures.js';

/** The shop in another folder, all lines lower: a cache that grew, a function that went, one that has another name. */
const NEXT_SHOP = SHOP.replaceAll('/srv/shop/app/', '/opt/release-2/app/')
  .replaceAll(/\.py:(\d+)/g, (_, line: string) => `.py:${Number(line) + 12}`)
  .replace('malloc 0x2000 2000000', 'malloc 0x2000 2600000')
  .replaceAll('push total ', 'push sum_up ')
  .replace('malloc 0x4000 3000000', 'malloc 0x4000 2600000');

function script(body: string): string {
  return `capture v13 start=${CAPTURE_START_MS} end=${CAPTURE_START_MS + 1000} main_tid=1\nthread 1\nmemory t=0 rss=1000000\n${body}\nmemory t=500 rss=2000000\n`;
}

/** Every list of the document. */
function allRows({ grew, shrank, moved, peakMoved }: DiffDocument): DiffDocument['grew'] {
  return [...grew, ...shrank, ...moved, ...peakMoved];
}

const FORMATS = [
  'mixed-v6',
  'mixed-v8',
  'mixed-v11',
  'mixed-v13',
  'mixed-native-v13',
  'mixed-agg-v13',
  'munmap-v13',
  'extras-v12',
  'killed-v11',
];

/** Reading captures needs the built workers. */
describe.skipIf(!isBuilt())('memscope diff', () => {
  const folder = useFolder();
  let [shop, next, hostile] = ['', '', ''];
  beforeAll(() => {
    shop = writeCapture(folder, 'shop', SHOP);
    next = writeCapture(folder, 'next', NEXT_SHOP);
    hostile = writeCapture(folder, 'hostile', HOSTILE);
  });

  const documentOf = (...args: string[]): Promise<DiffDocument> => documentOnDisk<DiffDocument>('diff', ...args);
  const fixture = (name: string): string => {
    const path = join(folder, `${name}.bin`);
    if (!existsSync(path)) copyFileSync(findCapture(name).path, path);
    return path;
  };

  test.each([80, 140])('is as expected at %i columns', async (columns) => {
    const world = { terminal: columns, env: { NO_COLOR: '1' } };
    const { code, stdout, stderr } = await runOnDisk(['diff', shop, next], world);
    expect([code, stderr]).toEqual([0, '']);
    // The command at the end names files in a folder of this run alone.
    const command = stdout.slice(stdout.indexOf('  memscope tree'));
    expect(command.replaceAll(/\\\n/g, '').split(/\s+/).filter(Boolean)).toEqual(
      `memscope tree ${next} --base ${shop}`.split(' '),
    );
    expectFile(`diff-${columns}.txt`, stdout.slice(0, -command.length));
  });

  test('of repetitions is as expected, with their spread', async () => {
    const again = writeCapture(folder, 'shop-again', SHOP.replace('malloc 0x1000 1000', 'malloc 0x1000 1016'));
    const nextAgain = writeCapture(folder, 'next-again', NEXT_SHOP.replace('malloc 0x1000 1000', 'malloc 0x1000 1008'));
    const args = ['diff', '--base', shop, again, '--head', next, nextAgain];
    const { stdout } = await runOnDisk(args, { terminal: 80, env: { NO_COLOR: '1' } });
    expectFile('diff-repetitions-80.txt', stdout);
  });

  test('tells a helper that was extracted as memory that moved, by function and by site', async () => {
    const within = (calls: string): string => script(`push main /srv/app.py:9\n${calls}pop 2`);
    const direct =
      'push full /srv/app.py:3\nmalloc 0x1000 4000000\npop 1\npush small /srv/app.py:6\nmalloc 0x2000 600000\nmalloc 0x3000 90000\n';
    const helped = direct.replaceAll(/malloc (0x[12]000 \d+)/g, 'push buffer /srv/app.py:1\nmalloc $1\npop 1');
    const base = writeCapture(folder, 'direct', within(direct));
    const head = writeCapture(folder, 'helped', within(helped));
    for (const by of ['function', 'site']) {
      const { grew, shrank, moved, summary } = await documentOf(base, head, '--by', by);
      expect([grew, shrank]).toEqual([[], []]);
      expect(moved.map(({ from, function: to, head: bytes }) => [from?.function, to, bytes])).toEqual([
        ['full', 'buffer', 4_000_000],
        ['small', 'buffer', 600_000],
      ]);
      expect(summary).toContain("3.81 MiB of full is now buffer (srv/app.py:1)'s");
      const back = await documentOf(head, base, '--by', by);
      expect(back.moved.map(({ from, function: to }) => [from?.function, to])).toEqual([
        ['buffer', 'full'],
        ['buffer', 'small'],
      ]);
    }
  });

  test('as Markdown is as expected', async () => {
    const { stdout } = await runOnDisk(['diff', shop, next, '--markdown']);
    expectFile('diff-markdown.txt', stdout);
  });

  test('names the function, the line that changed and how much, in the first sentence', async () => {
    const { summary, grew, shrank, renamed } = await documentOf(shop, next);
    expect(summary).toContain('load (app/orders.py:20) holds 586 KiB more');
    expect(grew[0]).toMatchObject({ function: 'load', base: 3_550_000, head: 4_150_000, change: 600_000 });
    expect(shrank.map(({ function: name, status }) => [name, status])).toEqual([
      ['read_csv', 'shrank'],
      ['total', 'gone'],
    ]);
    expect(renamed.map(({ from, to }) => [from.function, to.function])).toEqual([]);
  });

  describe.each(COMPARED_GROUPINGS)('by %s', (by) => {
    test.each(['peak', 'leaked', 'total', 'temporary', 'count'] as const)(
      'all changes of the %s add up to the difference of the totals, and are mirrored',
      async (measure) => {
        const there = await documentOf(shop, next, '--by', by, '--measure', measure);
        const back = await documentOf(next, shop, '--by', by, '--measure', measure);
        const sum = (document: DiffDocument): number => allRows(document).reduce((all, { change }) => all + change, 0);
        expect(sum(there)).toBe(there.totals[measure]!.change);
        expect(sum(back)).toBe(0 - sum(there));
        const sizes = (rows: DiffDocument['grew']): number[] => rows.map(({ change }) => Math.abs(change));
        expect(sizes(back.shrank)).toEqual(sizes(there.grew));
        expect(sizes(back.grew)).toEqual(sizes(there.shrank));
      },
    );

    test.each([60, 80, 140])('stays within %i columns and safe whatever names hold', async (columns) => {
      const world = { terminal: columns, env: { NO_COLOR: '1' } };
      const { stdout } = await runOnDisk(['diff', shop, hostile, '--by', by], world);
      expect(stdout).not.toMatch(/[^\P{Cc}\n]|\p{Cf}|\p{Cs}/u);
      expect(stdout.split('\n').filter((line) => displayWidth(line) > columns || line !== line.trimEnd())).toEqual([]);
    });
  });

  test('a function that seems to have another name is suggested with its row, and nothing is matched by it', async () => {
    // Other allocations than those that went: neither as many, nor of that size.
    const body = (name: string, allocations: string): string =>
      script(
        `push main /srv/a.py:1 entry\npush ${name} /srv/a.py:10\n${allocations}` +
          'push fetch /srv/a.py:30\nmalloc 0x2000 100\npop 1\npush parse /srv/a.py:40\nmalloc 0x3000 100\n',
      );
    const before = writeCapture(folder, 'old-name', body('load', 'malloc 0x1000 5000000\n'));
    const two = 'malloc 0x1000 3000000\nmalloc 0x1800 4000000\n';
    const after = writeCapture(folder, 'new-name', body('read', two));
    const { grew, shrank } = await documentOf(before, after);
    const suggested = [...grew, ...shrank].map(({ name, change, suggestion }) => [name, change, suggestion]);
    expect(suggested).toEqual([
      ['read', 7_000_000, { function: 'load', file: '/srv/a.py' }],
      ['load', -5_000_000, { function: 'read', file: '/srv/a.py' }],
    ]);
  });

  test('memory under another caller is a shift by site, and says from which caller to which', async () => {
    const body = (caller: string): string =>
      script(`push main /srv/a.py:1 entry\n${caller}push read /srv/a.py:30\nmalloc 0x1000 5000000\n`);
    const before = writeCapture(folder, 'inline', body('push handle /srv/a.py:10\n'));
    const after = writeCapture(folder, 'helper', body('push handle /srv/a.py:10\npush helper /srv/a.py:20\n'));
    const { grew, shrank, moved } = await documentOf(before, after, '--by', 'site');
    expect([grew, shrank]).toEqual([[], []]);
    expect(moved).toEqual([
      expect.objectContaining({
        name: 'read',
        head: 5_000_000,
        change: 0,
        caller: { function: 'helper', file: '/srv/a.py', line: 20 },
        from: expect.objectContaining({
          function: 'read',
          caller: { function: 'handle', file: '/srv/a.py', line: 10 },
        }) as unknown,
      }),
    ]);
    const { stdout } = await runOnDisk(['diff', before, after, '--by', 'site'], {
      terminal: 100,
      env: { NO_COLOR: '1' },
    });
    expect(stdout).toMatch(/read \S+ ← handle \S+:10 +read \S+ ← helper \S+:20/);
    const { grew: none, shrank: nothing } = await documentOf(before, after);
    expect([none, nothing]).toEqual([[], []]);
  });

  test.each(FORMATS)('%s differs in nothing from itself', async (name) => {
    const path = fixture(name);
    for (const by of ['function', 'site', 'thread']) {
      const { summary, beside, renamed, threadGroups, obstacles, ...lists } = await documentOf(path, path, '--by', by);
      expect([...lists.grew, ...lists.shrank, ...lists.moved, ...lists.peakMoved]).toEqual([]);
      const others = obstacles.filter(({ name: each }) => each !== 'incomplete');
      expect([beside, renamed, threadGroups, others]).toEqual([[], [], [], []]);
      expect(summary).toContain('the same on both sides');
    }
  });

  test.each(COMPARED_MEASURES)('by %s as CSV holds the rows of the document', async (measure) => {
    const document = await documentOf(shop, next, '--measure', measure);
    const { stdout } = await runOnDisk(['diff', shop, next, '--measure', measure, '--csv']);
    const lines = stdout.trimEnd().split('\n').slice(1);
    expect(lines.map((line) => line.split(',').slice(-4, -1).map(Number))).toEqual(
      allRows(document).map(({ base, head, change }) => [base, head, change]),
    );
  });

  test('memory under another name in one library has moved, and neither grew nor shrank', async () => {
    const before = writeCapture(
      folder,
      'core',
      script('push full /v/lib/python3.12/site-packages/numpy/core/numeric.py:9 entry\nmalloc 0x1000 9000000'),
    );
    const after = writeCapture(
      folder,
      '_core',
      script('push full /w/lib/python3.13/site-packages/numpy/_core/numeric.py:7 entry\nmalloc 0x1000 9000000'),
    );
    const { grew, shrank, moved, summary } = await documentOf(before, after);
    expect([grew, shrank]).toEqual([[], []]);
    expect(moved).toMatchObject([{ function: 'full', base: 9_000_000, head: 9_000_000, change: 0, status: 'moved' }]);
    expect(summary).toContain('memory moved');
    const mapped = await documentOf(before, after, '--map', 'numpy/core/=numpy/_core/');
    expect(allRows(mapped)).toEqual([]);
  });

  test('allocations that moved are a number of allocations, not of bytes', async () => {
    const many = Array.from({ length: 1500 }, (_, at) => `malloc 0x${(0x1000 + at * 16).toString(16)} 8`).join('\n');
    const [before, after] = ['old', 'new'].map((name) =>
      writeCapture(folder, `count-${name}`, script(`push work /srv/app/${name}.py:9 entry\n${many}`)),
    ) as [string, string];
    const { summary } = await documentOf(before, after, '--measure', 'count');
    expect(summary).toMatch(/1,500 allocations of work are now work \(\S*new\.py:9\)'s/);
    const { stdout } = await runOnDisk(['diff', before, after, '--measure', 'count']);
    expect(stdout).toMatch(/Allocations +From +To\n +1,500 +work /);
  });

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

  test('what is freed at once less often is said to be freed', async () => {
    const sides = [9_000_000, 1_000_000].map((bytes, at) =>
      writeCapture(
        folder,
        `freed-${at}`,
        script(`push render /srv/app/page.py:3 entry\nmalloc 0x1000 ${bytes}\nfree 0x1000`),
      ),
    ) as [string, string];
    const { summary } = await documentOf(...sides, '--measure', 'temporary');
    expect(summary).toMatch(/render \(\S+page\.py:3\) frees 7\.63 MiB less at once/);
  });

  test.each([60, 80, 140])('of repetitions stays within %i columns', async (columns) => {
    const args = ['diff', '--base', shop, next, '--head', hostile, shop];
    const { stdout } = await runOnDisk(args, { terminal: columns, env: { NO_COLOR: '1' } });
    expect(stdout.split('\n').filter((line) => displayWidth(line) > columns)).toEqual([]);
  });

  test("what one line of the application gets from a library is said to be that line's", async () => {
    const loads = 'push raw_decode /usr/lib/python3.12/json/decoder.py:353\nmalloc';
    const sides = [100, 9_000_000].map((bytes) =>
      script(`push main /srv/app/job.py:3 entry\npush parse /srv/app/job.py:6\n${loads} 0x1000 ${bytes}\npop 2`),
    );
    const other = `push other /srv/app/job.py:19\n${loads} 0x9000000 5000\npop 2`;
    const paths = [...sides, sides[1]!.replace('\npop 2', `\npop 2\n${other}`)].map((text, at) =>
      writeCapture(folder, `led-${at}`, text),
    );
    const led = await documentOf(paths[0]!, paths[1]!);
    expect(led.summary).toMatch(
      /: parse \(\S*job\.py:6\) holds 8\.58 MiB more in raw_decode \(json\/decoder\.py:353\)/,
    );
    const shared = await documentOf(paths[0]!, paths[2]!);
    expect(shared.summary).toMatch(/: raw_decode \(json\/decoder\.py:353\) holds 8\.59 MiB more/);
  });

  test('stays within 60 columns where a function is new and another grew by mebibytes', async () => {
    const [before, after] = [2_000_000, 20_000_000].map((bytes) =>
      writeCapture(
        folder,
        `narrow-${bytes}`,
        script(
          `push load_everything /srv/app/a_long_module_name.py:6 entry\nmalloc 0x1000 ${bytes}\npop 1\n${bytes > 2_000_000 ? 'push keep_everything /srv/app/another_long_name.py:16 entry\nmalloc 0x9000000 15000000\npop 1' : ''}`,
        ),
      ),
    ) as [string, string];
    const { stdout } = await runOnDisk(['diff', before, after], { terminal: 60, env: { NO_COLOR: '1' } });
    expect(stdout).toMatch(/ new /);
    expect(stdout.split('\n').filter((line) => displayWidth(line) > 60)).toEqual([]);
  });

  test('what a peak holds only because it moved is no growth', async () => {
    const work = (first: number): string =>
      `push main /srv/app.py:3 entry\npush early /srv/app.py:9\nmalloc 0x1000 ${first}\nfree 0x1000\npop 1\nmemory t=100 rss=1000000\npush late /srv/app.py:14\nmalloc 0x2000 5000000\nfree 0x2000\npop 1`;
    const before = writeCapture(folder, 'peak-late', script(work(4_000_000)));
    const after = writeCapture(folder, 'peak-early', script(work(5_500_000)));
    const { summary, grew, shrank, peakMoved } = await documentOf(before, after);
    expect(grew.map(({ function: name, change, status }) => [name, change, status])).toEqual([
      ['early', 5_500_000, 'grew'],
    ]);
    expect(summary).toBe(
      'The peak grew by 488 KiB (+10%): it lies elsewhere now: early (srv/app.py:9) holds 5.25 MiB there, and held ' +
        'at most 3.81 MiB before.',
    );
    expect((await documentOf(after, before)).summary).toContain(
      'it lay elsewhere: early (srv/app.py:9) held 5.25 MiB there, and holds at most 3.81 MiB now',
    );
    expect(shrank).toEqual([]);
    expect(peakMoved.map(({ function: name, change }) => [name, change])).toEqual([['late', -5_000_000]]);
  });

  test('a table that moved and was copied as it grew is told once, as what moved', async () => {
    const work = (name: string): string =>
      `push main /srv/app.py:3 entry\npush ${name} /srv/app.py:9\nmalloc 0x1000 1000000\nmalloc 0x2000 2000000\nfree 0x1000\npop 1\npush rest /srv/app.py:14\nmalloc 0x3000 5000000`;
    const before = writeCapture(folder, 'table', script(work('fetch')));
    // What is left of the former keeps it from being gone.
    const left = 'pop 1\npush fetch /srv/app.py:30\nmalloc 0x4000 320';
    const after = writeCapture(folder, 'table-moved', script(`${work('get')}\n${left}`));
    const { summary, moved, beside } = await documentOf(before, after);
    expect(moved.map(({ from, function: to }) => [from?.function, to])).toEqual([['fetch', 'get']]);
    expect(beside.flatMap(({ grew, shrank }) => [...grew, ...shrank])).toEqual([]);
    expect(summary).toContain('memory moved: 1.91 MiB of fetch is now get (srv/app.py:9)');
  });

  test('lines tell functions apart where that is asked for', async () => {
    const { grew, shrank } = await documentOf(shop, next, '--lines');
    expect([grew.length, shrank.length].every((length) => length > 0)).toBe(true);
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

  test('Markdown stays short enough for a comment where names are very long, and says where there is none', async () => {
    const long = 'f'.repeat(60_000);
    const grown = writeCapture(folder, 'long', SHOP.replaceAll('push load ', `push ${long} `));
    const { stdout } = await runOnDisk(['diff', shop, grown, '--markdown', '-n', '50']);
    expect(stdout).toContain('fff…fff');
    expect(stdout.length).toBeLessThan(20_000);
    expect(code('')).toBe('(no name)');
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

  test('a side that is not named is wrong usage that says how to go on', async () => {
    for (const args of [['diff', shop], ['diff'], ['diff', shop, next, '--base', shop], ['diff', '--head', shop]]) {
      const { code, stderr } = await runOnDisk(args);
      expect([code, stderr]).toEqual([2, expect.stringContaining('memscope: diff: name')]);
    }
    const part = await runOnDisk(['diff', shop, next, '--measure', 'own-peak', '--window', '10%..50%']);
    expect([part.code, part.stderr]).toEqual([2, expect.stringContaining('is known of whole recordings')]);
    const { code, stderr } = await runOnDisk(['diff', shop, next, '--measure', 'own-peak', '--by', 'library']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('of functions only')]);
  });
});
