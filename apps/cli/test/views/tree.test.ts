/** `memscope tree`: readable, exact, and the same numbers for people, programs and spreadsheets. */
import { describe, expect, test } from 'vitest';

import { displayWidth } from '../../src/terminal/display-width.js';
import { expectFile } from '../expected-text.js';
import { runOnDisk, useFolder, writeCapture } from './captures-on-disk.js';
import { expectValid } from './document-schema.js';
import { fixtureProfile, runOn } from './fixture-profiles.js';

interface Node {
  readonly parent: number | null;
  readonly thread: { readonly tid: string } | null;
  readonly frame: { readonly function: string | null } | null;
  readonly bytes: number;
  readonly count: number;
  readonly selfBytes: number;
  readonly folded: { readonly nodes: number; readonly bytes: number };
}

interface Document {
  readonly selection: {
    readonly bytes: number;
    readonly wholeBytes: number;
    readonly filter: string | null;
    readonly window: { readonly peakBytes: number } | null;
  };
  /** Callers first. */
  readonly nodes: readonly Node[];
}

const folder = useFolder();

async function documentOf(name: string, ...flags: string[]): Promise<Document> {
  const { stdout, code } = await runOn(name, ['tree', '--json', ...flags]);
  expect(code).toBe(0);
  return JSON.parse(stdout) as Document;
}

describe('the tree for people', () => {
  test.each([
    ['tree', []],
    ['tree-inverted', ['--inverted', '--threshold', '5%']],
    ['tree-leaked-counts', ['--measure', 'leaked', '--counts', '--merge-recursion', '--hide-standard-library']],
    ['tree-window', ['--window', '10%..60%', '--filter', 'thread:worker or allocator:mmap', '-n', '12']],
  ])('%s is as expected at 80 and 140 columns', async (name, flags) => {
    for (const terminal of [80, 140]) {
      const world = { terminal, env: { NO_COLOR: '1' } };
      const { stdout, code } = await runOn('mixed-v13', ['tree', ...flags], world);
      expect(code).toBe(0);
      expect(stdout.split('\n').filter((line) => displayWidth(line) > terminal || line !== line.trimEnd())).toEqual([]);
      expectFile(`${name}-${terminal}.txt`, stdout);
    }
  });

  test('says so where nothing is left', async () => {
    const { stdout, code } = await runOn('mixed-v13', ['tree', '--filter', 'function:no_such_function']);
    expect([stdout.includes('Nothing.'), code]).toEqual([true, 0]);
  });
});

describe('the document', () => {
  test.each([
    ['mixed-v13', []],
    ['mixed-v13', ['--inverted', '-n', '5']],
    ['mixed-agg-v13', ['--measure', 'leaked']],
    ['mixed-native-v13', ['--threshold', '0%']],
    ['pandas-v13', ['--window', '20%..40%', '--filter', 'module:pandas', '--max-depth', '9']],
  ])('of %s with %j is valid by its schema', async (name, flags) => {
    expectValid('tree-1', await documentOf(name, ...flags));
  });

  test.each(['pandas-v13', 'mixed-v13', 'mixed-v6', 'mixed-agg-v11', 'killed-v11'])(
    'of %s adds up to the capture’s totals, node by node',
    async (name) => {
      const { capture } = await fixtureProfile(name);
      for (const [measure, bytes] of [
        ['peak', capture.peakBytes],
        ['leaked', capture.leakedBytes],
      ] as const) {
        const { nodes, selection } = await documentOf(name, '--measure', measure, '--threshold', '0.5%');
        expect([nodes[0]!.bytes, selection.bytes, selection.wholeBytes]).toEqual([bytes, bytes, bytes]);
        const sums = nodes.map(({ selfBytes, folded }) => selfBytes + folded.bytes);
        for (const { parent, bytes: all } of nodes) if (parent !== null) sums[parent]! += all;
        expect(sums).toEqual(nodes.map((node) => node.bytes));
      }
    },
  );

  test('has no more nodes than were asked for, the heaviest', async () => {
    const all = (await documentOf('pandas-v13', '--threshold', '0%')).nodes.slice(1);
    const few = (await documentOf('pandas-v13', '--threshold', '0%', '-n', '20')).nodes.slice(1);
    const heaviest = (nodes: readonly Node[]): number[] => nodes.map(({ bytes }) => bytes).toSorted((a, b) => b - a);
    expect(heaviest(few)).toEqual(heaviest(all).slice(0, 20));
  });

  test('carries the filter in canonical form', async () => {
    const { selection } = await documentOf(
      'mixed-v13',
      '--thread',
      'worker',
      '--exclude',
      'gen',
      '--filter',
      'count>1',
    );
    expect(selection.filter).toBe('count>1 thread:worker -gen');
  });
});

