/**
 * A capture as a stream of bytes: a file or standard input, with what has to be asked of a file before and after it was
 * read.
 */
import { closeSync, constants, fstatSync, openSync, readSync, statSync, type Stats } from 'node:fs';
import { resolve } from 'node:path';
import { isatty } from 'node:tty';
import { findWriter } from './find-writer.js';
import { IngestError, wordsOfSystem, type IngestErrorCode } from './ingest-error.js';

export const STANDARD_INPUT = '-';

/** How long to wait for an empty pipe: at first, and, doubling while nothing comes, at most. */
const LEAST_WAIT_MS = 0.1;
const GREATEST_WAIT_MS = 20;

export class CaptureFile {
  /** Absolute path, `-` for standard input. */
  readonly path: string;
  readonly #named: string;
  readonly #descriptor: number;
  readonly #stat: Stats;
  #readBytes = 0;
  #closed = false;

  /** @throws {IngestError} `notFound`, `cannotRead`, `isDirectory`, `empty` */
  constructor(path: string) {
    this.#named = path;
    this.path = path === STANDARD_INPUT ? path : resolve(path);
    this.#descriptor = path === STANDARD_INPUT ? standardInput() : open(path);
    this.#stat = fstatSync(this.#descriptor);
    if (this.#stat.isDirectory()) throw this.#refuse('isDirectory', 'is a folder');
    if (this.#stat.isFile() && this.#stat.size === 0) {
      const writer = this.writer(0);
      if (writer !== undefined) throw this.#refuse('stillWriting', stillWriting(writer));
      const hint = 'memray leaves an empty file when an aggregated recording is killed';
      throw this.#refuse('empty', `the file is empty; ${hint}`);
    }
  }

  /** Null when nothing tells (a pipe). */
  get size(): number | null {
    return this.#stat.isFile() ? this.#stat.size : null;
  }

  /** Bytes read so far. */
  get readBytes(): number {
    return this.#readBytes;
  }

  /**
   * Fills `target` from its start; 0 at the end.
   * @throws {IngestError} `cannotRead`, and `empty` for a pipe that ends before it began
   */
  read(target: Uint8Array): number {
    const read = this.#readSome(target);
    this.#readBytes += read;
    if (this.#readBytes === 0) throw this.#refuse('empty', 'nothing came; pipe or redirect a capture into it');
    return read;
  }

  /** Waits for a pipe in short steps, so that the thread can be stopped meanwhile. */
  #readSome(target: Uint8Array): number {
    for (let wait = LEAST_WAIT_MS; ; wait = Math.min(wait * 2, GREATEST_WAIT_MS)) {
      try {
        const read = readSync(this.#descriptor, target, 0, target.length, null);
        // Nobody writes into a named pipe yet.
        if (read > 0 || this.#readBytes > 0 || !this.#stat.isFIFO() || this.#descriptor === 0) return read;
      } catch (cause) {
        const code = (cause as NodeJS.ErrnoException).code;
        if (code === 'EOF') return 0;
        if (code !== 'EAGAIN') {
          throw new IngestError({ code: 'cannotRead', path: this.#named, message: wordsOfSystem(cause) }, { cause });
        }
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, wait);
    }
  }

  /**
   * Who is still writing the file, a process or (null) somebody unknown who has changed it since it was opened; undefined
   * for nobody. `recorder` is the process that the header names, 0 where there is none yet.
   */
  writer(recorder: number): number | null | undefined {
    if (!this.#stat.isFile()) return undefined;
    const now = fstatSync(this.#descriptor);
    const writer = findWriter(now, recorder);
    if (writer !== null) return writer;
    return now.size !== this.#stat.size || now.mtimeMs !== this.#stat.mtimeMs ? null : undefined;
  }

  close(): void {
    if (this.#descriptor !== 0 && !this.#closed) closeSync(this.#descriptor);
    this.#closed = true;
  }

  #refuse(code: IngestErrorCode, message: string): IngestError {
    this.close();
    return new IngestError({ code, path: this.#named, message });
  }
}

/** In words, who is still writing a capture. */
export function stillWriting(writer: number | null): string {
  return writer === null
    ? 'it changed while it was read: a process is still recording into it'
    : `process ${writer} is still recording into it`;
}

/** A named pipe is opened without waiting for who writes into it: nothing could stop a thread that waits there. */
function open(path: string): number {
  try {
    const isPipe = statSync(resolve(path), { throwIfNoEntry: false })?.isFIFO() === true;
    return openSync(resolve(path), isPipe ? constants.O_RDONLY | constants.O_NONBLOCK : 'r');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const message = missing ? 'there is no such file' : wordsOfSystem(cause);
    throw new IngestError({ code: missing ? 'notFound' : 'cannotRead', path, message }, { cause });
  }
}

function standardInput(): number {
  if (!isatty(0)) return 0;
  const message = 'is a terminal; pipe or redirect a capture into it';
  throw new IngestError({ code: 'cannotRead', path: STANDARD_INPUT, message });
}

/**
 * Before another thread reads standard input: a thread that waits in a read cannot be stopped, so a pipe must not make
 * it wait. Node sets that when the main thread makes a stream of it, and takes it back when the process ends.
 */
export function unblockStandardInput(): void {
  if (!isatty(0) && !fstatSync(0).isFile()) process.stdin.pause();
}
