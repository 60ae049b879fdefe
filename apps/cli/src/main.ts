#!/usr/bin/env node
/**
 * The `memscope` command: connects the program to this process. Ctrl-C aborts what runs, waits a moment for files to
 * be cleaned away and ends with 130; in a pager it is the pager's. A closed pipe (`memscope … | head`) ends it quietly.
 */
import { EXIT } from './exit-code.js';
import { loadEngine } from './host.js';
import { runProgram } from './program.js';

/** How long an aborted command may take to clean up. */
const GRACE_MS = 1000;
const SHOW_CURSOR = '\u001b[?25h';

const controller = new AbortController();
let inPager = false;

async function showInPager(text: string, command: string): Promise<boolean> {
  const pager = await import('./terminal/pager.js');
  inPager = true;
  try {
    return await pager.showInPager(text, command, { env: process.env, signal: controller.signal });
  } finally {
    inPager = false;
  }
}

function interrupt(): void {
  if (controller.signal.aborted) process.exit(EXIT.interrupted);
  controller.abort();
  if (process.stderr.isTTY) process.stderr.write(SHOW_CURSOR);
  setTimeout(() => process.exit(EXIT.interrupted), GRACE_MS).unref();
}

process.on('SIGINT', () => {
  // The terminal sends it to every process; the pager goes on, and must not lose the terminal to the shell.
  if (!inPager) interrupt();
});
process.on('SIGTERM', interrupt);
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.fine);
    throw error;
  });
}

try {
  const code = await runProgram(process.argv.slice(2), {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    signal: controller.signal,
    loadEngine,
    showInPager,
  });
  if (controller.signal.aborted) process.exit(EXIT.interrupted);
  process.exitCode = code;
} catch (error) {
  if (controller.signal.aborted) process.exit(EXIT.interrupted);
  if (isClosedPipe(error)) process.exit(EXIT.fine);
  const [{ describeFault }, { memscopeVersion }] = await Promise.all([
    import('./describe-error.js'),
    import('./memscope-version.js'),
  ]);
  process.stderr.write(`${describeFault(error, memscopeVersion())}\n`);
  process.exitCode = EXIT.internal;
}

function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}
