import { randomBelow, type RandomBits, seedRandom } from '@memscope/fixtures';
import { describe, expect, it } from 'vitest';
import { KernelError } from '../src/index.js';
import { readSanely } from './sane-read.js';
import { SMALL_CAPTURES } from './small-captures.js';

const MUTATIONS = 210;

describe.each(SMALL_CAPTURES)('a capture ($name)', ({ bytes }) => {
  it('is read without damage as it is', () => {
    expect(readSanely(bytes)).toMatchObject({ decoded: { damage: null } });
  });

  it('gives a clean result or a clean error when cut at any byte', () => {
    let results = 0;
    for (let length = 0; length < bytes.length; length++) {
      const read = readSanely(bytes.subarray(0, length));
      // Less than an LZ4 magic number could be anything.
      const expected = length < 4 && bytes[0] === 4 && length > 0 ? 'notCapture' : 'damagedHeader';
      if (read instanceof KernelError) expect(read.code).toBe(expected);
      else results++;
    }
    // Everything behind the header (compressed: behind the block that holds it) leaves a result.
    expect(results).toBeGreaterThan(3);
  });

  it('gives a clean result or a clean error with any byte changed', () => {
    const codes = new Set<string>();
    for (let at = 0; at < bytes.length; at++) {
      // The longer ones take turns.
      const patterns = [0xff, 1 << (at % 8)].filter((_, turn) => bytes.length < 230 || turn === at % 2);
      for (const pattern of patterns) {
        const changed = bytes.slice();
        changed[at]! ^= pattern;
        const read = readSanely(changed);
        codes.add(read instanceof KernelError ? read.code : 'read');
      }
    }
    expect(codes).toContain('read');
    expect(codes).toContain('notCapture');
  });

  it('gives a clean result or a clean error after random edits', () => {
    for (let seed = 1; seed <= MUTATIONS; seed++) {
      const random = seedRandom(seed);
      let edited = bytes.slice();
      for (let edits = 1 + randomBelow(random, 4); edits > 0; edits--) edited = edit(edited, random);
      readSanely(edited, { chunkBytes: 1 + randomBelow(random, edited.length + 1) });
    }
  });
});

const HUGE_VARINT = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
const ENDLESS_VARINT = [...HUGE_VARINT.slice(0, 9), 0x80, 0x80, 0x80];

/** Removes, repeats or inserts a few bytes, or writes zeros, ones, garbage or huge numbers over them. */
function edit(bytes: Uint8Array<ArrayBuffer>, random: RandomBits): Uint8Array<ArrayBuffer> {
  const at = randomBelow(random, bytes.length + 1);
  const length = 1 + randomBelow(random, 1 << randomBelow(random, 6));
  const past = Math.min(bytes.length, at + length);
  const garbage = Array.from({ length }, () => randomBelow(random, 256));
  const over: readonly number[] = [
    [],
    [...bytes.subarray(at, past), ...bytes.subarray(at, past)],
    garbage,
    garbage.map(() => 0),
    garbage.map(() => 0xff),
    HUGE_VARINT,
    ENDLESS_VARINT,
    bytes.subarray(randomBelow(random, bytes.length)),
  ].map((part) => [...part])[randomBelow(random, 8)]!;
  // Half of the edits keep what follows in its place.
  const rest = randomBelow(random, 2) === 0 ? past : Math.min(bytes.length, at + over.length);
  return Uint8Array.from([...bytes.subarray(0, at), ...over, ...bytes.subarray(rest)]);
}
