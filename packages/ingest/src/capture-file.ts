/**
 * A capture as a stream of bytes: a file or standard input, with what has to be asked of a file before and after it was
 * read.
 */
import { closeSync, fstatSync, openSync, readdirSync, readlinkSync, readSync, realpathSync, type Stats } from 'node:fs';
import { resolve } from 'node:path';
import { isatty } from 'node:tty';
import { IngestError, type IngestErrorCode } from './ingest-error.js';

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
        return readSync(this.#descriptor, target, 0, target.length, null);
      } catch (cause) {
        const code = (cause as NodeJS.ErrnoException).code;
        if (code === 'EOF') return 0;
        if (code !== 'EAGAIN') {
          throw new IngestError({ code: 'cannotRead', path: this.#named, message: words(cause) }, { cause });
        }
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, wait);
      }
    }
  }

  /** Has the file changed since it was opened, or does the process that records it (by the header) still have it open? */
  isBeingWritten(pid: number): boolean {
    if (!this.#stat.isFile()) return false;
    const now = fstatSync(this.#descriptor);
    return now.size !== this.#stat.size || now.mtimeMs !== this.#stat.mtimeMs || hasOpen(pid, this.path);
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

function open(path: string): number {
  try {
    return openSync(resolve(path), 'r');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const message = missing ? 'there is no such file' : words(cause);
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

/** The file system's own words, without call and path. */
function words(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.replace(/^[A-Z0-9]+: /, '').replace(/, [a-z]+( '.*)?$/s, '');
}

/** Only Linux tells, and only of the user's own processes. */
function hasOpen(pid: number, path: string): boolean {
  if (pid <= 0) return false;
  try {
    const real = realpathSync(path);
    return readdirSync(`/proc/${pid}/fd`).some((descriptor) => linkOf(`/proc/${pid}/fd/${descriptor}`) === real);
  } catch {
    return false;
  }
}

function linkOf(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    // Closed in the meantime.
    return null;
  }
}
