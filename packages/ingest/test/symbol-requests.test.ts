/**
 * What is asked for to name native frames and is not there costs one warning; a profile that has its names is used
 * again until something else is asked for.
 */
import { writeFileSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { copyCapture, encodeCapture, parseCapture } from '@memscope/fixtures';

import { ingest, listSymbols, packSymbols, type SymbolRequest } from '../src/index.js';
import { DEFAULT_SYMBOLS } from '../src/symbol-request.js';
import { ALL_BYTES } from './library-capture.js';
import { scratchFolder, writeCapture } from './scratch-folder.js';
import { readTold } from './told-stacks.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('what is asked for and is not there', () => {
  const TEXT = `
    capture native=yes
    maps
    segments "-lib\\nname.so" load=0x1000 0:0x1000
    segments /usr/bin/python3.13 load=0x400000 0:0x100000
    native 1 ip=0x400100
    native 2 ip=0x1100 parent=1
    thread 1 MainThread
    push main app.py:10
    malloc 0x1000 ${ALL_BYTES} native=2
  `;
  const write = (): string => writeCapture(scratchFolder(), 'odd.bin', encodeCapture(parseCapture(TEXT)));

  test.each<[string, Partial<SymbolRequest>, RegExp]>([
    ['a sysroot', { sysroots: ['/nowhere/at/all'] }, /^\/nowhere\/at\/all: is no folder/],
    ['a folder of debug files', { symbolPaths: ['/nowhere/at/all'] }, /^\/nowhere\/at\/all: is no folder/],
    ['a bundle', { bundle: '/nowhere/at/all' }, /^the symbol bundle was not used: \/nowhere\/at\/all: cannot be read/],
    ['a bundle that is none', { bundle: '/bin/sh' }, /^the symbol bundle was not used: \/bin\/sh: is no symbol bundle/],
    ['a symbolizer', { symbolizer: 'llvm-symbolizer' }, /^llvm-symbolizer: is in no folder of PATH/],
    ['a server', { debuginfod: true }, /^DEBUGINFOD_URLS names no server/],
  ])('%s: the capture is whole, and one warning says so', async (_, request, warning) => {
    vi.stubEnv('DEBUGINFOD_URLS', '');
    vi.stubEnv('PATH', '');
    const told = await readTold(write(), { sysroots: [scratchFolder()], ...request });
    expect(told.stacks).toEqual(['module: main:10 > 0x100']);
    expect(told.notes.warnings).toEqual([expect.stringMatching(warning)]);
  });

  test('code without a name has the same address wherever its library was loaded', async () => {
    const elsewhere = TEXT.replace('load=0x1000', 'load=0x7000').replace('ip=0x1100', 'ip=0x7100');
    const path = writeCapture(scratchFolder(), 'elsewhere.bin', encodeCapture(parseCapture(elsewhere)));
    expect((await readTold(path, {})).stacks).toEqual((await readTold(write(), {})).stacks);
  });

  test('a module whose path is no path is only missing', async () => {
    const { notes } = await readTold(write(), {});
    expect(notes.modules[1]).toMatchObject({ status: 'missing', resolved: 0, positions: 1, warning: null });
  });

  test('a bundle is not written over anything else, nor made of a capture without native traces', async () => {
    const capture = write();
    const request = { ...DEFAULT_SYMBOLS, sources: false };
    await expect(packSymbols(capture, { ...request, output: capture })).rejects.toMatchObject({
      code: 'cannotWrite',
      path: capture,
      message: 'is no symbol bundle and will not be overwritten',
    });
    await expect(packSymbols(capture, { ...request, output: '/nowhere/at/all' })).rejects.toMatchObject({
      code: 'cannotWrite',
    });
    const plain = copyCapture(scratchFolder(), 'mixed-v13');
    for (const asked of [packSymbols(plain, request), listSymbols(plain, request)]) {
      await expect(asked).rejects.toMatchObject({ name: 'IngestError', code: 'notCapture' });
    }
    await expect(listSymbols(`${plain}.none`, request)).rejects.toMatchObject({ code: 'notFound' });
  });
});

describe('a profile with native frames is used again', () => {
  async function isReused(path: string, symbols?: Partial<SymbolRequest>): Promise<boolean | string> {
    const [outcome] = await ingest({
      paths: [path],
      ...(symbols === undefined ? {} : { symbols: { ...DEFAULT_SYMBOLS, ...symbols } }),
    });
    return outcome!.error === undefined ? outcome!.reused : outcome!.error.code;
  }

  test('until other options are given; without any, however it was made', async () => {
    const path = copyCapture(scratchFolder(), 'mixed-native-v13');
    const [one, other] = [scratchFolder(), scratchFolder()];
    expect([await isReused(path), await isReused(path), await isReused(path, {})]).toEqual([false, true, true]);
    expect([await isReused(path, { sysroots: [one] }), await isReused(path, { sysroots: [one] })]).toEqual([
      false,
      true,
    ]);
    expect([await isReused(path), await isReused(path, { sysroots: [other] })]).toEqual([true, false]);
    expect(await isReused(path, { sysroots: [other], symbolizer: 'none' })).toBe(false);
    expect(await isReused(path, { sysroots: [other], symbolizer: 'none', symbolPaths: [one] })).toBe(false);
    const profile = `${path}.memscope`;
    expect([await isReused(profile), await isReused(profile, { sysroots: [one] })]).toEqual([true, 'notCapture']);
  });

  test('until a bundle has come, or another one', async () => {
    const path = copyCapture(scratchFolder(), 'mixed-native-v13');
    const request = { ...DEFAULT_SYMBOLS, sysroots: [scratchFolder()], sources: false };
    expect(await isReused(path)).toBe(false);
    const { path: bundle } = await packSymbols(path, request);
    expect([await isReused(path), await isReused(path)]).toEqual([false, true]);
    writeFileSync(bundle, 'damaged');
    expect([await isReused(path), await isReused(path)]).toEqual([false, true]);
    expect([await isReused(path, { bundle: '/nowhere' }), await isReused(path, { bundle: '/nowhere' })]).toEqual([
      false,
      true,
    ]);
  });

  test('whatever is asked for, where the capture has no native frames', async () => {
    const path = copyCapture(scratchFolder(), 'mixed-v13');
    expect(await isReused(path)).toBe(false);
    writeFileSync(`${path}.symbols`, 'not used');
    expect([await isReused(path), await isReused(path, { sysroots: [scratchFolder()] })]).toEqual([true, true]);
    expect(await isReused(`${path}.memscope`, { sysroots: [scratchFolder()] })).toBe(true);
  });
});
