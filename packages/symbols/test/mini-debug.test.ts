/** A library stripped as Fedora strips it: what is not exported has names in `.gnu_debugdata` alone. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { demangle, ElfFile } from '../src/index.js';
import type { FoundModule } from '../src/find-module.js';
import { FunctionNames } from '../src/function-names.js';
import { openMiniDebugFile } from '../src/mini-debug-file.js';
import { canBuild, functionsByNm, hasTool, useLibrary } from './build-library.js';
import { scratchFolder } from './scratch-folder.js';

const canPack = canBuild && hasTool('xz');
if (!canPack) process.stderr.write('symbols: xz is absent, so MiniDebugInfo is not checked\n');

const found = (path: string): FoundModule => ({
  status: 'found',
  path,
  size: 0,
  modifiedMs: 0,
  buildId: null,
  debugPath: null,
  reason: null,
});

/** Names at every address, and the fault; each `name source`. */
async function namesAt(path: string, addresses: readonly number[]): Promise<{ names: string[]; fault: string | null }> {
  const functions = new FunctionNames(found(path));
  try {
    await functions.open();
    const names = addresses.map((address) => {
      const name = functions.nameAt(address);
      return name === null ? 'none' : `${name.functionName} ${name.source}`;
    });
    return { names, fault: functions.fault };
  } finally {
    functions.close();
  }
}

describe.runIf(canPack)('a stripped library with MiniDebugInfo', () => {
  const library = useLibrary();
  let mini: string;
  let addresses: number[];
  /** What of its functions is exported, mangled. */
  let exported: Set<string>;

  /** The stripped library with these bytes as `.gnu_debugdata`. */
  const withSection = (name: string, bytes: Uint8Array): string => {
    const path = join(library.folder, name);
    writeFileSync(`${path}.section`, bytes);
    execFileSync('objcopy', ['--add-section', `.gnu_debugdata=${path}.section`, library.stripped, path]);
    return path;
  };
  const pack = (bytes: Uint8Array, ...options: string[]): Buffer =>
    execFileSync('xz', ['--stdout', ...options], { input: bytes, maxBuffer: 1 << 30 });

  beforeAll(() => {
    const functions = functionsByNm(library.dwarf5);
    addresses = [...functions.values()].flatMap(([start, size]) =>
      Array.from({ length: Math.min(size, 40) }, (_, byte) => start + byte),
    );
    const dynamic = execFileSync('nm', ['-D', '--defined-only', library.dwarf5], { encoding: 'utf8' });
    exported = new Set(dynamic.split('\n').map((line) => line.split(' ').at(-1)!));
    // As find-debuginfo does: functions that are not exported, without debug sections.
    const kept = join(library.folder, 'kept');
    writeFileSync(kept, [...functions.keys()].filter((name) => !exported.has(name)).join('\n'));
    const inner = join(library.folder, 'mini.debug');
    execFileSync('objcopy', ['--only-keep-debug', library.dwarf5, inner]);
    execFileSync('objcopy', ['-S', `--keep-symbols=${kept}`, inner]);
    mini = withSection('libmini.so', pack(readFileSync(inner)));
  }, 60_000);

  test('has the same names as before it was stripped, exported or not', async () => {
    const whole = await namesAt(library.withoutDebug, addresses);
    const names = (text: string[]): string[] => text.map((each) => each.replace(/ \d$/, ''));
    const unpacked = await namesAt(mini, addresses);
    expect(unpacked.fault).toBeNull();
    expect(names(unpacked.names)).toEqual(names(whole.names));
    // Both tables took part, and without the second one there are fewer names.
    const sources = new Set(unpacked.names.map((each) => each.slice(-1)));
    expect(sources).toEqual(new Set(['2', '3']));
    const stripped = await namesAt(library.stripped, addresses);
    expect(stripped.names.join('\n')).not.toContain('attention');
    expect(unpacked.names.join('\n')).toContain('serving::(anonymous namespace)::attention(int) 2');
    expect(exported.has('engine_infer')).toBe(true);
    expect(unpacked.names).toContain(`${demangle('engine_infer')} 3`);
  });

  test('whose section is damaged, cut or too large keeps its exported names, with one fault', async () => {
    const good = pack(readFileSync(join(library.folder, 'mini.debug')));
    const flipped = Buffer.from(good);
    flipped[flipped.length >> 1]! ^= 0xff;
    const bomb = pack(Buffer.alloc(65 << 20), '-0');
    const exportedNames = (await namesAt(library.stripped, addresses)).names;
    const cases: [string, Uint8Array, RegExp][] = [
      ['garbage', Buffer.from('no xz at all'), /\.gnu_debugdata is damaged/],
      ['flipped', flipped, /\.gnu_debugdata is damaged/],
      ['cut', good.subarray(0, good.length - 60), /\.gnu_debugdata is damaged/],
      ['bomb', bomb, /\.gnu_debugdata unpacks to too much/],
      // Its decoder would need more memory than it may have.
      ['dictionary', pack(Buffer.alloc(1000), '--lzma2=dict=128MiB'), /\.gnu_debugdata is damaged/],
      [
        'text',
        pack(Buffer.from('some other file, which is no ELF file, of more than 64 bytes in all')),
        /is not an ELF/,
      ],
    ];
    for (const [name, bytes, fault] of cases) {
      const answered = await namesAt(withSection(`lib${name}.so`, bytes), addresses);
      expect(`${name}: ${answered.fault}`).toMatch(fault);
      expect({ name, names: answered.names }).toEqual({ name, names: exportedNames });
    }
    // What was damaged does not keep the next one from being unpacked.
    expect((await namesAt(mini, addresses)).fault).toBeNull();
  });

  test('unpacks several at once', async () => {
    const open = async (): Promise<number> => {
      const elf = ElfFile.open(mini);
      const inner = await openMiniDebugFile(elf);
      elf.close();
      const { size } = inner!;
      inner!.close();
      return size;
    };
    const sizes = await Promise.all(Array.from({ length: 5 }, open));
    expect(new Set(sizes)).toEqual(new Set([readFileSync(join(library.folder, 'mini.debug')).length]));
  });

  test('without the section there is nothing to open', async () => {
    const path = join(scratchFolder(), 'plain.so');
    writeFileSync(path, readFileSync(library.stripped));
    const elf = ElfFile.open(path);
    expect(await openMiniDebugFile(elf)).toBeNull();
    elf.close();
  });
});
