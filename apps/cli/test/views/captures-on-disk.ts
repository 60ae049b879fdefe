/**
 * Views on captures that lie on the disk: the command line in this process, with the real engine. The first look at a
 * capture leaves its profile beside it.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { buildCapture } from '@memscope/fixtures';

import { loadEngine } from '../../src/host.js';
import { runProgram } from '../../src/program.js';
import { fakeHost, type FakeWorld, type Run } from '../fake-host.js';
import { expectValid } from './document-schema.js';

export async function runOnDisk(args: readonly string[], world: FakeWorld = {}): Promise<Run> {
  const { host, soFar } = fakeHost(world);
  // Progress would be drawn on a terminal.
  const errors = fakeHost();
  const code = await runProgram(args, { ...host, stderr: errors.host.stderr, loadEngine });
  return { code, ...soFar(), stderr: errors.soFar().stderr };
}

/** What a view says with `--json`: a valid document of its schema, and nothing but warnings beside it. */
export async function documentOnDisk<Document>(command: string, ...args: readonly string[]): Promise<Document> {
  const { code, stdout, stderr } = await runOnDisk([command, ...args, '--json']);
  expect(code).toBe(0);
  expect(stderr).toMatch(/^(memscope: warning: .*\n)*$/);
  const document = JSON.parse(stdout) as Document;
  expectValid(`${command}-1`, document);
  return document;
}

/** For the tests of the file that calls it; gone after them. */
export function useFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'memscope-views-'));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A capture in the capture language as a file; returns its path. */
export function writeCapture(folder: string, name: string, text: string): string {
  const path = join(folder, `${name}.bin`);
  writeFileSync(path, buildCapture(text));
  return path;
}
