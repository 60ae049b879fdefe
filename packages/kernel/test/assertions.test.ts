/** The asserting build over all that is at hand: it traps at planted faults, and else says what the usual one says. */
import { readFileSync } from 'node:fs';
import { listCaptures } from '@memscope/fixtures';
import { afterEach, expect, it } from 'vitest';
import { KernelError } from '../src/index.js';
import { compileAsserting, useAssertingBuild, useUsualBuild } from './asserting-build.js';
import { fingerprint } from './fingerprint.js';
import { readCorpus } from './fuzz/corpus.js';
import { fileOf, seeds } from './fuzz/inputs.js';
import { readCapture } from './read-capture.js';

const CHUNK_BYTES = 4093;
/** Longer captures show nothing else, and take longer. */
const MOST_BYTES = 30_000;

afterEach(useUsualBuild);

function read(bytes: Uint8Array): string {
  try {
    return fingerprint(readCapture(bytes, { chunkBytes: CHUNK_BYTES }));
  } catch (error) {
    if (error instanceof KernelError && error.code !== 'limit') return error.code;
    throw error;
  }
}

it(
  'a build with assertions traps where a block of memory, or a row, is used beyond its bounds',
  { timeout: 60_000 },
  () => {
    const planted = compileAsserting('assembly/planted/index.ts');
    const endings = WebAssembly.Module.exports(planted)
      .filter(({ kind }) => kind === 'function')
      .map(({ name }) => {
        const fault = new WebAssembly.Instance(planted).exports[name] as () => void;
        try {
          fault();
          return [name, 'fine'];
        } catch (error) {
          return [name, error instanceof WebAssembly.RuntimeError ? 'traps' : String(error)];
        }
      });
    expect(Object.fromEntries(endings)).toEqual({
      nothing: 'fine',
      writeBehindBlock: 'traps',
      writeBeforeBlock: 'traps',
      writeToFreedBlock: 'traps',
      freeTwice: 'traps',
      freeAnotherSize: 'traps',
      readRowThatIsNotThere: 'traps',
    });
  },
);

it(
  'and says the same as the usual one of every input that once did something new, and of small captures',
  { timeout: 120_000 },
  () => {
    const captures = listCaptures().map(({ path }) => readFileSync(path));
    const inputs = [
      ...captures.filter(({ length }) => length < MOST_BYTES),
      ...[...seeds(), ...readCorpus()].map(fileOf),
    ];
    const usual = inputs.map(read);
    useAssertingBuild();
    for (const [at, bytes] of inputs.entries()) expect([at, read(bytes)]).toEqual([at, usual[at]]);
  },
);
