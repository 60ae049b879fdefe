/** `memscope symbols`: what it asks of the engine, and what it says of modules whatever their names hold. */
import { describe, expect, test } from 'vitest';
import type { ModuleSymbols, Profile, SymbolNotes } from '@memscope/model';

import { displayWidth } from '../src/terminal/display-width.js';
import { fakeProfile } from './fake-profile.js';
import { run } from './fake-host.js';
import { HOSTILE_NAMES } from './hostile-profile.js';
import { expectValid } from './views/document-schema.js';

const NOTHING_SAID = { sysroots: [], symbolPaths: [], debuginfod: false, symbolizer: 'auto', bundle: null };

const module = (name: string, change: Partial<ModuleSymbols> = {}): ModuleSymbols => ({
  path: `/usr/lib/${name}`,
  name,
  buildId: 'a226e0f150be89099d375c6b865b1dba794648ae',
  status: 'found',
  from: 'files',
  positions: 10,
  resolved: 10,
  reason: null,
  warning: null,
  ...change,
});

const MISSING = { status: 'missing', resolved: 0, reason: 'no such file', buildId: null } as const;

const notes = (modules: readonly ModuleSymbols[], warnings: readonly string[] = []): SymbolNotes => ({
  modules,
  symbolizer: 'llvm-symbolizer (14.0.6)',
  joined: { asMemray: 100, byModule: 20, pythonOnly: 3 },
  warnings,
});

const profile = (modules: readonly ModuleSymbols[], warnings: readonly string[] = []): Profile =>
  fakeProfile({
    capture: { path: '/srv/a.bin', nativeTraces: true },
    notes: { symbols: notes(modules, warnings) },
    locations: [['f', 'app.py', 1, 10, 1, 10, 1, 10, 1]],
  });

const HOSTILE = profile(
  HOSTILE_NAMES.map((name, index) =>
    module(name, {
      path: `/opt/${name}\n-x`,
      buildId: name.slice(0, 100),
      status: index % 2 === 0 ? 'missing' : 'mismatch',
      resolved: 0,
      reason: name.slice(0, 4096),
      warning: index === 3 ? name : null,
    }),
  ),
  HOSTILE_NAMES,
);

describe('memscope symbols list', () => {
  test('asks with what was said of symbols', async () => {
    const captures = { 'a.bin': profile([module('libc.so.6')]) };
    const { symbolRequests } = await run(['symbols', 'list', 'a.bin'], { captures });
    expect(symbolRequests).toEqual([{ ...NOTHING_SAID, signal: expect.any(AbortSignal) as AbortSignal }]);
    const words = 'symbols list a.bin --sysroot . --symbol-path .. --symbols z --debuginfod --symbolizer none';
    const said = await run(words.split(' '), { captures });
    expect(said.symbolRequests).toMatchObject([
      { sysroots: ['.'], symbolPaths: ['..'], bundle: 'z', debuginfod: true, symbolizer: 'none' },
    ]);
  });

  test('shows modules with the most frames first, and why frames have no name', async () => {
    const modules = [module('liba.so', { ...MISSING, positions: 7 }), module('libb.so'), module('libc.so', MISSING)];
    const { stdout, stderr, code } = await run(['symbols', 'list', 'a.bin'], {
      captures: { 'a.bin': profile(modules) },
    });
    expect([code, stderr]).toEqual([0, '']);
    expect([...stdout.matchAll(/lib[a-c]\.so$/gm)].map(([name]) => name)).toEqual(['libb.so', 'libc.so', 'liba.so']);
    expect(stdout).toContain('10 of 27 frames in 3 modules have names (by llvm-symbolizer (14.0.6)).');
    expect(stdout).toMatch(/Why frames have no name\n {2}libc\.so, liba\.so: no such file\n/);
  });

  test('shows no more modules than were asked for, and says that there are more', async () => {
    const captures = { 'a.bin': profile([module('liba.so'), module('libb.so'), module('libc.so')]) };
    const { stdout } = await run(['symbols', 'list', 'a.bin', '-n', '1'], { captures });
    expect(stdout).toContain('And 2 more.');
    const { stdout: json } = await run(['symbols', 'list', 'a.bin', '-n', '1', '--json'], { captures });
    const document = JSON.parse(json) as { moduleCount: number; modules: unknown[] };
    expectValid('symbols-1', document);
    expect([document.moduleCount, document.modules.length]).toEqual([3, 1]);
  });

  test.each([60, 80, 140])('stays within %i columns and safe whatever names hold', async (columns) => {
    const world = { captures: { 'a.bin': HOSTILE }, terminal: columns, env: { NO_COLOR: '1' } };
    for (const args of [
      ['symbols', 'list', 'a.bin'],
      ['analyze', 'a.bin'],
    ]) {
      const { stdout } = await run(args, world);
      const { stderr } = await run(args, { captures: world.captures });
      expect(stdout + stderr).not.toMatch(/[^\P{Cc}\n]|\p{Cf}|\p{Cs}/u);
      expect(stdout.split('\n').filter((line) => displayWidth(line) > columns || line !== line.trimEnd())).toEqual([]);
    }
    const { stdout: json } = await run(['symbols', 'list', 'a.bin', '--json'], world);
    expectValid('symbols-1', JSON.parse(json));
    expect((await run(['symbols', 'list', 'a.bin', '--csv'], world)).stdout).not.toMatch(/[^\P{Cc}\n]/u);
  });

  test('a profile says what was known when it was made, and takes no further symbols', async () => {
    const captures = { 'a.memscope': profile([module('libb.so')]), 'b.memscope': fakeProfile({}) };
    const { stdout, symbolRequests } = await run(['symbols', 'list', 'a.memscope'], { captures });
    expect(stdout).toContain('libb.so');
    expect(symbolRequests).toEqual([]);
    const said = await run(['symbols', 'list', 'a.memscope', '--sysroot', '.'], { captures });
    expect([said.code, said.stderr]).toEqual([
      2,
      'memscope: a profile says what was known when it was made: name the capture\n',
    ]);
    expect((await run(['symbols', 'list', 'b.memscope'], { captures })).code).toBe(2);
  });
});

