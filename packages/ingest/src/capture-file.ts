/**
 * A capture as a stream of bytes: a file or standard input, with what has to be asked of a file before and after it was
 * read.
 */
import { closeSync, fstatSync, openSync, readdirSync, readlinkSync, readSync, realpathSync, type Stats } from 'node:fs';
import { resolve } from 'node:path';
import { IngestError } from './ingest-error.js';

export const STANDARD_INPUT = '-';

export class CaptureFile {
  readonly path: string;
  readonly #descriptor: number;
  readonly #stat: Stats;
  #readBytes = 0;

  /** @throws {IngestError} `notFound`, `cannotRead`, `isDirectory`, `empty` */
  constructor(path: string) {
    this.path = path === STANDARD_INPUT ? path : resolve(path);
    this.#descriptor = path === STANDARD_INPUT ? 0 : open(this.path);
    this.#stat = fstatSync(this.#descriptor);
    const code = this.#stat.isDirectory() ? 'isDirectory' : this.#stat.isFile() && this.#stat.size === 0 ? 'empty' : '';
    if (!code) return;
    this.close();
    const message =
      code === 'empty'
        ? 'the file is empty; memray leaves an empty file when an aggregated recording is killed'
        : 'is a folder';
    throw new IngestError({ code, path, message });
  }

  /** Null when nothing tells (standard input, a pipe). */
  get size(): number | null {
    return this.#stat.isFile() ? this.#stat.size : null;
  }

  /** Bytes read so far. */
  get readBytes(): number {
    return this.#readBytes;
  }

  /** Fills `target` from its start; 0 at the end. */
  read(target: Uint8Array): number {
    for (;;) {
      try {
        const read = readSync(this.#descriptor, target, 0, target.length, null);
        this.#readBytes += read;
        return read;
      } catch (cause) {
        const code = (cause as NodeJS.ErrnoException).code;
        if (code === 'EOF') return 0;
        // A pipe that was set not to block has nothing at the moment.
        if (code !== 'EAGAIN') throw new IngestError({ code: 'cannotRead', path: this.path, message: words(cause) });
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
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
    if (this.#descriptor !== 0) closeSync(this.#descriptor);
  }
}

function open(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const message = missing ? 'there is no such file' : words(cause);
    throw new IngestError({ code: missing ? 'notFound' : 'cannotRead', path, message }, { cause });
  }
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
