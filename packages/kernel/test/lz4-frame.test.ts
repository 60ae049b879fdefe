import { encodeCapture, parseCapture, xxh32 } from '@memscope/fixtures';
import { describe, expect, it } from 'vitest';
import { KernelError, type RawDamage } from '../src/index.js';
import { concat, END_MARK, FLAGS, frameStart, packedBlock, skippable, storedBlock, word } from './lz4-parts.js';
import { type CaptureRead, readCapture } from './read-capture.js';

const TEXT = 'thread 1 "main"\npush a a.py:1\nmalloc 0x1000 257\npush b a.py:2\nmalloc 0x2000 1\nmemory t=1 rss=300';
const CAPTURE = encodeCapture(parseCapture(TEXT));
/** The header and the first records; the rest. */
const HEAD = CAPTURE.subarray(0, encodeCapture(parseCapture('capture killed=yes')).length + 50);
const TAIL = CAPTURE.subarray(HEAD.length);
const START = frameStart();

function readParts(...parts: readonly Uint8Array[]): CaptureRead {
  return readCapture(concat(...parts));
}

function damageOf(...parts: readonly Uint8Array[]): RawDamage | null {
  return readParts(...parts).decoded.damage;
}

function errorOf(...parts: readonly Uint8Array[]): { code: string; message: string } | null {
  try {
    readParts(...parts);
    return null;
  } catch (error) {
    if (error instanceof KernelError) return { code: error.code, message: error.message };
    throw error;
  }
}

function corrupt(fileOffset: number, reason: string): object {
  return { kind: 'corrupt', fileOffset, reason: `${reason}, in the compressed file` };
}

const BAD_BLOCK = 'an LZ4 block that is not valid';
const BAD_HEADER = 'an LZ4 frame header that is not valid';
const BAD_CHECKSUM = 'an LZ4 checksum that does not match';
const BAD_SIZE = 'an LZ4 frame of another size than its header says';

