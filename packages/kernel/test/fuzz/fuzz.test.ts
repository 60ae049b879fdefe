/**
 * Replays the corpus; with `npm run fuzz -- --minutes N` it goes on from there, in a build with assertions. Guided by
 * behaviour: an input that brings something new joins those that are changed further. What breaks a rule is written to a
 * file and fails. Beside it, random records against the slow model.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeRandomCapture, randomBelow, seedRandom } from '@memscope/fixtures';
import { afterEach, expect, it } from 'vitest';
import { useAssertingBuild, useUsualBuild } from '../asserting-build.js';
import { expectReference } from '../expect-reference.js';
import { observe } from './behaviour.js';
import { minimised, readCorpus, writeCorpus } from './corpus.js';
import { fileOf, mutate, seeds, type FuzzInput } from './inputs.js';

const MINUTES = Number(process.env['MEMSCOPE_FUZZ_MINUTES'] ?? 0);
const SEED = Number(process.env['MEMSCOPE_FUZZ_SEED'] ?? Date.now() % 0x7fffffff);
const CHUNK_BYTES = 61;
/** Of the minutes, for the slow model. */
const MODEL_SHARE = 0.2;

afterEach(useUsualBuild);

it(
  'every input that once did something new is read within its budget, and its numbers add up',
  { timeout: 120_000 },
  () => {
    const inputs = [...seeds(), ...readCorpus()];
    expect(inputs.length).toBeGreaterThan(seeds().length);
    for (const input of inputs) {
      const file = fileOf(input);
      expect({
        input: Buffer.from(file).toString('base64'),
        problem: observe(file, CHUNK_BYTES).problem,
      }).toMatchObject({
        problem: null,
      });
    }
  },
);

it.runIf(MINUTES > 0)('nothing that is made of them breaks a rule', { timeout: (MINUTES + 5) * 60_000 }, () => {
  useAssertingBuild();
  const random = seedRandom(SEED);
  const seen = new Set<string>();
  const pool: FuzzInput[] = [];
  const take = (input: FuzzInput): void => {
    const file = fileOf(input);
    const { words, problem } = observe(file, 1 + randomBelow(random, file.length + 1));
    if (problem !== null) {
      const path = join(mkdtempSync(join(tmpdir(), 'memscope-fuzz-')), 'input.bin');
      writeFileSync(path, file);
      expect.fail(`${problem}: ${path} (seed ${SEED})`);
    }
    if (words.every((word) => seen.has(word))) return;
    for (const word of words) seen.add(word);
    pool.push(input);
  };
  for (const input of [...seeds(), ...readCorpus()]) take(input);
  const end = Date.now() + (1 - MODEL_SHARE) * MINUTES * 60_000;
  let count = 0;
  while (Date.now() < end) {
    const pick = (): FuzzInput => pool[randomBelow(random, pool.length)]!;
    take(mutate(pick(), pick(), random));
    count++;
  }
  writeCorpus(minimised(pool, (input) => observe(fileOf(input), CHUNK_BYTES).words));
  process.stderr.write(
    `fuzz: ${count} inputs, ${seen.size} behaviours, seed ${SEED}; corpus: ${readCorpus().length}\n`,
  );
});

it.runIf(MINUTES > 0)('random records say what the slow model says', { timeout: (MINUTES + 5) * 60_000 }, () => {
  useAssertingBuild();
  const random = seedRandom(SEED);
  const end = Date.now() + MODEL_SHARE * MINUTES * 60_000;
  let count = 0;
  for (; Date.now() < end; count++) {
    const seed = random();
    const version = 6 + randomBelow(random, 8);
    const records = 20 + randomBelow(random, 600);
    const script = makeRandomCapture({ seed, version, records, nativeTraces: randomBelow(random, 2) === 0 });
    expectReference(script, {
      name: `seed ${seed}, version ${version}, ${records} records`,
      compression: randomBelow(random, 2) === 0 ? 'lz4' : 'none',
      chunkBytes: 1 + randomBelow(random, 5_000),
      temporaryThreshold: randomBelow(random, 9),
    });
  }
  process.stderr.write(`fuzz: ${count} captures against the slow model, seed ${SEED}\n`);
});
