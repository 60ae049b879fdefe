import {
  type CaptureScript,
  computeReference,
  encodeCapture,
  makeRandomCapture,
  parseCapture,
} from '@memscope/fixtures';
import { describe, expect, it } from 'vitest';
import { type CaptureSummary, summarizeRead, summarizeReference } from './capture-summary.js';
import { readCapture } from './read-capture.js';
import { SMALL_CAPTURES } from './small-captures.js';

const ALL_TICKS = 100_000;

/** As a killed process leaves it, so that every part of the records is a capture with the same header. */
function killed({ header, records }: CaptureScript): CaptureScript {
  return { header: { ...header, killed: true, endMs: header.startMs }, records };
}

/** Where the first 0, 1, 2, … records end in the file. */
function recordEnds(script: CaptureScript): number[] {
  return Array.from({ length: script.records.length + 1 }, (_, count) => {
    return encodeCapture({ ...script, records: script.records.slice(0, count) }).length;
  });
}

/** Names of threads and objects may be read from a record whose other half is missing. */
function comparable(summary: CaptureSummary): string {
  return JSON.stringify({ ...summary, threadNames: null });
}

function expectedOf(script: CaptureScript, count: number): string {
  const part = { ...script, records: script.records.slice(0, count) };
  return comparable(summarizeReference(computeReference(part), script.header.startMs));
}

/** The number of records that end at or before `offset`; -1 before the header's end. */
function wholeRecords(ends: readonly number[], offset: number): number {
  return ends.findLastIndex((end) => end <= offset);
}

/** Versions from 8 on cut the zeros off before reading; that may cost the last record its last bytes, as in memray. */
function withoutZeros(bytes: Uint8Array, version: number): number {
  let length = bytes.length;
  if (version >= 8) while (length > 0 && bytes[length - 1] === 0) length--;
  return length;
}

describe.each(SMALL_CAPTURES.filter(({ script }) => script.header.layout === 'all'))(
  '$name, as a raw file',
  ({ script }) => {
    const whole = killed(script);
    const bytes = encodeCapture(whole);
    const ends = recordEnds(whole);

    it('says when cut anywhere what the records before the cut say, and where the rest begins', () => {
      for (let length = ends[0]!; length <= bytes.length; length += bytes.length > 500 ? 2 : 1) {
        const part = bytes.subarray(0, length);
        const read = readCapture(part, { maxTicks: ALL_TICKS });
        const known = withoutZeros(part, script.header.version);
        const count = Math.max(0, wholeRecords(ends, known));
        if (comparable(summarizeRead(read)) !== expectedOf(whole, count))
          expect({ length, differs: true }).toEqual({ length });
        const { damage } = read.decoded;
        // Within a record and a page, and without padding, it is no more what the process left.
        const isLeft = damage?.reason !== 'the file ends in the middle of a record' || part.at(-1) === 0;
        expect(damage?.kind).toBe(isLeft ? 'killed' : 'cut');
        expect(damage?.recordOffset).toBe(damage?.fileOffset);
        // Several records of the file can be one of the script: a code object and the frame that needs it.
        expect(damage?.fileOffset).toBeGreaterThanOrEqual(Math.min(known, ends[count]!));
        expect(damage?.fileOffset).toBeLessThanOrEqual(length);
        if (ends.includes(length) && known === length) {
          expect(damage?.fileOffset).toBe(length);
          expect(damage?.reason).toBe('the file ends without the end mark of a finished capture');
        }
      }
    });

    it('says the same with zero padding behind it', () => {
      for (const padding of [1, 3, 64, 4096]) {
        const padded = new Uint8Array(bytes.length + padding);
        padded.set(bytes);
        const read = readCapture(padded, { maxTicks: ALL_TICKS });
        const plain = readCapture(bytes, { maxTicks: ALL_TICKS });
        expect(summarizeRead(read)).toEqual(summarizeRead(plain));
        const { damage, paddingBytes } = read.decoded;
        expect(damage).toMatchObject({ kind: 'killed', reason: plain.decoded.damage?.reason });
        expect(damage!.fileOffset + paddingBytes).toBeGreaterThan(padded.length - 4);
      }
    });
  },
);

