/** Arenas of Python objects are told as what they are on the first screen and in leaks, whichever line needed them. */
import { describe, expect, test } from 'vitest';

import { isBuilt } from '../built-cli.js';
import { runOnDisk, useFolder, writeCapture } from '../views/captures-on-disk.js';

const ARENA = 1 << 20;

function captureOf(arenas: number, size: number): string {
  const mappings = Array.from({ length: arenas }, (_, at) =>
    [`push parse${at} /srv/app.py:${at + 2}`, `mmap ${0x100000000 + at * 2 * ARENA} ${size}`, 'pop 1'].join('\n'),
  );
  return `
capture v13 start=1767323045000 end=1767323046000 command="app.py" main_tid=1
thread 1 "MainThread"
memory t=0 rss=1000000
push main /srv/app.py:1 entry
malloc 0x1000 12000000
${mappings.join('\n')}
memory t=500 rss=40000000
`;
}

describe.skipIf(!isBuilt())('arenas that hold much', () => {
  const folder = useFolder();

  test('are told with what shows the objects in them, and below the lines that they were charged to', async () => {
    const capture = writeCapture(folder, 'objects', captureOf(8, ARENA));
    const { stdout } = await runOnDisk(['analyze', capture]);
    expect(stdout).toContain('8.00 MiB are Python objects: record with --trace-python-allocators');
    expect(stdout).toContain('8.00 MiB of all are arenas of Python objects: which line has one is chance.');
    const leaks = await runOnDisk(['leaks', capture]);
    expect(leaks.stdout.replaceAll(/\s+/g, ' ')).toContain(
      '8.00 MiB (41.1%) are arenas of pymalloc: blocks in which CPython keeps small objects',
    );
  });

  test('are not seen in mappings of another size, nor told where they are few', async () => {
    for (const [name, text] of [
      ['other', captureOf(8, ARENA - 4096)],
      ['few', captureOf(1, ARENA)],
    ] as const) {
      const capture = writeCapture(folder, name, text);
      const { stdout } = await runOnDisk(['analyze', capture]);
      expect(stdout).not.toMatch(/are Python objects|of all are arenas/);
      expect((await runOnDisk(['leaks', capture])).stdout).not.toContain('arenas of pymalloc:');
    }
  });
});
