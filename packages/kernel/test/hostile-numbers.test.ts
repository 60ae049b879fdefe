import { type CaptureHeader, encodeCapture, parseCapture } from '@memscope/fixtures';
import { describe, expect, it } from 'vitest';
import { summarizeRead } from './capture-summary.js';
import { readCapture } from './read-capture.js';
import { problemOf } from './sane-read.js';

/** What stands before the damage in each of these captures. */
const BEFORE = 'thread 1 "main"\npush a a.py:1\nmalloc 0x1000 257\nmemory t=1 rss=300\n';

function write(text: string, header: Partial<CaptureHeader>): Uint8Array<ArrayBuffer> {
  return encodeCapture(parseCapture(text, header), header.version === undefined ? {} : { version: header.version });
}

/** The damage that a line of the capture language does behind `BEFORE`, which must be read as ever. */
function expectDamage(version: number, line: string, reason: string, fields: Partial<CaptureHeader> = {}): void {
  const header = { ...fields, version };
  const before = write(BEFORE, { ...header, killed: true });
  const read = readCapture(write(`${BEFORE}${line}\nmalloc 0x2000 1`, header));
  expect({ line, damage: read.decoded.damage }).toMatchObject({
    line,
    damage: { kind: 'corrupt', reason: `${reason}, in the records` },
  });
  expect(read.decoded.damage?.fileOffset).toBeGreaterThanOrEqual(before.length);
  expect(summarizeRead(read)).toEqual(summarizeRead(readCapture(before)));
  expect(problemOf(read, 1 << 20)).toBeNull();
}

function varint(value: bigint): string {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
    if (rest <= 127n) return hex(bytes);
  }
}

