import { makeRandomCapture } from '@memscope/fixtures';
import { describe, it } from 'vitest';
import { expectReference } from './expect-reference.js';

const VERSIONS = [6, 7, 8, 9, 10, 11, 12, 13];
const SEEDS = 24;

/** Seeds alternate between raw and compressed, and go through the thresholds of temporary allocations. */
describe.each(VERSIONS)('random captures of version %i give what the reference model gives', (version) => {
  for (const nativeTraces of [false, true]) {
    it(`${nativeTraces ? 'with' : 'without'} native stacks`, () => {
      for (let seed = 1; seed <= SEEDS; seed++) {
        const script = makeRandomCapture({ seed: seed * 31 + version, records: 300, version, nativeTraces });
        const compression = seed % 2 === 0 ? 'lz4' : 'none';
        expectReference(script, { name: `seed ${seed}`, compression, temporaryThreshold: seed % 7 });
      }
    });
  }
});

describe('long random captures give what the reference model gives', () => {
  it.each([6, 9, 11, 13])('of version %i', (version) => {
    for (let seed = 1; seed <= 3; seed++) {
      expectReference(makeRandomCapture({ seed: 1000 + seed, records: 2500, version, nativeTraces: true }));
    }
  });
});
