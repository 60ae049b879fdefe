import { encodeCapture, type CaptureHeader as Fields, parseCapture } from '@memscope/fixtures';
import { describe, expect, it } from 'vitest';
import { KernelError, pythonVersionOf } from '../src/index.js';
import { ALL_VERSIONS } from './expect-reference.js';
import { readCapture, type ReadOptions } from './read-capture.js';

function write(
  fields: Partial<Fields>,
  compression: 'none' | { blockBytes: number } = 'none',
): Uint8Array<ArrayBuffer> {
  return encodeCapture(
    { ...parseCapture('thread 1\nmalloc 8 257'), header: parseCapture('', fields).header },
    { compression },
  );
}

function errorOf(bytes: Uint8Array, options: ReadOptions = {}): [code: string, message: string, offset: number] | null {
  try {
    readCapture(bytes, options);
    return null;
  } catch (error) {
    if (error instanceof KernelError) return [error.code, error.message, error.offset];
    throw error;
  }
}

/** The bytes of a capture of version 13 with some of them replaced. */
function patched(at: number, ...bytes: number[]): Uint8Array {
  const capture = write({});
  capture.set(bytes, at);
  return capture;
}

describe('the header', () => {
  const fields: Partial<Fields> = {
    nativeTraces: true,
    pythonVersion: 0x030e00f0,
    startMs: 1_700_000_000_123,
    endMs: 1_700_000_009_456,
    commandLine: 'python -m "a b" \u001b[31mé\n',
    pid: 0x7fffffff,
    mainThreadId: 0xfffffffffffffffen,
    skippedFrames: 6,
    pythonAllocator: 5,
    tracePythonAllocators: true,
    trackObjectLifetimes: true,
    sitePackages: ['/a', '/b'],
    sysPath: [],
  };

  it.each(ALL_VERSIONS)('of version %i holds what that version writes, and null for the rest', (version) => {
    expect(readCapture(write({ ...fields, version })).decoded.header).toEqual({
      length: write({ ...fields, version, killed: true }).length - writtenRecords(version, fields),
      version,
      pythonVersionHex: version >= 12 ? 0x030e00f0 : null,
      nativeTraces: true,
      layout: 'all',
      records: 1,
      startMs: 1_700_000_000_123,
      endMs: 1_700_000_009_456,
      commandLineCut: 0,
      commandLine: 'python -m "a b" \u001b[31mé\n',
      pid: 0x7fffffff,
      mainThreadId: version >= 9 ? 0xfffffffffffffffen : null,
      skippedFrames: version >= 9 ? 6 : 0,
      pythonAllocator: 'mimalloc',
      tracePythonAllocators: version >= 11 ? true : null,
      trackObjects: version >= 12,
    });
  });

  it("names Python's allocators", () => {
    const names = [0, 1, 2, 3, 4, 5, 6, 200].map((pythonAllocator) => {
      return readCapture(write({ pythonAllocator })).decoded.header.pythonAllocator;
    });
    const known = ['pymalloc', 'pymalloc debug', 'malloc', 'other', 'mimalloc', 'mimalloc debug'];
    expect(names).toEqual(['other', ...known, 'other']);
  });

  it("tells Python's version", () => {
    expect([0x030d05f0, 0x030f00a2, 0x030c00b1, 0x030b00c2, 0x03090cf0].map(pythonVersionOf)).toEqual([
      '3.13.5',
      '3.15.0a2',
      '3.12.0b1',
      '3.11.0rc2',
      '3.9.12',
    ]);
  });

  it('may be longer than a chunk, a block and a block of blocks', () => {
    const commandLine = 'x'.repeat(700_000);
    for (const version of [6, 9, 13]) {
      for (const compression of ['none', { blockBytes: 10_000 }] as const) {
        const bytes = write({ version, commandLine }, compression);
        for (const chunkBytes of [bytes.length, 999, 70_000]) {
          const { header, damage, sites } = readCapture(bytes, { chunkBytes }).decoded;
          expect([header.commandLine.length, header.commandLineCut]).toEqual([65_536, 700_000 - 65_536]);
          expect([damage, sites.length]).toEqual([null, 1]);
        }
      }
    }
  });

  it('may end in zeros that look like the padding of a killed process', () => {
    for (const version of ALL_VERSIONS) {
      const script = parseCapture('capture killed=yes sys_path= site_packages= libdest= allocator=0 padding=4096', {
        version,
      });
      const { header, damage, paddingBytes, sites } = readCapture(encodeCapture(script)).decoded;
      expect([header.version, sites.length]).toEqual([version, 0]);
      expect(damage).toMatchObject({
        kind: 'killed',
        reason: 'the file ends without the end mark of a finished capture',
      });
      expect(damage!.fileOffset + paddingBytes).toBeGreaterThanOrEqual(4096 - 3);
    }
  });
});

