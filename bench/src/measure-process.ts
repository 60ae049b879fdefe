/**
 * A command line → its wall time and its largest resident memory. GNU time asks the kernel for the latter when the
 * process has ended; without it, Linux's own high-water mark of the process is read every few milliseconds.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export interface ProcessRun {
  readonly seconds: number;
  /** Null where nothing tells. */
  readonly maxRssBytes: number | null;
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const GNU_TIME = '/usr/bin/time';
const POLL_MS = 5;

/** Runs to the end, whatever the exit code. `folder` takes a small file for the time it runs. Rejects when there is no such command. */
export function measureProcess(command: readonly string[], folder: string): Promise<ProcessRun> {
  const report = join(folder, 'resources.txt');
  const timed = hasGnuTime() ? [GNU_TIME, '-q', '-f', '%M', '-o', report, ...command] : command;
  const [program = '', ...parameters] = timed;
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(program, parameters, { stdio: ['ignore', 'pipe', 'pipe'] });
    let polled: number | null = null;
    const timer = hasGnuTime()
      ? undefined
      : setInterval(() => {
          polled = highWaterMarkOf(child.pid) ?? polled;
        }, POLL_MS);
    let stdout = '';
    let stderr = '';
    let seconds = Number.NaN;
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('exit', () => {
      seconds = (performance.now() - started) / 1000;
    });
    child.once('error', (cause) => {
      clearInterval(timer);
      reject(cause);
    });
    child.once('close', (code) => {
      clearInterval(timer);
      resolve({ seconds, maxRssBytes: polled ?? reportedMemory(report), exitCode: code ?? -1, stdout, stderr });
    });
  });
}

let gnuTime: boolean | undefined;

/** BSD's and BusyBox's own are other programs. */
function hasGnuTime(): boolean {
  gnuTime ??= existsSync(GNU_TIME) && /GNU/.test(spawnSync(GNU_TIME, ['--version'], { encoding: 'utf8' }).stdout);
  return gnuTime;
}

/** GNU time reports in KiB. */
function reportedMemory(report: string): number | null {
  if (!existsSync(report)) return null;
  const kibibytes = Number.parseInt(readFileSync(report, 'utf8').trim().split('\n').at(-1) ?? '', 10);
  rmSync(report);
  return Number.isNaN(kibibytes) ? null : kibibytes * 1024;
}

function highWaterMarkOf(pid: number | undefined): number | null {
  try {
    const match = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return match?.[1] === undefined ? null : Number(match[1]) * 1024;
  } catch {
    // Not Linux, or the process has just ended.
    return null;
  }
}
