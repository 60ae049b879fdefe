/** A compressed file that ends inside a block: what the block's first bytes say is not lost. */
import { encodeCapture, makeRandomCapture, type FrameOptions } from '@memscope/fixtures';
import { describe, expect, it } from 'vitest';
import { readCapture } from './read-capture.js';

// Version 7: from 8 on, zeros at the end of a raw capture are cut off, and with them the last bytes of some records.
const script = makeRandomCapture({ seed: 11, records: 400, version: 7 });
const raw = encodeCapture(script);

function recordsOf(bytes: Uint8Array): number {
  return readCapture(bytes).decoded.recordsByAllocator.reduce((sum, count) => sum + count, 0);
}

/** Records that the first bytes of the raw capture hold, by their number. */
function recordsWithin(length: number): number {
  return recordsOf(raw.subarray(0, length));
}

describe.each<[string, FrameOptions]>([
  ['a compressed block', {}],
  ['a block that is not compressed', { stored: 'all' }],
])('a capture cut inside %s', (_, frame) => {
  const bytes = encodeCapture(script, { compression: frame });
  const cuts = Array.from({ length: 24 }, (__, index) => Math.floor((bytes.length * (index + 8)) / 34));

  it('keeps more records the later it was cut, and names the cut', () => {
    const counts = cuts.map((length) => recordsOf(bytes.subarray(0, length)));
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(counts[0]).toBeLessThan(counts.at(-1)!);
    for (const length of cuts) {
      expect(readCapture(bytes.subarray(0, length)).decoded.damage).toMatchObject({ kind: 'cut', fileOffset: length });
    }
  });

  it('says of the part that was inflated what the same part says as a raw capture', () => {
    for (const length of cuts) {
      const { damage } = readCapture(bytes.subarray(0, length)).decoded;
      const known = recordsOf(bytes.subarray(0, length));
      expect(known).toBe(recordsWithin(damage!.recordOffset));
    }
  });
});
