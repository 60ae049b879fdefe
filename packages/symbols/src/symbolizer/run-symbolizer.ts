/**
 * Runs a symbolizer for one file: all its addresses in, answers out. A program that hangs, dies, takes more memory than
 * it may or prints something else is ended; what it had answered until then counts, and the fault says what happened.
 */
import { spawn } from 'node:child_process';
import { formatBytes } from '@memscope/model';
import { Addr2lineReader, addr2lineOptions } from './addr2line.js';
import type { Symbolizer } from './find-symbolizer.js';
import { limitMemory, symbolizerMemory } from './limit-memory.js';
import { LlvmSymbolizerReader, llvmSymbolizerOptions } from './llvm-symbolizer.js';
import type { AnsweredFrame, AnswerReader } from './symbolizer-answers.js';

export interface SymbolizerRun {
  /** Answers for the first addresses; fewer than were asked where there is a fault. */
  readonly answers: readonly (readonly AnsweredFrame[])[];
  /** Null when all went well. */
  readonly fault: string | null;
}

export interface RunOptions {
  /** Longest time without an answer, in milliseconds; reading the debug sections of a large file counts. */
  readonly timeoutMs: number;
  /** What it may take for itself. */
  readonly memoryBytes?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Of the longest time without an answer: how long a file may take in all. */
const MOST_TIMEOUTS = 10;
const MOST_LINE_CHARACTERS = 1 << 22;

/** `file` is an absolute path, `addresses` are sorted and distinct. Throws only the signal's reason. */
export function runSymbolizer(
  symbolizer: Symbolizer,
  file: string,
  addresses: Float64Array,
  { timeoutMs, memoryBytes = symbolizerMemory(), signal }: RunOptions,
): Promise<SymbolizerRun> {
  signal?.throwIfAborted();
  const isLlvm = symbolizer.kind === 'llvm-symbolizer';
  const reader: AnswerReader = isLlvm ? new LlvmSymbolizerReader(addresses) : new Addr2lineReader(addresses);
  const options = isLlvm ? llvmSymbolizerOptions(file) : addr2lineOptions(file);
  return new Promise((done, failed) => {
    const { command, parameters } = limitMemory(symbolizer.command, options, memoryBytes);
    const child = spawn(command, parameters, { stdio: ['pipe', 'pipe', 'ignore'], env: environment() });
    let fault: string | null = null;
    let isOver = false;
    let unfinished = '';
    let timer: NodeJS.Timeout;
    const most = timeoutMs * MOST_TIMEOUTS;
    const total = setTimeout(() => finish(`took longer than ${most / 1000} s`), most);

    const finish = (reason: string | null): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      clearTimeout(total);
      signal?.removeEventListener('abort', abort);
      child.kill('SIGKILL');
      child.stdout.destroy();
      child.stdin.destroy();
      if (signal?.aborted) failed(signal.reason as Error);
      else done({ answers: reader.answers, fault: reason });
    };
    const abort = (): void => finish(null);
    const waitAgain = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => finish(`gave no answer for ${timeoutMs / 1000} s`), timeoutMs);
    };
    const take = (line: string): boolean => {
      fault = reader.line(line);
      if (fault !== null) finish(fault);
      return fault === null;
    };

    waitAgain();
    signal?.addEventListener('abort', abort, { once: true });
    child.once('error', (cause) => finish(`cannot be run (${cause.message})`));
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (text: string) => {
      const before = reader.answers.length;
      const lines = (unfinished + text).split('\n');
      unfinished = lines.pop()!;
      if (!lines.every(take)) return;
      if (unfinished.length > MOST_LINE_CHARACTERS) finish('printed a line without end');
      else if (reader.answers.length > before) waitAgain();
    });
    child.stdout.on('error', () => undefined);
    // It may end without reading everything: what it says on its way out is what counts.
    child.stdin.on('error', () => undefined);
    child.once('close', (code, killedBy) => {
      if (isOver || (unfinished !== '' && !take(unfinished))) return;
      const missing = reader.end();
      const how = killedBy !== null ? `was ended by ${killedBy}` : `exited with ${code}`;
      // It may not say itself that memory is what it lacked.
      const limit = `it may take ${formatBytes(memoryBytes)} of memory`;
      finish(missing === null ? null : code === 0 ? missing : `${how} and ${missing} (${limit})`);
    });
    child.stdin.end(Array.from(addresses, (address) => `0x${address.toString(16)}\n`).join(''));
  });
}

/** Newer symbolizers would ask the servers in DEBUGINFOD_URLS by themselves. */
function environment(): NodeJS.ProcessEnv {
  const { DEBUGINFOD_URLS: _, ...rest } = process.env;
  return { ...rest, LC_ALL: 'C' };
}
