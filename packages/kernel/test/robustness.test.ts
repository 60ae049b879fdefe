import { editBytes, randomBelow, seedRandom } from '@memscope/fixtures';
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
      let edited: Uint8Array = bytes;
      for (let edits = 1 + randomBelow(random, 4); edits > 0; edits--) edited = editBytes(edited, random);
      readSanely(edited, { chunkBytes: 1 + randomBelow(random, edited.length + 1) });
    }
  });
});
