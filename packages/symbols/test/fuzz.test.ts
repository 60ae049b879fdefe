/**
 * Symbol bundles and ELF files that were changed: the document inside a bundle's gzip, and above all the headers of an
 * ELF file. Each is read or refused with a `SymbolsError`. `npm run fuzz` goes on for as long as it is told.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { editBytes, FUZZ_MINUTES, fuzzFiles, magnitude, randomBelow, type RandomBits } from '@memscope/fixtures';
import { expect, test } from 'vitest';
import { readBuildId } from '../src/build-id.js';
import { hasDebugSections, readDebugLink } from '../src/debug-link.js';
import { ElfFile } from '../src/elf-file.js';
import { packBundle, readBundle } from '../src/symbol-bundle.js';
import { readSymbolName, readSymbolTable } from '../src/symbol-table.js';
import { SymbolsError } from '../src/symbols-error.js';
import { canBuild, useLibrary } from './build-library.js';
import { scratchFolder } from './scratch-folder.js';

const LEAST_INPUTS = 300;
const TIMEOUT_MS = (FUZZ_MINUTES + 2) * 60_000;
const MOST_NAMES = 200;

const library = useLibrary();
const isRefusal = (fault: unknown): boolean => fault instanceof SymbolsError;

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
  fuzzFiles({
    kind: 'bundles',
    seeds: [text],
    least: LEAST_INPUTS,
    minutes: FUZZ_MINUTES / 3,
    isRefusal,
    change: editBytes,
    // What is no gzip is refused before all else; the corpus holds what is inside.
    read(input) {
      const packed = gzipSync(input, { level: 1 });
      const { modules, sources: lines } = readBundle(packed, 'changed.symbols');
      return `modules ${magnitude(modules.length)}, sources ${magnitude(lines.size)}`;
    },
  });
});

test('a changed gzip of a symbol bundle is read, or refused with one error', { timeout: TIMEOUT_MS }, () => {
  fuzzFiles({
    kind: 'packed-bundles',
    seeds: [packBundle({ modules: [], sources: new Map([['a.cc', new Map([[3, 'int outer() {']])]]) })],
    least: LEAST_INPUTS,
    minutes: FUZZ_MINUTES / 3,
    isRefusal,
    change: editBytes,
    read: (input) => `modules ${magnitude(readBundle(Buffer.from(input), 'changed.symbols').modules.length)}`,
  });
});

test.skipIf(!canBuild)(
  'a changed ELF file is read, or refused with one error, within its budget',
  { timeout: TIMEOUT_MS },
  () => {
    const path = join(scratchFolder(), 'changed.so');
    fuzzFiles({
      kind: 'elf-files',
      seeds: [readFileSync(library.dwarf5)],
      least: LEAST_INPUTS,
      minutes: FUZZ_MINUTES / 3,
      isRefusal,
      change: changeElf,
      read(input) {
        writeFileSync(path, input);
        const elf = ElfFile.open(path);
        try {
          const identity = [readBuildId(elf), readDebugLink(elf)].map((each) => each !== null);
          const table = readSymbolTable(elf);
          const length = table?.length ?? 0;
          for (let row = 0; row < Math.min(MOST_NAMES, length); row++) readSymbolName(elf, table!, row);
          return `identity ${identity.join()}, debug ${hasDebugSections(elf)}, symbols ${magnitude(length)}`;
        } finally {
          elf.close();
        }
      },
    });
  },
);

/** In the header, the segments behind it, the sections at the end, or anywhere. */
function changeElf(input: Uint8Array, random: RandomBits): Uint8Array {
  const { length } = input;
  if (length === 0) return input;
  if (randomBelow(random, 16) === 0) return input.subarray(0, randomBelow(random, length));
  const [from, size] = [
    [0, 64],
    [64, 800],
    [Math.max(0, length - 2600), 2600],
    [0, length],
  ][randomBelow(random, 4)]!;
  const at = Math.min(length - 1, from! + randomBelow(random, size!));
  const changed = Uint8Array.from(input);
  const value = [0, 0xff, 0x7f, randomBelow(random, 256)][randomBelow(random, 4)]!;
  return changed.fill(value, at, Math.min(length, at + 1 + randomBelow(random, 8)));
}
