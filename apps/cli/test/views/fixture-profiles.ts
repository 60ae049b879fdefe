/** Real captures of `fixtures/` as stored profiles, each read once, to be asked through the command line in this process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { findCapture } from '@memscope/fixtures';
import { ingest } from '@memscope/ingest';
import type { Profile } from '@memscope/model';
import { openProfile } from '@memscope/store';

import { run, type FakeWorld, type Run } from '../fake-host.js';

const folder = mkdtempSync(join(tmpdir(), 'memscope-views-'));
const profilePaths = new Map<string, Promise<string>>();

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An open profile; commands close it. */
export async function fixtureProfile(name: string): Promise<Profile> {
  let path = profilePaths.get(name);
  if (path === undefined) profilePaths.set(name, (path = ingestFixture(name)));
  return openProfile(await path);
}

/** Runs `memscope COMMAND NAME.bin FLAGS…` on that capture. */
export async function runOn(
  name: string,
  [command = '', ...flags]: readonly string[],
  world: FakeWorld = {},
): Promise<Run> {
  const capture = `${name}.bin`;
  return run([command, capture, ...flags], { ...world, captures: { [capture]: await fixtureProfile(name) } });
}

async function ingestFixture(name: string): Promise<string> {
  const [outcome] = await ingest({ paths: [findCapture(name).path], output: join(folder, `${name}.memscope`) });
  if (outcome === undefined || outcome.error !== undefined) throw outcome?.error ?? new Error(name);
  return outcome.profilePath;
}
