/** The pool: what is read again and what is not, progress, threads that die, and stopping halfway. */
import { getEventListeners } from 'node:events';
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { copyCapture, makeSyntheticCapture } from '@memscope/fixtures';

import { ingest, type CaptureProgress, type IngestOutcome, type IngestRequest } from '../src/index.js';
import type { CapturePool } from '../src/capture-pool.js';
import { ProcessPool } from '../src/process-pool.js';
import { threadModule } from '../src/thread-module.js';
import { ThreadPool, type ThreadOptions } from '../src/thread-pool.js';
import { query } from './profile-rows.js';
import { scratchFolder, temporariesIn, writeCapture } from './scratch-folder.js';

async function isReused(path: string, request: Partial<IngestRequest> = {}): Promise<boolean> {
  const [outcome] = await ingest({ paths: [path], ...request });
  expect(outcome?.error).toBeUndefined();
  return outcome?.error === undefined && outcome?.reused === true;
}

function largeCapture(folder: string, name = 'large.bin'): string {
  return writeCapture(folder, name, makeSyntheticCapture({ seed: 5, allocations: 250_000, live: 20_000 }));
}

describe('a profile is used again', () => {
  test('while the capture is the same', async () => {
    const path = copyCapture(scratchFolder(), 'mixed-v13');
    expect([await isReused(path), await isReused(path), await isReused(path)]).toEqual([false, true, true]);
  });

  test('but not when the capture was touched', async () => {
    const path = copyCapture(scratchFolder(), 'mixed-v13');
    await isReused(path);
    utimesSync(path, new Date(), new Date(Date.now() + 5000));
    expect([await isReused(path), await isReused(path)]).toEqual([false, true]);
  });

  test('but not when the capture is another one of the same size and time', async () => {
    const path = copyCapture(scratchFolder(), 'mixed-raw-v13');
    await isReused(path);
    const { atime, mtime } = statSync(path);
    const bytes = readFileSync(path);
    bytes[bytes.indexOf('mixed.py')] = 'n'.charCodeAt(0);
    writeFileSync(path, bytes);
    utimesSync(path, atime, mtime);
    expect(await isReused(path)).toBe(false);
  });

  test('but not when it is asked for anew, with another threshold, or with other time steps', async () => {
    const path = copyCapture(scratchFolder(), 'mixed-v13');
    await isReused(path);
    expect(await isReused(path, { force: true })).toBe(false);
    expect(await isReused(path, { temporaryThreshold: 5 })).toBe(false);
    expect(await isReused(path, { temporaryThreshold: 5 })).toBe(true);
    expect(await isReused(path)).toBe(false);
    expect(await isReused(path, { maxTicks: 2 })).toBe(false);
    expect(await isReused(path)).toBe(false);
    expect(await isReused(path)).toBe(true);
    expect(query(`${path}.memscope`, 'SELECT count(*) ticks FROM tick')).toEqual([{ ticks: 4n }]);
  });

  test('but not when it was damaged', async () => {
    const path = copyCapture(scratchFolder(), 'mixed-v13');
    await isReused(path);
    writeFileSync(`${path}.memscope`, 'gone');
    expect([await isReused(path), await isReused(path)]).toEqual([false, true]);
  });
});

describe('progress', () => {
  test('starts at nothing, never falls, and ends with the whole file', async () => {
    const path = largeCapture(scratchFolder());
    const steps: CaptureProgress[] = [];
    await ingest({ paths: [path], onProgress: (step) => steps.push(step) });
    const { size } = statSync(path);
    expect(steps[0]).toEqual({ path, readBytes: 0, totalBytes: size, state: 'waiting' });
    expect(steps.at(-1)).toEqual({ path, readBytes: size, totalBytes: size, state: 'done' });
    const order = ['waiting', 'reading', 'writing', 'done'];
    for (const [index, step] of steps.entries()) {
      const before = steps[index - 1] ?? step;
      expect(step.readBytes).toBeGreaterThanOrEqual(before.readBytes);
      expect(order.indexOf(step.state)).toBeGreaterThanOrEqual(order.indexOf(before.state));
    }
    expect(steps.filter(({ state }) => state === 'done')).toHaveLength(1);
  });

  test('tells each capture’s fate once', async () => {
    const folder = scratchFolder();
    const [good, fresh] = [copyCapture(folder, 'mixed-v13'), copyCapture(folder, 'munmap-v13')];
    const bad = writeCapture(folder, 'bad.bin', 'no');
    await ingest({ paths: [fresh] });
    const fates = new Map<string, string[]>();
    await ingest({
      paths: [good, fresh, bad],
      onProgress({ path, state }) {
        if (state === 'done' || state === 'reused' || state === 'failed')
          fates.set(path, [...(fates.get(path) ?? []), state]);
      },
    });
    expect(Object.fromEntries(fates)).toEqual({ [good]: ['done'], [fresh]: ['reused'], [bad]: ['failed'] });
  });
});

