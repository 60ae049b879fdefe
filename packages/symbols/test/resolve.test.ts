/** A library built here, resolved in every way there is: both symbolizers and none, from files, cache and bundle. */
import { createServer, type Server } from 'node:http';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  bundleModules,
  collectSourceLines,
  ElfFile,
  findSymbolizer,
  framesOf,
  packBundle,
  placeAddresses,
  readBuildId,
  readBundle,
  resolveSymbols,
  type SymbolsError,
  type BundledModule,
  type Positions,
  type ResolvedFrame,
  type ResolvedSymbols,
  type ResolveOptions,
} from '../src/index.js';
import { SEGMENT_LOAD } from '../src/elf-file.js';
import { FrameColumnsBuilder } from '../src/frame-columns.js';
import { buildLibrary, canBuild, functionsByNm, LIBRARY_SOURCE, type BuiltLibrary } from './build-library.js';
import { scratchFolder } from './scratch-folder.js';

const LOAD = 0x7f00_0000_0000n;
const lineOf = (text: string): number => LIBRARY_SOURCE.split('\n').findIndex((line) => line.includes(text)) + 1;

/** Every byte of some functions as return addresses, as if the library at `file` had been mapped from `path`. */
function positionsIn(file: string, path: string, addresses: readonly number[]): Positions {
  const elf = ElfFile.open(file);
  const loaded = elf.segments.filter(({ type }) => type === SEGMENT_LOAD);
  elf.close();
  const rows = loaded.length;
  const segments = {
    length: rows,
    file: new Uint32Array(rows),
    generation: new Uint32Array(rows).fill(1),
    loadAddress: new BigUint64Array(rows).fill(LOAD),
    virtualAddress: BigUint64Array.from(loaded, ({ address }) => address),
    size: BigUint64Array.from(loaded, ({ memorySize }) => memorySize),
  };
  const ips = BigUint64Array.from(addresses, (address) => LOAD + BigInt(address) + 1n);
  const { positions } = placeAddresses(ips, new Uint32Array(ips.length).fill(1), segments, [path]);
  return positions;
}

const all = (positions: Positions, symbols: ResolvedSymbols): ResolvedFrame[][] =>
  Array.from({ length: positions.length }, (_, row) => framesOf(symbols.frames, row));

