/** `memscope list`: lines with their numbers and source, safe whatever the capture and the source hold. */
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { copyCapture } from '@memscope/fixtures';

import { displayWidth } from '../../../src/terminal/display-width.js';
import { isBuilt, run } from '../../built-cli.js';
import { expectFile } from '../../expected-text.js';
import { documentOnDisk, runOnDisk, useFolder, writeCapture } from '../captures-on-disk.js';
import { CAPTURE_START_MS, HOSTILE, SHOP } from '../view-captures.js';

const ORDERS = `"""Orders of the shop."""
from pandas import read_csv

CACHE = {}


def load(path):
\tframe = read_csv(path) if path not in CACHE else CACHE[path]  # a long line that does not fit into eighty columns
\tCACHE[path] = frame

\treturn frame


class Order:
    def lines(self):
        return []


def total(order):
    """Of an order and those it is made of."""
    own = sum(order.lines())
    return own + sum(total(part) for part in order.parts)
`;

interface Line {
  readonly line: number | null;
  readonly text: string | null;
  readonly selfBytes: number;
  readonly selfCount: number;
  readonly bytes: number;
}

interface Document {
  readonly functionCount: number;
  readonly functions: readonly {
    readonly function: string;
    readonly selfBytes: number;
    readonly selfCount: number;
    readonly bytes: number;
    readonly source: {
      readonly path: string;
      readonly changedSinceStart: boolean;
      readonly definitionLine: number;
    } | null;
    readonly missing: string | null;
    readonly lines: readonly Line[];
  }[];
}

