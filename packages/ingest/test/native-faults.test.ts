/**
 * Symbol files, symbolizers and bundles that are missing, damaged, slow or another's: a capture keeps every byte and
 * every frame's address, and says once what went wrong.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { encodeCapture, parseCapture } from '@memscope/fixtures';
import { JOIN_METHODS, type SymbolNotes } from '@memscope/model';
import { openProfile } from '@memscope/store';

import { ingestCapture } from '../src/ingest-capture.js';
import { ingest, listSymbols, packSymbols, type IngestOutcome, type SymbolRequest } from '../src/index.js';
import { DEFAULT_SYMBOLS, planSymbols } from '../src/symbol-request.js';
import { ALL_BYTES, buildLibraryCapture, canBuild, LIBRARY } from './library-capture.js';
import { query } from './profile-rows.js';
import { copyCapture, scratchFolder, temporariesIn, writeCapture } from './scratch-folder.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

interface Told {
  readonly notes: SymbolNotes;
  /** By site: how it was joined, and its frames from the outermost to the innermost. */
  readonly stacks: readonly string[];
}

async function read(capture: string, request: Partial<SymbolRequest>, timeoutMs = 20_000): Promise<Told> {
  const profilePath = join(scratchFolder(), 'capture.memscope');
  const { task, stamp } = planSymbols(capture, { ...DEFAULT_SYMBOLS, ...request });
  const symbols = { task: { ...task, cacheFolder: null, timeoutMs }, stamp };
  const options = { temporaryThreshold: 1, maxTicks: 1000, stamp: null, threaded: false };
  await ingestCapture({ path: capture, profilePath, symbols, ...options });
  return tell(profilePath);
}

function tell(profilePath: string): Told {
  const profile = openProfile(profilePath);
  const { symbols } = profile.notes;
  const { peakBytes } = profile.capture;
  const { frames, stacks } = profile.stackTables();
  const { stack, joinMethod, length } = profile.siteKeys();
  profile.close();
  const [sums] = query(
    profilePath,
    'SELECT sum(leaked_bytes) leaked, sum(total_bytes) total, count(stack) joined FROM site',
  );
  expect([peakBytes, sums]).toEqual([
    ALL_BYTES,
    { leaked: BigInt(ALL_BYTES), total: BigInt(ALL_BYTES), joined: BigInt(length) },
  ]);
  const nameOf = (frame: number): string => {
    const name = frames.functionName[frame] ?? `0x${frames.ip[frame]!.toString(16)}`;
    return frames.line[frame]! > 0 ? `${name}:${frames.line[frame]}` : name;
  };
  const told = Array.from({ length }, (_, site) => {
    const names: string[] = [];
    for (let row = stack![site]!; row > 0; row = stacks.parent[row]!) names.unshift(nameOf(stacks.frame[row]!));
    return `${JOIN_METHODS[joinMethod![site]!]}: ${names.join(' > ')}`;
  });
  return { notes: symbols!, stacks: told };
}

const NAMED = [
  'module: main:10 > serve:6 > engine::twice(int):4',
  'module: main:10 > serve:6 > engine::twice(int):4 > engine::work(int):3',
  'module: main:10 > serve:6 > engine::twice(int):4 > engine::work(int):3 > 0x1234',
  'python: main:10',
];
/** From symbol tables: no lines, no inlined calls. */
const FROM_TABLES = [
  'module: main:10 > serve',
  'module: main:10 > serve > engine::work(int)',
  'module: main:10 > serve > engine::work(int) > 0x1234',
  'python: main:10',
];

function isUnnamed({ stacks }: Told): boolean {
  return stacks.every((stack) => /^(?:module|python): main:10(?: > 0x[0-9a-f]+)*$/.test(stack)) && stacks.length === 4;
}

function statusOf({ notes }: Told): [status: string, reason: string | null, warning: string | null] {
  const { status, reason, warning } = notes.modules.find(({ path }) => path === LIBRARY)!;
  return [status, reason, warning];
}

/** A script in place of a symbolizer, first in PATH. */
function useSymbolizer(script: string): string {
  const folder = scratchFolder();
  const path = join(folder, 'llvm-symbolizer');
  writeFileSync(path, `#!/bin/sh\nif [ "$1" = --version ]; then echo "LLVM version 99.0"; exit 0; fi\n${script}\n`);
  chmodSync(path, 0o755);
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
  return folder;
}

