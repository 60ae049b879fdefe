/** The built command line as a process of its own: `memscope serve` over captures in a folder that goes with it. */
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { buildCapture, findCapture } from '@memscope/fixtures';

import { pageFolder } from './static-server.js';

const cli = fileURLToPath(new URL('../../../cli/dist/main.js', import.meta.url));

export interface ServedCaptures {
  /** With a slash at its end. */
  readonly address: string;
  close(): Promise<void>;
}

export function isBuilt(): boolean {
  return existsSync(cli) && existsSync(join(pageFolder, 'index.html'));
}

/**
 * Captures of the fixtures by their names or paths, and built ones by theirs in the capture language. `history`: captures of the
 * fixtures that are the runs of `c0`, `c1`, … of main, one a day; empty: none is served.
 */
export async function serveCaptures(
  names: readonly string[],
  built: Readonly<Record<string, string>> = {},
  history: readonly string[] = [],
): Promise<ServedCaptures> {
  const folder = mkdtempSync(join(tmpdir(), 'memscope-page-'));
  const files = names.map((name) => join(folder, `${basename(name, '.bin')}.bin`));
  for (const [index, name] of names.entries()) {
    copyFileSync(isAbsolute(name) ? name : findCapture(name).path, files[index]!);
  }
  for (const [name, text] of Object.entries(built)) {
    const file = join(folder, `${name}.bin`);
    writeFileSync(file, buildCapture(text));
    files.push(file);
  }
  const historyFile = join(folder, 'runs.sqlite');
  for (const [at, name] of history.entries()) {
    // A profile is written beside each.
    const run = join(folder, `${name}.bin`);
    if (!existsSync(run)) copyFileSync(findCapture(name).path, run);
    const of = ['--commit', `c${at}`, '--branch', 'main', '--time', `2026-11-0${at + 1}`, '--history', historyFile];
    execFileSync(globalThis.process.execPath, [cli, 'history', 'add', run, ...of]);
  }
  const shown = history.length === 0 ? [] : ['--history', historyFile];
  const process = spawn(globalThis.process.execPath, [cli, 'serve', ...files, ...shown, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => process.once('close', () => resolve()));
  const address = await new Promise<string>((resolve, reject) => {
    let said = '';
    const listen = (part: Buffer): void => {
      said += part.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(said);
      if (found !== null) resolve(found[0]);
    };
    process.stdout.on('data', listen);
    process.stderr.on('data', listen);
    process.once('close', (code) => reject(new Error(`memscope serve ended with ${code}: ${said}`)));
  });
  return {
    address,
    async close() {
      process.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
