/** Views with `--base`: both sides of every node and row, that add up to what each side holds by itself. */
import { beforeAll, describe, expect, test } from 'vitest';
import { GROUPINGS } from '@memscope/model';

import { isBuilt } from '../built-cli.js';
import { documentOnDisk, runOnDisk, useFolder, writeCapture } from '../views/captures-on-disk.js';
import { SHOP } from '../views/view-captures.js';

interface Weights {
  readonly bytes: number;
  readonly count: number;
  readonly baseBytes?: number;
  readonly baseCount?: number;
  readonly selfBytes?: number;
  readonly baseSelfBytes?: number;
}

interface Node extends Weights {
  readonly parent: number | null;
  readonly frame: { readonly function: string | null; readonly line: number | null } | null;
}

interface Document {
  readonly selection: Weights & { readonly base?: Weights & { readonly runs: readonly { readonly run: string }[] } };
  readonly nodes: readonly Node[];
  readonly rows: readonly Weights[];
}

/** What Python 3.11 calls a function, 3.12 inlines. */
const COMPREHENSION = `capture v13
thread 1
push main /srv/app.py:9
push build /srv/app.py:5
push <listcomp> /srv/app.py:5
malloc 0x1000 500000
realloc 0x2000 3072
mmap 0x7f0000000000 0x100000
calloc 0x3000 0x20000
`;
const INLINED = COMPREHENSION.replace('push <listcomp> /srv/app.py:5\n', '').replace(
  'realloc ',
  'pop 1\npush index /srv/app.py:7\nrealloc ',
);
const ARENA_BYTES = 0x100000 + 0x20000 + 3072;

/** In another folder, lines shifted: `load` keeps more, `total` has gone. */
const NEXT = SHOP.replaceAll('/srv/shop/', '/opt/next/')
  .replaceAll(/\.py:(\d+)/g, (_, line: string) => `.py:${Number(line) + 30}`)
  .replace('malloc 0x2000 2000000', 'malloc 0x2000 2600000')
  .replaceAll('push total ', 'push sum_up ');

