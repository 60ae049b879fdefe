/**
 * Captures that are dropped on the page → files that are served like named ones: in a folder that the user named, else
 * in one that goes with the server. A file appears under its name only when all of it has come, takes the place of no
 * other, and has its symbol bundle beside it.
 */
import {
  createWriteStream,
  existsSync,
  linkSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  statfsSync,
  type WriteStream,
} from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BUNDLE_SUFFIX, type ApiError } from '@memscope/model';

/** One file of what was dropped together. */
export interface Upload {
  /** The same for all that was dropped together. */
  readonly drop: string;
  /** As the page has it; anything. */
  readonly name: string;
  /** That will come. */
  readonly bytes: number;
}

/** Why a file is not taken; `message` is for whoever dropped it. */
export class UploadError extends Error {
  readonly status: number;
  readonly code: ApiError['code'];

  constructor(status: number, code: ApiError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UploadError';
    this.status = status;
    this.code = code;
  }
}

const MOST_AT_ONCE = 8;
/** Left free on the disk: profiles have to be written, too. */
const LEAST_FREE = 256 * 1024 * 1024;
/** In UTF-8, so that suffixes of profiles, bundles and numbers still fit a file system's 255. */
const LONGEST_NAME = 180;
const MOST_NAMESAKES = 1_000;

export class UploadFolder {
  readonly #named: string | null;
  #own: string | null = null;
  #staging: string | null = null;
  readonly #coming = new Set<WriteStream>();
  #comingBytes = 0;

  /** Null: a folder of its own, in the system's for temporary files. */
  constructor(named: string | null) {
    this.#named = named === null ? null : resolve(named);
  }

  /**
   * Until all of it has come: the path of the capture; null for a symbol bundle, which waits for the capture of its drop.
   * Throws `UploadError`.
   */
  async take(body: Readable, { drop, name, bytes }: Upload): Promise<string | null> {
    if (this.#coming.size >= MOST_AT_ONCE)
      throw new UploadError(503, 'slow', `${MOST_AT_ONCE} files are being taken already; try again when one is done`);
    try {
      this.#checkRoom(bytes);
      const own = safeName(name);
      const isBundle = own.endsWith(BUNDLE_SUFFIX) && own !== BUNDLE_SUFFIX;
      const staged = join(this.#stage(), isBundle ? bundleOf(drop, own) : randomUUID());
      await this.#write(body, staged, bytes);
      if (isBundle) return null;
      const bundle = join(this.#stage(), bundleOf(drop, own + BUNDLE_SUFFIX));
      return this.#place(staged, own, existsSync(bundle) ? bundle : null);
    } catch (error) {
      throw error instanceof UploadError ? error : refusalOf(error);
    }
  }

  /** Deletes what nobody wanted to be kept. What still comes is given up. */
  close(): void {
    for (const file of this.#coming) file.destroy();
    for (const folder of [this.#staging, this.#own])
      if (folder !== null) rmSync(folder, { recursive: true, force: true });
  }

  /** Of captures; made when the first comes. */
  #folder(): string {
    if (this.#named !== null) return this.#named;
    return (this.#own ??= mkdtempSync(join(realpathSync(tmpdir()), 'memscope-dropped-')));
  }

  /** What is not whole yet: on the same file system, and unseen by who looks for captures. */
  #stage(): string {
    return (this.#staging ??= mkdtempSync(join(this.#folder(), '.memscope-coming-')));
  }

  #checkRoom(bytes: number): void {
    const { bavail, bsize } = statfsSync(this.#folder());
    const room = bavail * bsize - LEAST_FREE - this.#comingBytes;
    if (bytes > room)
      throw new UploadError(
        507,
        'cannotAnswer',
        'the disk of the server has no room for it: name the capture where it lies, as in `memscope serve capture.bin`',
      );
  }

  async #write(body: Readable, staged: string, bytes: number): Promise<void> {
    const file = createWriteStream(staged, { mode: 0o600 });
    this.#coming.add(file);
    this.#comingBytes += bytes;
    try {
      await pipeline(body, file);
    } catch (error) {
      rmSync(staged, { force: true });
      throw error;
    } finally {
      this.#coming.delete(file);
      this.#comingBytes -= bytes;
    }
  }

  /** Under the first name that is free, that of its bundle with it. */
  #place(staged: string, name: string, bundle: string | null): string {
    for (let number = 1; number <= MOST_NAMESAKES; number++) {
      const path = join(this.#folder(), number === 1 ? name : numbered(name, number));
      if (existsSync(path)) continue;
      if (bundle !== null && !moveToFree(bundle, path + BUNDLE_SUFFIX)) continue;
      if (moveToFree(staged, path)) return path;
      if (bundle !== null) renameSync(path + BUNDLE_SUFFIX, bundle);
    }
    throw new UploadError(507, 'cannotAnswer', `there are ${MOST_NAMESAKES} captures of that name already`);
  }
}

/** False where something has that name. */
function moveToFree(from: string, to: string): boolean {
  try {
    linkSync(from, to);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    // Not every file system has links.
    if (existsSync(to)) return false;
    renameSync(from, to);
    return true;
  }
  rmSync(from);
  return true;
}

function bundleOf(drop: string, name: string): string {
  return `${drop} ${name}`;
}

/** "capture-2.bin" */
function numbered(name: string, number: number): string {
  const extension = extname(name);
  return `${name.slice(0, name.length - extension.length)}-${number}${extension}`;
}

/** A name in this folder and nowhere else, that is no hidden one and can be typed. */
export function safeName(name: string): string {
  const plain = name.replace(/[^\p{L}\p{N} ._+@=,()[\]-]/gu, '_').replace(/^[. ]+|[. ]+$/g, '_');
  if (Buffer.byteLength(plain) <= LONGEST_NAME) return plain === '' ? 'capture.bin' : plain;
  const suffix = plain.endsWith(BUNDLE_SUFFIX) ? BUNDLE_SUFFIX : '';
  const extension = extname(plain.slice(0, plain.length - suffix.length)).slice(0, 20) + suffix;
  const stem = Buffer.from(plain.slice(0, plain.length - extension.length));
  // A character that is cut in two is left out.
  const kept = new TextDecoder().decode(stem.subarray(0, LONGEST_NAME - Buffer.byteLength(extension)), {
    stream: true,
  });
  return kept + extension;
}

function refusalOf(error: unknown): UploadError {
  const code = codeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new UploadError(507, 'cannotAnswer', 'the disk of the server is full', { cause: error });
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM' || code === 'ENOENT')
    return new UploadError(507, 'cannotAnswer', 'the folder for dropped captures cannot be written', { cause: error });
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE')
    return new UploadError(400, 'syntax', 'it ended before all of it had come', { cause: error });
  return new UploadError(500, 'internal', 'an internal fault: see the terminal of memscope', { cause: error });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null;
}