describe.runIf(canBuild)('a library with debug sections', () => {
  test('gives names, lines and inlined calls; an address in no map keeps its address', async () => {
    const { capture, sysroot } = buildLibraryCapture(scratchFolder());
    const told = await read(capture, { sysroots: [sysroot] });
    expect(told.stacks).toEqual(NAMED);
    expect(statusOf(told)).toEqual(['found', null, null]);
    expect(told.notes.modules.map(({ path, status }) => [path, status])).toEqual([
      ['/usr/bin/python3.13', 'missing'],
      [LIBRARY, 'found'],
    ]);
    expect(told.notes.joined).toEqual({ asMemray: 0, byModule: 3, pythonOnly: 1 });
    expect(told.notes.modules[1]!.buildId).toMatch(/^[0-9a-f]{40}$/);
    expect(await listSymbols(capture, { ...DEFAULT_SYMBOLS, sysroots: [sysroot] })).toMatchObject({
      joined: told.notes.joined,
      modules: told.notes.modules.map(({ path, positions, resolved }) => ({ path, positions, resolved })),
    });
  });

  test.each([
    ['cut off', (library: string) => truncateSync(library, 900), 'unreadable'],
    ['no library at all', (library: string) => writeFileSync(library, 'not at all'), 'unreadable'],
    ['of random bytes', (library: string) => writeFileSync(library, randomElf()), 'unreadable'],
    ['another one', (library: string) => writeFileSync(library, readFileSync('/bin/sh')), 'mismatch'],
  ])('that is %s costs its names only', async (_, damage, status) => {
    const { capture, sysroot, library } = buildLibraryCapture(scratchFolder());
    damage(library);
    const told = await read(capture, { sysroots: [sysroot] });
    expect(isUnnamed(told)).toBe(true);
    expect(statusOf(told)).toEqual([status, expect.any(String), null]);
    expect(told.notes.modules.every(({ buildId }) => buildId === null)).toBe(true);
  });

  test.each([
    ['hangs', 'exec sleep 60', /^llvm-symbolizer gave no answer for 0.3 s$/],
    ['dies', 'kill -9 $$', /^llvm-symbolizer was ended by SIGKILL/],
    ['says something else', 'echo hello; cat > /dev/null', /^llvm-symbolizer /],
  ])('has names from its symbol table, and one warning, when the symbolizer %s', async (_, script, warning) => {
    const { capture, sysroot } = buildLibraryCapture(scratchFolder());
    useSymbolizer(script);
    const told = await read(capture, { sysroots: [sysroot] }, 300);
    expect(told.stacks).toEqual(FROM_TABLES);
    expect(statusOf(told)).toEqual(['found', null, expect.stringMatching(warning)]);
    expect(told.notes.warnings).toEqual([]);
  });

  test('has names from its symbol table, and one warning, when the symbolizer that is asked for is not there', async () => {
    const { capture, sysroot } = buildLibraryCapture(scratchFolder());
    vi.stubEnv('PATH', '');
    const told = await read(capture, { sysroots: [sysroot], symbolizer: 'addr2line' });
    expect(told.stacks).toEqual(FROM_TABLES);
    expect(told.notes.warnings).toEqual([expect.stringMatching(/^addr2line: is in no folder of PATH; names are from/)]);
  });

  test('has the same names from a bundle, which carries the source lines on demand', async () => {
    const folder = scratchFolder();
    const { capture, sysroot } = buildLibraryCapture(folder);
    const request = { ...DEFAULT_SYMBOLS, sysroots: [sysroot], symbolPaths: [], sources: true };
    const { path } = await packSymbols(capture, request);
    expect(temporariesIn(folder)).toEqual([]);
    const told = await read(capture, {});
    expect(told.stacks).toEqual(NAMED);
    expect(told.notes.modules.map(({ from }) => from)).toEqual(['bundle', 'bundle']);
    // Without files at the sysroot's places there are no lines, but names.
    const { readBundleFile } = await import('@memscope/symbols');
    expect(readBundleFile(path).sources.size).toBe(0);
    mkdirSync(join(sysroot, folder), { recursive: true });
    writeFileSync(join(sysroot, folder, 'engine.cpp'), readFileSync(join(folder, 'engine.cpp')));
    await packSymbols(capture, request);
    const lines = readBundleFile(path).sources.get(join(folder, 'engine.cpp'))!;
    expect(lines.get(6)).toMatch(/^extern "C" int serve/);
    // Whoever has the capture and the bundle has the lines.
    const [outcome] = await ingest({ paths: [capture], output: join(folder, 'elsewhere.memscope') });
    const profile = openProfile(outcome!.error === undefined ? outcome!.profilePath : '');
    expect(profile.sourceLines()).toEqual(readBundleFile(path).sources);
    profile.close();
  });

  test('stops its symbolizer when reading is cancelled, and leaves nothing behind', async () => {
    const folder = scratchFolder();
    const { capture, sysroot } = buildLibraryCapture(folder);
    const place = useSymbolizer(`echo $$ > "$(dirname "$0")/pid"; exec sleep 600`);
    const controller = new AbortController();
    const started = join(place, 'pid');
    const outcomes = await ingest({
      paths: [capture],
      symbols: { ...DEFAULT_SYMBOLS, sysroots: [sysroot] },
      signal: controller.signal,
      onProgress: ({ state }) => {
        if (state === 'resolving' && existsSync(started)) controller.abort();
      },
    });
    expect(outcomes.map(codeOf)).toEqual(['cancelled']);
    expect(temporariesIn(folder)).toEqual([]);
    expect(existsSync(`${capture}.memscope`)).toBe(false);
    const pid = Number(readFileSync(started, 'utf8'));
    for (let tries = 0; isRunning(pid) && tries < 100; tries++) await sleep(20);
    expect(isRunning(pid)).toBe(false);
  });
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
    const told = await read(write(), { sysroots: [scratchFolder()], ...request });
    expect(told.stacks).toEqual(['module: main:10 > 0x1100']);
    expect(told.notes.warnings).toEqual([expect.stringMatching(warning)]);
  });

  test('a module whose path is no path is only missing', async () => {
    const { notes } = await read(write(), {});
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

/** Starts like a library. */
function randomElf(): Buffer {
  const bytes = Buffer.alloc(4096);
  for (let at = 0, state = 7; at < bytes.length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[at] = state >>> 24;
  }
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]).copy(bytes);
  return bytes;
}

/** A process that has ended and that nobody has asked about is not running. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function codeOf({ error }: IngestOutcome): string | undefined {
  return error?.code;
}
