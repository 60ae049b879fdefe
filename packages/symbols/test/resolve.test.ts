/** A library built here gets its names in every way there is: both symbolizers and none, whole and damaged. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ElfFile, findSymbolizer, placeAddresses, resolveSymbols } from '../src/index.js';
import type { ResolvedFrame, ResolveOptions } from '../src/index.js';
import { canBuild, useLibrary } from './build-library.js';
import { allFrames, lineOf, positionsIn } from './library-positions.js';
import { scratchFolder } from './scratch-folder.js';

describe.runIf(canBuild)('a library built here', () => {
  const library = useLibrary();

  const resolve = async (file: string, options: ResolveOptions = {}): Promise<ResolvedFrame[][]> => {
    const positions = positionsIn(file, file, library.addresses);
    const symbols = await resolveSymbols(positions, { cacheFolder: null, ...options });
    expect(symbols.modules.map(({ status, reason, warning }) => [status, reason, warning])).toEqual([
      ['found', null, null],
    ]);
    return allFrames(positions, symbols);
  };

  for (const symbolizer of ['llvm-symbolizer', 'addr2line'] as const) {
    test(`${symbolizer}: inlined calls come innermost first, with files and lines, in DWARF 4, 5, compressed and split`, async (context) => {
      const isHere = await findSymbolizer(symbolizer).then(Boolean, () => false);
      if (!isHere) context.skip(`${symbolizer} is absent`);
      const frames = await resolve(library.dwarf5, { symbolizer });
      const chains = frames.map((chain) => chain.map(({ functionName }) => functionName).join(' < '));
      expect(chains).toContain(
        'serving::innermost(unsigned long) < serving::middle(unsigned long) < serving::outer(std::vector<int, std::allocator<int> > const&)',
      );
      const inner = frames[chains.findIndex((chain) => chain.startsWith('serving::innermost'))]!;
      expect(inner.map(({ line }) => line)).toEqual([
        lineOf('*innermost('),
        lineOf('*middle('),
        lineOf('result = middle('),
      ]);
      expect(inner.every(({ file, source }) => file === library.source && source === 'debug')).toBe(true);
      for (const name of [
        'serving::(anonymous namespace)::attention(int)',
        'serving::Arena<double>::grow_twice(unsigned long)',
        'serving::Arena<double>::grow(unsigned long)',
        'core::fmt::Formatter::pad',
        '<mycrate::foo::Bar>::make',
        'engine_infer',
      ]) {
        expect(frames.flat().map(({ functionName }) => functionName)).toContain(name);
      }
      expect(await resolve(library.compressed, { symbolizer })).toEqual(frames);
      expect(await resolve(library.split, { symbolizer })).toEqual(frames);
      const dwarf4 = await resolve(library.dwarf4, { symbolizer });
      expect(dwarf4.map((chain) => chain.map(({ functionName, line }) => [functionName, line]))).toEqual(
        frames.map((chain) => chain.map(({ functionName, line }) => [functionName, line])),
      );
    });
  }

  test('without a symbolizer or debug sections each address has its function from the symbol table', async () => {
    const expected = new Set<string | null>([
      'engine_infer',
      'serving::outer(std::vector<int, std::allocator<int> > const&)',
      'serving::(anonymous namespace)::attention(int)',
      'serving::Arena<double>::grow(unsigned long)',
      'core::fmt::Formatter::pad',
      '<mycrate::foo::Bar>::make',
    ]);
    for (const frames of [
      await resolve(library.dwarf5, { symbolizer: 'none' }),
      await resolve(library.withoutDebug),
      await resolve(library.split, { symbolizer: 'none' }),
    ]) {
      expect(frames.every((chain) => chain.length === 1 && chain[0]!.source === 'symtab')).toBe(true);
      expect(new Set(frames.map(([frame]) => frame!.functionName?.replace(/ \[clone .*|\.cold$/, '')))).toEqual(
        expected,
      );
    }
    const exported = await resolve(library.stripped);
    expect(new Set(exported.map(([frame]) => frame!.source))).toEqual(new Set(['dynsym', 'none']));
    expect(exported.every(([frame]) => (frame!.functionName === null) === (frame!.source === 'none'))).toBe(true);
  });

  test('damaged debug sections give unresolved frames or names from the symbol table, never a fault', async () => {
    const whole = readFileSync(library.dwarf5);
    const elf = ElfFile.open(library.dwarf5);
    const debug = elf.sections.filter(({ name }) => name.startsWith('.debug'));
    elf.close();
    const path = join(scratchFolder(), 'damaged.so');
    const positions = positionsIn(library.dwarf5, path, library.addresses.slice(0, 60));
    let seed = 4711;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    for (let round = 0; round < 12; round++) {
      const bytes = Buffer.from(whole);
      for (let damage = 0; damage < 60; damage++) {
        const section = debug[random(debug.length)]!;
        bytes[section.offset + random(section.size)] = random(256);
      }
      writeFileSync(path, bytes);
      const symbols = await resolveSymbols(positions, {
        cacheFolder: null,
        timeoutMs: 5000,
        symbolizer: round % 2 ? 'auto' : 'none',
      });
      expect(symbols.frames.length).toBe(positions.length);
      expect(symbols.modules[0]!.resolved).toBe(positions.length);
    }
  });
});

test('an address in no map keeps its position and stays unresolved', async () => {
  const none = {
    length: 0,
    file: new Uint32Array(),
    generation: new Uint32Array(),
    loadAddress: new BigUint64Array(),
    virtualAddress: new BigUint64Array(),
    size: new BigUint64Array(),
  };
  const { positions, positionOf } = placeAddresses(
    BigUint64Array.from([0n, 5n, 0xffff_ffff_ffff_ffffn, 5n]),
    Uint32Array.from([0, 1, 2, 3]),
    none,
    [],
  );
  expect([...positionOf]).toEqual([0, 1, 2, 1]);
  expect([...positions.ip]).toEqual([0n, 5n, 0xffff_ffff_ffff_ffffn]);
  const symbols = await resolveSymbols(positions, { cacheFolder: null });
  expect(symbols.modules).toEqual([]);
  expect(allFrames(positions, symbols)).toEqual(
    Array.from({ length: 3 }, () => [{ functionName: null, file: null, line: 0, source: 'none' }]),
  );
});
