/**
 * Recordings that were once told wrongly, beside the repository: what each is, by the words and numbers that a reader
 * takes from it.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SHARED_CASES_FOLDER } from '@memscope/fixtures';
import { describe, expect, test } from 'vitest';

import { isBuilt } from '../built-cli.js';
import { runOnDisk, useFolder } from '../views/captures-on-disk.js';

interface Document {
  readonly capture: { readonly peakBytes: number; readonly allocations: number; readonly complete: boolean };
  readonly totals: Readonly<Record<string, number | boolean | null>>;
  readonly findings: readonly { readonly rule: string; readonly title: string; readonly text: string }[];
}

const isHere = existsSync(join(SHARED_CASES_FOLDER, 'README.md'));
if (!isHere) process.stderr.write(`${SHARED_CASES_FOLDER} is absent, so its recordings are not checked\n`);

describe.skipIf(!isBuilt() || !isHere)('of a recording beside the repository', () => {
  const folder = useFolder();
  let read = 0;

  async function analyzed(name: string): Promise<{ document: Document; profile: string }> {
    const profile = join(folder, `case-${read++}.memscope`);
    const { code, stdout } = await runOnDisk(['analyze', join(SHARED_CASES_FOLDER, name), '-o', profile, '--json']);
    expect(code).toBe(0);
    return { document: JSON.parse(stdout) as Document, profile };
  }

  const printed = async (...args: string[]): Promise<string> => (await runOnDisk(args)).stdout;
  const toldOf = ({ findings }: Document): string => findings.map(({ title, text }) => `${title}. ${text}`).join('\n');

  test.each(['oom-cut.bin', 'oom-killed.bin'])(
    '%s it is said that its process was killed, and how long at least it ran',
    async (name) => {
      const { document } = await analyzed(join('killed-called-cut', name));
      expect(document.findings[0]).toMatchObject({ rule: 'captureIncomplete', title: 'The recording was broken off' });
      expect(document.totals).toMatchObject({ durationIsLeast: true });
      expect(document.totals['durationMs']).toBeGreaterThanOrEqual(11);
      expect(toldOf(document)).not.toMatch(/cut short|interrupted copy/);
    },
  );

  test('whose clock was set back nothing is missing', async () => {
    const { document } = await analyzed('clock-set-back/stepback.bin');
    expect(document.capture).toMatchObject({
      peakBytes: 30_090_830,
      leakedBytes: 30_090_830,
      allocations: 1606,
      complete: true,
    });
    expect(document.findings[0]?.title).toMatch(/^handle \(bugs\/loadtest\.py:4\) grows: 28\.7 MiB/);
  });

  test.each(['fork1.bin.20152', 'fork1.bin.20186'])(
    'of a forked child %s nobody is said to have killed it',
    async (name) => {
      const { document } = await analyzed(join('forked-child', name));
      expect(document.capture.complete).toBe(true);
      expect(toldOf(document)).not.toMatch(/killed|broken off/);
    },
  );

  test('with a thread for each request the threads are taken together', async () => {
    const { document, profile } = await analyzed('many-threads/threadreq.bin');
    expect(document.findings[0]?.title).toMatch(/^handle \(bugs\/threadreq\.py:5\) grows: 7\.65 MiB/);
    expect(await printed('tree', profile)).toMatch(/7\.65 MiB .* 99\.6% .*handle .*threadreq\.py:5/);
    expect(await printed('table', profile, '--by', 'thread')).toMatch(/7\.66 MiB .*Thread-\* \(handle\) +400\n/);
  });

  test('with a large reservation its own peak is told, and everything by it', async () => {
    const { document, profile } = await analyzed('reservation-masks-peak/mask.bin');
    expect(document.findings.map(({ rule }) => rule)).toEqual([
      'mostlyOneLocation',
      'nothingGrows',
      'mappingsReserved',
    ]);
    expect(document.findings[0]?.title).toMatch(
      /^load_checkpoint \(bugs\/mask\.py:4\) holds most of the peak: 286 MiB/,
    );
    expect(document.findings[1]?.title).toMatch(/^Nothing grows: the heap is level from .* on, at 21\.0 MiB$/);
    expect(document.findings[2]?.title).toMatch(/^100 GiB of the peak are reserved/);
    expect(await printed('tree', profile, '--filter', '-allocator:mmap')).toContain('286 MiB in');
  });

  test('with object lifetimes those that survive are among the created', async () => {
    const { document } = await analyzed('objects-surviving/life2.bin');
    expect(document.totals).toMatchObject({ objectsCreated: 408, objectsSurviving: 301 });
  });

  test.each([
    ['leak-called-unfinished/svc-v2.bin', /^remember \(v2\/svc\.py:8\) grows: 17\.2 MiB/, 'remember', 601],
    ['leak-idle-tail/loadtest.bin', /^handle \(bugs\/loadtest\.py:4\) grows: 28\.7 MiB/, 'handle', 1501],
  ])('%s analyze and leaks have one verdict', async (name, title, line, count) => {
    const { document, profile } = await analyzed(name);
    expect(document.findings[0]?.title).toMatch(title);
    expect(toldOf(document)).not.toMatch(/record for longer|not finished/);
    const leaks = JSON.parse(await printed('leaks', profile, '--json')) as {
      readonly growth: readonly { readonly title: string }[];
      readonly rows: readonly { readonly function: string; readonly count: number; readonly verdict: string }[];
    };
    expect(leaks.growth[0]?.title).toMatch(title);
    const { function: named, count: kept, verdict } = leaks.rows[0]!;
    expect([named, kept, verdict]).toEqual([line, count, 'growing']);
  });

  test('an idle end can be left out by a window', async () => {
    const { profile } = await analyzed('leak-idle-tail/loadtest.bin');
    const { code, stdout } = await runOnDisk(['leaks', profile, '--window', '0%..50%']);
    expect([code, stdout.includes('handle')]).toEqual([0, true]);
  });

  test.each(['MainThread', 'main thread', '1'])('its main thread is found as %s', async (name) => {
    const { profile } = await analyzed('main-thread/mp.bin');
    const document = JSON.parse(await printed('table', profile, '--thread', name, '--measure', 'leaked', '--json')) as {
      readonly selection: { readonly bytes: number };
    };
    expect((document.selection.bytes / 2 ** 20).toFixed(1)).toBe('40.2');
  });

  test('with a name of 15 MB the name is cut, and that is said', async () => {
    const { document } = await analyzed('long-names/one-15MB-name.bin');
    expect(JSON.stringify(document).length).toBeLessThan(1 << 20);
    expect(JSON.stringify(document)).toContain('longer than any program');
  });

  test('of an attached process it is said on the first screen that what lived before is not in it', async () => {
    const first = await printed(
      'analyze',
      join(SHARED_CASES_FOLDER, 'real/attach/attach.bin'),
      '-o',
      join(folder, 'a.memscope'),
    );
    expect(first).toMatch(/18,050 deallocations: what\s+lived before the recording is not in it/);
    expect(first).toMatch(/__init__ \(14-attach\/server\.py:12\) grows: 22\.8 MiB/);
    expect(await printed('leaks', join(folder, 'a.memscope'))).toMatch(/What\s+lived\s+before\s+is\s+not\s+in\s+it/);
  });
});
