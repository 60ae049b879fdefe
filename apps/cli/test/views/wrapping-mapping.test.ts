/** A mapping that would reach beyond 2^64 ends there: every view gives the same bytes, whichever way it comes to them. */
import { describe, expect, test } from 'vitest';

import { documentOnDisk, runOnDisk, useFolder, writeCapture } from './captures-on-disk.js';

const folder = useFolder();
/** Up to the last address. */
const WRAPPED = 8191;
const PLAIN = 100;
const AT_PEAK = WRAPPED + PLAIN;
/** A munmap that wraps as well has taken the upper half of it. */
const AT_END = 4096 + PLAIN;

const path = writeCapture(
  folder,
  'wraps',
  `thread 1
push reserve a.py:1
mmap ${2n ** 64n - 8192n} 65536
memory t=10 rss=1
push small a.py:2
mmap 4096 ${PLAIN}
memory t=20 rss=1
munmap ${2n ** 64n - 4096n} 65536
memory t=30 rss=1`,
);

interface Weighed {
  readonly selection: { readonly bytes: number };
}

interface Steps {
  readonly peak: { readonly bytes: number };
  readonly steps: { readonly heapBytes: readonly number[] };
  readonly tail: { readonly heapBytes: number };
}

describe('bytes of a mapping that wraps around 2^64', () => {
  test.each([
    [AT_PEAK, ['--measure', 'peak']],
    [AT_END, ['--measure', 'leaked']],
    [AT_PEAK, ['--measure', 'total']],
    [AT_PEAK, ['--window', '0%..100%']],
    [AT_END, ['--window', '0%..100%', '--measure', 'leaked']],
    [AT_PEAK, ['--filter', 'lifetime>=0ms']],
    [AT_END, ['--filter', 'lifetime>=0ms', '--measure', 'leaked']],
    [AT_PEAK, ['--filter', 'lifetime>=0ms', '--measure', 'total']],
  ])('come to %i in tree and table with %j', async (bytes, flags) => {
    for (const command of ['tree', 'table']) {
      const { selection } = await documentOnDisk<Weighed>(command, path, ...flags);
      expect([command, selection.bytes]).toEqual([command, bytes]);
    }
  });

  test('are the same in the totals, the timeline, the leaks and the own peak', async () => {
    const { stdout } = await runOnDisk(['analyze', path, '--json']);
    expect((JSON.parse(stdout) as { totals: object }).totals).toMatchObject({
      peakBytes: AT_PEAK,
      leakedBytes: AT_END,
      bytesAllocated: AT_PEAK,
    });
    const timeline = await documentOnDisk<Steps>('timeline', path);
    expect([timeline.peak.bytes, timeline.steps.heapBytes]).toEqual([AT_PEAK, [WRAPPED, AT_PEAK, AT_END]]);
    expect((await documentOnDisk<Weighed>('leaks', path)).selection.bytes).toBe(AT_END);
    const { rows } = await documentOnDisk<{ rows: object[] }>('table', path, '--by', 'owner', '--sort', 'own-peak');
    expect(rows).toMatchObject([{ ownPeakBytes: WRAPPED }, { ownPeakBytes: PLAIN }]);
  });
});

describe('sums above 2^53', () => {
  const size = 2n ** 50n * 3n;
  const lines = Array.from({ length: 8 }, (_, row) => `mmap ${row * 4096} ${size}\nmunmap ${row * 4096} ${size}`);
  const live = `malloc ${2n ** 60n} ${2n ** 55n + 1n}`;
  const text = `thread 1\npush map a.py:1\n${lines.join('\n')}\n${live}\nmemory t=10 rss=1`;
  const large = writeCapture(folder, 'sums', text);
  const views = [
    ['tree', large],
    ['table', large],
    ['callers', large, 'map'],
    ['callees', large, 'map'],
    ['list', large, 'map'],
    ['timeline', large],
    ['leaks', large],
    ['diff', path, large],
    ['analyze', large],
  ];

  test.each(views)('are said to be rounded by %s', async (...words) => {
    expect((await runOnDisk(words)).stdout).toContain('Sums above 2^53');
    const { rounded } = JSON.parse((await runOnDisk([...words, '--json'])).stdout) as { rounded?: boolean };
    expect(rounded).toBe(true);
    const { stderr } = await runOnDisk([...words, '--csv']);
    expect(stderr).toContain('warning: Sums above 2^53');
  });

  test.each(views)('are not spoken of where there are none, by %s', async (command, ...rest) => {
    const words = [command, ...rest.map((word) => (word === large ? path : word.replace('map', 'reserve')))];
    for (const flags of [[], ['--json'], ['--csv']]) {
      const { stdout, stderr } = await runOnDisk([...words, ...flags]);
      expect(stdout + stderr).not.toMatch(/2\^53|"rounded"/);
    }
  });
});