describe('a thread that dies', () => {
  /** A thread that begins a profile and ends without a word where the capture's name says so. */
  function openDyingPool(folder: string, death: string, limits: ThreadOptions = {}): (jobs: number) => CapturePool {
    const file = join(folder, 'dying-worker.mjs');
    const store = new URL('../../store/dist/profile-writer.js', import.meta.url).href;
    writeFileSync(
      file,
      `import { runCapture as read } from ${JSON.stringify(threadModule('worker', new URL('../src/thread-pool.ts', import.meta.url).href).href)};
       import { ProfileWriter } from ${JSON.stringify(store)};
       export async function runCapture(task) {
         if (!task.path.includes('doomed')) return read(task);
         ProfileWriter.create(task.profilePath);
         ${death}
       }`,
    );
    const options = { filename: pathToFileURL(file).href, ...limits };
    return (jobs) => (jobs === 1 ? new ThreadPool(1, options) : new ProcessPool(jobs, options));
  }

  const SMALL_HEAP = { resourceLimits: { maxOldGenerationSizeMb: 64 } };

  test.each([
    ['ends', 'process.exit(7);', 2, {}, 'workerDied'],
    ['ends, alone in its pool', 'process.exit(7);', 1, {}, 'workerDied'],
    ['throws', `throw new TypeError('out of luck');`, 2, {}, 'workerDied'],
    ['ends its whole process', 'process.kill(process.pid, "SIGKILL"); for (;;);', 2, {}, 'workerDied'],
    ['has no room for an array', 'new Uint8Array(2 ** 46);', 2, {}, 'memory'],
    ['fills its heap', 'let all = null; for (;;) all = { all, text: String(Math.random()) };', 2, SMALL_HEAP, 'memory'],
    [
      'asks for more heap at once than there is',
      'const all = new Map(); for (let at = 0; ; at++) all.set(`${at}`, { at });',
      2,
      SMALL_HEAP,
      'memory',
    ],
  ])(
    'because it %s names its capture; the others are read, and nothing half-written stays',
    async (_, death, jobs, limits, code) => {
      const folder = scratchFolder();
      const captures = join(folder, 'captures');
      const doomed = copyCapture(captures, 'mixed-v13', 'doomed.bin');
      const others = ['mixed-v12', 'munmap-v13', 'killed-v11'].map((name) => copyCapture(captures, name));
      const outcomes = await ingest(
        { paths: [others[0]!, doomed, ...others.slice(1)], jobs },
        openDyingPool(folder, death, limits),
      );
      expect(outcomes.map(({ path, error }) => [path, error?.code])).toEqual([
        [others[0], undefined],
        [doomed, code],
        [others[1], undefined],
        [others[2], undefined],
      ]);
      expect(outcomes[1]?.error?.message).toMatch(/^the thread that read it died: .|^there is not enough memory/);
      expect(temporariesIn(captures)).toEqual([]);
      expect(readdirSync(captures)).not.toContain('doomed.bin.memscope');
    },
  );
});

describe('stopping', () => {
  test('while captures are read gives up at once and leaves no file behind', async () => {
    const folder = scratchFolder();
    const paths = [largeCapture(folder), largeCapture(folder, 'second.bin'), copyCapture(folder, 'mixed-v13')];
    const controller = new AbortController();
    const outcomes = await ingest({
      paths,
      jobs: 2,
      signal: controller.signal,
      onProgress: ({ state }) => (state === 'reading' ? controller.abort() : undefined),
    });
    expect(outcomes.slice(0, 2).map(codeOf)).toEqual(['cancelled', 'cancelled']);
    expect(temporariesIn(folder)).toEqual([]);
    expect(readdirSync(folder).filter((name) => name.startsWith('large') && name.endsWith('.memscope'))).toEqual([]);
  });

  test('keeps an older profile as it was', async () => {
    const folder = scratchFolder();
    const path = largeCapture(folder);
    await ingest({ paths: [path] });
    const before = readFileSync(`${path}.memscope`);
    const controller = new AbortController();
    const [outcome] = await ingest({
      paths: [path],
      force: true,
      signal: controller.signal,
      onProgress: ({ state }) => (state === 'reading' ? controller.abort() : undefined),
    });
    expect(codeOf(outcome!)).toBe('cancelled');
    expect(readFileSync(`${path}.memscope`).equals(before)).toBe(true);
    expect(temporariesIn(folder)).toEqual([]);
  });

  test.each(['large', 'small'])('a %s capture that is read by who asks gives up between two pieces', async (size) => {
    const folder = scratchFolder();
    const path = size === 'large' ? largeCapture(folder) : copyCapture(folder, 'pandas-v13');
    await ingest({ paths: [path] });
    const before = readFileSync(`${path}.memscope`);
    const controller = new AbortController();
    const [outcome] = await ingest({
      paths: [path],
      force: true,
      inCaller: true,
      signal: controller.signal,
      onProgress: ({ state }) => (state === 'waiting' ? setImmediate(() => controller.abort()) : undefined),
    });
    expect(codeOf(outcome!)).toBe('cancelled');
    expect(readFileSync(`${path}.memscope`).equals(before)).toBe(true);
    expect(temporariesIn(folder)).toEqual([]);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  test('before it began reads nothing', async () => {
    const folder = scratchFolder();
    const path = copyCapture(folder, 'mixed-v13');
    const outcomes = await ingest({ paths: [path], signal: AbortSignal.abort() });
    expect(outcomes.map(codeOf)).toEqual(['cancelled']);
    expect(readdirSync(folder)).toEqual(['mixed-v13.bin']);
  });

  test('is awaited by any number of captures without a warning', async () => {
    const folder = scratchFolder();
    const paths = Array.from({ length: 15 }, (_, index) => copyCapture(folder, 'fork-v8.bin.15416', `${index}.bin`));
    const warnings: string[] = [];
    const note = (warning: Error): void => void warnings.push(warning.name);
    process.on('warning', note);
    const { signal } = new AbortController();
    const outcomes = await ingest({ paths, jobs: 2, signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', note);
    expect(outcomes.filter(({ error }) => error !== undefined)).toEqual([]);
    expect(warnings).toEqual([]);
  });
});

function codeOf({ error }: IngestOutcome): string | undefined {
  return error?.code;
}