test('the rows for a spreadsheet are the nodes of the document', async () => {
  const flags = ['--threshold', '0%', '--measure', 'total'];
  const { nodes } = await documentOf('mixed-v13', ...flags);
  const { stdout } = await runOn('mixed-v13', ['tree', '--csv', ...flags]);
  const [title, ...rows] = stdout.trimEnd().split('\n');
  expect(title).toBe(
    'id,parent_id,depth,thread,function,file,line,module,library,category,source,bytes,count,self_bytes,self_count',
  );
  expect(rows.map((row) => row.split(',').slice(-4, -2).map(Number))).toEqual(
    nodes.map(({ bytes, count }) => [bytes, count]),
  );
});

test('a tree of which all is folded says how to see it', async () => {
  const threads = Array.from(
    { length: 200 },
    (_, at) => `thread ${at + 1}\npush handle /srv/a.py:5\nmalloc ${0x1000 * (at + 1)} 10`,
  );
  const capture = writeCapture(folder, 'threads', `capture v13\n${threads.join('\n')}`);
  const split = await runOnDisk(['tree', capture, '--split-threads']);
  expect(split.stdout).toContain('… 200 smaller: --threshold 0% shows them');
  const merged = await runOnDisk(['tree', capture]);
  expect(merged.stdout).toContain('handle');
});

test('what is left out is light, too deep, or more than was asked for, and is called so', async () => {
  const shown = async (...flags: string[]): Promise<string> => (await runOn('mixed-v13', ['tree', ...flags])).stdout;
  expect(await shown('--max-depth', '1')).toMatch(/… \d+ deeper: --max-depth shows them/);
  const few = await shown('-n', '2', '--inverted');
  expect(few).toMatch(/^ +[\d.]+ .iB +[\d.]+% {2}… \d+ more: -n shows them$/m);
  expect(few).not.toContain('smaller');
});

test('a stack of twenty thousand frames is drawn and written', async () => {
  const calls = Array.from({ length: 20_000 }, (_, depth) => `push f${depth} /srv/deep.py:${depth + 1}`).join('\n');
  const capture = writeCapture(folder, 'deep', `capture v13\nthread 1 "MainThread"\n${calls}\nmalloc 0x1000 10`);
  const { stdout } = await runOnDisk(['tree', capture, '--json']);
  expect((JSON.parse(stdout) as Document).nodes).toHaveLength(20_001);
  const people = await runOnDisk(['tree', capture, '--inverted']);
  expect([people.code, people.stdout.includes('f19999')]).toEqual([0, true]);
});

describe('wrong usage', () => {
  test.each([
    [
      'a filter with a fault',
      ['--filter', 'size>1 functon:a'],
      /did you mean function:NAME\?.*\n {2}size>1 functon:a\n +\^+\n$/,
    ],
    ['a pattern that is none', ['--include', '/(/'], /\/\(\/\n +\^/],
    ['a window that is none', ['--window', 'soon'], /soon is no window of time/],
    ['a window beyond the end', ['--window', '#100000'], /there is no tick #100000/],
    ['the total of a window', ['--window', '#0..#1', '--measure', 'total'], /not known/],
    ['a share that is none', ['--threshold', '2'], /share in percent/],
  ])('%s is explained, with exit code 2 and nothing on standard output', async (_, flags, message) => {
    const { stdout, stderr, code } = await runOn('mixed-v13', ['tree', ...flags]);
    expect([stdout, code]).toEqual(['', 2]);
    expect(stderr).toMatch(message);
  });

  test('what an aggregated capture cannot answer is said', async () => {
    const { stderr, code } = await runOn('mixed-agg-v13', ['tree', '--measure', 'total']);
    expect([stderr, code]).toEqual([expect.stringContaining('an aggregated capture has no total'), 2]);
  });
});
