/**
 * Reads several captures in processes, one capture a process at a time. A thread that runs out of memory can take its whole
 * process with it (V8 gives up where it cannot end the thread alone), so captures that are read together share none: one that is too much for this machine never ends the others. Nor does what comes
 * after reading have to do with the memory that it took.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { diedOutOfMemory, outOfMemory } from '@memscope/model/out-of-memory';
import { removeTemporaries } from '@memscope/store';
import type { CaptureFate, CapturePool, PoolTask, ReadingState } from './capture-pool.js';
import type { ThreadOptions } from './thread-pool.js';
import { COLLECTABLE } from './collect-garbage.js';
import { compilingInTurn } from './compile-in-turn.js';
import { threadModule } from './thread-module.js';

/** To a process. */
export type ReaderRequest = { readonly kind: 'read'; readonly task: PoolTask } | { readonly kind: 'cancel' };

/** From a process; `failed` when its thread died and the process lives on. */
export type ReaderReply =
  | { readonly kind: 'progress'; readonly readBytes: number; readonly state: ReadingState }
  | { readonly kind: 'done'; readonly fate: CaptureFate }
  | { readonly kind: 'failed'; readonly message: string; readonly outOfMemory: boolean };

/** After this a process that was told to stop is killed; longer than its threads take. */
const STOP_MS = 4000;
/** Of what a process says before it dies. */
const LONGEST_WORDS = 64 * 1024;

/**
 * What is made while reading stays, or goes at once: more room for young objects than one MiB a thread is only memory that
 * is kept.
 */
const YOUNG = ['--max-semi-space-size=1'];

/** For glibc: large blocks go back to the system when they are freed, however large those before them were. */
const GIVE_BACK = { MALLOC_MMAP_THRESHOLD_: String(1 << 20) };

interface Waiting {
  readonly start: (reader: ChildProcess) => void;
  readonly fail: (cause: Error) => void;
}

export class ProcessPool implements CapturePool {
  readonly #most: number;
  readonly #options: ThreadOptions;
  readonly #idle: ChildProcess[] = [];
  readonly #readers = new Set<ChildProcess>();
  readonly #words = new WeakMap<ChildProcess, string>();
  readonly #waiting: Waiting[] = [];
  /** Profiles whose writing was stopped, and the process that wrote. */
  readonly #stopped: { readonly profilePath: string; readonly writer: number }[] = [];

  constructor(processes: number, options: ThreadOptions = {}) {
    this.#most = processes;
    this.#options = options;
  }

  async run(
    task: PoolTask,
    signal: AbortSignal | undefined,
    onProgress: (readBytes: number, state: ReadingState) => void,
  ): Promise<CaptureFate> {
    signal?.throwIfAborted();
    const reader = await this.#take(signal);
    try {
      return await this.#read(reader, task, signal, onProgress);
    } catch (cause) {
      if (reader.pid !== undefined) this.#stopped.push({ profilePath: task.profilePath, writer: reader.pid });
      this.#clean();
      throw cause;
    } finally {
      this.#release(reader);
    }
  }

  async close(): Promise<void> {
    for (const { fail } of this.#waiting.splice(0)) fail(new Error('closed'));
    await Promise.all(
      [...this.#readers].map((reader) => {
        const gone = new Promise<void>((done) => reader.once('exit', () => done()));
        if (reader.connected) reader.disconnect();
        const timer = setTimeout(() => reader.kill('SIGKILL'), STOP_MS);
        return gone.then(() => clearTimeout(timer));
      }),
    );
    this.#clean();
  }

  #clean(): void {
    for (const { profilePath, writer } of this.#stopped) removeTemporaries(profilePath, writer);
  }

  #take(signal: AbortSignal | undefined): Promise<ChildProcess> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return Promise.resolve(idle);
    if (this.#readers.size < this.#most) return Promise.resolve(this.#start());
    return new Promise((resolve, reject) => {
      const cancel = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(new Error('cancelled'));
      };
      const waiting: Waiting = {
        start: (reader) => {
          signal?.removeEventListener('abort', cancel);
          resolve(reader);
        },
        fail: (cause) => {
          signal?.removeEventListener('abort', cancel);
          reject(cause);
        },
      };
      this.#waiting.push(waiting);
      signal?.addEventListener('abort', cancel, { once: true });
    });
  }

  #start(): ChildProcess {
    const reader = fork(
      fileURLToPath(threadModule('reader-process', import.meta.url)),
      [JSON.stringify(this.#options)],
      {
        // Only the first three are the process's own; a capture may come from standard input.
        stdio: ['inherit', 'ignore', 'pipe', 'ipc'],
        serialization: 'advanced',
        env: { ...process.env, ...GIVE_BACK },
        execArgv: [...process.execArgv, ...COLLECTABLE, ...YOUNG, ...compilingInTurn()],
      },
    );
    this.#readers.add(reader);
    reader.stderr!.setEncoding('utf8').on('data', (words: string) => {
      this.#words.set(reader, ((this.#words.get(reader) ?? '') + words).slice(0, LONGEST_WORDS));
    });
    reader.once('exit', () => this.#readers.delete(reader));
    // Told where its capture is awaited.
    reader.on('error', () => undefined);
    return reader;
  }

  #read(
    reader: ChildProcess,
    task: PoolTask,
    signal: AbortSignal | undefined,
    onProgress: (readBytes: number, state: ReadingState) => void,
  ): Promise<CaptureFate> {
    return new Promise<CaptureFate>((done, failed) => {
      let timer: NodeJS.Timeout | undefined;
      const hear = (reply: ReaderReply): void => {
        if (reply.kind === 'progress') return onProgress(reply.readBytes, reply.state);
        stop();
        if (reply.kind === 'done') done(reply.fate);
        else failed(reply.outOfMemory ? outOfMemory() : new Error(reply.message));
      };
      const die = (code: number | null, by: NodeJS.Signals | null): void => {
        stop();
        failed(causeOfDeath(this.#words.get(reader) ?? '', code, by));
      };
      const cancel = (): void => {
        tell(reader, { kind: 'cancel' });
        timer = setTimeout(() => reader.kill('SIGKILL'), STOP_MS);
      };
      const stop = (): void => {
        clearTimeout(timer);
        reader.off('message', hear).off('close', die);
        signal?.removeEventListener('abort', cancel);
      };
      // `close` comes when all that it said has been heard.
      reader.on('message', hear).on('close', die);
      signal?.addEventListener('abort', cancel, { once: true });
      tell(reader, { kind: 'read', task });
      if (signal?.aborted === true) cancel();
    });
  }

  #release(reader: ChildProcess): void {
    const next = this.#waiting.shift();
    if (reader.connected && reader.exitCode === null && reader.signalCode === null) {
      if (next === undefined) this.#idle.push(reader);
      else next.start(reader);
      return;
    }
    this.#readers.delete(reader);
    next?.start(this.#start());
  }
}

function tell(reader: ChildProcess, request: ReaderRequest): void {
  // Where it has died, that is told by its end.
  if (reader.connected) reader.send(request, () => undefined);
}

/** From a process's last words and its end. */
function causeOfDeath(words: string, code: number | null, by: NodeJS.Signals | null): Error {
  if (diedOutOfMemory(words)) return outOfMemory();
  return new Error(by === null ? `its process ended with ${code}` : `its process was ended by ${by}`);
}