describe('a finished capture that was cut', () => {
  const whole = parseCapture('thread 1\npush a a.py:1\nmalloc 0x1000 257\nmalloc 0x2000 257\nmemory t=1 rss=257');

  it.each([6, 7, 8, 9, 10, 11, 12, 13])(
    'is never taken for a whole one, nor for that of a killed process (version %i)',
    (version) => {
      const script = { ...whole, header: { ...whole.header, version } };
      const bytes = encodeCapture(script);
      const ends = recordEnds({ ...script, header: { ...script.header, killed: true } });
      // Behind the last allocation, versions 6 and 7 have nothing that would be missed.
      const last = version <= 7 ? ends[3]! : bytes.length - 1;
      for (let length = ends[0]!; length < last; length++) {
        const { damage } = readCapture(bytes.subarray(0, length)).decoded;
        expect(damage).toMatchObject({ kind: 'cut' });
        expect(damage?.fileOffset).toBeLessThanOrEqual(length);
      }
      expect(readCapture(bytes).decoded.damage).toBeNull();
    },
  );

  it('says of versions 6 and 7 that records are missing', () => {
    for (const version of [6, 7]) {
      const script = { ...whole, header: { ...whole.header, version } };
      const ends = recordEnds({ ...script, header: { ...script.header, killed: true } });
      expect(readCapture(encodeCapture(script).subarray(0, ends[3])).decoded.damage).toEqual({
        kind: 'cut',
        fileOffset: ends[3],
        recordOffset: ends[3],
        reason: 'the file ends before the last of the records that its header counts',
      });
    }
  });
});

describe('a compressed capture that was cut', () => {
  const BLOCK_BYTES = 90;
  const script = killed(makeRandomCapture({ seed: 9, records: 120, version: 11 }));
  const bytes = encodeCapture(script, { compression: { blockBytes: BLOCK_BYTES } });
  const ends = recordEnds(script);

  it('says what the records in its whole blocks say, or more, and where the rest begins', () => {
    const view = new DataView(bytes.buffer);
    const content = encodeCapture(script).length;
    let blockStart = 0;
    let nextBlock = 7;
    let blocks = 0;
    for (let length = 7; length < bytes.length; length += 3) {
      while (nextBlock + 4 <= length && nextBlock + 4 + (view.getUint32(nextBlock, true) & 0x7fffffff) <= length) {
        const blockBytes = view.getUint32(nextBlock, true) & 0x7fffffff;
        if (blockBytes === 0) break;
        blockStart = nextBlock;
        nextBlock += 4 + blockBytes;
        blocks++;
      }
      const known = Math.min(blocks * BLOCK_BYTES, content);
      if (known < ends[0]!) continue;
      const read = readCapture(bytes.subarray(0, length), { maxTicks: ALL_TICKS });
      const { damage } = read.decoded;
      expect(damage).toMatchObject({ kind: 'cut', reason: 'the compressed file ends in the middle of a frame' });
      // The first bytes of a block that was cut are not lost, either: then all of the file was read.
      expect([blockStart, length]).toContain(damage?.fileOffset);
      const count = wholeRecords(ends, damage!.recordOffset);
      if (comparable(summarizeRead(read)) !== expectedOf(script, count))
        expect({ length, differs: true }).toEqual({ length });
      expect(damage?.recordOffset).toBeGreaterThanOrEqual(ends[wholeRecords(ends, known)]!);
      expect(damage?.recordOffset).toBeLessThanOrEqual(known + (damage?.fileOffset === length ? BLOCK_BYTES : 0));
    }
  });

  it('is told from one of which only the end of the frame is missing, or padding, too', () => {
    const header = { ...script.header, killed: false, padding: 4096 };
    const finished = encodeCapture({ ...script, header }, { compression: 'lz4' });
    for (const missing of [1, 2, 3, 4, 5, 6, 9]) {
      expect(readCapture(finished.subarray(0, finished.length - missing)).decoded.damage).toMatchObject({
        kind: 'cut',
        reason: 'the end of the compressed file is missing; all records are there',
      });
    }
  });
});
