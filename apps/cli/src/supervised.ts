/**
 * Where memory is known to be scarce (a limit on the address space, a small heap), V8 ends the whole process without a
 * word that a user could understand: nothing in it can catch that. There, and only there, the command runs in a second
 * process, whose end is told in one line. Everything else passes through: arguments, streams, signals, exit code.
 */
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import { MORE_MEMORY } from '@memscope/model/out-of-memory';

import { codeOfEnd, EXIT } from './exit-code.js';

/** Set in the second process. */
const MARK = 'MEMSCOPE_SUPERVISED';
/** Below it heaps end before what is read does; Node's own choice on a machine with 2 GiB is above it. */
const SMALL_HEAP_BYTES = 512 * 2 ** 20;
/** How V8, Node and libstdc++ begin when they give up, each at the start of a line. */
const LAST_WORDS =
  /^(?:<--- Last few GCs|# Fatal |FATAL ERROR: |terminate called |----- Native stack trace|OOM error in V8)/;
/** How the second process ends then, or when the system chose it to give its memory up. */
const DEATHS: ReadonlySet<string> = new Set(['SIGABRT', 'SIGTRAP', 'SIGILL', 'SIGSEGV', 'SIGBUS', 'SIGKILL']);
const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function needsSupervision(): boolean {
  if (process.env[MARK] !== undefined) {
    // Programs that memscope starts, as pagers, are not to inherit it.
    delete process.env[MARK];
    return false;
  }
  return getHeapStatistics().heap_size_limit < SMALL_HEAP_BYTES || isAddressSpaceLimited();
}

/** Resolves with what the process should end with. */
export async function runSupervised(): Promise<number> {
  const { spawn } = await import('node:child_process');
  return new Promise((resolve) => {
    let child: ChildProcess;
    try {
      child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
        stdio: ['inherit', 'inherit', 'pipe'],
        env: { ...process.env, [MARK]: '1' },
      });
    } catch (cause) {
      return resolve(tooLittle(cause instanceof Error ? cause.message : String(cause)));
    }
    for (const signal of PASSED_ON) {
      process.on(signal, () => {
        // A terminal sends Ctrl-C to both.
        if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
      });
    }
    passOn(child);
    child.once('error', (cause) => resolve(tooLittle(cause.message)));
    child.once('close', (code, signal) => {
      if (code !== null && code < 128 + constants.signals.SIGILL) return resolve(code);
      const death = signal ?? nameOfSignal(code! - 128);
      if (DEATHS.has(death)) resolve(tooLittle(death));
      else resolve(codeOfEnd({ code, signal }));
    });
  });
}

function tooLittle(how: string): number {
  process.stderr.write(`memscope: there is not enough memory (${how}); ${MORE_MEMORY}\n`);
  return EXIT.input;
}

/** What the child complains of, line by line, up to the engine's last words. */
function passOn(child: ChildProcess): void {
  let rest = '';
  let isDying = false;
  const show = (lines: readonly string[]): void => {
    for (const line of lines) {
      isDying ||= LAST_WORDS.test(line);
      // They have empty lines, and one of a single "#", in front.
      if (!isDying && line !== '' && line !== '#') process.stderr.write(`${line}\n`);
    }
  };
  child.stderr!.setEncoding('utf8');
  child.stderr!.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    show(lines);
  });
  child.stderr!.once('end', () => show([rest]));
}

function nameOfSignal(number: number): string {
  return Object.entries(constants.signals).find(([, each]) => each === number)?.[0] ?? '';
}

function isAddressSpaceLimited(): boolean {
  if (process.platform !== 'linux') return false;
  try {
    return /^Max address space +\d/m.test(readFileSync('/proc/self/limits', 'latin1'));
  } catch {
    return false;
  }
}
