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
import { HOSTILE, SHOP } from '../views/view-captures.js';
import { allRows, NEXT_SHOP, script } from './diff-scripts.js';

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

  test('lines tell functions apart where that is asked for', async () => {
    const { grew, shrank } = await documentOf(shop, next, '--lines');
    expect([grew.length, shrank.length].every((length) => length > 0)).toBe(true);
  });

  test('Markdown stays short enough for a comment where names are very long, and says where there is none', async () => {
    const long = 'f'.repeat(60_000);
    const grown = writeCapture(folder, 'long', SHOP.replaceAll('push load ', `push ${long} `));
    const { stdout } = await runOnDisk(['diff', shop, grown, '--markdown', '-n', '50']);
    expect(stdout).toContain('fff…fff');
    expect(stdout.length).toBeLessThan(20_000);
    expect(code('')).toBe('(no name)');
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
