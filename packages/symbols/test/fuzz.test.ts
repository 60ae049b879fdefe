/**
 * Symbol bundles and ELF files that were changed: the document inside a bundle's gzip, and above all the headers of an
 * ELF file. Each is read or refused with a `SymbolsError`, in little time. `npm run fuzz` goes on for as long as it is
 * told.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, gunzipSync } from 'node:zlib';
import { editBytes, randomBelow, seedRandom, type RandomBits } from '@memscope/fixtures';
import { expect, test } from 'vitest';
import { readBuildId } from '../src/build-id.js';
import { hasDebugSections, readDebugLink } from '../src/debug-link.js';
import { ElfFile } from '../src/elf-file.js';
import { packBundle, readBundle } from '../src/symbol-bundle.js';
import { readSymbolName, readSymbolTable } from '../src/symbol-table.js';
import { SymbolsError } from '../src/symbols-error.js';
import { canBuild, useLibrary } from './build-library.js';
import { scratchFolder } from './scratch-folder.js';

const MINUTES = Number(process.env['MEMSCOPE_FUZZ_MINUTES'] ?? 0);
const SEED = Number(process.env['MEMSCOPE_FUZZ_SEED'] ?? (MINUTES > 0 ? Date.now() % 0x7fffffff : 1));
const LEAST_INPUTS = 300;
const MOST_MS = 3_000;
const TIMEOUT_MS = (MINUTES + 2) * 60_000;

const library = useLibrary();

/** Half of the minutes each. */
function fuzz(name: string, read: (random: RandomBits) => void): void {
  const random = seedRandom(SEED);
  const end = Date.now() + MINUTES * 30_000;
  let inputs = 0;
  while (inputs < LEAST_INPUTS || Date.now() < end) {
    const started = performance.now();
    try {
      read(random);
    } catch (fault) {
      if (!(fault instanceof SymbolsError)) throw new Error(`${name} ${inputs} of seed ${SEED}`, { cause: fault });
    }
    expect(performance.now() - started).toBeLessThan(MOST_MS);
    inputs++;
  }
  if (MINUTES > 0) process.stderr.write(`fuzz: ${inputs} ${name}, seed ${SEED}\n`);
}

test('a changed symbol bundle is read, or refused with one error, within its budget', { timeout: TIMEOUT_MS }, () => {
  const frames = {
    addresses: [16, 32],
    counts: [1, 2],
    functions: [0, 1, -1],
    files: [2, 2, -1],
    lines: [3, 4, 0],
    sources: [1, 2, 1],
    strings: ['outer()', 'inner()', 'a.cc'],
  };
  const sources = new Map([['a.cc', new Map([[3, 'int outer() {']])]]);
  const empty = JSON.parse(gunzipSync(packBundle({ modules: [], sources })).toString()) as object;
  const module = {
    path: '/lib/a.so',
    segments: [['0', '2000']],
    buildId: 'ab12',
    status: 'found',
    reason: null,
    frames,
  };
  const text = Buffer.from(JSON.stringify({ ...empty, modules: [module, module] }));
  expect(readBundle(gzipSync(text), 'whole.symbols').modules).toHaveLength(2);
  fuzz('bundles', (random) => {
    let changed: Uint8Array = text;
    for (let edits = 1 + randomBelow(random, 3); edits > 0; edits--) changed = editBytes(changed, random);
    const packed = gzipSync(changed, { level: 1 });
    readBundle(randomBelow(random, 6) === 0 ? Buffer.from(editBytes(packed, random)) : packed, 'changed.symbols');
  });
});

test.skipIf(!canBuild)(
  'a changed ELF file is read, or refused with one error, within its budget',
  { timeout: TIMEOUT_MS },
  () => {
    const whole = readFileSync(library.dwarf5);
    const path = join(scratchFolder(), 'changed.so');
    const { length } = whole;
    fuzz('ELF files', (random) => {
      const changed = Buffer.from(whole);
      for (let edits = 1 + randomBelow(random, 4); edits > 0; edits--) {
        // The header, the segments behind it, the sections at the end, or anywhere.
        const [from, size] = [
          [0, 64],
          [64, 800],
          [Math.max(0, length - 2600), 2600],
          [0, length],
        ][randomBelow(random, 4)]!;
        const at = Math.min(length - 1, from! + randomBelow(random, size!));
        changed.fill(
          [0, 0xff, 0x7f, randomBelow(random, 256)][randomBelow(random, 4)]!,
          at,
          Math.min(length, at + 1 + randomBelow(random, 8)),
        );
      }
      writeFileSync(path, randomBelow(random, 8) === 0 ? changed.subarray(0, randomBelow(random, length)) : changed);
      const elf = ElfFile.open(path);
      try {
        readBuildId(elf);
        readDebugLink(elf);
        hasDebugSections(elf);
        const table = readSymbolTable(elf);
        if (table !== null) for (let row = 0; row < Math.min(200, table.length); row++) readSymbolName(elf, table, row);
      } finally {
        elf.close();
      }
    });
  },
);