describe('LZ4 frames', () => {
  it('may be put together in any legal way', () => {
    expect(damageOf(START, storedBlock(CAPTURE), END_MARK)).toBeNull();
    expect(damageOf(START, storedBlock(HEAD), storedBlock(TAIL), END_MARK)).toBeNull();
    expect(damageOf(START, storedBlock(HEAD), END_MARK, START, storedBlock(TAIL), END_MARK)).toBeNull();
    expect(damageOf(START, END_MARK, skippable(HEAD), START, storedBlock(CAPTURE), END_MARK)).toBeNull();
    expect(damageOf(skippable(new Uint8Array(0)), START, storedBlock(CAPTURE), END_MARK)).toBeNull();
    expect(damageOf(START, packedBlock([0]), storedBlock(CAPTURE), END_MARK)).toBeNull();
    for (const blockSize of [0x40, 0x50, 0x60, 0x70]) {
      expect(damageOf(frameStart(FLAGS.version, blockSize), storedBlock(CAPTURE), END_MARK)).toBeNull();
    }
  });

  it('in which the capture ends are checked up to their end; what stands behind them is not', () => {
    const sized = frameStart(FLAGS.version | FLAGS.contentChecksum, 0x40);
    const end = concat(END_MARK, word(xxh32(CAPTURE)));
    for (const rest of ['', '\n', 'end', 'some text', '\x04"M\x18', '\x04"M\x18garbage']) {
      expect(damageOf(sized, storedBlock(CAPTURE), end, Buffer.from(rest, 'latin1'))).toBeNull();
    }
    const wrong = concat(END_MARK, word(1));
    const offset = sized.length + 4 + CAPTURE.length + 4;
    expect(damageOf(sized, storedBlock(CAPTURE), wrong)).toMatchObject(corrupt(offset, BAD_CHECKSUM));
  });

  it('give the same whatever stands behind them and in whatever chunks it comes', () => {
    const file = concat(START, storedBlock(CAPTURE), END_MARK, START, storedBlock(HEAD), Uint8Array.of(1, 2, 3, 4, 5));
    const whole = readCapture(file);
    for (let chunkBytes = 1; chunkBytes < file.length; chunkBytes++) {
      expect(readCapture(file, { chunkBytes }).decoded.damage).toEqual(whole.decoded.damage);
    }
  });

  it('whose checksums are wrong keep what came before', () => {
    const checked = frameStart(FLAGS.version | FLAGS.blockChecksum);
    const [first, second] = [storedBlock(HEAD), storedBlock(TAIL)];
    const good = damageOf(checked, first, word(xxh32(HEAD)), second, word(xxh32(TAIL)), END_MARK);
    expect(good).toBeNull();
    const read = readParts(checked, first, word(xxh32(HEAD)), second, word(1), END_MARK);
    const secondAt = checked.length + first.length + 4;
    expect(read.decoded.damage).toMatchObject(corrupt(secondAt, BAD_CHECKSUM));
    expect(read.decoded.damage?.recordOffset).toBeLessThanOrEqual(HEAD.length);
    expect(read.decoded.sites.length).toBe(readParts(START, storedBlock(HEAD), END_MARK).decoded.sites.length);
    expect(errorOf(checked, first, word(1), second)).toEqual({ code: 'damagedHeader', message: BAD_CHECKSUM });
  });

  it('whose content size is wrong are damaged at their end', () => {
    const flags = FLAGS.version | FLAGS.contentSize;
    const size = BigInt(CAPTURE.length);
    expect(damageOf(frameStart(flags, 0x40, size), storedBlock(CAPTURE), END_MARK)).toBeNull();
    for (const wrong of [0n, size - 1n, size + 1n, 0xffffffffffffffffn]) {
      const at = 15 + 4 + CAPTURE.length;
      const damage = damageOf(frameStart(flags, 0x40, wrong), storedBlock(CAPTURE), END_MARK);
      expect(damage).toMatchObject(corrupt(at, BAD_SIZE));
    }
  });

  it.each([
    ['a wrong checksum', Uint8Array.from(START, (byte, at) => (at === 6 ? byte ^ 1 : byte))],
    ['a reserved bit', frameStart(FLAGS.version | FLAGS.reserved)],
    ['another version', frameStart(0x80)],
    ['no version', frameStart(0)],
    ['a reserved bit beside the block size', frameStart(FLAGS.version, 0xc0)],
    ['reserved bits behind the block size', frameStart(FLAGS.version, 0x48)],
    ['a block size that does not exist', frameStart(FLAGS.version, 0x30)],
  ])('with %s in their header are damaged', (_, start) => {
    expect(errorOf(start, storedBlock(CAPTURE), END_MARK)).toEqual({ code: 'damagedHeader', message: BAD_HEADER });
    const secondAt = START.length + 4 + HEAD.length + 4;
    expect(damageOf(START, storedBlock(HEAD), END_MARK, start, storedBlock(TAIL), END_MARK)).toMatchObject(
      corrupt(secondAt, BAD_HEADER),
    );
  });

  it('that need a dictionary are not read, and say so', () => {
    const start = frameStart(FLAGS.version | FLAGS.dictionary);
    const message = 'an LZ4 frame that needs a dictionary';
    expect(errorOf(start, storedBlock(CAPTURE), END_MARK)).toEqual({ code: 'damagedHeader', message });
  });

  it('followed by something else before the capture ends are damaged there', () => {
    const at = START.length + 4 + HEAD.length + 4;
    expect(damageOf(START, storedBlock(HEAD), END_MARK, Buffer.from('something else'))).toMatchObject(
      corrupt(at, 'neither an LZ4 frame nor the end of the file'),
    );
  });

  it('that only skip, or hold nothing, are no capture', () => {
    const message = 'the file ends inside its header';
    expect(errorOf(skippable(HEAD))).toEqual({ code: 'damagedHeader', message });
    expect(errorOf(skippable(HEAD, 0xffffffff))).toEqual({ code: 'damagedHeader', message });
    expect(errorOf(START, END_MARK)).toEqual({ code: 'damagedHeader', message });
  });
});