/** Bytes of the records behind the header. */
function writtenRecords(version: number, fields: Partial<Fields>): number {
  const header = parseCapture('', { ...fields, version, killed: true }).header;
  const records = parseCapture('thread 1\nmalloc 8 257').records;
  return encodeCapture({ header, records }).length - encodeCapture({ header, records: [] }).length;
}

describe('what is no capture', () => {
  it.each([
    ['text', Buffer.from('hello, world'), 'it starts with "hello, w", not with "memray"'],
    ['almost a capture', Buffer.from('memorial\0'), 'it starts with "memorial", not with "memray"'],
    ['bytes', Buffer.from([0x1f, 0x8b, 8, 1]), 'it starts with bytes 1f 8b 08 01, not with "memray"'],
    ['a single byte', Buffer.from([7]), 'it starts with bytes 07, not with "memray"'],
    ['zeros', new Uint8Array(5000), 'it starts with bytes 00 00 00 00 00 00 00 00, not with "memray"'],
  ])('is named by its first bytes: %s', (_, bytes, message) => {
    for (const chunkBytes of [1, 3, bytes.length]) {
      expect(errorOf(bytes, { chunkBytes })?.[0]).toBe('notCapture');
    }
    expect(errorOf(bytes)).toEqual(['notCapture', message, 0]);
  });

  it('is not even a header when the file is empty or ends inside it', () => {
    expect(errorOf(new Uint8Array(0))).toEqual(['damagedHeader', 'the file ends inside its header', 0]);
    expect(errorOf(write({}).subarray(0, 60))?.slice(0, 2)).toEqual([
      'damagedHeader',
      'the file ends inside its header',
    ]);
    expect(errorOf(Buffer.from('memr'))?.[0]).toBe('damagedHeader');
  });

  it.each([[0], [1], [5], [14], [255], [0x80000000]])('is of a version that nobody knows: %i', (version) => {
    const bytes = patched(7, version & 255, (version >> 8) & 255, (version >> 16) & 255, version >>> 24);
    const found = version | 0;
    expect(errorOf(bytes)).toEqual([
      'unsupportedVersion',
      `header version ${found}; versions 6 to 13 are supported`,
      7,
    ]);
  });

  it('has flags that are neither 0 nor 1, or a layout that nobody knows', () => {
    expect(errorOf(patched(15, 2))).toEqual(['damagedHeader', 'native traces is 2, expected 0 or 1', 15]);
    expect(errorOf(patched(16, 7))).toEqual(['damagedHeader', 'file format 7, expected 0 or 1', 16]);
  });

  it.each([
    [0x7f, 0x7f * 2 ** 56],
    [0xff, -(2 ** 56)],
  ])('has a time that no calendar holds', (highest, time) => {
    expect(errorOf(patched(33, 0, 0, 0, 0, 0, 0, 0, highest))).toEqual([
      'damagedHeader',
      `time ${time} ms is no date`,
      33,
    ]);
  });

  it('has a header without an end', () => {
    for (const filler of ['x', 'x\0']) {
      const bytes = new Uint8Array(18 << 20);
      bytes.set(write({}));
      const from = write({ killed: true }).length - 40;
      for (let at = from; at < bytes.length; at++) bytes[at] = filler.charCodeAt(at % filler.length);
      expect(errorOf(bytes, { chunkBytes: 1 << 16 })?.slice(0, 2)).toEqual([
        'damagedHeader',
        'its header does not end',
      ]);
    }
  });
});
