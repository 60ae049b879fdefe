/**
 * The header of a memray capture, versions 6 to 13. Source: memray's record_reader.cpp of each version.
 *
 *   magic                "memray\0"
 *   version              i32
 *   python_version       u32    from 12 on: PY_VERSION_HEX
 *   native_traces        u8
 *   file_format          u8     from 10 on: 0 all allocations, 1 aggregated
 *   n_allocations        u64    0 until the process has ended the capture
 *   n_frames             u64
 *   start, end           i64    milliseconds since the epoch
 *   command_line         cstr
 *   pid                  i32
 *   main_tid             u64    from 9 on
 *   skipped_frames       u64    from 9 on: outermost frames of the main thread that are the tracker's
 *   python_allocator     u8     6 and 7: i32
 *   trace_python_alloc.  u8     from 11 on
 *   track_objects        u8     from 12 on
 *   libdest              cstr   from 13 on
 *   site_packages        cstr … up to an empty one, from 13 on
 *   sys_path             cstr … up to an empty one, from 13 on
 */
import { KernelError } from './error.js';

export const OLDEST_VERSION = 6;
export const NEWEST_VERSION = 13;

const MAGIC = [0x6d, 0x65, 0x6d, 0x72, 0x61, 0x79, 0x00];
/** A command line is at most 2 MiB, a path 4 KiB: a header that goes on longer is none. */
const MAX_HEADER = 1 << 24;
/** What is kept of the command line, in bytes; a name is cut at the same length (assembly/decode/strings.ts). */
const LONGEST_TEXT = 1 << 16;

const PYTHON_ALLOCATORS: readonly string[] = [
  'other',
  'pymalloc',
  'pymalloc debug',
  'malloc',
  'other',
  'mimalloc',
  'mimalloc debug',
];

export interface CaptureHeader {
  /** Bytes it takes. */
  readonly length: number;
  readonly version: number;
  /** PY_VERSION_HEX; null before version 12. */
  readonly pythonVersionHex: number | null;
  readonly nativeTraces: boolean;
  readonly layout: 'all' | 'aggregated';
  /** Records, deallocations included; 0 when the capture was not ended, and in the aggregated layout. */
  readonly records: number;
  readonly startMs: number;
  readonly endMs: number;
  /** Its first 64 KiB. */
  readonly commandLine: string;
  /** Bytes of the command line that were left out. */
  readonly commandLineCut: number;
  readonly pid: number;
  /** Null before version 9. */
  readonly mainThreadId: bigint | null;
  readonly skippedFrames: number;
  readonly pythonAllocator: string;
  /** Null before version 11. */
  readonly tracePythonAllocators: boolean | null;
  readonly trackObjects: boolean;
}

/** Thrown inside, when the bytes so far do not hold the whole header. */
const SHORT = Symbol('short');

/**
 * The header at the start of `bytes`, or null when more bytes are needed. `bytes` is not kept.
 * @throws {KernelError} `notCapture`, `unsupportedVersion` or `damagedHeader`
 */
export function readHeader(bytes: Uint8Array): CaptureHeader | null {
  for (const [at, byte] of MAGIC.entries()) {
    if (at === bytes.length) return null;
    if (bytes[at] !== byte) {
      throw new KernelError('notCapture', `it starts with ${quoteStart(bytes)}, not with "memray"`, 0);
    }
  }
  try {
    return readFields(new HeaderCursor(bytes, MAGIC.length));
  } catch (error) {
    if (error !== SHORT) throw error;
    if (bytes.length > MAX_HEADER) throw new KernelError('damagedHeader', 'its header does not end', MAX_HEADER);
    return null;
  }
}

