import { mkdtempSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

import { parseBenchOptions } from '../src/bench-options.js';
import { memrayCommand, placeForMemray, splitCommand, type MemraySetting } from '../src/memray-commands.js';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'memscope-bench-test-')));
const rig = join(folder, 'rig');
mkdirSync(join(rig, 'tmp', 'ours'), { recursive: true });
for (const path of [join(folder, 'a.bin'), join(rig, 'b.bin')]) writeFileSync(path, 'memray');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('without parameters every suite runs, five turns, and nothing is set against memray', () => {
  expect(parseBenchOptions([], {}, folder)).toMatchObject({
    suites: ['kernel', 'store', 'views', 'page', 'end-to-end'],
    runs: 5,
    captures: [],
    memray: null,
    json: false,
  });
});

test('a memray on the path is found, and asked what does not take gigabytes', () => {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'memray'), '');
  const PATH = [join(folder, 'nowhere'), bin].join(delimiter);
  const found = { command: [join(bin, 'memray')], pathPrefix: '', reports: ['stats', 'flamegraph'] };
  expect(parseBenchOptions([], { PATH }, folder).memray).toEqual(found);
  expect(parseBenchOptions(['--memray', 'temporal'], { PATH }, folder).memray?.reports).toEqual(['temporal']);
  expect(parseBenchOptions([], { PATH, MEMRAY: '' }, folder).memray).toBeNull();
  expect(parseBenchOptions([], { PATH, MEMRAY: 'python3 -m memray' }, folder).memray).toMatchObject({
    command: ['python3', '-m', 'memray'],
    reports: ['stats', 'flamegraph', 'temporal'],
  });
});

test('captures come from the environment and the parameters, relative to where the user stands', () => {
  const environment = { CAPTURE: ['a.bin', 'rig/b.bin'].join(delimiter) };
  expect(parseBenchOptions(['a.bin'], environment, folder).captures).toEqual([
    join(folder, 'a.bin'),
    join(rig, 'b.bin'),
    join(folder, 'a.bin'),
  ]);
});

test.each([
  [['--runs', '0'], '--runs: expected a whole number from 1 on, found 0'],
  [['--megabytes', 'many'], '--megabytes: expected a number above 0, found many'],
  [['--only', 'all'], '--only: expected kernel or store or views or page or end-to-end, found all'],
  [['--memray', 'stats,table'], '--memray: expected stats or flamegraph or temporal, found table'],
  [['missing.bin'], 'missing.bin: no such capture'],
  [['--fast'], "Unknown option '--fast'"],
])('%j is refused', (parameters, message) => {
  expect(() => parseBenchOptions(parameters, {}, folder)).toThrow(message);
});

test('a command may hold quoted words', () => {
  expect(splitCommand(`chroot "/my rig" python3 -m 'memray'`)).toEqual([
    'chroot',
    '/my rig',
    'python3',
    '-m',
    'memray',
  ]);
});

test('a memray under another root gets paths as it sees them', () => {
  const setting: MemraySetting = { command: ['chroot', rig, 'memray'], pathPrefix: `${rig}/`, reports: [] };
  const ours = join(rig, 'tmp', 'ours');
  expect(memrayCommand('stats', join(rig, 'b.bin'), ours, setting)).toEqual([
    'chroot',
    rig,
    'memray',
    'stats',
    '/b.bin',
  ]);
  expect(memrayCommand('temporal', join(rig, 'b.bin'), ours, setting).slice(3)).toEqual([
    'flamegraph',
    '--temporal',
    '-f',
    '-o',
    '/tmp/ours/temporal.html',
    '/b.bin',
  ]);
});

test('a capture that memray cannot see is copied to where it can', () => {
  const setting: MemraySetting = { command: ['memray'], pathPrefix: rig, reports: [] };
  const ours = join(rig, 'tmp', 'ours');
  expect(placeForMemray(join(rig, 'b.bin'), ours, setting)).toBe(join(rig, 'b.bin'));
  expect(placeForMemray(join(folder, 'a.bin'), ours, setting)).toBe(join(ours, 'a.bin'));
  expect(placeForMemray(join(folder, 'a.bin'), ours, { ...setting, pathPrefix: '' })).toBe(join(folder, 'a.bin'));
});
