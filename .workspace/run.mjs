/**
 * Runs one step of set-up, build or test as a child process: quietly (its output kept, shown only when it fails) or
 * with the terminal handed through. Everything memscope's own scripts say goes to standard error.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

/** The workspace's folder, with a trailing separator. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** A step that could not be done. The message is all that a person needs to read. */
export class StepError extends Error {
  /** @override */
  name = 'StepError';
}

/** @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {boolean} [shell] take `command` as a shell line
 * @property {NodeJS.Signals[]} [passOn] signals that a step in the terminal gets as this process gets them
 */

/**
 * Runs a step quietly and returns what it printed.
 * @param {string} command
 * @param {string[]} parameters
 * @param {RunOptions} [options]
 * @returns {Promise<string>}
 * @throws {StepError} with the end of its output, when it does not exit with 0
 */
export function runQuietly(command, parameters, options = {}) {
  return new Promise((done, failed) => {
    const child = spawn(command, parameters, {
      cwd: options.cwd ?? root,
      env: options.env ?? process.env,
      shell: options.shell ?? false,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    /** @param {string} text */
    const take = (text) => {
      output += text;
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.once('error', (cause) => failed(new StepError(`cannot run ${command}: ${cause.message}`, { cause })));
    child.once('close', (code, signal) => {
      if (code === 0) return done(output);
      const how = signal ? `was ended by ${signal}` : `exited with ${code}`;
      failed(new StepError(`${[command, ...parameters].join(' ')} ${how}:\n\n${lastLines(output)}`));
    });
  });
}

/**
 * Runs a step with the terminal handed through and returns its exit code.
 * @param {string} command
 * @param {string[]} parameters
 * @param {RunOptions} [options]
 * @returns {Promise<number>}
 */
export function runInTerminal(command, parameters, options = {}) {
  return new Promise((done, failed) => {
    const child = spawn(command, parameters, {
      cwd: options.cwd ?? root,
      env: options.env ?? process.env,
      stdio: 'inherit',
    });
    for (const signal of options.passOn ?? []) process.on(signal, () => child.kill(signal));
    child.once('error', (cause) => failed(new StepError(`cannot run ${command}: ${cause.message}`, { cause })));
    child.once('close', (code, signal) => done(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

/** @param {string} output */
function lastLines(output) {
  const lines = output.trimEnd().split('\n');
  const kept = lines.slice(-60);
  if (kept.length < lines.length) kept.unshift(`(${lines.length - kept.length} earlier lines left out)`);
  return kept.join('\n');
}
