/** The built command line on a real terminal, and stopped or killed while it works. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { findCapture, makeSyntheticCapture } from '@memscope/fixtures';
import { openProfile } from '@memscope/store';

import { hasTerminal, isBuilt, run, scratchFolder, start, startInTerminal, type Running } from './built-cli.js';

const ESCAPE = '\u001b';

describe.skipIf(!isBuilt())('memscope', () => {
  let large: Uint8Array;
  beforeAll(() => {
    large = makeSyntheticCapture({ seed: 6, allocations: 500_000, live: 20_000 });
  });

  function largeCapture(): { folder: string; path: string } {
    const folder = scratchFolder();
    const path = join(folder, 'large.bin');
    writeFileSync(path, large);
    return { folder, path };
  }

  const temporariesIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.tmp'));

  /** Until the profile is being written, or the process is done. */
  async function untilWriting({ child }: Running, folder: string): Promise<void> {
    while (child.exitCode === null && temporariesIn(folder).length === 0) await setTimeout(5);
  }

  describe('stopped by', () => {
    test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
      '%s ends with 130, says nothing, and leaves no file behind',
      async (signal) => {
        const { folder, path } = largeCapture();
        const running = start(['analyze', path]);
        await untilWriting(running, folder);
        running.child.kill(signal);
        expect(await running.finished).toEqual({ code: 130, signal: null, stdout: '', stderr: '' });
        expect(readdirSync(folder)).toEqual(['large.bin']);
      },
    );

    test('SIGINT also ends it while it waits for standard input that stays silent', async () => {
      const folder = scratchFolder();
      const running = start(['analyze', '-'], { cwd: folder, input: null });
      running.child.stdin.write(large.subarray(0, 5_000_000));
      await untilWriting(running, folder);
      await setTimeout(300);
      running.child.kill('SIGINT');
      expect(await running.finished).toMatchObject({ code: 130, stdout: '', stderr: '' });
      expect(readdirSync(folder)).toEqual([]);
    });

    test('SIGKILL, at whatever moment, leaves the old profile, and the next run tidies up', async () => {
      const { folder, path } = largeCapture();
      await run(['analyze', path]);
      const before = readFileSync(`${path}.memscope`);
      for (const delay of [0, 40, 120, 250, 400]) {
        const running = start(['analyze', path, '--force']);
        await untilWriting(running, folder);
        await setTimeout(delay);
        running.child.kill('SIGKILL');
        await running.finished;
        expect(readFileSync(`${path}.memscope`).equals(before)).toBe(true);
      }
      expect((await run(['analyze', path, '--force'])).code).toBe(0);
      expect(readdirSync(folder).sort()).toEqual(['large.bin', 'large.bin.memscope']);
    });

    test('SIGKILL leaves no profile where there was none', async () => {
      const { folder, path } = largeCapture();
      const running = start(['analyze', path]);
      await untilWriting(running, folder);
      running.child.kill('SIGKILL');
      await running.finished;
      if (existsSync(`${path}.memscope`)) openProfile(`${path}.memscope`).close();
      else expect(readdirSync(folder).filter((name) => !name.endsWith('.tmp'))).toEqual(['large.bin']);
    });
  });

  describe.skipIf(!hasTerminal())('on a terminal', () => {
    test('draws its progress, takes it away, and prints the report in colours', async () => {
      const { path } = largeCapture();
      const { code, stdout } = await startInTerminal(['analyze', path]).finished;
      expect(code).toBe(0);
      expect(stdout).toMatch(/large\.bin +█*░* [\d.]+ \S*B of [\d.]+ MiB/);
      expect(stdout.lastIndexOf(`${ESCAPE}[?25h`)).toBeGreaterThan(stdout.lastIndexOf(`${ESCAPE}[?25l`));
      const report = stdout.slice(stdout.lastIndexOf(`${ESCAPE}[0J`));
      expect(report).toMatch(/large\.bin[^]*Peak heap/);
      expect(report).toContain(`${ESCAPE}[1m`);
      expect(report).not.toContain('░');
    });

    test.each([
      ['NO_COLOR', [], { NO_COLOR: '1' }],
      ['--no-color', ['--no-color'], {}],
      ['a dumb terminal', [], { TERM: 'dumb' }],
    ])('uses no colours with %s', async (_, flags, env) => {
      const folder = scratchFolder();
      const path = join(folder, 'small.bin');
      writeFileSync(path, readFileSync(findCapture('mixed-v13').path));
      const { stdout } = await startInTerminal(['analyze', path, ...flags], { env }).finished;
      expect(stdout).toContain('Peak heap');
      // oxlint-disable-next-line no-control-regex -- a colour code is what is looked for
      expect(stdout).not.toMatch(/\u001b\[\d+m/);
    });

    test('ends at once when Ctrl-C is pressed, with the cursor back and no file left', async () => {
      const { folder, path } = largeCapture();
      const running = startInTerminal(['analyze', path]);
      await untilWriting(running, folder);
      running.child.stdin.write('\u0003');
      const { code, stdout } = await running.finished;
      expect(code).toBe(130);
      expect(stdout).not.toContain('Peak heap');
      expect(stdout.lastIndexOf(`${ESCAPE}[?25h`)).toBeGreaterThanOrEqual(stdout.lastIndexOf(`${ESCAPE}[?25l`));
      expect(readdirSync(folder)).toEqual(['large.bin']);
    });

    test('does not wait for a capture to be typed', async () => {
      const { code, stdout } = await startInTerminal(['analyze', '-'], { cwd: scratchFolder() }).finished;
      expect(code).toBe(3);
      expect(stdout).toContain('memscope: standard input: is a terminal; pipe or redirect a capture into it');
    });
  });
});
