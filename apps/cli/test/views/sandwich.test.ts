/** `memscope callers` and `callees`: which functions are meant, what they hold, and the tree on either side. */
import { beforeAll, describe, expect, test } from 'vitest';
import { copyCapture } from '@memscope/fixtures';

import { displayWidth } from '../../src/terminal/display-width.js';
import { isBuilt } from '../built-cli.js';
import { expectFile } from '../expected-text.js';
import { documentOnDisk, runOnDisk, useFolder, writeCapture } from './captures-on-disk.js';
import { HOSTILE, SHOP } from './view-captures.js';

const SIDES = ['callers', 'callees'] as const;

interface Node {
  readonly thread: { readonly name: string } | null;
  readonly frame: { readonly function: string; readonly line: number } | null;
  readonly bytes: number;
  readonly count: number;
  readonly selfBytes: number;
  readonly parent: number | null;
}

interface Document {
  readonly selection: { readonly bytes: number };
  readonly functions: readonly { readonly function: string; readonly file: string; readonly bytes: number }[];
  readonly selfBytes: number;
  readonly bytes: number;
  readonly count: number;
  readonly nodes: readonly Node[];
}

/** "name:line bytes (self)", two blanks a level. */
function drawNodes(nodes: readonly Node[]): string[] {
  const depths: number[] = [];
  return nodes.map(({ frame, thread, bytes, selfBytes, parent }) => {
    const depth = parent === null ? 0 : depths[parent]! + 1;
    depths.push(depth);
    const name = thread !== null ? `[${thread.name}]` : frame === null ? '.' : `${frame.function}:${frame.line}`;
    return `${'  '.repeat(depth)}${name} ${bytes}${selfBytes > 0 ? ` (${selfBytes})` : ''}`;
  });
}

