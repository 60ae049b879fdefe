/** What cannot be read: each cause has its code, names its path as it was given, and takes no other capture along. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { buildCapture, copyCapture, findCapture } from '@memscope/fixtures';

import { ingest, type IngestErrorCode, type IngestOutcome, type IngestRequest } from '../src/index.js';
import { query } from './profile-rows.js';
import { scratchFolder, temporariesIn, writeCapture } from './scratch-folder.js';

async function readOne(path: string, request: Partial<IngestRequest> = {}): Promise<IngestOutcome> {
  const [outcome] = await ingest({ paths: [path], ...request });
  return outcome!;
}

async function expectFailure(path: string, code: IngestErrorCode, message: RegExp): Promise<void> {
  const { error } = await readOne(path);
  expect([error?.name, error?.code, error?.path]).toEqual(['IngestError', code, path]);
  expect(error?.message).toMatch(message);
  expect(error?.message).not.toContain(path);
}

function versioned(version: number): Uint8Array {
  const bytes = readFileSync(findCapture('mixed-raw-v13').path);
  bytes.writeInt32LE(version, 7);
  return bytes;
}

const rawHead = (length: number): Uint8Array => readFileSync(findCapture('mixed-raw-v13').path).subarray(0, length);
const packedHead = (length: number): Uint8Array => readFileSync(findCapture('mixed-v13').path).subarray(0, length);
const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d]);

describe('a file that holds no capture', () => {
  test.each<[string, Uint8Array | string, IngestErrorCode, RegExp]>([
    ['nothing', '', 'empty', /^the file is empty/],
    ['text', '# Notes for Monday\n', 'notCapture', /starts with "# Notes ".*not with "memray"/],
    ['an image', PNG, 'notCapture', /starts with bytes 89 50 4e 47/],
    ['zeros', new Uint8Array(5000), 'notCapture', /bytes 00 00 00/],
    ['a capture of version 5', versioned(5), 'unsupportedVersion', /version 5;.*6 to 13/],
    ['a capture of version 14', versioned(14), 'unsupportedVersion', /version 14;.*6 to 13/],
    ['half a magic word', rawHead(4), 'damagedHeader', /ends/],
    ['half a header', rawHead(40), 'damagedHeader', /ends/],
    ['the first bytes of a compressed capture', packedHead(5), 'damagedHeader', /ends/],
  ])('but %s is told as such', async (_, bytes, code, message) => {
    const folder = scratchFolder();
    await expectFailure(writeCapture(folder, 'x.bin', bytes), code, message);
    expect(existsSync(join(folder, 'x.bin.memscope'))).toBe(false);
    expect(temporariesIn(folder)).toEqual([]);
  });
});

test('a path that is not there, and a folder', async () => {
  const folder = scratchFolder();
  await expectFailure(join(folder, 'nope.bin'), 'notFound', /no such file/);
  mkdirSync(join(folder, 'captures'));
  await expectFailure(join(folder, 'captures'), 'isDirectory', /folder/);
});

const isRoot = process.getuid?.() === 0;
if (isRoot) process.stderr.write('ingest: run as root, so files without permission to read are not tested\n');

test.skipIf(isRoot)('a file without permission to read', async () => {
  const path = copyCapture(scratchFolder(), 'mixed-v13');
  chmodSync(path, 0);
  await expectFailure(path, 'cannotRead', /permission denied/);
});

describe('a place where no profile can be written', () => {
  test('because its folder is not there', async () => {
    const folder = scratchFolder();
    const path = copyCapture(folder, 'mixed-v13');
    const output = join(folder, 'missing', 'x.memscope');
    const { error } = await readOne(path, { output });
    expect([error?.code, error?.path]).toEqual(['cannotWrite', path]);
    expect(error?.message).toContain(output);
  });

  test('because something else stands there, which stays as it is', async () => {
    const folder = scratchFolder();
    const path = copyCapture(folder, 'mixed-v13');
    const output = writeCapture(folder, 'notes.txt', 'for Monday');
    const { error } = await readOne(path, { output });
    expect(error?.code).toBe('cannotWrite');
    expect(readFileSync(output, 'utf8')).toBe('for Monday');
  });

  test('because another capture of the same request goes there', async () => {
    const folder = scratchFolder();
    const [first, second] = [copyCapture(join(folder, 'a'), 'mixed-v13'), copyCapture(join(folder, 'b'), 'mixed-v13')];
    mkdirSync(join(folder, 'out'));
    const outcomes = await ingest({ paths: [first, second], output: join(folder, 'out') });
    expect(outcomes[0]?.error).toBeUndefined();
    expect(outcomes[1]?.error).toMatchObject({ code: 'cannotWrite', path: second });
    expect(outcomes[1]?.error?.message).toContain(first);
  });
});

describe('a profile in place of a capture', () => {
  test('is taken as it is', async () => {
    const folder = scratchFolder();
    await readOne(copyCapture(folder, 'mixed-v13'));
    const path = join(folder, 'mixed-v13.bin.memscope');
    expect(await readOne(path)).toMatchObject({ path, profilePath: path, reused: true });
  });

  test('that was cut, or is another database, is told as such', async () => {
    const folder = scratchFolder();
    await readOne(copyCapture(folder, 'mixed-v13'));
    const whole = join(folder, 'mixed-v13.bin.memscope');
    const cut = join(folder, 'cut.memscope');
    copyFileSync(whole, cut);
    truncateSync(cut, 20_000);
    await expectFailure(cut, 'corrupt', /cut off or damaged/);
    const other = writeCapture(folder, 'other.db', `SQLite format 3\0${'\0'.repeat(4080)}`);
    await expectFailure(other, 'notProfile', /no memscope profile/);
  });

  test('of another threshold is not passed off as what was asked for', async () => {
    const folder = scratchFolder();
    await readOne(copyCapture(folder, 'mixed-v13'));
    const { error } = await readOne(join(folder, 'mixed-v13.bin.memscope'), { temporaryThreshold: 5 });
    expect(error?.message).toMatch(/threshold 1; name its capture/);
  });
});

test('one bad capture of several leaves the others alone, in the order they were given', async () => {
  const folder = scratchFolder();
  const good = copyCapture(folder, 'mixed-v13');
  const bad = writeCapture(folder, 'bad.bin', 'not a capture');
  const missing = join(folder, 'missing.bin');
  const killed = copyCapture(folder, 'killed-v11');
  const outcomes = await ingest({ paths: [bad, good, missing, killed], jobs: 2 });
  expect(outcomes.map(({ path, error }) => [path, error?.code])).toEqual([
    [bad, 'notCapture'],
    [good, undefined],
    [missing, 'notFound'],
    [killed, undefined],
  ]);
  expect(query(`${killed}.memscope`, 'SELECT complete FROM capture')).toEqual([{ complete: 0n }]);
});

const tells = existsSync('/proc/self/fd');
if (!tells) process.stderr.write('ingest: no /proc here, so captures still being written are not tested\n');

test.skipIf(!tells)('a capture that its process still holds open is not read; once it is killed, it is', async () => {
  const path = join(scratchFolder(), 'live.bin');
  const hold = `const fs = require('fs'); fs.openSync(process.argv[1], 'a'); console.log('open'); setInterval(() => {}, 1e9)`;
  const recorder = spawn(process.execPath, ['-e', hold, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void recorder.kill('SIGKILL'));
  await once(recorder.stdout, 'data');
  const records = 'thread 1\npush main app.py:3 entry\nmalloc 0x1000 512\nmemory t=10 rss=1000000\n';
  const capture = buildCapture(records, { header: { pid: recorder.pid ?? 0, killed: true, padding: 4096 } });
  writeFileSync(path, capture);

  await expectFailure(path, 'stillWriting', new RegExp(`process ${recorder.pid} is still recording`));
  recorder.kill('SIGKILL');
  await once(recorder, 'close');
  expect((await readOne(path)).error).toBeUndefined();
  expect(query(`${path}.memscope`, 'SELECT complete, peak_bytes FROM capture')).toEqual([
    { complete: 0n, peak_bytes: 512n },
  ]);
});

test.skipIf(!existsSync('/dev/zero'))('zeros without end are refused by the first of them', async () => {
  await expectFailure('/dev/zero', 'notCapture', /bytes 00 00 00/);
});

test.skipIf(process.platform === 'win32')('a named pipe is waited for until somebody writes into it', async () => {
  const path = join(scratchFolder(), 'pipe');
  execFileSync('mkfifo', [path]);
  const reading = readOne(path, { output: `${path}.memscope` });
  spawn('sh', ['-c', 'sleep 0.3; cat "$0" > "$1"', findCapture('mixed-v13').path, path], { stdio: 'ignore' });
  expect((await reading).error).toBeUndefined();
});

test.skipIf(!tells)('an aggregated recording that has written nothing yet is no empty file', async () => {
  const path = join(scratchFolder(), 'live.bin');
  const hold = `require('fs').openSync(process.argv[1], 'w'); console.log('open'); setInterval(() => {}, 1e9)`;
  const recorder = spawn(process.execPath, ['-e', hold, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void recorder.kill('SIGKILL'));
  await once(recorder.stdout, 'data');
  await expectFailure(path, 'stillWriting', new RegExp(`process ${recorder.pid} is still recording`));
});
