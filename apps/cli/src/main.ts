/**
 * The `memscope` command: connects the program to this process. Ctrl-C, SIGTERM and SIGHUP abort what runs, wait a
 * moment for files to be cleaned away and end with 130; in a pager Ctrl-C is the pager's. A closed pipe
 * (`memscope … | head`) ends it quietly, any other fault of standard output with one line and 2.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { EXIT, type ExitCode } from './exit-code.js';
import { loadEngine, type ChildEnd } from './host.js';
import { keepCompiled } from './keep-compiled.js';
import { runProgram } from './program.js';
import { needsSupervision, runSupervised } from './supervised.js';

/** How long an aborted command may take to clean up. */
const GRACE_MS = 1000;
/** How long a command may go on once nobody reads what it prints. */
const DEAF_MS = 10_000;
const SHOW_CURSOR = '\u001b[?25h';

const controller = new AbortController();
let inPager = false;
/** The user's program that runs just now: signals are for it, and memscope goes on when it ended. */
let child: ChildProcess | null = null;
/** Set when what was asked for could not be written. */
let outputFault: ExitCode | null = null;

async function showInPager(text: string, command: string): Promise<boolean> {
  const pager = await import('./terminal/pager.js');
  inPager = true;
  try {
    return await pager.showInPager(text, command, { env: process.env, signal: controller.signal });
  } finally {
    inPager = false;
  }
}

async function runInTerminal(program: string, parameters: readonly string[], input?: number): Promise<ChildEnd> {
  const { spawn } = await import('node:child_process');
  child = spawn(program, parameters, { stdio: [input ?? 'inherit', 'inherit', 'inherit'] });
  try {
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return { code, signal };
  } finally {
    child = null;
  }
}

/** `code`: what the process ends with once it has tidied up. */
function interrupt(code: ExitCode): void {
  if (controller.signal.aborted) return;
  controller.abort();
  if (process.stderr.isTTY) process.stderr.write(SHOW_CURSOR);
  setTimeout(() => process.exit(code), GRACE_MS).unref();
}

function endBy(signal: NodeJS.Signals): void {
  if (child === null) interrupt(EXIT.interrupted);
  else child.kill(signal);
}

function endOnSignals(): void {
  process.on('SIGINT', () => {
    // The terminal sends it to every process; the pager goes on, and must not lose the terminal to the shell.
    if (inPager) return;
    if (child !== null) {
      // Without a terminal nobody else tells it.
      if (!process.stdin.isTTY && !process.stderr.isTTY) child.kill('SIGINT');
      return;
    }
    // Pressed again, it will not wait. Other signals may come in pairs, from a terminal that goes away.
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    interrupt(EXIT.interrupted);
  });
  process.on('SIGTERM', () => endBy('SIGTERM'));
  // The terminal is gone: nobody reads any more, but files still have to be taken away.
  process.on('SIGHUP', () => endBy('SIGHUP'));
}

function endOnDeafOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') {
      // A command ends by itself, with its own code; a server would not.
      setTimeout(() => process.exit(EXIT.fine), DEAF_MS).unref();
      return;
    }
    if (outputFault !== null) return;
    outputFault = EXIT.usage;
    process.stderr.write(`memscope: standard output cannot be written: ${error.message}
`);
    // A server, for one, would go on without anybody knowing its address.
    interrupt(EXIT.usage);
  });
  // Where nobody hears what it complains of, it still does what it was asked to.
  process.stderr.on('error', () => undefined);
}

async function main(): Promise<number> {
  try {
    const code = await runProgram(process.argv.slice(2), {
      stdout: process.stdout,
      stderr: process.stderr,
      env: process.env,
      signal: controller.signal,
      loadEngine,
      showInPager,
      runInTerminal,
    });
    // A fault of the last write is heard a moment later.
    await new Promise((resolve) => setImmediate(resolve));
    return outputFault ?? (controller.signal.aborted ? EXIT.interrupted : code);
  } catch (error) {
    await new Promise((resolve) => setImmediate(resolve));
    if (outputFault !== null) return outputFault;
    if (controller.signal.aborted) return EXIT.interrupted;
    const [{ describeFault }, { memscopeVersion }] = await Promise.all([
      import('./describe-error.js'),
      import('./beside-program.js'),
    ]);
    const { code, text } = describeFault(error, memscopeVersion());
    process.stderr.write(`${text}\n`);
    return code;
  }
}

keepCompiled();
if (needsSupervision()) process.exitCode = await runSupervised();
else {
  endOnSignals();
  endOnDeafOutput();
  const code = await main();
  // What was given up may still be running.
  if (controller.signal.aborted) process.exit(code);
  process.exitCode = code;
}
