/**
 * Installs the workspace's packages when the lock file or a package.json has changed. Needs only Node and npm: pnpm
 * comes through `npm exec` at the version that package.json pins.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { fingerprintContents, isFresh, stamp, unstamp } from './freshness.mjs';
import { isUnreachable, npmCommand, npmEnvironment, reachRegistry } from './npm.mjs';
import { root, runQuietly, say, StepError } from './run.mjs';

/** Installs if need be. */
export async function setUp() {
  const fingerprint = installFingerprint();
  if (isFresh('install', fingerprint)) return;
  unstamp('install');
  const pnpm = pinnedPnpm();
  const started = Date.now();
  say(`memscope: installing packages with ${pnpm} (once)`);
  try {
    await install(pnpm);
  } catch (cause) {
    const output = cause instanceof Error ? cause.message : String(cause);
    // Pages of npm's own words would say no more.
    if (isUnreachable(output)) throw new StepError(`the package registry could not be reached: ${reachRegistry}`);
    throw new StepError(`Installing failed. ${adviceFor(output)}`, { cause });
  }
  stamp('install', fingerprint);
  say(`memscope: installed in ${Math.round((Date.now() - started) / 1000)} s`);
}

function installFingerprint() {
  const contents = fingerprintContents(['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...packageFiles()]);
  return `${process.platform}-${process.arch} ${contents}`;
}

function packageFiles() {
  const folders = ['.', 'fixtures', 'bench'];
  for (const parent of ['packages', 'apps']) {
    for (const name of readdirSync(join(root, parent))) folders.push(`${parent}/${name}`);
  }
  return folders.map((folder) => `${folder}/package.json`).filter((file) => existsSync(join(root, file)));
}

/** @returns {string} such as `pnpm@12.0.0` */
function pinnedPnpm() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager;
}

/** @param {string} pnpm */
async function install(pnpm) {
  const [command, ...before] = npmCommand();
  const parameters = ['exec', '--yes', `--package=${pnpm}`, '--', 'pnpm', 'install', '--frozen-lockfile'];
  await runQuietly(command, [...before, ...parameters], { env: npmEnvironment(), shell: command === 'npm.cmd' });
}

/** @param {string} output */
function adviceFor(output) {
  if (/ENOSPC|No space left/i.test(output)) return 'The disk is full.';
  return 'Run the same command again; if it fails the same way, delete node_modules first.';
}
