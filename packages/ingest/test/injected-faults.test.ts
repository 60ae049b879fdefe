/**
 * As SQLite tests itself: every call of the file system, and every statement of the database, that making a profile
 * takes fails in turn. Whichever it is, what was at the profile's place stands, whole, or the new one does; the fault is
 * said in one line; and no file is left behind.
 */
import { copyFileSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { copyCapture } from '@memscope/fixtures';
import { openProfile } from '@memscope/store';

import { ingestCapture, type CaptureTask } from '../src/ingest-capture.js';
import { IngestError } from '../src/ingest-error.js';
import { scratchFolder } from './scratch-folder.js';

/** Calls until the one that fails; those that came. */
const faults = vi.hoisted(() => ({
  failing: 0,
  calls: 0,
  code: 'EIO',
  next(name: string): void {
    faults.calls++;
    if (faults.failing === 0 || faults.calls !== faults.failing) return;
    throw Object.assign(new Error(`${faults.code}: injected, ${name}`), { code: faults.code, syscall: name });
  },
}));

vi.mock('node:fs', async (original) => {
  const fs = await original<Record<string, unknown>>();
  const mocked: Record<string, unknown> = { ...fs };
  for (const name of ['openSync', 'readSync', 'fstatSync', 'fsyncSync', 'renameSync', 'realpathSync', 'writeSync']) {
    const real = fs[name] as (...parameters: unknown[]) => unknown;
    mocked[name] = Object.assign((...parameters: unknown[]) => {
      if (faults.code.startsWith('E')) faults.next(name);
      return real(...parameters);
    }, real);
  }
  return mocked;
});

const Database = createRequire(new URL('../../store/package.json', import.meta.url))('better-sqlite3') as {
  new (path: string): { prepare(sql: string): object; close(): void };
  prototype: Record<string, (...parameters: unknown[]) => unknown>;
  SqliteError: new (message: string, code: string) => Error;
};

afterEach(() => {
  faults.failing = 0;
});

/** Makes every call fail in turn, until one is asked for that is not made; how many were. */
async function eachInTurn(prepare: () => { task: CaptureTask; old: Buffer }): Promise<number> {
  for (let failing = 1; ; failing++) {
    const { task, old } = prepare();
    const before = readdirSync(join(task.path, '..')).toSorted();
    faults.calls = 0;
    faults.failing = failing;
    let error: unknown = null;
    try {
      await ingestCapture(task);
    } catch (thrown) {
      error = thrown;
    }
    const { calls } = faults;
    faults.failing = 0;
    if (calls < failing) return failing - 1;
    if (error !== null) {
      expect({ failing, error }).toEqual({ failing, error: expect.any(IngestError) });
      const { code, message } = error as IngestError;
      expect({ failing, code, message }).toEqual({
        failing,
        code: expect.stringMatching(/^(cannotRead|cannotWrite|corrupt|memory)$/),
        message: expect.stringMatching(/^[^\n]+$/),
      });
      expect(readFileSync(task.profilePath).equals(old)).toBe(true);
    }
    expect({ failing, files: readdirSync(join(task.path, '..')).toSorted() }).toEqual({ failing, files: before });
    const profile = openProfile(task.profilePath);
    expect(profile.ticks().length).toBeGreaterThan(0);
    profile.close();
  }
}

async function placed(): Promise<() => { task: CaptureTask; old: Buffer }> {
  const folder = scratchFolder();
  const path = copyCapture(folder, 'mixed-v13');
  const profilePath = `${path}.memscope`;
  const task = { path, profilePath, temporaryThreshold: 1, maxTicks: 1000, stamp: null, threaded: false };
  await ingestCapture({ ...task, temporaryThreshold: 0 });
  const kept = join(scratchFolder(), 'old');
  copyFileSync(profilePath, kept);
  return () => {
    copyFileSync(kept, profilePath);
    return { task, old: readFileSync(kept) };
  };
}

describe('a profile that replaces another', () => {
  test.each(['EIO', 'ENOSPC'])('survives %s of every call of the file system', async (code) => {
    const prepare = await placed();
    faults.code = code;
    expect(await eachInTurn(prepare)).toBeGreaterThan(5);
  });

  test.each(['SQLITE_FULL', 'SQLITE_NOMEM'])('survives %s of every statement', async (code) => {
    const prepare = await placed();
    const probe = new Database(':memory:');
    const statement = Object.getPrototypeOf(probe.prepare('SELECT 1')) as Record<string, (...p: unknown[]) => unknown>;
    probe.close();
    faults.code = code;
    const restored = [
      [Database.prototype, 'exec'],
      [Database.prototype, 'prepare'],
      [statement, 'run'],
    ] as const;
    const spies = restored.map(([target, name]) => {
      const real = target[name]!;
      return vi.spyOn(target, name).mockImplementation(function (this: unknown, ...parameters: unknown[]) {
        try {
          faults.next(name);
        } catch (cause) {
          throw new Database.SqliteError((cause as Error).message, code);
        }
        return real.apply(this, parameters);
      });
    });
    try {
      expect(await eachInTurn(prepare)).toBeGreaterThan(5);
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  });
});
