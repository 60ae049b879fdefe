/** Runs the built command line as users do: `node apps/cli/dist/main.js`, in a home of its own. */
import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** False, said aloud, where nothing has been built. */
export function isBuilt(): boolean {
  if (existsSync(MAIN)) return true;
  process.stderr.write(`cli: ${MAIN} is missing, so the built command line is not tested: run npm test\n`);
  return false;
}

/** False, said aloud, where util-linux's `script`, which brings a terminal, is missing. */
export function hasTerminal(): boolean {
  if (process.platform === 'linux' && spawnSync('script', ['--version']).status === 0) return true;
  process.stderr.write('cli: no util-linux script here, so nothing is tested on a real terminal\n');
  return false;
}

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly finished: Promise<Finished>;
}

export interface World {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** For standard input, which is closed otherwise; null leaves it open. */
  readonly input?: Uint8Array | null;
}

export function start(args: readonly string[], world: World = {}): Running {
  return startProcess(process.execPath, [MAIN, ...args], world);
}

/** The same under a terminal of its own, 80 columns wide; what appears there comes as `stdout`. */
export function startInTerminal(args: readonly string[], world: World = {}): Running {
  const words = [process.execPath, MAIN, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  const command = `stty cols 80 rows 24; exec ${words.join(' ')}`;
  return startProcess('script', ['-qec', command, '/dev/null'], { input: null, ...world });
}

export function run(args: readonly string[], world: World = {}): Promise<Finished> {
  return start(args, world).finished;
}

export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'memscope-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function startProcess(command: string, args: readonly string[], { cwd, env, input }: World): Running {
  const child = spawn(command, [...args], {
    cwd: cwd ?? tmpdir(),
    env: {
      PATH: process.env['PATH'],
      HOME: '/nonexistent',
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
      PAGER: 'cat',
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // The other side may not want all of it.
  child.stdin.on('error', () => undefined);
  if (input !== null) child.stdin.end(input);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, finished };
}
