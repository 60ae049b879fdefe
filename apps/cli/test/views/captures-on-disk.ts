/**
 * Views on captures that lie on the disk: the command line in this process, with the real engine. The first look at a
 * capture leaves its profile beside it.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildCapture } from '@memscope/fixtures';

import { loadEngine } from '../../src/host.js';
import { runProgram } from '../../src/program.js';
import { fakeHost, type FakeWorld, type Run } from '../fake-host.js';

export async function runOnDisk(args: readonly string[], world: FakeWorld = {}): Promise<Run> {
  const { host, soFar } = fakeHost(world);
  // Progress would be drawn on a terminal.
  const errors = fakeHost();
  const code = await runProgram(args, { ...host, stderr: errors.host.stderr, loadEngine });
  return { code, ...soFar(), stderr: errors.soFar().stderr };
}

/** For one test file, which must remove it. */
export function makeFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'memscope-views-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A capture in the capture language as a file; returns its path. */
export function writeCapture(folder: string, name: string, text: string): string {
  const path = join(folder, `${name}.bin`);
  writeFileSync(path, buildCapture(text));
  return path;
}
