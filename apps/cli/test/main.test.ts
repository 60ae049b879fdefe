/** The process itself: exit codes reach the shell, streams are kept apart, a closed pipe ends it quietly. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', main, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function finish(child: ChildProcess): Promise<{ code: number | null; stdout: string; stderr: string }> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

test('help goes to standard output with exit code 0', async () => {
  const { code, stdout, stderr } = await finish(start('--help'));
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('memscope');
});

test('wrong usage goes to standard error with exit code 2', async () => {
  const { code, stdout, stderr } = await finish(start('analyze', '--sort', 'size', 'a.bin'));
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('--sort');
});

test('a reader that goes away ends it without a word', async () => {
  const child = start('analyze', '--help');
  child.stdout?.destroy();
  const { code, stderr } = await finish(child);
  expect([code, stderr]).toEqual([0, '']);
});
