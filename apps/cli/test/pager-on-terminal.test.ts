/** The built command line with a real `less` on a real terminal of 80 × 24. */
import { spawnSync } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { copyCapture } from '@memscope/fixtures';

import { hasTerminal, isBuilt, scratchFolder, startInTerminal, type Running } from './built-cli.js';

const ESCAPE = '\u001b';

function hasLess(): boolean {
  if (spawnSync('less', ['--version']).status === 0) return true;
  process.stderr.write('cli: no less here, so the pager is not tested on a real terminal\n');
  return false;
}

/** What has appeared so far. */
function watch({ child }: Running): () => string {
  let text = '';
  child.stdout.on('data', (chunk: string) => (text += chunk));
  return () => text;
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 1000) expect.fail('waited too long');
    await setTimeout(10);
  }
}

async function untilStill(shown: () => string): Promise<void> {
  for (let before = -1; before !== shown().length;) {
    before = shown().length;
    await setTimeout(150);
  }
}

describe.skipIf(!isBuilt() || !hasTerminal() || !hasLess())('a report longer than the terminal', () => {
  function analyze(...flags: string[]): Running {
    const path = copyCapture(scratchFolder(), 'mixed-v13');
    return startInTerminal(['analyze', '-v', path, ...flags], { env: { PAGER: 'less' } });
  }

  test('stops at the first screen, goes on with a space, in colours, and ends with q and exit code 0', async () => {
    const running = analyze();
    const shown = watch(running);
    await until(() => shown().includes('Peak heap'));
    await untilStill(shown);
    expect(shown()).toContain(`${ESCAPE}[1m`);
    expect(shown()).not.toContain('ESC[');
    expect(shown().split('\n').length).toBeLessThan(30);
    expect(running.child.exitCode).toBeNull();
    running.child.stdin.write(' ');
    await until(() => shown().split('\n').length > 40);
    running.child.stdin.write('q');
    expect(await running.finished).toMatchObject({ code: 0, stderr: '' });
    expect(shown()).not.toContain('memscope:');
  });

  test('is still in the pager after Ctrl-C, which ends neither', async () => {
    const running = analyze();
    const shown = watch(running);
    await until(() => shown().includes('Peak heap'));
    await untilStill(shown);
    running.child.stdin.write('\u0003');
    // Longer than an aborted command is given to clean up.
    await setTimeout(1300);
    expect(running.child.exitCode).toBeNull();
    const before = shown().split('\n').length;
    running.child.stdin.write(' ');
    await until(() => shown().split('\n').length > before + 10);
    running.child.stdin.write('q');
    expect((await running.finished).code).toBe(0);
  });

  test('is printed whole with --no-pager', async () => {
    const { code, stdout } = await analyze('--no-pager').finished;
    expect(code).toBe(0);
    expect(stdout.split('\n').length).toBeGreaterThan(40);
  });

  test('is printed whole when the pager is not there', async () => {
    const path = copyCapture(scratchFolder(), 'mixed-v13');
    const { code, stdout } = await startInTerminal(['analyze', '-v', path], { env: { PAGER: 'nothing-of-that-name' } })
      .finished;
    expect(code).toBe(0);
    expect(stdout).toMatch(/memscope: warning: the pager nothing-of-that-name could not be started[^]*Peak heap/);
  });
});
