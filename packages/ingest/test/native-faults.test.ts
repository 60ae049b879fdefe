/**
 * Symbol files, symbolizers and bundles that are missing, damaged, slow or another's: a capture keeps every byte and
 * every frame's address, and says once what went wrong.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { openProfile } from '@memscope/store';

import { ingest, listSymbols, packSymbols, type IngestOutcome } from '../src/index.js';
import { DEFAULT_SYMBOLS } from '../src/symbol-request.js';
import { buildLibraryCapture, canBuild, LIBRARY } from './library-capture.js';
import { scratchFolder, temporariesIn } from './scratch-folder.js';
import { readTold, type Told } from './told-stacks.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

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
    const told = await readTold(capture, { sysroots: [sysroot] });
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
    const told = await readTold(capture, { sysroots: [sysroot] });
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
    const told = await readTold(capture, { sysroots: [sysroot] }, 300);
    expect(told.stacks).toEqual(FROM_TABLES);
    expect(statusOf(told)).toEqual(['found', null, expect.stringMatching(warning)]);
    expect(told.notes.warnings).toEqual([]);
  });

  test('has names from its symbol table, and one warning, when the symbolizer that is asked for is not there', async () => {
    const { capture, sysroot } = buildLibraryCapture(scratchFolder());
    vi.stubEnv('PATH', '');
    const told = await readTold(capture, { sysroots: [sysroot], symbolizer: 'addr2line' });
    expect(told.stacks).toEqual(FROM_TABLES);
    expect(told.notes.warnings).toEqual([expect.stringMatching(/^addr2line: is in no folder of PATH; names are from/)]);
  });

  test('has the same names from a bundle, which carries the source lines on demand', async () => {
    const folder = scratchFolder();
    const { capture, sysroot } = buildLibraryCapture(folder);
    const request = { ...DEFAULT_SYMBOLS, sysroots: [sysroot], symbolPaths: [], sources: true };
    const { path } = await packSymbols(capture, request);
    expect(temporariesIn(folder)).toEqual([]);
    const told = await readTold(capture, {});
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
