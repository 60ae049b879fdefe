/** A profile file, alone or against another one → `memscope serve` over it, as a process of its own, once it says that the profile is ready. */
import { spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';

import type { Run } from '@memscope/model';

import { BenchError } from './bench-error.js';

export interface ServedProfile {
  /** Of the page, as it opens. */
  readonly address: string;
  /** From the start of the process until the profile was ready. */
  readonly readySeconds: number;
  close(): Promise<void>;
}

const ADDRESS = /http:\/\/127\.0\.0\.1:\d+\/\S*/;
const READY_POLL_MS = 10;
const READY_LIMIT_MS = 120_000;

/**
 * `cli` is the built command line.
 * @throws {BenchError} `commandFailed`
 */
export async function serveProfile(cli: string, profile: string, base: string | null = null): Promise<ServedProfile> {
  const started = performance.now();
  const what = base === null ? [profile] : ['--diff', base, profile];
  const child = spawn(process.execPath, [cli, 'serve', ...what, '--port', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const close = async (): Promise<void> => {
    child.kill();
    await ended;
  };
  try {
    const address = await new Promise<string>((resolve, reject) => {
      let said = '';
      const listen = (part: string): void => {
        said += part;
        const found = ADDRESS.exec(said);
        if (found !== null) resolve(found[0]);
      };
      child.stdout.setEncoding('utf8').on('data', listen);
      child.stderr.setEncoding('utf8').on('data', listen);
      child.once('error', reject);
      child.once('close', (code) =>
        reject(new BenchError('commandFailed', `memscope serve ended with ${code}: ${said.trim()}`)),
      );
    });
    await untilReady(address);
    return { address, readySeconds: (performance.now() - started) / 1000, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function untilReady(address: string): Promise<void> {
  const last = performance.now() + READY_LIMIT_MS;
  for (;;) {
    const response = await fetch(new URL('/api/runs', address));
    const runs = (await response.json()) as readonly Run[];
    if (runs.length > 0 && runs.every(({ state }) => state === 'ready')) return;
    const failed = runs.find(({ state }) => state === 'failed');
    if (failed !== undefined) throw new BenchError('commandFailed', `memscope serve cannot read ${failed.name}`);
    if (performance.now() > last)
      throw new BenchError('commandFailed', 'memscope serve is not ready after two minutes');
    await wait(READY_POLL_MS);
  }
}
