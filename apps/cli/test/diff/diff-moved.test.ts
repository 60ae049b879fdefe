/** What moved in a diff: to another function, below another caller, to another moment. */
import { describe, expect, test } from 'vitest';
import type { DiffDocument } from '@memscope/model';

import { isBuilt } from '../built-cli.js';
import { documentOnDisk, runOnDisk, useFolder, writeCapture } from '../views/captures-on-disk.js';
import { allRows, script } from './diff-scripts.js';

/** Reading captures needs the built workers. */
describe.skipIf(!isBuilt())('memory that moved', () => {
  const folder = useFolder();
  const documentOf = (...args: string[]): Promise<DiffDocument> => documentOnDisk<DiffDocument>('diff', ...args);

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

  test('that grew as it went to a helper is told apart from what came with it, as is what a renamed function saves', async () => {
    const [call, hold] = ['push build /srv/app.py:3\n', 'malloc 0x1000'];
    const capture = (name: string, calls: string, bytes: number): string =>
      writeCapture(folder, `grew-${name}`, script(`push main /srv/app.py:9\n${calls}${hold} ${bytes}`));
    const before = capture('before', call, 10_000_000);
    const helped = await documentOf(before, capture('helped', `${call}push alloc /srv/app.py:5\n`, 13_000_000));
    expect(helped.grew).toMatchObject([{ function: 'alloc', base: 10_000_000, head: 13_000_000, change: 3_000_000 }]);
    expect(helped.moved).toMatchObject([{ from: { function: 'build' }, function: 'alloc', basis: 'calls' }]);
    const renamed = await documentOf(before, capture('renamed', 'push create /srv/app.py:3\n', 7_000_000));
    expect([renamed.grew, renamed.shrank.map(({ function: name, change }) => [name, change])]).toEqual([
      [],
      [['create', -3_000_000]],
    ]);
    expect(renamed.moved).toMatchObject([{ from: { function: 'build' }, head: 7_000_000, basis: 'callers' }]);
  });

  test('a renamed function that holds most beside the peak is compared there by all that it held', async () => {
    const capture = (name: string, build: string, bytes: number): string =>
      writeCapture(
        folder,
        `beside-${name}`,
        script(
          `push main /srv/app.py:9\npush ${build}\nmalloc 0x1000 ${bytes}\nmalloc 0x2000 100000\nmemory t=100 rss=0\n` +
            'free 0x1000\npop\npush serve /srv/app.py:20\nmalloc 0x3000 40000000\n',
        ),
      );
    const [before, after] = [
      capture('before', 'build /srv/app.py:3', 10_000_000),
      capture('after', 'build /srv/built.py:3', 11_000_000),
    ];
    const { grew, shrank, beside } = await documentOf(before, after);
    expect([grew, shrank]).toEqual([[], []]);
    expect(beside).toMatchObject([
      { measure: 'own-peak', grew: [{ name: 'build', base: 10_100_000, head: 11_100_000, change: 1_000_000 }] },
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
});