/** Reading captures needs the built workers. */
describe.skipIf(!isBuilt())('memscope list', () => {
  const folder = useFolder();
  const sources = join(folder, 'sources');
  let shop = '';
  let hostile = '';
  beforeAll(() => {
    shop = writeCapture(folder, 'shop', SHOP);
    hostile = writeCapture(folder, 'hostile', HOSTILE);
    writeSource('app/orders.py', ORDERS, CAPTURE_START_MS - 1000);
    writeSource('empty/nothing.txt', '', CAPTURE_START_MS);
  });

  function writeSource(name: string, text: string, modifiedMs: number): void {
    const path = join(sources, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    utimesSync(path, modifiedMs / 1000, modifiedMs / 1000);
  }

  const documentOf = (...args: string[]): Promise<Document> => documentOnDisk<Document>('list', ...args);

  test.each([80, 140])('is as expected at %i columns, with and without its source', async (columns) => {
    const world = { terminal: columns, env: { NO_COLOR: '1' } };
    const whole = await runOnDisk(['list', shop, '/^(load|total|read_csv)$/', '--source', sources], world);
    expect([whole.code, whole.stderr]).toEqual([0, '']);
    // Elsewhere the path would differ from run to run.
    expectFile(
      `list-${columns}.txt`,
      whole.stdout.replace(/Source {2}.*orders\.py$/gm, 'Source  SOURCES/app/orders.py'),
    );
  });

  test('the numbers of lines add up to those of the function, and are the capture’s own', async () => {
    const { functions, functionCount } = await documentOf(shop, 'load', '--source', sources);
    expect([functionCount, functions.length]).toEqual([1, 1]);
    const [load] = functions;
    expect(load!.source).toMatchObject({ path: expect.stringMatching(/app\/orders\.py$/), definitionLine: 7 });
    expect(load!.lines.map(({ line, text, selfBytes, bytes }) => [line, text?.slice(0, 20), selfBytes, bytes])).toEqual(
      [
        [7, 'def load(path):', 0, 0],
        [8, '\tframe = read_csv(pa', 3_200_000, 6_450_000],
        [9, '\tCACHE[path] = frame', 350_000, 350_000],
        [10, '', 0, 0],
        [11, '\treturn frame', 0, 0],
      ],
    );
  });

  test('without its source, the lines that came with a symbol bundle are shown', async () => {
    const profile = join(folder, 'recorded.memscope');
    const [{ openProfile }, { ProfileWriter }] = await Promise.all([
      import('@memscope/store'),
      import('@memscope/store/profile-writer'),
    ]);
    expect((await runOnDisk(['analyze', shop, '-o', profile])).code).toBe(0);
    const stored = openProfile(profile);
    const sourceLines = new Map([['/srv/shop/app/orders.py', new Map([[8, '\tframe = \u001b[31mread_csv(path)']])]]);
    ProfileWriter.create(profile).finish({ ...stored.tables(), sourceLines }, null);
    stored.close();
    const [load] = (await documentOf(profile, 'load', '--source', join(sources, 'empty'))).functions;
    expect(load!.missing).toBe('notFound');
    expect(load!.lines.map(({ line, text }) => [line, text])).toEqual([
      [8, '\tframe = \u001b[31mread_csv(path)'],
      [9, null],
    ]);
    const { stdout } = await runOnDisk(['list', profile, 'load', '--source', join(sources, 'empty')]);
    expect(stdout).toMatch(/Source {2}these lines came with the symbols/);
    expect(stdout).toMatch(/8 +frame = \\x1b\[31mread_csv\(path\)/);
  });

  test('a recursion counts once in a line', async () => {
    const { functions } = await documentOf(shop, 'total', '--source', sources);
    expect(functions[0]).toMatchObject({ selfBytes: 700, bytes: 700 });
    expect(functions[0]!.lines.filter(({ bytes }) => bytes > 0)).toMatchObject([
      { line: 20, selfBytes: 100, bytes: 700 },
      { line: 22, selfBytes: 600, bytes: 600 },
    ]);
  });

  test.each(['pandas-v13', 'mixed-native-v13', 'mixed-agg-v13', 'killed-v13'])(
    'lines of all functions of %s add up to all that has a frame',
    async (name) => {
      const path = copyCapture(folder, name);
      const { functions } = await documentOf(path, '/^/', '--source', join(sources, 'empty'));
      const table = JSON.parse((await runOnDisk(['table', path, '--json'])).stdout) as {
        rows: { function: string | null; selfBytes: number; bytes: number }[];
      };
      const named = table.rows.filter((row) => row.function !== null);
      expect(functions.filter(({ bytes }) => bytes > 0).map(({ function: called }) => called)).toHaveLength(
        named.length,
      );
      for (const { lines, selfBytes, selfCount, bytes } of functions) {
        expect(lines.reduce((sum, line) => sum + line.selfBytes, 0)).toBe(selfBytes);
        expect(lines.reduce((sum, line) => sum + line.selfCount, 0)).toBe(selfCount);
        for (const line of lines) expect(line.bytes).toBeLessThanOrEqual(bytes);
      }
      expect(functions.reduce((sum, { selfBytes }) => sum + selfBytes, 0)).toBe(
        named.reduce((sum, { selfBytes }) => sum + selfBytes, 0),
      );
    },
  );

  test('a source that changed after the recording started, or that has no such definition, is doubted', async () => {
    writeSource('newer/app/orders.py', ORDERS.replaceAll('def load', 'def unload'), CAPTURE_START_MS + 1000);
    const newer = join(sources, 'newer');
    const { stdout } = await runOnDisk(['list', shop, 'load', '--source', newer]);
    expect(stdout).toContain('changed since the recording started: its lines may have moved');
    expect(stdout).toContain('no definition of that name above these lines');
    const { functions } = await documentOf(shop, 'load', '--source', newer);
    expect(functions[0]!.source).toMatchObject({ changedSinceStart: true, definitionLine: null });
    expect((await documentOf(shop, 'load', '--source', sources)).functions[0]!.source!.changedSinceStart).toBe(false);
  });

  test('without a source the lines that were recorded are listed, and why', async () => {
    const { functions } = await documentOf(
      shop,
      '/^(load|_find_and_load)$/',
      '--frames',
      'all',
      '--source',
      join(sources, 'empty'),
    );
    expect(functions.map(({ missing, lines }) => [missing, lines.map(({ line, text }) => [line, text])])).toEqual([
      [
        'notFound',
        [
          [8, null],
          [9, null],
        ],
      ],
      ['noFile', [[1371, null]]],
    ]);
  });

  test('sources of no more than the hundred heaviest functions are looked for', async () => {
    const functions = Array.from(
      { length: 102 },
      (_, index) => `push f${index} /orders.py:8 entry\nmalloc ${4096 * (index + 1)} ${500 - index}\npop 1`,
    );
    const many = writeCapture(
      folder,
      'many',
      ['capture v13', ...functions, 'push g /orders.py:0 entry\nmalloc 0x900000 900'].join('\n'),
    );
    const missing = (await documentOf(many, '/./', '--source', join(sources, 'app'))).functions.map(
      (each) => each.missing,
    );
    expect([missing[0], missing[1], missing[99], missing[100], missing[102]]).toEqual([
      'noLine',
      null,
      null,
      'notSought',
      'notSought',
    ]);
  });

  test('the current folder is where sources are read unless others are named', async () => {
    const args = ['list', shop, 'load', '--json'];
    const here = JSON.parse((await run(args, { cwd: sources })).stdout) as Document;
    expect(here.functions[0]!.source?.path).toMatch(/sources\/app\/orders\.py$/);
    const elsewhere = JSON.parse((await run(args, { cwd: join(sources, 'empty') })).stdout) as Document;
    expect(elsewhere.functions[0]!.missing).toBe('notFound');
    const named = JSON.parse(
      (await run([...args, '--source', '../empty', '--source', '..'], { cwd: join(sources, 'empty') })).stdout,
    ) as Document;
    expect(named.functions[0]!.source?.path).toMatch(/sources\/app\/orders\.py$/);
  });

  test('a capture cannot have a file outside the folders shown', async () => {
    writeFileSync(join(folder, 'secret.py'), 'secret = 1\n');
    const names = ['/etc/passwd', join(folder, 'secret.py'), '../secret.py', 'app/../../secret.py'];
    const text = [
      'capture v13',
      ...names.map((name, index) => `push f${index} ${name}:1\nmalloc ${4096 * (index + 1)} 9`),
    ];
    const path = writeCapture(folder, 'prying', text.join('\n').replace(':1\n', ':1 entry\n'));
    const { functions } = await documentOf(path, '/^f/', '--source', sources);
    expect(functions.map(({ missing, lines }) => [missing, lines[0]?.text])).toEqual(
      names.map(() => ['notFound', null]),
    );
  });

  test.each([60, 80, 140])('stays within %i columns and safe whatever names and sources hold', async (columns) => {
    const world = { terminal: columns, env: { NO_COLOR: '1' } };
    const attack = [
      'def f():',
      '\t\u001b[2J\u202e\u200b"x" \u0007',
      `    ${'關'.repeat(9_000)}`,
      '    \u2028 y\u3000z\u0000',
    ];
    writeSource('attack/a.py', attack.join('\n').replaceAll('\0', ''), CAPTURE_START_MS);
    const attacked = writeCapture(
      folder,
      'attack',
      'capture v13\npush f /a.py:2 entry\nmalloc 0x1000 9\npop 1\npush f /a.py:3 entry\nmalloc 0x2000 9\npop 1',
    );
    for (const args of [
      [hostile, '/./', '-n', '20', '--source', sources],
      [attacked, 'f', '--source', join(sources, 'attack')],
    ]) {
      const { code, stdout } = await runOnDisk(['list', ...args], world);
      expect(code).toBe(0);
      expect(stdout).not.toMatch(/[^\P{Cc}\n]|\p{Cf}|\p{Cs}|\p{Zl}/u);
      expect(stdout.split('\n').filter((line) => displayWidth(line) > columns || line !== line.trimEnd())).toEqual([]);
    }
    const { stdout } = await runOnDisk(['list', attacked, 'f', '--source', join(sources, 'attack'), '--csv']);
    expect(stdout).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThan(1_200);
  });

  test('functions are listed heaviest first, and no more than were asked for', async () => {
    const { stdout } = await runOnDisk(['list', shop, 'o', '-n', '1', '--frames', 'all', '--source', sources]);
    expect(stdout).toMatch(/^load {2}/m);
    expect(stdout).not.toMatch(/^work {2}/m);
    expect(stdout).toContain('3 further functions hold less: -n 4 shows all.');
    expect((await documentOf(shop, 'o', '-n', '2', '--source', sources)).functions).toHaveLength(2);
    const idle = await runOnDisk(['list', shop, 'o', '--thread', 'worker-1', '--source', sources]);
    expect(idle.stdout).toContain('Nothing went through 2 of the functions that match.');
  });

  test('what cannot be answered is wrong usage', async () => {
    const none = await runOnDisk(['list', shop, 'nobody', '--source', sources]);
    expect([none.code, none.stdout]).toEqual([2, '']);
    const folderless = await runOnDisk(['list', 'nowhere.bin', 'f', '--source', join(sources, 'absent')]);
    expect(folderless.code).toBe(2);
    expect(folderless.stderr).toMatch(/absent: there is no such folder\n$/);
  });
});