function readFields(cursor: HeaderCursor): CaptureHeader {
  const version = cursor.i32();
  if (version < OLDEST_VERSION || version > NEWEST_VERSION) {
    const supported = `versions ${OLDEST_VERSION} to ${NEWEST_VERSION} are supported`;
    throw new KernelError('unsupportedVersion', `header version ${version}; ${supported}`, MAGIC.length);
  }
  const pythonVersionHex = version >= 12 ? cursor.u32() : null;
  const nativeTraces = cursor.flag('native traces');
  const fileFormat = version >= 10 ? cursor.u8() : 0;
  if (fileFormat > 1) {
    throw new KernelError('damagedHeader', `file format ${fileFormat}, expected 0 or 1`, cursor.at - 1);
  }
  const records = cursor.u64();
  cursor.u64();
  const startMs = cursor.milliseconds();
  const endMs = cursor.milliseconds();
  const { text: commandLine, cut: commandLineCut } = cursor.text();
  const pid = cursor.i32();
  const mainThreadId = version >= 9 ? cursor.big() : null;
  const skippedFrames = version >= 9 ? cursor.u64() : 0;
  const allocator = version <= 7 ? cursor.i32() : cursor.u8();
  const tracePythonAllocators = version >= 11 ? cursor.flag('trace Python allocators') : null;
  const trackObjects = version >= 12 ? cursor.flag('track object lifetimes') : false;
  if (version >= 13) {
    cursor.skipText();
    while (cursor.skipText() > 0);
    while (cursor.skipText() > 0);
  }
  return {
    length: cursor.at,
    version,
    pythonVersionHex,
    nativeTraces,
    layout: fileFormat === 1 ? 'aggregated' : 'all',
    records,
    startMs,
    endMs,
    commandLine,
    commandLineCut,
    pid,
    mainThreadId,
    skippedFrames: Math.min(skippedFrames, 0xffffffff),
    pythonAllocator: PYTHON_ALLOCATORS[allocator] ?? 'other',
    tracePythonAllocators,
    trackObjects,
  };
}

/** Little-endian fields one behind the other; throws `SHORT` behind the last byte. */
class HeaderCursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = at;
  }

  #take(length: number): number {
    const at = this.at;
    if (at + length > this.#bytes.length) throw SHORT;
    this.at = at + length;
    return at;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  i32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  big(): bigint {
    return this.#view.getBigUint64(this.#take(8), true);
  }

  u64(): number {
    return Number(this.big());
  }

  flag(name: string): boolean {
    const value = this.u8();
    if (value > 1) throw new KernelError('damagedHeader', `${name} is ${value}, expected 0 or 1`, this.at - 1);
    return value === 1;
  }

  /** A time from 1970 on that JavaScript's Date can show. */
  milliseconds(): number {
    const value = Number(this.#view.getBigInt64(this.#take(8), true));
    if (value < 0 || value > 8.64e15)
      throw new KernelError('damagedHeader', `time ${value} ms is no date`, this.at - 8);
    return value;
  }

  /** A string's length without the zero that ends it. */
  skipText(): number {
    const end = this.#bytes.indexOf(0, this.at);
    if (end < 0) throw SHORT;
    const length = end - this.at;
    this.at = end + 1;
    return length;
  }

  /** The start of a string, and how many bytes of it that leaves out: never a part of a character. */
  text(): { text: string; cut: number } {
    const start = this.at;
    const length = this.skipText();
    let kept = Math.min(length, LONGEST_TEXT);
    if (kept < length) while (kept > LONGEST_TEXT - 4 && (this.#bytes[start + kept]! & 0xc0) === 0x80) kept--;
    return { text: DECODER.decode(this.#bytes.slice(start, start + kept)), cut: length - kept };
  }
}

const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });

/** "3.13.5" or "3.15.0a2" of a PY_VERSION_HEX. */
export function pythonVersionOf(hex: number): string {
  const release = `${hex >>> 24}.${(hex >>> 16) & 255}.${(hex >>> 8) & 255}`;
  const stage = { 10: 'a', 11: 'b', 12: 'rc' }[(hex >>> 4) & 15];
  return stage === undefined ? release : `${release}${stage}${hex & 15}`;
}

function quoteStart(bytes: Uint8Array): string {
  const start = bytes.subarray(0, 8);
  if (start.every((byte) => byte >= 0x20 && byte < 0x7f)) return JSON.stringify(String.fromCharCode(...start));
  return `bytes ${[...start].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')}`;
}