describe.runIf(canBuild)('a library built here', () => {
  let library: BuiltLibrary;
  let functions: Map<string, [address: number, size: number]>;
  let addresses: number[];
  beforeAll(() => {
    library = buildLibrary();
    functions = functionsByNm(library.dwarf5);
    addresses = [...functions].flatMap(([name, [start, size]]) =>
      /infer|outer|attention|grow|17h|_R/.test(name) ? Array.from({ length: size }, (_, byte) => start + byte) : [],
    );
  }, 60_000);
  afterAll(() => rmSync(library.folder, { recursive: true, force: true }));

  const resolve = async (file: string, options: ResolveOptions = {}): Promise<ResolvedFrame[][]> => {
    const positions = positionsIn(file, file, addresses);
    const symbols = await resolveSymbols(positions, { cacheFolder: null, ...options });
    expect(symbols.modules.map(({ status, reason, warning }) => [status, reason, warning])).toEqual([
      ['found', null, null],
    ]);
    return all(positions, symbols);
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

  test('a sysroot and a folder of debug files stand for the recorded machine; the sysroot’s links stay within it', async () => {
    const root = scratchFolder();
    mkdirSync(join(root, 'usr/lib'), { recursive: true });
    mkdirSync(join(root, 'symbols'));
    copyFileSync(library.stripped, join(root, 'usr/lib/engine-1.so'));
    symlinkSync('/usr/lib/engine-1.so', join(root, 'usr/lib/engine.so'));
    copyFileSync(library.splitDebug, join(root, 'symbols', `${buildIdOf(library.dwarf5)}.debug`));
    const positions = positionsIn(library.stripped, '/usr/lib/../lib/engine.so', addresses);
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
    const outside = positionsIn(library.stripped, `/../../..${library.stripped}`, addresses.slice(0, 3));
    const missing = await resolveSymbols(outside, { sysroots: [root], cacheFolder: null });
    expect(missing.modules[0]).toMatchObject({ status: 'missing', reason: 'no such file', resolved: 0 });
    expect(
      all(outside, missing)
        .flat()
        .every(({ source }) => source === 'none'),
    ).toBe(true);
  });

  test('a file that is not the one that was mapped is reported and not used', async () => {
    const positions = positionsIn(library.dwarf5, '/lib/engine.so', addresses);
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
      const positions = positionsIn(library.dwarf5, path, addresses);
      for (const symbolizer of ['llvm-symbolizer', 'addr2line'] as const) {
        if (!(await findSymbolizer(symbolizer).then(Boolean, () => false))) continue;
        const { modules } = await resolveSymbols(positions, { cacheFolder: null, symbolizer });
        expect(modules[0]).toMatchObject({ status: 'found', warning: null, resolved: positions.length });
      }
    }
  });

  test('the cache gives the same frames without a symbolizer’s help, and a damaged one is ignored', async () => {
    const cacheFolder = scratchFolder();
    const positions = positionsIn(library.dwarf5, library.dwarf5, addresses);
    const half = positionsIn(
      library.dwarf5,
      library.dwarf5,
      addresses.filter((_, row) => row % 2 === 0),
    );
    const first = await resolveSymbols(half, { cacheFolder });
    expect(first.modules[0]!.from).toBe('files');
    expect((await resolveSymbols(half, { cacheFolder })).modules[0]!.from).toBe('cache');
    // What is missing in it is added.
    const fresh = await resolveSymbols(positions, { cacheFolder: null });
    expect(all(positions, await resolveSymbols(positions, { cacheFolder }))).toEqual(all(positions, fresh));
    const again = await resolveSymbols(positions, { cacheFolder });
    expect(again.modules[0]!.from).toBe('cache');
    expect(all(positions, again)).toEqual(all(positions, fresh));
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
      expect(all(positions, repaired)).toEqual(all(positions, fresh));
    }
  });

  test('a bundle gives identical frames without any file, with source lines', async () => {
    const path = join(scratchFolder(), 'gone.so');
    copyFileSync(library.dwarf5, path);
    const positions = positionsIn(library.dwarf5, path, addresses);
    const symbols = await resolveSymbols(positions, { cacheFolder: null });
    const frames = all(positions, symbols);
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
    expect(all(positions, there)).toEqual(frames);

    // What it leaves open is looked up where the user points to, but not in another build.
    const unresolved = {
      ...bundle,
      modules: bundle.modules.map((module) => ({ ...module, frames: unresolvedFrames(module) })),
    };
    const root = scratchFolder();
    mkdirSync(join(root, dirname(path)), { recursive: true });
    copyFileSync(library.dwarf5, join(root, path));
    const files = { cacheFolder: null, sysroots: [root] };
    expect(all(positions, await resolveSymbols(positions, { ...files, bundle: unresolved }))).toEqual(frames);
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
    const positions = positionsIn(library.dwarf5, library.dwarf5, addresses.slice(0, 40));
    const symbols = await resolveSymbols(positions, { cacheFolder: null, symbolizer: 'none' });
    const { gunzipSync, gzipSync } = await import('node:zlib');
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

  describe('with a debuginfod server', () => {
    let server: Server;
    let url: string;
    const requests: string[] = [];
    let answer: (id: string) => { status: number; body: Buffer } = () => ({ status: 404, body: Buffer.alloc(0) });
    beforeAll(async () => {
      server = createServer((request, response) => {
        requests.push(request.url!);
        const { status, body } = answer(request.url!);
        response.writeHead(status).end(body);
      });
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterAll(() => void server.close());

    test('debug files come by build-id, once, and only where the user asks', async () => {
      const cacheFolder = scratchFolder();
      const buildId = buildIdOf(library.stripped);
      const positions = positionsIn(library.stripped, library.stripped, addresses);
      answer = () => ({ status: 200, body: readFileSync(library.splitDebug) });
      process.env['DEBUGINFOD_URLS'] = url;
      try {
        const unasked = await resolveSymbols(positions, { cacheFolder });
        expect(unasked.modules[0]!.debugPath).toBeNull();
        expect(requests).toEqual([]);
      } finally {
        delete process.env['DEBUGINFOD_URLS'];
      }
      const asked = await resolveSymbols(positions, { cacheFolder, debuginfod: [url] });
      expect(requests).toEqual([`/buildid/${buildId}/debuginfo`]);
      expect(asked.modules[0]).toMatchObject({ warning: null, resolved: positions.length });
      await resolveSymbols(positions, { cacheFolder, debuginfod: [url] });
      expect(requests).toHaveLength(1);
    });

    test('another file, a refusal, an unknown build-id or no server at all leave what the symbol table says', async () => {
      const positions = positionsIn(library.stripped, library.stripped, addresses);
      const plain = all(positions, await resolveSymbols(positions, { cacheFolder: null }));
      const cases: [typeof answer, RegExp | null][] = [
        [() => ({ status: 200, body: readFileSync(library.dwarf4) }), /sent another file/],
        [() => ({ status: 200, body: Buffer.from('<html>') }), /sent another file/],
        [() => ({ status: 500, body: Buffer.alloc(0) }), /refused; expected status 200, found 500/],
        [() => ({ status: 404, body: Buffer.alloc(0) }), null],
      ];
      for (const [reply, warning] of cases) {
        answer = reply;
        const cacheFolder = scratchFolder();
        const symbols = await resolveSymbols(positions, { cacheFolder, debuginfod: [url] });
        expect(symbols.modules[0]!.debugPath).toBeNull();
        if (warning === null) expect(symbols.modules[0]!.warning).toBeNull();
        else expect(symbols.modules[0]!.warning).toMatch(warning);
        expect(all(positions, symbols)).toEqual(plain);
        const left = readdirSync(cacheFolder, { recursive: true, encoding: 'utf8' });
        expect(left.filter((name) => name.endsWith('.tmp') || name.endsWith('.debug'))).toEqual([]);
      }
      for (const wrong of ['http://127.0.0.1:1', 'file:///etc', 'no url']) {
        const symbols = await resolveSymbols(positions, { cacheFolder: scratchFolder(), debuginfod: [wrong] });
        expect(symbols.modules[0]!.warning).toContain(wrong);
      }
    });
  });

  describe('a symbolizer', () => {
    /** A script in place of llvm-symbolizer, alone in PATH with what it needs. */
    const withFake = async (
      script: string,
      timeoutMs = 20_000,
    ): Promise<{ symbols: ResolvedSymbols; positions: Positions }> => {
      const folder = scratchFolder();
      const path = join(folder, 'llvm-symbolizer');
      writeFileSync(path, `#!/bin/sh\nif [ "$1" = --version ]; then echo "LLVM version 99.0"; exit 0; fi\n${script}\n`);
      chmodSync(path, 0o755);
      const before = process.env['PATH'];
      process.env['PATH'] = `${folder}:${before}`;
      try {
        const positions = positionsIn(library.dwarf5, library.dwarf5, addresses);
        const symbols = await resolveSymbols(positions, {
          cacheFolder: null,
          timeoutMs,
          symbolizer: 'llvm-symbolizer',
        });
        return { symbols, positions };
      } finally {
        process.env['PATH'] = before;
      }
    };
    const first = (): string =>
      `{"Address":"0x${Math.min(...addresses).toString(16)}","Symbol":[{"FunctionName":"f","FileName":"/a.c","Line":7}]}`;

    test.each([
      ['that hangs', 'cat > /dev/null; exec sleep 60', /gave no answer for 0.5 s/],
      ['that reads nothing', 'exec sleep 60', /gave no answer for 0.5 s/],
      ['that dies', 'exit 3', /exited with 3 and ended before/],
      ['that is killed', 'kill -9 $$', /was ended by SIGKILL/],
      ['that prints garbage', 'while true; do echo garbage; done', /printed something else than JSON/],
      [
        'that prints without end',
        'while true; do printf xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done',
        /without end|gave no answer/,
      ],
      ['that answers for other addresses', `echo '{"Address":"0x1","Symbol":[]}'`, /an address it was not asked for/],
      ['that answers null', 'echo null', /something else than an answer/],
      ['that says nothing', 'cat > /dev/null', /ended before it had answered everything/],
    ])('%s leaves names from the symbol table, with one warning', async (_, script, warning) => {
      const { symbols, positions } = await withFake(script, script.includes('sleep') ? 500 : 20_000);
      expect(symbols.modules[0]!.warning).toMatch(warning);
      expect(symbols.modules[0]!.resolved).toBe(positions.length);
      expect(
        all(positions, symbols)
          .flat()
          .every(({ source }) => source === 'symtab'),
      ).toBe(true);
    });

    test('that dies half-way is believed up to there', async () => {
      const { symbols, positions } = await withFake(`echo '${first()}'; exit 1`);
      const frames = all(positions, symbols);
      expect(frames.flat().filter(({ source }) => source === 'debug')).toEqual([
        { functionName: 'f', file: '/a.c', line: 7, source: 'debug' },
      ]);
      expect(symbols.modules[0]!.warning).toMatch(/exited with 1/);
    });

    test('is not waited for once the user has had enough', async () => {
      const controller = new AbortController();
      const positions = positionsIn(library.dwarf5, library.dwarf5, addresses);
      const reason = new Error('enough');
      setTimeout(() => controller.abort(reason), 20);
      const folder = scratchFolder();
      const path = join(folder, 'llvm-symbolizer');
      writeFileSync(
        path,
        '#!/bin/sh\nif [ "$1" = --version ]; then echo "LLVM version 99.0"; exit 0; fi\nexec sleep 60\n',
      );
      chmodSync(path, 0o755);
      const before = process.env['PATH'];
      process.env['PATH'] = `${folder}:${before}`;
      try {
        await expect(resolveSymbols(positions, { cacheFolder: null, signal: controller.signal })).rejects.toBe(reason);
      } finally {
        process.env['PATH'] = before;
      }
    });

    test('asked for by name and not there is an error; too old a one is passed over', async () => {
      const folder = scratchFolder();
      await expect(findSymbolizer('addr2line', folder)).rejects.toMatchObject({ code: 'symbolizer' });
      expect(await findSymbolizer('auto', folder)).toBeNull();
      expect(await findSymbolizer('none')).toBeNull();
      for (const [name, version] of [
        ['llvm-symbolizer-11', '11.0.1'],
        ['llvm-symbolizer-13', '13.0.0'],
        ['llvm-symbolizer-15', '15.0.6'],
      ]) {
        writeFileSync(join(folder, name!), `#!/bin/sh\necho LLVM\necho "  LLVM version ${version}"\n`);
        chmodSync(join(folder, name!), 0o755);
      }
      expect(await findSymbolizer('auto', folder)).toMatchObject({ command: join(folder, 'llvm-symbolizer-15') });
      rmSync(join(folder, 'llvm-symbolizer-13'));
      rmSync(join(folder, 'llvm-symbolizer-15'));
      await expect(findSymbolizer('llvm-symbolizer', folder)).rejects.toThrow(/expected version 13 or newer/);
    });
  });

  test('damaged debug sections give unresolved frames or names from the symbol table, never a fault', async () => {
    const whole = readFileSync(library.dwarf5);
    const elf = ElfFile.open(library.dwarf5);
    const debug = elf.sections.filter(({ name }) => name.startsWith('.debug'));
    elf.close();
    const path = join(scratchFolder(), 'damaged.so');
    const positions = positionsIn(library.dwarf5, path, addresses.slice(0, 60));
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
  expect(all(positions, symbols)).toEqual(
    Array.from({ length: 3 }, () => [{ functionName: null, file: null, line: 0, source: 'none' }]),
  );
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

function unresolvedFrames({ addresses }: BundledModule): BundledModule['frames'] {
  const builder = new FrameColumnsBuilder();
  for (let row = 0; row < addresses.length; row++) builder.end();
  return builder.finish();
}

function buildIdOf(path: string): string {
  const elf = ElfFile.open(path);
  try {
    return readBuildId(elf)!;
  } finally {
    elf.close();
  }
}