/** Reading captures needs the built workers. */
describe.skipIf(!isBuilt())('memscope', () => {
  const folder = useFolder();
  let shop = '';
  let hostile = '';
  beforeAll(() => {
    shop = writeCapture(folder, 'shop', SHOP);
    hostile = writeCapture(folder, 'hostile', HOSTILE);
  });

  const documentOf = (side: (typeof SIDES)[number], ...args: string[]): Promise<Document> =>
    documentOnDisk<Document>(side, ...args);

  test('take several captures before the function, which comes last', async () => {
    const both = await runOnDisk(['callers', shop, hostile, 'load', '--together']);
    expect([both.code, both.stdout.includes('Sum of 2 runs')]).toEqual([0, true]);
    const apart = await runOnDisk(['callers', shop, hostile, 'load']);
    expect([apart.code, apart.stderr]).toEqual([2, expect.stringContaining('--together')]);
    const forgotten = await runOnDisk(['callees', shop, hostile, '--together']);
    expect([forgotten.code, forgotten.stderr]).toEqual([
      2,
      expect.stringContaining('its name comes last, after all captures'),
    ]);
    expect((await runOnDisk(['list', shop])).stderr).toContain("missing required argument 'function'");
  });

  describe.each(SIDES)('%s', (side) => {
    test.each([80, 140])('is as expected at %i columns, for one function and for several', async (columns) => {
      const world = { terminal: columns, env: { NO_COLOR: '1' } };
      const one = await runOnDisk([side, shop, 'load'], world);
      const several = await runOnDisk([side, shop, 'o', '--threshold', '5%'], world);
      expect([one.code, one.stderr, several.code, several.stderr]).toEqual([0, '', 0, '']);
      expectFile(`${side}-${columns}.txt`, `${one.stdout}\n${several.stdout}`);
    });

    test.each([60, 80, 140])('stays within %i columns and safe whatever names hold', async (columns) => {
      const world = { terminal: columns, env: { NO_COLOR: '1' } };
      for (const pattern of ['/./', '/^\\x1b\\[31m/', 'nimda', 'nobody\u001b[2J\u202e']) {
        const { stdout, stderr } = await runOnDisk([side, hostile, pattern], world);
        expect(stdout + stderr).not.toMatch(/[^\P{Cc}\n]|\p{Cf}|\p{Cs}/u);
        expect(stdout.split('\n').filter((line) => displayWidth(line) > columns)).toEqual([]);
      }
    });

    test.each(['pandas-v13', 'mixed-native-v13', 'mixed-agg-v13'])(
      'of every function of %s together holds what all frames hold, of each what the table says',
      async (name) => {
        const path = copyCapture(folder, name);
        const all = await documentOf(side, path, '/^/', '-n', '1', '--frames', 'all');
        const frameless = JSON.parse((await runOnDisk(['table', path, '--frames', 'all', '--json'])).stdout) as {
          rows: {
            kind: string | null;
            function: string | null;
            file: string | null;
            selfBytes: number;
            bytes: number;
          }[];
        };
        const without = frameless.rows
          .filter(({ function: called }) => called === null)
          .reduce((sum, { selfBytes }) => sum + selfBytes, 0);
        expect(all.selfBytes + without).toBe(all.selection.bytes);
        const heaviest = frameless.rows.find(({ function: called }) => called !== null)!;
        const { functions } = await documentOf(side, path, `${heaviest.file}:${heaviest.function}`, '--frames', 'all');
        expect(functions).toEqual([expect.objectContaining({ bytes: heaviest.bytes, selfBytes: heaviest.selfBytes })]);
      },
    );

    test('as CSV has a row for each node of the document', async () => {
      const { nodes } = await documentOf(side, shop, 'load', '--threshold', '0%');
      const { stdout } = await runOnDisk([side, shop, 'load', '--threshold', '0%', '--csv']);
      const rows = stdout.trimEnd().split('\n');
      expect(rows[0]).toBe(
        'id,parent_id,depth,thread,function,file,line,module,library,category,source,bytes,count,self_bytes,self_count',
      );
      expect(rows).toHaveLength(drawNodes(nodes).length + 1);
    });
  });

  test('callers stand below the function, as far as their threads', async () => {
    const { nodes, bytes, count, selfBytes } = await documentOf(
      'callers',
      shop,
      'load',
      '--split-threads',
      '--threshold',
      '0%',
    );
    expect([bytes, count, selfBytes]).toEqual([6_800_000, 7, 3_550_000]);
    expect(drawNodes(nodes)).toEqual([
      '. 6800000',
      '  main:20 5750000',
      '    [MainThread] 5750000 (5750000)',
      '  work:5 1050000',
      '    [worker-1] 1050000 (1050000)',
    ]);
  });

  test('callees stand below the function, a recursion among them', async () => {
    const loaded = await documentOf('callees', shop, 'load', '--frames', 'all', '--threshold', '0%');
    expect(drawNodes(loaded.nodes)).toEqual([
      '. 6800000 (3550000)',
      '  read_csv:912 3250000 (3000000)',
      '    _find_and_load:1371 250000 (250000)',
    ]);
    const total = await documentOf('callees', shop, 'total', '--threshold', '0%');
    expect([total.bytes, total.selfBytes]).toEqual([700, 700]);
    expect(drawNodes(total.nodes)).toEqual(['. 700 (100)', '  total:22 600 (200)', '    total:22 400 (400)']);
    const merged = await documentOf('callees', shop, 'total', '--merge-recursion');
    expect(drawNodes(merged.nodes)).toEqual(['. 700 (700)']);
  });

  test('a depth, a threshold and a number of nodes bound the tree', async () => {
    const { nodes } = await documentOf(
      'callers',
      shop,
      'load',
      '--split-threads',
      '--max-depth',
      '1',
      '--threshold',
      '20%',
    );
    expect(drawNodes(nodes)).toEqual(['. 6800000', '  main:20 5750000']);
    expect(drawNodes((await documentOf('callers', shop, 'load', '--split-threads', '-n', '2')).nodes)).toEqual([
      '. 6800000',
      '  main:20 5750000',
      '    [MainThread] 5750000 (5750000)',
    ]);
  });

  test('stacks may be very deep', async () => {
    const frames = Array.from(
      { length: 5_000 },
      (_, depth) => `push f${depth} /deep.py:1${depth === 0 ? ' entry' : ''}`,
    );
    const deep = writeCapture(folder, 'deep', ['capture v13', ...frames, 'malloc 0x1000 10', 'pop 5000'].join('\n'));
    const { nodes } = await documentOf('callees', deep, 'f0');
    expect([nodes.length, nodes.at(-1)?.frame?.function]).toEqual([5_000, 'f4999']);
    const { code, stdout } = await runOnDisk(['callers', deep, 'f4999', '-n', '9']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/ f4990 {2}\/deep\.py:1\n[^\n]+ └ … 1 more: -n shows it\n$/);
  });

  test('filters and windows apply, and shares are of what they leave', async () => {
    const { bytes, selection } = await documentOf('callers', shop, 'load', '--thread', 'worker-1', '--window', '#3..');
    expect([bytes, selection.bytes]).toEqual([1_000_000, 1_000_000]);
    const { stdout } = await runOnDisk(['callers', shop, 'read_csv', '--thread', 'worker-1']);
    expect(stdout).toMatch(/None of it went through it\.\n$/);
  });

  test('a pattern that matches nothing is wrong usage, and the nearest names are told', async () => {
    const { code, stdout, stderr } = await runOnDisk(['callers', shop, 'laod']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe('memscope: no function of the capture matches "laod"; did you mean load?\n');
    expect((await runOnDisk(['callees', shop, 'quite_another_thing'])).stderr).toBe(
      'memscope: no function of the capture matches "quite_another_thing"; memscope table lists them\n',
    );
    expect((await runOnDisk(['callees', shop, '/x{99}/'])).code).toBe(2);
  });

  test('a pattern that is none is wrong usage before anything is read', async () => {
    const { code, stderr } = await runOnDisk(['callers', 'nowhere.bin', '/(/']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^memscope: not a regular expression: [^\n]*\n +\/\(\/\n/);
  });

  test('functions whose frames are all hidden are told to be so', async () => {
    const { code, stderr } = await runOnDisk(['callers', shop, '_find_and_load']);
    expect([code, stderr]).toEqual([
      2,
      'memscope: "_find_and_load": frames of such functions are hidden; give --frames all\n',
    ]);
  });
});
