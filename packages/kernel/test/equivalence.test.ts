import { readFileSync } from 'node:fs';
import {
  type CaptureScript,
  encodeCapture,
  findCapture,
  FRAME_VARIANTS,
  makeRandomCapture,
  parseCapture,
} from '@memscope/fixtures';
import { describe, expect, it } from 'vitest';
import { fingerprint } from './fingerprint.js';
import { readCapture } from './read-capture.js';
import { SMALL_CAPTURES } from './small-captures.js';

const CHUNKS = [1, 2, 3, 7, 64, 4096];

const REAL = [
  'munmap-v6',
  'extras-v7',
  'fork-v8',
  'mixed-v9',
  'mixed-v11',
  'mixed-native-v13',
  'mixed-agg-native-v10',
  'objects-agg-v13',
  'mixed-raw-v13',
  'killed-v7',
  'killed-v13',
];

const captures: [string, Uint8Array][] = [
  ...SMALL_CAPTURES.map(({ name, bytes }): [string, Uint8Array] => [name, bytes]),
  ...REAL.map((name): [string, Uint8Array] => [name, readFileSync(findCapture(name).path)]),
];

describe.each(captures)('%s gives the same', (_, bytes) => {
  const whole = fingerprint(readCapture(bytes));

  it('in chunks of any size', () => {
    for (const chunkBytes of CHUNKS)
      expect([chunkBytes, fingerprint(readCapture(bytes, { chunkBytes }))]).toEqual([chunkBytes, whole]);
  });
});

describe('a damaged capture gives the same in chunks of any size', () => {
  it.each(SMALL_CAPTURES.map(({ name, bytes }): [string, Uint8Array] => [name, bytes]))('%s', (_, bytes) => {
    // Behind the header of each, every 13th byte changed, and the file cut there; zeros behind it are padding or damage.
    for (let at = 190; at < bytes.length; at += 13) {
      const changed = bytes.slice();
      changed[at]! ^= 0xa5;
      const padded = new Uint8Array(at + 50);
      padded.set(bytes.subarray(0, at));
      for (const damaged of [changed, padded, bytes.subarray(0, at)]) {
        expect(outcomeOf(damaged, 1)).toBe(outcomeOf(damaged));
        expect(outcomeOf(damaged, 7)).toBe(outcomeOf(damaged));
      }
    }
  });
});

function outcomeOf(bytes: Uint8Array, chunkBytes = bytes.length): string {
  try {
    return fingerprint(readCapture(bytes, { chunkBytes }));
  } catch (error) {
    return String(error);
  }
}

/** Several frames and blocks of a few hundred bytes each, and one that crosses the 64 KiB blocks. */
const scripts: [string, CaptureScript][] = [
  ['a random capture of version 13', makeRandomCapture({ seed: 1, records: 1500, nativeTraces: true })],
  ['a random capture of version 9', makeRandomCapture({ seed: 2, records: 1500, version: 9 })],
  ['a random capture of version 7', makeRandomCapture({ seed: 3, records: 1500, version: 7 })],
  ['a capture of 300 kB', parseCapture(`thread 1\n${longText()}`, { version: 12 })],
];

function longText(): string {
  const lines: string[] = [];
  for (let index = 0; index < 3000; index++) {
    lines.push(
      `push "function_${index * 7919}" "/a/rather/long/folder/for/a/module/${index % 50}/module.py":${index % 900}`,
    );
    lines.push(`malloc ${8 * (index % 600)} ${index}`, index % 3 === 0 ? 'pop' : '');
  }
  return lines.join('\n');
}

describe.each(scripts)('%s gives the same', (_, script) => {
  const raw = fingerprint(readCapture(encodeCapture(script)), { recordsOnly: true });

  it.each(Object.entries(FRAME_VARIANTS))('compressed with %s', (__, compression) => {
    const bytes = encodeCapture(script, { compression });
    for (const chunkBytes of [bytes.length, 1000, 5]) {
      const read = readCapture(bytes, { chunkBytes });
      expect(read.decoded).toMatchObject({ compressed: true, damage: null });
      expect(fingerprint(read, { recordsOnly: true })).toBe(raw);
    }
  });
});
