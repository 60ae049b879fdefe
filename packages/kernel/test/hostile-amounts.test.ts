import {
  ByteSink,
  type CaptureHeader,
  encodeCapture,
  EncoderAggregated,
  parseCapture,
  seedRandom,
} from '@memscope/fixtures';
import { describe, expect, it } from 'vitest';
import { CaptureReader, KernelError } from '../src/index.js';
import { type CaptureRead, readCapture } from './read-capture.js';

function write(text: string, header: Partial<CaptureHeader>): Uint8Array<ArrayBuffer> {
  return encodeCapture(parseCapture(text, header), header.version === undefined ? {} : { version: header.version });
}

describe('a few bytes that ask for much', () => {
  const limit = (megabytes: number, read: CaptureRead): void => expect(read.memoryBytes).toBeLessThan(megabytes << 20);

  /** Bytes repeated behind a header and a thread. */
  function repeated(
    version: number,
    pattern: readonly number[],
    times: number,
    text = 'thread 1',
  ): Uint8Array<ArrayBuffer> {
    const head = write(text, { version, killed: true });
    const bytes = new Uint8Array(head.length + pattern.length * times);
    bytes.set(head);
    for (let at = 0; at < times; at++) bytes.set(pattern, head.length + pattern.length * at);
    return bytes;
  }

  it.each([
    [13, [0x41, 1, 2]],
    [11, [0x04, 2]],
  ])('by pushing 1.2 million frames get them: Python allows that (version %i)', (version, push) => {
    const read = readCapture(repeated(version, push, 1_200_000));
    expect(read.decoded.damage?.kind).toBe('killed');
    expect(read.decoded.stacks.length).toBe(1_200_001);
    limit(280, read);
  });

  it('by switching threads get the threads', () => {
    const switches = Array.from({ length: 20_000 }, (_, tid) => `thread ${tid * 7919}\npush a a.py:1`).join('\n');
    const read = readCapture(write(switches, { version: 13 }));
    expect(read.decoded.threads.length).toBeGreaterThanOrEqual(20_000);
    limit(48, read);
  });

  it('by a name without an end get no more than 16 MiB of it', () => {
    for (const version of [6, 11, 13]) {
      const name = version === 6 ? [9, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0] : [10];
      const head = write('thread 1\nmalloc 8 257', { version, killed: true });
      const bytes = new Uint8Array(20 << 20).fill(0x61);
      bytes.set(head);
      bytes.set(name, head.length);
      const read = readCapture(bytes, { chunkBytes: 1 << 18 });
      expect(read.decoded.damage).toMatchObject({
        kind: 'corrupt',
        fileOffset: head.length,
        reason: 'a length that cannot be true, in the records',
      });
      expect(read.decoded.sites.length).toBe(1);
      limit(160, read);
    }
  });

  it('by a name in blocks of a few bytes do not have it read from its start for each', () => {
    const name = 'n'.repeat(1_500_000);
    const bytes = encodeCapture(parseCapture(`capture command=${name}\nthread 1 "${name}"\nmalloc 8 1`), {
      compression: { blockBytes: 3 },
    });
    for (const chunkBytes of [bytes.length, 100]) {
      const { damage, header, strings } = readCapture(bytes, { chunkBytes }).decoded;
      expect([damage, strings.length]).toEqual([null, 2]);
      expect([header.commandLine.length, header.commandLineCut]).toEqual([65_536, 1_500_000 - 65_536]);
    }
  });

  it.each([
    ['nothing but how a capture begins', 4],
    ['all but the last byte', -1],
  ])('with zeros behind them that never end are given up: %s', (_, length) => {
    const capture = write('thread 1 "main"\npush a a.py:1\nmalloc 8 257\nmemory t=1 rss=300', { killed: true });
    const reader = new CaptureReader();
    let more = reader.feed(capture.subarray(0, length));
    let zeros = 0;
    for (const chunk = new Uint8Array(1 << 24); more && zeros < 1 << 30; zeros += chunk.length)
      more = reader.feed(chunk);
    expect(zeros).toBeLessThanOrEqual((1 << 28) + (1 << 25));
    expect(reader.memoryBytes).toBeLessThan(100 << 20);
    if (length < 0) expect(reader.read().decoded).toMatchObject({ damage: { kind: 'killed' }, paddingBytes: zeros });
    else expect(() => reader.read()).toThrow(KernelError);
  });

  it('by compressing one record 250 times over get its memory once', () => {
    const records = repeated(13, [0x85], 8 << 20);
    const bytes = encodeCapture(parseCapture('capture killed=yes'), { compression: 'lz4' });
    expect(bytes.length).toBeLessThan(300);
    const head = write('thread 1', { version: 13, killed: true });
    const script = parseCapture('capture killed=yes\nthread 1');
    const bomb = encodeCapture(
      { ...script, records: [...script.records, { kind: 'bytes', bytes: records.subarray(head.length) }] },
      { compression: 'lz4' },
    );
    expect(bomb.length).toBeLessThan(50_000);
    const read = readCapture(bomb);
    expect(read.decoded.recordsByAllocator[5]).toBe(8 << 20);
    limit(16, read);
  });

  it('by a line table of half a megabyte and an instruction for each of its bytes do not have it walked for each', () => {
    for (const python of [0x030900f0, 0x030a00f0, 0x030d00f0]) {
      const length = 1 << 19;
      // One line further with each entry.
      const entry = python >= 0x030b0000 ? [0xe8, 2] : [1, 1];
      const table = Uint8Array.from({ length }, (_, at) => entry[at % 2]!);
      const head = encodeCapture(parseCapture('capture killed=yes\nthread 1', { pythonVersion: python }));
      const pushes: number[] = [];
      for (let offset = 0; offset < 100_000; offset++) {
        const zigzag = 20 * offset;
        pushes.push(0x41, 7, (zigzag & 127) | 128, ((zigzag >> 7) & 127) | 128, zigzag >> 14, 0x10);
      }
      const code = [14, 7, 0x66, 0, 0x67, 0, 2, (length & 127) | 128, ((length >> 7) & 127) | 128, length >> 14];
      const bytes = new Uint8Array(head.length + code.length + length + pushes.length);
      bytes.set(head);
      bytes.set(code, head.length);
      bytes.set(table, head.length + code.length);
      bytes.set(pushes, head.length + code.length + length);
      const read = readCapture(bytes);
      expect(read.decoded.damage?.kind).toBe('killed');
      expect(read.decoded.frames.length).toBeGreaterThan(10_000);
      limit(128, read);
    }
  });

  it('by aggregated traces on one another do not have each walked to its root', () => {
    const count = 60_000;
    const sink = new ByteSink();
    sink.raw(write('capture skip=1 main_tid=1', { version: 11, layout: 'aggregated', killed: true }));
    const encoder = new EncoderAggregated(11, false, seedRandom(1));
    encoder.frame(0, 'a', 'a.py', 1, true);
    const row = { tid: 1, allocator: 'malloc', native: 0, generation: 0, peakCount: 1, peakBytes: 1 } as const;
    for (let parent = 0; parent < count; parent++) {
      encoder.row({ ...row, trace: encoder.trace(0, parent), leakedCount: 0, leakedBytes: 0 });
    }
    encoder.trailer();
    encoder.writeTo(sink);
    const read = readCapture(sink.bytes());
    expect(read.decoded.sites.length).toBe(count);
    limit(64, read);
  });

  it('by mappings upon each other that are cut again and again are given up', () => {
    const lines = ['thread 1'];
    for (let mapping = 0; mapping < 2500; mapping++) lines.push('mmap 0x10000 0x10000000');
    for (let cut = 0; cut < 2500; cut++) lines.push(`munmap ${0x20000 + 4096 * cut} 2048`);
    const bytes = write(lines.join('\n'), { version: 13 });
    let error: unknown = null;
    try {
      readCapture(bytes);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(KernelError);
    expect(error).toMatchObject({ code: 'limit' });
  });
});