describe('memscope symbols pack', () => {
  const captures = { 'a.bin': profile([module('liba.so'), module('libb.so', MISSING)], ['x is no folder']) };

  test('says what it wrote, and what it could not name', async () => {
    const { code, stdout, stderr, symbolRequests } = await run(['symbols', 'pack', 'a.bin'], { captures });
    expect(code).toBe(0);
    expect(stdout).toBe('a.bin.symbols: names of 10 of 20 frames in 2 modules\n');
    expect(stderr).toBe(
      'memscope: warning: x is no folder\nmemscope: memscope symbols list a.bin says why some have none\n',
    );
    expect(symbolRequests).toMatchObject([{ ...NOTHING_SAID, sources: false }]);
    expect(symbolRequests[0]).not.toHaveProperty('output');
  });

  test('takes source lines along, and a place for the bundle', async () => {
    const { symbolRequests } = await run(['symbols', 'pack', 'a.bin', '--source', '-o', 'b.symbols'], { captures });
    expect(symbolRequests).toMatchObject([{ sources: true, output: 'b.symbols' }]);
  });
});

test.each([
  [['list', 'a.bin', '--source'], '--source and -o are for memscope symbols pack'],
  [['list', 'a.bin', '-o', 'x'], '--source and -o are for memscope symbols pack'],
  [['pack', 'a.bin', '--json'], '--json, --csv and -n are for memscope symbols list'],
])('%s is wrong usage', async (args, message) => {
  const { code, stderr } = await run(['symbols', ...args]);
  expect([code, stderr]).toEqual([2, `memscope: ${message}\n`]);
});

test.each([
  [['symbols', 'show', 'a.bin'], 2],
  [['symbols', 'list'], 2],
  [['symbols', 'list', 'nowhere.bin'], 3],
])('%s fails with %i', async (args, expected) => expect((await run(args)).code).toBe(expected));

test('what keeps all modules from having names is said once; how many frames have none the report says', async () => {
  const captures = { 'a.bin': profile([module('libb.so', MISSING)], ['the bundle is damaged']) };
  const { stdout, stderr } = await run(['analyze', 'a.bin'], { captures });
  expect(stderr).toBe('memscope: warning: a.bin: the bundle is damaged\n');
  expect(stdout).toMatch(/No names +100% +of native frames: memscope symbols list says why\n/);
  const json = await run(['analyze', 'a.bin', '--json'], { captures });
  expect(json.stderr).toContain('10 of 10 frames of native code have no name');
});

test('frames without names are counted in one sentence, which says where the reasons are', async () => {
  const other = { status: 'mismatch', resolved: 2, reason: 'its build-id is another' } as const;
  const modules = [
    module('libb.so', MISSING),
    module('libc.so', { ...MISSING, resolved: 9 }),
    module('libd.so', other),
  ];
  const { stderr } = await run(['tree', 'a.bin'], { captures: { 'a.bin': profile(modules, []) } });
  expect(stderr).toBe(
    'memscope: warning: a.bin: 19 of 30 frames of native code have no name: ' +
      'memscope symbols list /srv/a.bin says why\n',
  );
});
