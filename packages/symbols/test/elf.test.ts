/** Our ELF reader against nm and readelf on a library built here, and against files that are damaged. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readBuildId } from '../src/build-id.js';
import { findDebugFile, hasDebugSections, readDebugLink, type DebugFileSearch } from '../src/debug-link.js';
import { ElfFile } from '../src/elf-file.js';
import { findSymbol, readSymbolName, readSymbolTable } from '../src/symbol-table.js';
import { SymbolsError } from '../src/symbols-error.js';
import { canBuild, functionsByNm, useLibrary } from './build-library.js';
import { scratchFolder } from './scratch-folder.js';

function withElf<T>(path: string, look: (elf: ElfFile) => T): T {
  const elf = ElfFile.open(path);
  try {
    return look(elf);
  } finally {
    elf.close();
  }
}

function namesAt(path: string, addresses: readonly number[]): (string | null)[] {
  return withElf(path, (elf) => {
    const table = readSymbolTable(elf)!;
    return addresses.map((address) => {
      const row = findSymbol(table, address);
      return row < 0 ? null : readSymbolName(elf, table, row);
    });
  });
}

function codeOf(path: string): string {
  try {
    ElfFile.open(path).close();
    return 'none';
  } catch (fault) {
    return (fault as SymbolsError).code;
  }
}

describe.runIf(canBuild)('a library built here', () => {
  const library = useLibrary();

  test('its functions are found from their first byte to their last, as nm names them', () => {
    const functions = functionsByNm(library.dwarf5);
    expect(functions.size).toBeGreaterThan(6);
    for (const [address, size] of functions.values()) {
      const names = namesAt(library.dwarf5, [address, address + size - 1]);
      const aliases = [...functions].filter(([, [other]]) => other === address).map(([name]) => name);
      expect(aliases).toContain(names[0]);
      expect(aliases).toContain(names[1]);
    }
  });

  test('addresses outside every function have no name', () => {
    expect(namesAt(library.dwarf5, [0, 1, 0xffff_ffff, 2 ** 52])).toEqual([null, null, null, null]);
  });

  test('a stripped library still names what it exports', () => {
    const [address] = functionsByNm(library.dwarf5).get('engine_infer')!;
    expect(namesAt(library.stripped, [address + 4])).toEqual(['engine_infer']);
    expect(withElf(library.stripped, (elf) => readSymbolTable(elf)!.source)).toBe('dynsym');
    expect(withElf(library.withoutDebug, (elf) => readSymbolTable(elf)!.source)).toBe('symtab');
  });

  test('its build-id is the one the linker wrote, also without section headers', () => {
    const noted = execFileSync('readelf', ['-n', library.dwarf5], { encoding: 'utf8' });
    const buildId = /Build ID: ([0-9a-f]+)/.exec(noted)![1]!;
    expect(withElf(library.dwarf5, readBuildId)).toBe(buildId);
    const bytes = readFileSync(library.dwarf5);
    bytes.fill(0, 40, 48);
    bytes.fill(0, 60, 64);
    const bare = join(scratchFolder(), 'bare.so');
    writeFileSync(bare, bytes);
    expect(withElf(bare, (elf) => elf.sections.length)).toBe(0);
    expect(withElf(bare, readBuildId)).toBe(buildId);
    expect(withElf(bare, readSymbolTable)).toBeNull();
  });

  test('debug sections are noticed, compressed or not', () => {
    const noticed = [library.dwarf5, library.dwarf4, library.compressed, library.splitDebug, library.stripped];
    expect(noticed.map((path) => withElf(path, hasDebugSections))).toEqual([true, true, true, true, false]);
  });

  test('the debug file of a split library is found beside it, in .debug, by path and by build-id', () => {
    const folder = scratchFolder();
    const sysroot = join(folder, 'root');
    const foundPath = join(sysroot, 'opt/libsplit.so');
    mkdirSync(dirname(foundPath), { recursive: true });
    copyFileSync(library.split, foundPath);
    const { buildId, link } = withElf(foundPath, (elf) => ({ buildId: readBuildId(elf), link: readDebugLink(elf) }));
    expect(link?.name).toBe('libsplit.so.debug');
    const search: DebugFileSearch = {
      modulePath: '/opt/libsplit.so',
      foundPath,
      buildId,
      link,
      sysroots: [sysroot],
      symbolPaths: [join(folder, 'symbols')],
    };
    expect(findDebugFile(search)).toEqual({ path: null, rejected: [] });
    const name = `${buildId!.slice(0, 2)}/${buildId!.slice(2)}.debug`;
    const places = [
      'root/opt/libsplit.so.debug',
      'root/opt/.debug/libsplit.so.debug',
      'root/usr/lib/debug/opt/libsplit.so.debug',
      `root/usr/lib/debug/.build-id/${name}`,
      `symbols/.build-id/${name}`,
      `symbols/${name}`,
    ];
    for (const place of places) {
      const path = join(folder, place);
      mkdirSync(dirname(path), { recursive: true });
      copyFileSync(library.splitDebug, path);
      expect(findDebugFile(search)).toEqual({ path, rejected: [] });
      rmSync(path);
    }
  });

  test('a debug file of another build is refused by its build-id, and one without by its checksum', () => {
    const foundPath = join(scratchFolder(), 'libsplit.so');
    copyFileSync(library.split, foundPath);
    const beside = join(dirname(foundPath), 'libsplit.so.debug');
    const [buildId, link] = withElf(foundPath, (elf) => [readBuildId(elf), readDebugLink(elf)] as const);
    const search = { modulePath: foundPath, foundPath, buildId, link, sysroots: [], symbolPaths: [] };
    copyFileSync(library.dwarf4, beside);
    expect(findDebugFile(search).path).toBeNull();
    expect(findDebugFile(search).rejected).toEqual([expect.stringMatching(/has build-id [0-9a-f]+, not/)]);

    // With the build-id out of the way the checksum decides.
    copyFileSync(library.splitDebug, beside);
    expect(findDebugFile({ ...search, buildId: null })).toEqual({ path: beside, rejected: [] });
    writeFileSync(beside, Buffer.concat([readFileSync(beside), Buffer.from([0])]));
    expect(findDebugFile({ ...search, buildId: null }).rejected).toEqual([expect.stringMatching(/has CRC-32/)]);
  });

  test('random damage gives an answer or an error of ours, in bounded time', () => {
    const folder = scratchFolder();
    const whole = readFileSync(library.withoutDebug);
    const path = join(folder, 'damaged.so');
    let seed = 12345;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    let errors = 0;
    for (let round = 0; round < 400; round++) {
      const bytes = Buffer.from(round % 4 === 0 ? whole.subarray(0, random(whole.length)) : whole);
      // Half of the damage goes to the headers, where it matters most.
      const headers = Number(whole.readBigUInt64LE(40));
      for (let damage = random(12); damage >= 0 && bytes.length > 0; damage--) {
        const at = [random(64), random(1024), headers + random(whole.length - headers), random(whole.length)];
        bytes[at[random(4)]! % bytes.length] = [0, 0xff, random(256)][random(3)]!;
      }
      writeFileSync(path, bytes);
      try {
        withElf(path, (elf) => {
          readBuildId(elf);
          readDebugLink(elf);
          hasDebugSections(elf);
          const table = readSymbolTable(elf);
          if (table === null) return;
          for (let row = 0; row < Math.min(table.length, 50); row++) readSymbolName(elf, table, row);
          for (let address = 0; address < 0x8000; address += 97) findSymbol(table, address);
        });
      } catch (fault) {
        expect(fault).toBeInstanceOf(SymbolsError);
        errors++;
      }
    }
    expect(errors).toBeGreaterThan(20);
  });
});

test('what is no ELF file, of another kind or not there says so', () => {
  const folder = scratchFolder();
  const file = (name: string, bytes: Uint8Array): string => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const header = Buffer.alloc(64);
  header.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  expect(codeOf(file('empty', new Uint8Array()))).toBe('notElf');
  expect(codeOf(file('text', Buffer.from('#!/bin/sh\n'.repeat(20))))).toBe('notElf');
  expect(codeOf(file('32-bit', header))).toBe('unsupportedElf');
  header.set([2, 2], 4);
  expect(codeOf(file('big-endian', header))).toBe('unsupportedElf');
  expect(codeOf(join(folder, 'absent'))).toBe('cannotRead');
  expect(codeOf(folder)).toBe('cannotRead');
});

test('tables beyond the end of the file are damage, not an allocation', () => {
  const path = join(scratchFolder(), 'hostile.so');
  const header = Buffer.alloc(128);
  header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  header.writeBigUInt64LE(64n, 40);
  header.writeUInt16LE(64, 58);
  // The count in the first section header: as many as 64 bits allow.
  header.writeBigUInt64LE(0xffff_ffff_ffff_ffffn, 64 + 32);
  writeFileSync(path, header);
  expect(codeOf(path)).toBe('corruptElf');
});

test('a named pipe in place of a library does not block', () => {
  const path = join(scratchFolder(), 'pipe.so');
  execFileSync('mkfifo', [path]);
  expect(codeOf(path)).toBe('cannotRead');
});

test('a table of a million functions, some at one address, is sorted and searched', () => {
  const count = 1_000_000;
  const [symbolsAt, stringsAt, headersAt] = [64, 64 + count * 24, 64 + count * 24 + 64];
  const bytes = Buffer.alloc(headersAt + 3 * 64);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  bytes.writeBigUInt64LE(BigInt(headersAt), 40);
  bytes.writeUInt16LE(64, 58);
  bytes.writeUInt16LE(3, 60);
  bytes.writeUInt16LE(2, 62);
  const names = '\0.symtab\0.strtab\0local\0global\0other\0';
  bytes.write(names, stringsAt, 'latin1');
  const section = (row: number, name: string, type: number, offset: number, size: number, link: number): void => {
    const at = headersAt + row * 64;
    bytes.writeUInt32LE(names.indexOf(name), at);
    bytes.writeUInt32LE(type, at + 4);
    bytes.writeBigUInt64LE(BigInt(offset), at + 24);
    bytes.writeBigUInt64LE(BigInt(size), at + 32);
    bytes.writeUInt32LE(link, at + 40);
  };
  section(1, '.symtab', 2, symbolsAt, count * 24, 2);
  section(2, '.strtab', 3, stringsAt, names.length, 0);
  for (let row = 0; row < count; row++) {
    // Descending; every tenth address has a local and a global function.
    const at = symbolsAt + row * 24;
    const slot = count - row - (row % 10 === 9 ? 0 : row % 10 === 8 ? 1 : 0);
    bytes.writeUInt32LE(names.indexOf(row % 10 === 9 ? 'local' : row % 10 === 8 ? 'global' : 'other'), at);
    bytes[at + 4] = row % 10 === 9 ? 0x02 : 0x12;
    bytes.writeUInt16LE(1, at + 6);
    bytes.writeUInt32LE(slot * 16, at + 8);
    bytes.writeUInt32LE(16, at + 16);
  }
  const path = join(scratchFolder(), 'many.so');
  writeFileSync(path, bytes);
  const twice = (count - 9) * 16;
  expect(namesAt(path, [twice, twice + 15, count * 16, count * 16 + 16])).toEqual(['global', 'global', 'other', null]);
  withElf(path, (elf) => {
    const { address, length } = readSymbolTable(elf)!;
    expect(length).toBe(count);
    for (let row = 1; row < length; row++)
      if (address[row]! < address[row - 1]!) throw new Error(`row ${row} is out of order`);
  });
});
