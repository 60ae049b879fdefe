/**
 * Installs the workspace's packages when the lock file, a package.json or this machine's Node has changed. Needs only
 * Node and npm: pnpm comes through `npm exec` at the version that package.json pins.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { fingerprintContents, isFresh, stamp, unstamp } from './freshness.mjs';
import { root, runQuietly, say, StepError } from './run.mjs';

/** Installs if need be. */
export async function setUp() {
  const fingerprint = installFingerprint();
  if (isFresh('install', fingerprint)) return;
  unstamp('install');
  const pnpm = pinnedPnpm();
  const started = Date.now();
  say(`memscope: installing packages with ${pnpm} (once; up to two minutes)`);
  try {
    await runPnpm(pnpm, ['install', '--frozen-lockfile']);
    await makeAddonLoad(pnpm);
  } catch (cause) {
    throw new StepError(`Installing failed. ${adviceFor(cause)}`, { cause });
  }
  stamp('install', fingerprint);
  say(`memscope: installed in ${Math.round((Date.now() - started) / 1000)} s`);
}

function installFingerprint() {
  const machine = [process.platform, process.arch, process.versions.modules].join('-');
  return `${machine} ${fingerprintContents(['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...packageFiles()])}`;
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

/**
 * @param {string} pnpm
 * @param {string[]} parameters
 */
async function runPnpm(pnpm, parameters) {
  let compiling = false;
  const [command, ...before] = npmCommand();
  await runQuietly(command, [...before, 'exec', '--yes', `--package=${pnpm}`, '--', 'pnpm', ...parameters], {
    env: installEnvironment(),
    shell: command === 'npm.cmd',
    onLine(line) {
      if (compiling || !/better-sqlite3.*(gyp info spawn|CXX\(target\)|CC\(target\))/.test(line)) return;
      compiling = true;
      say('memscope: no prebuilt SQLite for this machine, compiling it (about a minute)');
    },
  });
}

/** @returns {[string, ...string[]]} */
function npmCommand() {
  const script = process.env['npm_execpath'];
  if (script && /npm-cli\.c?js$/.test(script)) return [process.execPath, script];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

/**
 * The environment for pnpm: what npm says of the script it is running is left out, and if Node's own headers lie
 * beside it, addons are compiled against those instead of downloaded ones.
 */
function installEnvironment() {
  /** @type {NodeJS.ProcessEnv} */
  const environment = { CI: 'true' };
  for (const [name, value] of Object.entries(process.env)) {
    if (!/^npm_(package|lifecycle|command|config_(local_)?prefix|config_global)/.test(name)) environment[name] = value;
  }
  const nodeFolder = resolve(process.execPath, '../..');
  environment['npm_config_nodedir'] ??= hasMatchingHeaders(nodeFolder) ? nodeFolder : undefined;
  return environment;
}

/** @param {string} nodeFolder */
function hasMatchingHeaders(nodeFolder) {
  try {
    const header = readFileSync(join(nodeFolder, 'include/node/node_version.h'), 'utf8');
    const [major, minor] = process.versions.node.split('.');
    return (
      header.includes(`#define NODE_MAJOR_VERSION ${major}\n`) &&
      header.includes(`#define NODE_MINOR_VERSION ${minor}\n`)
    );
  } catch {
    return false;
  }
}

/**
 * pnpm leaves an addon alone that was compiled for another Node, or not at all: build it again if it does not load.
 * @param {string} pnpm
 */
async function makeAddonLoad(pnpm) {
  const load = () =>
    runQuietly(process.execPath, ['-e', "new (require('better-sqlite3'))(':memory:').close()"], {
      cwd: join(root, 'packages/store'),
    });
  try {
    await load();
  } catch {
    say('memscope: building SQLite again for this Node');
    await runPnpm(pnpm, ['rebuild', '--recursive', 'better-sqlite3']);
    await load();
  }
}

/** @param {unknown} cause */
function adviceFor(cause) {
  const output = cause instanceof Error ? cause.message : String(cause);
  if (/gyp ERR!|not found: make|node-gyp/.test(output)) {
    return (
      'SQLite (better-sqlite3) could be neither downloaded ready-made nor compiled. Compiling needs Python 3, make and ' +
      'a C++ compiler: `apt-get install python3 make g++`, `dnf install python3 make gcc-c++`, or on macOS ' +
      '`xcode-select --install`. Then run the same command again.'
    );
  }
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|error sending request|dns error/i.test(output)) {
    return 'The package registry could not be reached. Check the network or proxy, then run the same command again.';
  }
  if (/ENOSPC|No space left/i.test(output)) return 'The disk is full.';
  return 'Run the same command again; if it fails the same way, delete node_modules first.';
}
