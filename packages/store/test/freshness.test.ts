import { hasSymbols, isFresh, profilePathFor, sourceStamp, type SourceStamp, type SymbolStamp } from '@memscope/store';
import { chmodSync, mkdirSync, readdirSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { temporaryFolder } from './sample-tables.js';
import { faultOf, openDatabase, writeProfile } from './write-profile.js';

const THRESHOLD = { temporaryThreshold: 1 };

/** A capture of 300 KiB and its profile. */
function captureAndProfile() {
  const capture = join(temporaryFolder(), 'service.bin');
  const bytes = Buffer.alloc(300 * 1024, 'memray');
  writeFileSync(capture, bytes);
  utimesSync(capture, 1000, 1000);
  const profile = writeProfile({ stamp: sourceStamp(capture) }, profilePathFor(capture));
  const change = (at: number) => {
    bytes[at]! ^= 1;
    writeFileSync(capture, bytes);
    utimesSync(capture, 1000, 1000);
  };
  return { capture, profile, change };
}

test('a profile is fresh while its capture, the threshold and the schema are the same', () => {
  const { capture, profile } = captureAndProfile();
  expect(isFresh(profile, sourceStamp(capture), THRESHOLD)).toBe(true);
  expect(isFresh(profile, sourceStamp(capture), { temporaryThreshold: 5 })).toBe(false);
  openDatabase(profile, true).pragma('user_version = 99');
  expect(isFresh(profile, sourceStamp(capture), THRESHOLD)).toBe(false);
});

test('a capture that changed in size, time, head or tail makes its profile stale', () => {
  const { capture, profile, change } = captureAndProfile();
  for (const at of [0, 65_535, 300 * 1024 - 65_536, 300 * 1024 - 1]) {
    change(at);
    expect(isFresh(profile, sourceStamp(capture), THRESHOLD)).toBe(false);
    change(at);
    expect(isFresh(profile, sourceStamp(capture), THRESHOLD)).toBe(true);
  }
  utimesSync(capture, 1000, 1000.001);
  expect(isFresh(profile, sourceStamp(capture), THRESHOLD)).toBe(false);
  utimesSync(capture, 1000, 1000);
  truncateSync(capture, 300 * 1024 - 1);
  utimesSync(capture, 1000, 1000);
  expect(isFresh(profile, sourceStamp(capture), THRESHOLD)).toBe(false);
});

test('a profile without native sites in SQL is not fresh for whoever asks for them', () => {
  const stamp = sourceStamp(captureAndProfile().capture);
  const wanted = { ...THRESHOLD, sqlSites: true };
  expect(isFresh(writeProfile({ stamp }), stamp, wanted)).toBe(false);
  expect(isFresh(writeProfile({ stamp, sqlSites: true }), stamp, wanted)).toBe(true);
  expect(isFresh(writeProfile({ stamp, sqlSites: true }), stamp, THRESHOLD)).toBe(true);
});

test('the options that named native frames count where they are given and where there are such frames', () => {
  const capture = join(temporaryFolder(), 'service.bin');
  writeFileSync(capture, 'memray');
  const stamp = sourceStamp(capture);
  const symbols = { options: 'a1', bundle: '' };
  const profile = writeProfile({ stamp, symbols });
  const isFreshFor = (wanted: Partial<SymbolStamp>): boolean[] => [
    isFresh(profile, stamp, { ...THRESHOLD, symbols: wanted }),
    hasSymbols(profile, wanted),
  ];
  for (const wanted of [{}, { options: 'a1' }, { bundle: '' }, symbols])
    expect(isFreshFor(wanted)).toEqual([true, true]);
  for (const wanted of [{ options: 'b2' }, { bundle: 'c3' }, { ...symbols, bundle: 'c3' }])
    expect(isFreshFor(wanted)).toEqual([false, false]);
  openDatabase(profile, true).exec("UPDATE capture SET answers = json_set(answers, '$.native_stacks', 'none')");
  expect(isFreshFor({ options: 'b2' })).toEqual([true, true]);
});

test('no profile, a damaged one and one without a source are not fresh', () => {
  const { capture, profile } = captureAndProfile();
  const stamp: SourceStamp = sourceStamp(capture);
  expect(isFresh(`${profile}.none`, stamp, THRESHOLD)).toBe(false);
  expect(isFresh(capture, stamp, THRESHOLD)).toBe(false);
  expect(isFresh(writeProfile({ stamp: null }), stamp, THRESHOLD)).toBe(false);
  truncateSync(profile, 3000);
  expect(isFresh(profile, stamp, THRESHOLD)).toBe(false);
});

test('the stamp of a small capture covers every byte', () => {
  const path = join(temporaryFolder(), 'small.bin');
  const digests = new Set<string>();
  for (const at of [0, 5, 9]) {
    const bytes = Buffer.alloc(10);
    bytes[at] = 1;
    writeFileSync(path, bytes);
    digests.add(sourceStamp(path).digest);
  }
  expect(digests.size).toBe(3);
  expect(sourceStamp(path)).toMatchObject({ path, size: 10 });
  expect(faultOf(() => sourceStamp(`${path}.none`))).toMatchObject({ name: 'StoreError', code: 'cannotRead' });
});

test('a profile stands beside its capture under the whole name of the capture', () => {
  const folder = temporaryFolder();
  expect(profilePathFor(join(folder, 'a.bin'))).toBe(join(folder, 'a.bin.memscope'));
  expect(profilePathFor(join(folder, 'a.bin.123'))).toBe(join(folder, 'a.bin.123.memscope'));
  expect(readdirSync(folder)).toEqual([]);
});

test('a wanted place is taken as it is; a wanted folder gets the usual name', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'out'));
  expect(profilePathFor('/captures/a.bin', join(folder, 'x'))).toBe(join(folder, 'x'));
  expect(profilePathFor('/captures/a.bin', join(folder, 'out'))).toBe(join(folder, 'out', 'a.bin.memscope'));
  expect(profilePathFor('-', join(folder, 'x'))).toBe(join(folder, 'x'));
  expect(profilePathFor('-')).toBe(join(process.cwd(), 'stdin.memscope'));
});

test('captures of a read-only folder have their profiles in the cache folder, each its own', () => {
  const folder = temporaryFolder();
  const cache = join(temporaryFolder(), 'cache');
  vi.stubEnv('XDG_CACHE_HOME', cache);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const captures = ['one', 'two'].map((name) => {
    mkdirSync(join(folder, name));
    chmodSync(join(folder, name), 0o555);
    return join(folder, name, 'a.bin');
  });
  const [one, two] = captures.map((capture) => profilePathFor(capture));
  expect(one).toMatch(new RegExp(String.raw`/cache/memscope/[0-9a-f]{16}-a\.bin\.memscope$`));
  expect(two).not.toBe(one);
  expect(profilePathFor(captures[0]!)).toBe(one);
  writeProfile({}, one);
  // A folder that takes no files whatever its permissions say.
  expect(profilePathFor('/proc/self/a.bin')).toContain(join(cache, 'memscope'));
});
