/** The file of a mapped module is found on this machine or another, whatever its path; or it is told why not. */
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findSymbolizer, placeAddresses, resolveSymbols } from '../src/index.js';
import { canBuild, useLibrary } from './build-library.js';
import { allFrames, buildIdOf, positionsIn } from './library-positions.js';
import { scratchFolder } from './scratch-folder.js';

describe.runIf(canBuild)('a library built here', () => {
  const library = useLibrary();

  test('a sysroot and a folder of debug files stand for the recorded machine; the sysroot’s links stay within it', async () => {
    const root = scratchFolder();
    mkdirSync(join(root, 'usr/lib'), { recursive: true });
    mkdirSync(join(root, 'symbols'));
    copyFileSync(library.stripped, join(root, 'usr/lib/engine-1.so'));
    symlinkSync('/usr/lib/engine-1.so', join(root, 'usr/lib/engine.so'));
    copyFileSync(library.splitDebug, join(root, 'symbols', `${buildIdOf(library.dwarf5)}.debug`));
    const positions = positionsIn(library.stripped, '/usr/lib/../lib/engine.so', library.addresses);
    const { modules } = await resolveSymbols(positions, {
      sysroots: [root],
      symbolPaths: [join(root, 'symbols')],
      cacheFolder: null,
    });
    expect(modules[0]).toMatchObject({
      status: 'found',
      foundPath: join(root, 'usr/lib/engine-1.so'),
      debugPath: join(root, 'symbols', `${buildIdOf(library.dwarf5)}.debug`),
      buildId: buildIdOf(library.dwarf5),
      positions: positions.length,
      resolved: positions.length,
    });
    const outside = positionsIn(library.stripped, `/../../..${library.stripped}`, library.addresses.slice(0, 3));
    const missing = await resolveSymbols(outside, { sysroots: [root], cacheFolder: null });
    expect(missing.modules[0]).toMatchObject({ status: 'missing', reason: 'no such file', resolved: 0 });
    expect(
      allFrames(outside, missing)
        .flat()
        .every(({ source }) => source === 'none'),
    ).toBe(true);
  });

  test('a file that is not the one that was mapped is reported and not used', async () => {
    const positions = positionsIn(library.dwarf5, '/lib/engine.so', library.addresses);
    const root = scratchFolder();
    mkdirSync(join(root, 'lib'));
    copyFileSync('/bin/true', join(root, 'lib/engine.so'));
    const { modules } = await resolveSymbols(positions, { sysroots: [root], cacheFolder: null });
    expect(modules[0]).toMatchObject({
      status: 'mismatch',
      resolved: 0,
      reason: expect.stringMatching(/another file was mapped/),
    });
    writeFileSync(join(root, 'lib/engine.so'), 'not at all');
    const text = await resolveSymbols(positions, { sysroots: [root], cacheFolder: null });
    expect(text.modules[0]).toMatchObject({
      status: 'unreadable',
      reason: expect.stringMatching(/is not an ELF file/),
    });
  });

  test('paths with a newline, a leading dash or spaces are names like others', async () => {
    const root = scratchFolder();
    for (const name of ['-e --help', 'line\nbreak.so', '0x10', '-']) {
      const path = join(root, name);
      copyFileSync(library.dwarf5, path);
      const positions = positionsIn(library.dwarf5, path, library.addresses);
      for (const symbolizer of ['llvm-symbolizer', 'addr2line'] as const) {
        if (!(await findSymbolizer(symbolizer).then(Boolean, () => false))) continue;
        const { modules } = await resolveSymbols(positions, { cacheFolder: null, symbolizer });
        expect(modules[0]).toMatchObject({ status: 'found', warning: null, resolved: positions.length });
      }
    }
  });
});

test('modules without a file say why', async () => {
  const paths = ['linux-vdso.so.1', '/no/such/file.so', '', 'relative/lib.so', '/nul\0byte'];
  const segments = {
    length: paths.length,
    file: Uint32Array.from(paths, (_, row) => row),
    generation: new Uint32Array(paths.length).fill(1),
    loadAddress: BigUint64Array.from(paths, (_, row) => BigInt(row + 1) << 32n),
    virtualAddress: new BigUint64Array(paths.length),
    size: new BigUint64Array(paths.length).fill(4096n),
  };
  const ips = BigUint64Array.from(paths, (_, row) => (BigInt(row + 1) << 32n) + 8n);
  const { positions } = placeAddresses(ips, new Uint32Array(ips.length).fill(1), segments, paths);
  const { modules } = await resolveSymbols(positions, { cacheFolder: null });
  expect(modules.map(({ path, status, reason }) => [path, status, reason])).toEqual([
    ['linux-vdso.so.1', 'missing', 'was not mapped from a file with an absolute path'],
    ['/no/such/file.so', 'missing', 'no such file'],
    ['', 'missing', 'was not mapped from a file with an absolute path'],
    ['relative/lib.so', 'missing', 'was not mapped from a file with an absolute path'],
    ['/nul\0byte', 'missing', 'no such file'],
  ]);
});
