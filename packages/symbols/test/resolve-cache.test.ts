/** Frames from the cache and from symbol bundles equal those of the files; damaged and hostile ones do no harm. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { bundleModules, collectSourceLines, packBundle, readBundle, resolveSymbols } from '../src/index.js';
import type { BundledModule, SymbolsError } from '../src/index.js';
import { FrameColumnsBuilder } from '../src/frame-columns.js';
import { canBuild, useLibrary } from './build-library.js';
import { allFrames, buildIdOf, lineOf, positionsIn } from './library-positions.js';
import { scratchFolder } from './scratch-folder.js';

describe.runIf(canBuild)('a library built here', () => {
  const library = useLibrary();

  test('the cache gives the same frames without a symbolizer’s help, and a damaged one is ignored', async () => {
    const cacheFolder = scratchFolder();
    const positions = positionsIn(library.dwarf5, library.dwarf5, library.addresses);
    const half = positionsIn(
      library.dwarf5,
      library.dwarf5,
      library.addresses.filter((_, row) => row % 2 === 0),
    );
    const first = await resolveSymbols(half, { cacheFolder });
    expect(first.modules[0]!.from).toBe('files');
    expect((await resolveSymbols(half, { cacheFolder })).modules[0]!.from).toBe('cache');
    // What is missing in it is added.
    const fresh = await resolveSymbols(positions, { cacheFolder: null });
    expect(allFrames(positions, await resolveSymbols(positions, { cacheFolder }))).toEqual(allFrames(positions, fresh));
    const again = await resolveSymbols(positions, { cacheFolder });
    expect(again.modules[0]!.from).toBe('cache');
    expect(allFrames(positions, again)).toEqual(allFrames(positions, fresh));
    // Another symbolizer has a cache of its own.
    const none = await resolveSymbols(positions, { cacheFolder, symbolizer: 'none' });
    expect(none.modules[0]!.from).toBe('files');

    const files = readdirSync(cacheFolder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.gz'),
    );
    expect(files).toHaveLength(2);
    for (const damage of [
      Buffer.from('no gzip'),
      Buffer.alloc(0),
      readFileSync(join(cacheFolder, files[0]!)).subarray(0, 60),
    ]) {
      for (const file of files) writeFileSync(join(cacheFolder, file), damage);
      const repaired = await resolveSymbols(positions, { cacheFolder });
      expect(repaired.modules[0]).toMatchObject({ from: 'files', warning: null });
      expect(allFrames(positions, repaired)).toEqual(allFrames(positions, fresh));
    }
  });

  test('a bundle gives identical frames without any file, with source lines', async () => {
    const path = join(scratchFolder(), 'gone.so');
    copyFileSync(library.dwarf5, path);
    const positions = positionsIn(library.dwarf5, path, library.addresses);
    const symbols = await resolveSymbols(positions, { cacheFolder: null });
    const frames = allFrames(positions, symbols);
    const sources = collectSourceLines(
      frames.flat().map(({ file, line }) => [file ?? '', line] as const),
      [],
    );
    const bytes = packBundle({ modules: bundleModules(positions, symbols), sources });
    expect(bytes.length).toBeLessThan(20_000);
    const bundle = readBundle(bytes, 'x.symbols');
    expect(bundle.sources.get(library.source)?.get(lineOf('*innermost('))).toContain('sink(n + 1)');

    rmSync(path);
    const there = await resolveSymbols(positions, { bundle, cacheFolder: null, symbolizer: 'none' });
    expect(there.modules[0]).toMatchObject({
      from: 'bundle',
      status: 'found',
      foundPath: null,
      buildId: buildIdOf(library.dwarf5),
    });
    expect(allFrames(positions, there)).toEqual(frames);

    // What it leaves open is looked up where the user points to, but not in another build.
    const unresolved = {
      ...bundle,
      modules: bundle.modules.map((module) => ({ ...module, frames: unresolvedFrames(module) })),
    };
    const root = scratchFolder();
    mkdirSync(join(root, dirname(path)), { recursive: true });
    copyFileSync(library.dwarf5, join(root, path));
    const files = { cacheFolder: null, sysroots: [root] };
    expect(allFrames(positions, await resolveSymbols(positions, { ...files, bundle: unresolved }))).toEqual(frames);
    const ofOther = { ...unresolved, modules: unresolved.modules.map((module) => ({ ...module, buildId: 'abcd' })) };
    const mismatch = await resolveSymbols(positions, { ...files, bundle: ofOther });
    expect(mismatch.modules[0]).toMatchObject({ status: 'mismatch', resolved: 0 });

    // A bundle of another build of the same path is not taken.
    const other = {
      ...positions,
      modules: positions.modules.map(({ path }) => ({ path, segments: [[0n, 1n]] as const })),
    };
    const refused = await resolveSymbols(other, { bundle, cacheFolder: null });
    expect(refused.modules[0]).toMatchObject({ from: 'files', status: 'missing', resolved: 0 });
  });

  test('hostile bundles are refused with an error that says what is wrong', async () => {
    const positions = positionsIn(library.dwarf5, library.dwarf5, library.addresses.slice(0, 40));
    const symbols = await resolveSymbols(positions, { cacheFolder: null, symbolizer: 'none' });
    const good = packBundle({ modules: bundleModules(positions, symbols), sources: new Map() });
    const document = JSON.parse(gunzipSync(good).toString()) as { modules: { frames: Record<string, unknown> }[] };
    const code = (bytes: Uint8Array): string => {
      try {
        readBundle(bytes, 'x');
        return 'none';
      } catch (fault) {
        return (fault as SymbolsError).code;
      }
    };
    const packed = (change: Record<string, unknown>): Uint8Array =>
      gzipSync(JSON.stringify({ ...document, ...change }));
    const withFrames = (change: Record<string, unknown>): Uint8Array =>
      packed({ modules: [{ ...document.modules[0], frames: { ...document.modules[0]!.frames, ...change } }] });
    expect(code(good)).toBe('none');
    expect(code(Buffer.from('plain text'))).toBe('notBundle');
    expect(code(gzipSync('[]'))).toBe('notBundle');
    expect(code(good.subarray(0, 100))).toBe('corruptBundle');
    expect(code(gzipSync('{'))).toBe('corruptBundle');
    expect(code(packed({ version: 2 }))).toBe('bundleVersion');
    expect(code(packed({ modules: 7 }))).toBe('corruptBundle');
    expect(code(packed({ modules: [null] }))).toBe('corruptBundle');
    for (const change of [
      { strings: [1] },
      { functions: [9e9] },
      { counts: [-1] },
      { addresses: [3, 2, 1] },
      { lines: [] },
      { sources: ['x'] },
      { files: null },
    ]) {
      expect([change, code(withFrames(change))]).toEqual([change, 'corruptBundle']);
    }
    // More than 400 MiB of zeros in a small file.
    const zeros = gzipSync(Buffer.alloc(16 << 20), { level: 1 });
    expect(code(Buffer.concat(Array.from({ length: 26 }, () => zeros)))).toBe('corruptBundle');
  });
});

function unresolvedFrames({ addresses }: BundledModule): BundledModule['frames'] {
  const builder = new FrameColumnsBuilder();
  for (let row = 0; row < addresses.length; row++) builder.end();
  return builder.finish();
}
