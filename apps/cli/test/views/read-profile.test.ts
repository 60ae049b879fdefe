/** One capture for a view: what it is asked, what goes to standard error, and the exit code. */
import { describe, expect, test } from 'vitest';

import { UsageError } from '../../src/exit-code.js';
import { readProfile } from '../../src/views/read-profile.js';
import { fakeHost, type FakeWorld } from '../fake-host.js';
import { fakeProfile } from '../fake-profile.js';
import { killedProfile } from '../sample-profiles.js';
import { serviceProfile } from '../service-profile.js';

async function ask(path: string, world: FakeWorld, question = (bytes: number): unknown => bytes) {
  const { host, soFar } = fakeHost(world);
  const { code, answer } = await readProfile(path, { force: false }, host, ({ capture }) =>
    question(capture.peakBytes),
  );
  return { code, answer, ...soFar() };
}

test('the answer comes back, in silence', async () => {
  const profile = serviceProfile();
  const { code, answer, stdout, stderr } = await ask('a.bin', { captures: { 'a.bin': profile } });
  expect([code, answer, stdout, stderr]).toEqual([0, profile.capture.peakBytes, '', '']);
});

test('the profile is open while it is asked, and closed afterwards, also when asking fails', async () => {
  let open = true;
  const profile = { ...serviceProfile(), close: () => (open = false) };
  const world = { captures: { 'a.bin': profile } };
  const { answer } = await ask('a.bin', world, () => Promise.resolve(open));
  expect([answer, open]).toEqual([true, false]);
  open = true;
  const wrong = (): never => {
    throw new UsageError('no such window');
  };
  await expect(ask('a.bin', world, wrong)).rejects.toThrow('no such window');
  expect(open).toBe(false);
});

test('the reading options reach the ingest', async () => {
  const { host, soFar } = fakeHost({ captures: { 'a.bin': serviceProfile() } });
  await readProfile('a.bin', { force: true, output: 'x', temporaryThreshold: 3, maxTicks: 9 }, host, () => 1);
  expect(soFar().requests[0]).toMatchObject({
    paths: ['a.bin'],
    force: true,
    output: 'x',
    temporaryThreshold: 3,
    maxTicks: 9,
  });
});

test('progress is drawn on a terminal and taken away', async () => {
  const progress = [{ path: 'a.bin', readBytes: 500, totalBytes: 1000, state: 'reading' }] as const;
  const { stderr } = await ask('a.bin', { captures: { 'a.bin': serviceProfile() }, progress, terminal: 80 });
  expect(stderr).toMatch(/a\.bin +█+░+/);
  expect(stderr.lastIndexOf('\u001b[?25h')).toBeGreaterThan(stderr.lastIndexOf('\u001b[?25l'));
});

describe('without an answer the exit code is', () => {
  test.each([
    [3, { code: 'notCapture', message: 'starts with "PK"' }],
    [4, { code: 'workerDied', message: 'the worker reading it died' }],
  ])('%i for %j, said in one line', async (code, failure) => {
    const result = await ask('x.bin', { captures: { 'x.bin': failure } });
    expect([result.code, result.answer]).toEqual([code, null]);
    expect(result.stderr).toMatch(/^memscope: x\.bin: [^\n]+; [^\n]+\n$/);
  });

  test('3 for a path that is not there', async () => {
    const { code, answer, stderr } = await ask('nope.bin', {});
    expect([code, answer, stderr]).toEqual([3, null, 'memscope: nope.bin: no such file or folder; check the path\n']);
  });

  test('130 after Ctrl-C, in silence', async () => {
    const world = { captures: { 'a.bin': serviceProfile() }, signal: AbortSignal.abort() };
    const { code, answer, stderr } = await ask('a.bin', world);
    expect([code, answer, stderr]).toEqual([130, null, '']);
  });
});

test('several captures are wrong usage', async () => {
  const captures = { 'run/a.bin': serviceProfile(), 'run/b.bin': serviceProfile() };
  const { host } = fakeHost({ captures, folders: { 'run/': Object.keys(captures) } });
  await expect(readProfile('run/', { force: false }, host, () => 1)).rejects.toThrow(
    'run/: 2 captures, of which one must be named',
  );
});

describe('with a warning, also on a terminal, the exit code is', () => {
  test.each([undefined, 80])('0 for the capture of a killed process (%s columns)', async (terminal) => {
    const world = { captures: { 'k.bin': killedProfile() }, ...(terminal === undefined ? {} : { terminal }) };
    const { code, answer, stderr } = await ask('k.bin', world);
    expect([code, typeof answer]).toEqual([0, 'number']);
    expect(stderr).toMatch(/memscope: warning: \/srv\/captures\/killed-v13\.bin: The recording was broken off\./);
  });

  test.each(['cut', 'corrupt'] as const)('3 for a capture that was %s', async (kind) => {
    const damage = { kind, fileOffset: 700, recordOffset: 9000, unreadBytes: 1234, reason: 'no such record' };
    const profile = fakeProfile({ capture: { complete: false }, notes: { damage } });
    const { code, answer, stderr } = await ask('d.bin', { captures: { 'd.bin': profile } });
    expect([code, answer]).toEqual([3, 0]);
    expect(stderr).toContain('1.21 KiB (1,234 bytes) of the file were not read');
  });
});