describe.skipIf(!isBuilt())('a view with a base', () => {
  const folder = useFolder();
  let [base, head] = ['', ''];
  beforeAll(() => {
    base = writeCapture(folder, 'base', SHOP);
    head = writeCapture(folder, 'head', NEXT);
  });
  const documentOf = (command: string, ...args: string[]): Promise<Document> =>
    documentOnDisk<Document>(command, ...args);

  test.each([[], ['--inverted']])('is a tree with both sides of each node %j', async (...flags) => {
    const both = await documentOf('tree', head, '--base', base, '--threshold', '0%', ...flags);
    const [root] = both.nodes;
    expect(root).toMatchObject({ bytes: 11_401_700, baseBytes: 10_801_700, count: 12, baseCount: 12 });
    expect(both.selection).toMatchObject({
      bytes: 11_401_700,
      base: { bytes: 10_801_700, runs: [{ run: 'base.bin' }] },
    });
    for (const [position, node] of both.nodes.entries()) {
      const below = both.nodes.filter(({ parent }) => parent === position);
      const sum = (read: (each: Weights) => number): number => below.reduce((all, each) => all + read(each), 0);
      expect(sum(({ bytes }) => bytes)).toBeLessThanOrEqual(node.bytes);
      expect(sum(({ baseBytes = 0 }) => baseBytes)).toBeLessThanOrEqual(node.baseBytes!);
      expect(node.frame?.line ?? null).toBeNull();
    }
    const of = (name: string): Weights[] => both.nodes.filter(({ frame }) => frame?.function === name);
    expect(of('total').every(({ bytes, baseBytes }) => bytes === 0 && baseBytes! > 0)).toBe(true);
    expect(of('sum_up').every(({ bytes, baseBytes }) => bytes > 0 && baseBytes === 0)).toBe(true);
  });

  test('of a run with itself has the same on both sides', async () => {
    const { nodes } = await documentOf('tree', head, '--base', head, '--threshold', '0%');
    for (const node of nodes) {
      expect([node.baseBytes, node.baseCount, node.baseSelfBytes]).toEqual([node.bytes, node.count, node.selfBytes]);
    }
  });

  test.each(['callers', 'callees'])('is what %s of a function hold on both sides', async (command) => {
    const both = await documentOf(command, head, 'load', '--base', base);
    const [now, before] = [await documentOf(command, head, 'load'), await documentOf(command, base, 'load')];
    const [root] = both.nodes;
    expect([root!.bytes, root!.baseBytes]).toEqual([now.nodes[0]!.bytes, before.nodes[0]!.bytes]);
    expect(both).toMatchObject({ bytes: now.nodes[0]!.bytes, baseBytes: before.nodes[0]!.bytes });
    const { stdout } = await runOnDisk([command, head, 'load', '--base', base]);
    expect(stdout).toMatch(/Change +Base +Head +Function/);
  });

  test.each(GROUPINGS)('is a table by %s whose sides are those of each run', async (by) => {
    const both = await documentOf('table', head, '--base', base, '--by', by);
    const sum = (rows: readonly Weights[], read: (row: Weights) => number): number =>
      rows.reduce((all, row) => all + read(row), 0);
    const own = (row: Weights): number => row.selfBytes ?? row.bytes;
    expect(sum(both.rows, own)).toBe(11_401_700);
    expect(sum(both.rows, (row) => row.baseSelfBytes ?? row.baseBytes!)).toBe(10_801_700);
    const { stdout } = await runOnDisk(['table', head, '--base', base, '--by', by, '--csv']);
    expect(stdout.split('\n')[0]).toMatch(/,base_bytes,base_count(?:,base_self_bytes,base_self_count)?(?:,arenas)?$/);
  });

  describe('counts comprehensions to the function around them, and arenas to nobody', () => {
    let [called, inlined] = ['', ''];
    beforeAll(() => {
      called = writeCapture(folder, 'called', COMPREHENSION);
      inlined = writeCapture(folder, 'inlined', INLINED);
    });
    const BUILD = { bytes: 500_000, baseBytes: 500_000 };

    test.each([
      ['tree', 'build'],
      ['callers', 'main', 'build'],
      ['callees', 'build', 'main'],
    ])('in a %s', async (command, shown, ...name) => {
      const { nodes } = await documentOf(command, inlined, ...name, '--base', called, '--threshold', '0%');
      const of = (called: string): Weights[] => nodes.filter(({ frame }) => frame?.function === called);
      expect(of(shown)).toEqual([expect.objectContaining(BUILD)]);
      expect(of('<listcomp>')).toEqual([]);
    });

    test.each(['function', 'location', 'site'])('in a table by %s', async (by) => {
      const { rows } = await documentOf('table', inlined, '--base', called, '--by', by);
      const arenas = rows.filter((row) => 'arenas' in row);
      expect(arenas).toEqual([expect.objectContaining({ bytes: ARENA_BYTES, baseBytes: ARENA_BYTES })]);
      expect(rows.find((row) => 'function' in row && row.function === 'build')).toMatchObject(BUILD);
      const { stdout } = await runOnDisk(['table', inlined, '--base', called, '--by', by]);
      expect(stdout).toMatch(/\n +0 +1\.13 MiB +1\.13 MiB +Python objects/);
    });

    test.each(['function', 'site'])('in a diff by %s', async (by) => {
      const { stdout } = await runOnDisk(['diff', called, inlined, '--by', by]);
      expect(stdout).toMatch(/^The peak is the same on both sides, and so is every/);
    });
  });

  test('lists the lines of a function with what each holds on both sides, by the numbers of each', async () => {
    interface Listed {
      readonly functions: readonly (Weights & { readonly lines: readonly (Weights & { readonly line: number })[] })[];
    }
    const lists = await Promise.all([
      documentOnDisk<Listed>('list', head, 'load', '--base', base),
      documentOnDisk<Listed>('list', head, 'load'),
      documentOnDisk<Listed>('list', base, 'load'),
    ]);
    const [both, now, before] = lists.map(({ functions }) => functions[0]!) as [
      Listed['functions'][number],
      Listed['functions'][number],
      Listed['functions'][number],
    ];
    expect([both.bytes, both.baseBytes]).toEqual([now.bytes, before.bytes]);
    const held = (lines: Listed['functions'][number]['lines'], of: 'bytes' | 'baseBytes'): Map<number, number> =>
      new Map(lines.flatMap((each) => ((each[of] ?? 0) === 0 ? [] : [[each.line, each[of]!]])));
    expect(held(both.lines, 'bytes')).toEqual(held(now.lines, 'bytes'));
    expect(held(both.lines, 'baseBytes')).toEqual(held(before.lines, 'bytes'));
    const { stdout } = await runOnDisk(['list', head, 'load', '--base', base]);
    expect(stdout).toMatch(/Change +Base +Head +Line/);
  });

  test('lists leaks of both sides, what grew most first', async () => {
    interface Leaks extends Weights {
      readonly rows: readonly Weights[];
      readonly gone?: { readonly rows: number; readonly bytes: number };
    }
    const both = await documentOnDisk<Leaks>('leaks', head, '--base', base);
    const before = await documentOnDisk<Leaks>('leaks', base);
    expect([both.baseBytes, before.baseBytes]).toEqual([before.bytes, undefined]);
    expect(both.rows.reduce((sum, { baseBytes }) => sum + baseBytes!, 0) + both.gone!.bytes).toBe(before.bytes);
    const changes = both.rows.map(({ bytes, baseBytes }) => bytes - baseBytes!);
    expect(changes).toEqual(changes.toSorted((a, b) => b - a));
    const { stdout } = await runOnDisk(['leaks', head, '--base', base]);
    expect(stdout).toMatch(/Change +Base +Head +Verdict/);
  });

  test('draws the timelines of both sides since the start of each', async () => {
    interface Times {
      readonly peak: { readonly bytes: number };
      readonly base?: { readonly peakBytes: number };
      readonly compared?: { readonly peakBytes: readonly number[]; readonly basePeakBytes: readonly number[] };
    }
    const both = await documentOnDisk<Times>('timeline', head, '--base', base);
    const before = await documentOnDisk<Times>('timeline', base);
    const { peakBytes, basePeakBytes } = both.compared!;
    expect([Math.max(...peakBytes), Math.max(...basePeakBytes)]).toEqual([both.peak.bytes, before.peak.bytes]);
    expect(both.base!.peakBytes).toBe(before.peak.bytes);
    const filtered = await documentOnDisk<Times>('timeline', head, '--base', base, '--filter', 'load');
    expect(Math.max(...filtered.compared!.peakBytes)).toBeLessThan(both.peak.bytes);
    const { stdout } = await runOnDisk(['timeline', head, '--base', base]);
    expect(stdout).toMatch(/After +Change +Base +Head/);
    const refused = await runOnDisk(['timeline', head, '--base', base, '--by', 'module']);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--by shows the bands of one side')]);
  });

  test('says on the screen which side is which, and by how much each line changed', async () => {
    const { stdout } = await runOnDisk(['tree', head, '--base', base], { terminal: 100, env: { NO_COLOR: '1' } });
    expect(stdout).toContain('Head: head.bin. Base: base.bin.');
    expect(stdout).toMatch(/Change +Base +Head +Function/);
    expect(stdout).toMatch(/\+586 KiB +\S+ MiB +\S+ MiB +.*load/);
  });

  test('without one, documents say nothing of a base', async () => {
    const { stdout } = await runOnDisk(['tree', head, '--json']);
    expect(stdout).not.toMatch(/"base/);
  });
});