function hex(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

const ENDLESS = 'ff ff ff ff ff ff ff ff ff ff 01';
const LENGTH = 'a length that cannot be true';
const VARINT = 'a number longer than 10 bytes';
const SIZE = 'a size of 2^57 bytes or more, or sizes of 2^62 in all: larger than any address space';
const SEGMENT = 'segments without their header, or a header without its segments';

describe('numbers that cannot be true end the reading where they stand, and what came before stays', () => {
  it('of segments', () => {
    for (const version of [6, 7, 11, 13]) {
      for (const count of [70_000, 0xffffffff, 0xffffffffffffffffn]) {
        expectDamage(version, `segments /lib/c.so load=0 0:16 count=${count}`, LENGTH);
      }
      expectDamage(version, 'segments /lib/c.so load=0 0:16 count=2', SEGMENT);
    }
    expectDamage(13, `bytes 08 ${hex([0, 0, 0, 0, 0, 0, 0, 0, 1])}`, SEGMENT);
    expectDamage(13, 'segments /lib/c.so load=0 count=1\nmaps', SEGMENT);
    expectDamage(13, 'segments /lib/c.so load=0 count=1\npop', SEGMENT);
    expectDamage(11, 'segments /lib/c.so load=0 count=1\nfree 8', SEGMENT);
  });

  it('of bytes in a line table', () => {
    for (const length of [1n << 27n, 1n << 32n, (1n << 64n) - 1n]) {
      expectDamage(13, `bytes 0e 07 66 00 67 00 02 ${varint(length)}`, LENGTH);
    }
    expectDamage(12, `bytes 0e 07 66 00 67 00 02 ${ENDLESS}`, VARINT);
  });

  it('of a code object or an instruction', () => {
    expectDamage(13, `bytes 41 ${ENDLESS}`, VARINT);
    for (const offset of [1n << 31n, 1n << 32n, (1n << 64n) - 1n]) {
      expectDamage(13, `bytes 41 01 ${varint(offset)}`, 'an instruction offset that cannot be true');
    }
  });

  it('of frames popped', () => {
    for (const version of [6, 7, 8, 11, 12, 13]) {
      expectDamage(version, 'pop 2', 'more frames popped than pushed');
      expectDamage(version, 'thread 2\npop 1', 'more frames popped than pushed');
    }
  });

  it('of a size', () => {
    for (const version of [6, 7, 11, 13]) {
      for (const size of [1n << 57n, (1n << 64n) - 1n]) {
        expectDamage(version, `malloc 0x3000 ${size}`, SIZE);
        expectDamage(version, `munmap 0x3000 ${size}`, SIZE);
      }
    }
  });

  it('of all sizes together', () => {
    const large = (1n << 57n) - 1n;
    for (const version of [6, 7, 11, 13]) {
      const lines = Array.from({ length: 100 }, (_, index) => `malloc ${8 * index} ${large}\nfree ${8 * index}`);
      const frees = Array.from({ length: 100 }, () => 'malloc 8 16\nmalloc 8 0x1000000000\nfree 8\nfree 8\nfree 8');
      const { decoded, heap } = readCapture(write(['thread 1', ...frees, ...lines].join('\n'), { version }));
      expect(decoded.damage).toMatchObject({ kind: 'corrupt', reason: `${SIZE}, in the records` });
      expect(heap.usages.totalBytes[0]).toBeLessThan(2 ** 62);
      expect(decoded.sites.temporaryBytes[0]).toBeLessThan(2 ** 62 + 2 ** 57);
      expect(heap.peakBytes).toBeLessThan(2 ** 58);
    }
  });

  it('of memory in use', () => {
    for (const version of [6, 7, 11, 13]) expectDamage(version, `memory t=1 rss=${1n << 57n}`, SIZE);
  });

  it('of a time', () => {
    for (const version of [6, 7, 11, 13]) {
      expectDamage(version, `memory t=${1n << 46n} rss=1`, 'a time more than a thousand years away');
    }
  });

  it('of an allocator', () => {
    const reason = 'an allocator that does not exist';
    expectDamage(13, 'bytes 80 00', reason);
    expectDamage(13, 'bytes 80 10', reason);
    expectDamage(13, 'bytes 80 ff', reason);
    expectDamage(11, 'bytes 01 02', reason);
    expectDamage(
      6,
      `bytes ${hex([1, 0, 0, 0, ...Array.from({ length: 24 }, () => 0), 11, 0, 0, 0])} 00 00 00 00\nzeros 8`,
      reason,
    );
  });

  it('of anything that takes more than 64 bits', () => {
    expectDamage(13, `bytes f9 ${ENDLESS}`, VARINT);
    expectDamage(13, `bytes 82 ${ENDLESS} 80 80 01`, VARINT, { nativeTraces: true });
    expectDamage(13, `bytes 02 01 ${ENDLESS}`, VARINT);
    expectDamage(13, `bytes 05 01 ${ENDLESS}`, VARINT);
    expectDamage(13, `bytes 3f ${ENDLESS} 01`, VARINT);
    expectDamage(11, `bytes 11 ${ENDLESS} 01`, VARINT);
    expectDamage(11, `bytes 04 ${ENDLESS}`, VARINT);
    expectDamage(11, `bytes 03 ${ENDLESS} 00 00 01`, VARINT);
  });
});

describe('bytes with which no record starts', () => {
  it.each([
    [13, [0, 3, 4, 9, 11, 13, 15]],
    [12, [0, 15]],
    [11, [0x00, 0x20, 0x0d, 0x0e, 0x0f, 0xff]],
    [8, [0x00, 0x30, 0x0d]],
    [7, [0x0d, 0xfe]],
  ])('end the reading of version %i where they stand', (version, tokens) => {
    for (const token of tokens) expectDamage(version, `bytes ${hex([token, 1])}`, 'no record starts with this byte');
  });

  it('are words in version 6', () => {
    expectDamage(6, 'bytes 0b 00 00 00', 'no record starts with this byte');
    expectDamage(6, 'bytes 01 00 00 80', 'no record starts with this byte');
  });
});