describe('LZ4 blocks', () => {
  const at = START.length + 4 + HEAD.length;
  const independent = frameStart(FLAGS.version | FLAGS.independent);

  it.each([
    ['a match from 0 bytes back', [0x10, 1, 0, 0, 0x10, 1]],
    ['a match from before the start of the frame', [0x10, 1, 0xff, 0xff, 0x10, 1]],
    ['more literals than it has', [0xf0, 255, 255, 255, 0]],
    ['a length without an end', [0xf0, 255, 255, 255]],
    ['a match length without an end', [0x1f, 1, 1, 0, 255, 255]],
    ['half an offset', [0x10, 1, 1]],
    ['a match at its end', [0x14, 1, 1, 0]],
    ['a match longer than a block', [0x1f, 1, 1, 0, ...Array.from({ length: 300 }, () => 255), 0, 0x10, 1]],
    ['a token alone that wants a literal', [0x10]],
  ])('with %s are damaged, and what came before stays', (_, bytes) => {
    const read = readParts(START, storedBlock(HEAD), packedBlock(bytes), END_MARK);
    expect(read.decoded.damage).toMatchObject(corrupt(at, BAD_BLOCK));
    expect(read.decoded.sites.length).toBe(readParts(START, storedBlock(HEAD), END_MARK).decoded.sites.length);
  });

  it.each([
    ['its header stands before it', HEAD.length],
    ['its header stands within it', 0],
  ])(
    'give what they say before the place where they are not valid, where a capture is read of which %s',
    (_, start) => {
      const known = CAPTURE.subarray(0, CAPTURE.length - 3);
      const literals = known.subarray(start);
      const [full, rest] = [Math.floor((literals.length - 15) / 255), (literals.length - 15) % 255];
      const lengths = [0xf0, ...Array.from({ length: full }, () => 255), rest];
      const block = packedBlock([...lengths, ...literals, 0, 0]);
      const before = start === 0 ? START : concat(START, storedBlock(known.subarray(0, start)));
      const read = readParts(before, block, END_MARK);
      expect(read.decoded.damage).toMatchObject(corrupt(before.length, BAD_BLOCK));
      expect(read.decoded.recordsByAllocator).toEqual(readCapture(known).decoded.recordsByAllocator);
      expect(read.heap.peakBytes).toBe(258);
    },
  );

  it('reach back into the blocks before, but not where those are independent, and never into another frame', () => {
    // Repeats 20 bytes of the command line that stand 100 bytes back; then a literal that no record starts with.
    const block = packedBlock([0x0f, 100, 0, 1, 0x10, 0]);
    expect(damageOf(START, storedBlock(HEAD), block, END_MARK)?.reason).not.toContain(BAD_BLOCK);
    expect(damageOf(independent, storedBlock(HEAD), block, END_MARK)).toMatchObject(corrupt(at, BAD_BLOCK));
    const inNext = START.length + 4 + HEAD.length + 4 + START.length;
    expect(damageOf(START, storedBlock(HEAD), END_MARK, START, block)).toMatchObject(corrupt(inNext, BAD_BLOCK));
  });

  it('larger than their frame allows are damaged', () => {
    for (const [blockSize, limit] of [
      [0x40, 1 << 16],
      [0x50, 1 << 18],
    ] as const) {
      const start = frameStart(FLAGS.version, blockSize);
      const long = new Uint8Array(limit + 1);
      expect(damageOf(start, storedBlock(HEAD), word(limit + 1), long)).toMatchObject(corrupt(at, BAD_BLOCK));
      expect(damageOf(start, storedBlock(HEAD), word(limit + 1 + 0x80000000), long)).toMatchObject(
        corrupt(at, BAD_BLOCK),
      );
    }
  });
});
