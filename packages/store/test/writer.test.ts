import { openProfile, removeTemporaries } from '@memscope/store';
import { ProfileWriter } from '@memscope/store/profile-writer';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { batchOf, sampleTables, temporaryFolder } from './sample-tables.js';
import { faultOf, open, writeProfile } from './write-profile.js';

const builtStore = new URL('../dist/profile-writer.js', import.meta.url).href;

/** A process that runs `script` with the built store as `store`; it is killed with SIGKILL. */
function startChild(script: string, ...parameters: string[]) {
  const source = `const store = await import(${JSON.stringify(builtStore)});
    const [target, tables] = [process.argv[1], globalThis.eval(process.argv[2])];
    const batch = { rows: 60000, site: new Uint32Array(60000), born: new Uint32Array(60000),
      died: new Uint32Array(60000).fill(5), count: new Float64Array(60000), bytes: new Float64Array(60000) };
    ${script}`;
  return spawn(process.execPath, ['--input-type=module', '-e', source, ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

const hiddenFiles = (folder: string) => readdirSync(folder).filter((name) => name.startsWith('.'));

test('a process killed while it writes leaves the old profile, and the next writer cleans up', async () => {
  const path = writeProfile();
  const folder = join(path, '..');
  const before = readFileSync(path);
  const child = startChild(
    `const writer = store.ProfileWriter.create(target);
     for (let i = 0; i < 20; i++) writer.appendLifetimes(batch);
     console.log('written');
     setInterval(() => writer.appendLifetimes(batch), 1);`,
    path,
    'null',
  );
  await once(child.stdout, 'data');
  expect(hiddenFiles(folder)).toEqual([
    expect.stringMatching(new RegExp(String.raw`^\.service\.bin\.memscope\.${child.pid}-[0-9a-f]+\.tmp$`)),
  ]);
  const living = ProfileWriter.create(path);
  expect(hiddenFiles(folder)).toHaveLength(2);
  living.abort();
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(hiddenFiles(folder)).toHaveLength(1);
  writeProfile({}, path);
  expect(readdirSync(folder)).toEqual(['service.bin.memscope']);
});

test('a process killed at any time leaves a whole profile or none', async () => {
  const path = join(temporaryFolder(), 'service.bin.memscope');
  // Bigints and typed arrays do not pass through JSON; the child evaluates them.
  const tables = JSON.stringify(sampleTables(), (_, value: unknown) =>
    typeof value === 'bigint' ? Number(value) : ArrayBuffer.isView(value) ? Array.from(value as Uint8Array) : value,
  );
  const script = `tables.threads.tid = tables.threads.tid.map(BigInt);
    tables.frames.ip = tables.frames.ip.map(BigInt);
    for (let round = 0; ; round++) {
      const writer = store.ProfileWriter.create(target);
      for (let i = 0; i < 3; i++) writer.appendLifetimes(batch);
      writer.finish(tables, null);
      if (round === 0) console.log('first');
    }`;
  for (const milliseconds of [0, 3, 8, 15, 27]) {
    const child = startChild(script, path, `(${tables})`);
    await once(child.stdout, 'data');
    await delay(milliseconds);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const profile = openProfile(path);
    expect(profile.capture.commandLine).toBe('serve.py --port 80');
    expect([...profile.lifetimes()]).toHaveLength(3);
    profile.close();
  }
});

test('an aborted profile leaves nothing, and the old one as it was', () => {
  const path = writeProfile();
  const before = readFileSync(path);
  const writer = ProfileWriter.create(path);
  writer.appendLifetimes(batchOf([[0, 0, 1, 1, 1]]));
  writer.abort();
  writer.abort();
  expect(readdirSync(join(path, '..'))).toEqual(['service.bin.memscope']);
  expect(readFileSync(path).equals(before)).toBe(true);
});

test('a fault while finishing removes the temporary file', () => {
  const path = join(temporaryFolder(), 'a.memscope');
  const tables = sampleTables();
  const broken = { ...tables, threads: { ...tables.threads, tid: new BigUint64Array(0) } };
  const writer = ProfileWriter.create(path);
  expect(faultOf(() => writer.finish(broken, null))).toMatchObject({ name: 'StoreError', code: 'cannotWrite' });
  expect(readdirSync(join(path, '..'))).toEqual([]);
});

test('a writer that has finished takes nothing more, and aborting it does no harm', () => {
  const path = join(temporaryFolder(), 'a.memscope');
  const writer = ProfileWriter.create(path);
  writer.finish(sampleTables(), null);
  expect(faultOf(() => writer.appendLifetimes(batchOf([[0, 0, 1, 1, 1]])))).toMatchObject({ code: 'closed' });
  expect(faultOf(() => writer.finish(sampleTables(), null))).toMatchObject({ code: 'closed' });
  writer.abort();
  expect(open(path).capture.pid).toBe(4711);
});

test('an open profile keeps its answers while a new one takes its place', () => {
  const path = writeProfile();
  const old = open(path);
  const tables = sampleTables();
  writeProfile({ tables: { ...tables, capture: { ...tables.capture, pid: 1 } } }, path);
  expect(old.tables()).toEqual(tables);
  expect(open(path).capture.pid).toBe(1);
});

test('temporary files of this process can be removed for a worker that was stopped', () => {
  const folder = temporaryFolder();
  const [mine, other] = [join(folder, 'a.memscope'), join(folder, 'b.memscope')];
  ProfileWriter.create(mine);
  const writer = ProfileWriter.create(other);
  removeTemporaries(mine);
  expect(hiddenFiles(folder)).toEqual([expect.stringContaining('b.memscope')]);
  writer.abort();
});

test('a file that is no profile is not overwritten unless its name says profile', () => {
  const folder = temporaryFolder();
  const capture = join(folder, 'service.bin');
  writeFileSync(capture, 'memray\0 and more');
  expect(faultOf(() => ProfileWriter.create(capture))).toMatchObject({ code: 'cannotWrite', path: capture });
  expect(readFileSync(capture, 'latin1')).toBe('memray\0 and more');
  const [damaged, empty, other] = ['damaged.memscope', 'empty', 'other-name'].map((name) => join(folder, name));
  writeFileSync(damaged!, 'cut');
  writeFileSync(empty!, '');
  for (const path of [damaged!, empty!, other!, other!]) {
    writeProfile({}, path);
    expect(open(path).capture.pid).toBe(4711);
  }
});

test('folders, special files and missing folders are refused in words, before anything is written', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'a.memscope'));
  const fault = (path: string) => faultOf(() => ProfileWriter.create(path));
  expect(fault(join(folder, 'a.memscope'))).toMatchObject({ code: 'cannotWrite', found: 'a folder' });
  expect(fault('/dev/null')).toMatchObject({ code: 'cannotWrite', found: 'a special file' });
  expect(fault(join(folder, 'none', 'a.memscope'))).toMatchObject({
    code: 'cannotWrite',
    message: expect.stringContaining('no such file or folder') as string,
  });
  expect(fault(join(folder, `${'x'.repeat(250)}.memscope`))).toMatchObject({ code: 'cannotWrite' });
  expect(existsSync('/dev/null')).toBe(true);
  expect(statSync('/dev/null').isFile()).toBe(false);
});

test('a link to a profile stays a link', () => {
  const folder = temporaryFolder();
  const real = writeProfile({}, join(folder, 'real.memscope'));
  symlinkSync(real, join(folder, 'link.memscope'));
  const tables = sampleTables();
  writeProfile({ tables: { ...tables, capture: { ...tables.capture, pid: 5 } } }, join(folder, 'link.memscope'));
  expect(open(real).capture.pid).toBe(5);
});
